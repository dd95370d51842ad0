"""The gate: all detectors over one interview, overlaps settled, each finding placed in its turn.

No finding means "no identifiers found", never "anonymous": what is told about a person may give them away without any
name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from qualcode.models import Interview, Turn
from qualcode.privacy.addresses import find_addresses
from qualcode.privacy.findings import Candidate, Certainty, Finding, Kind, mask
from qualcode.privacy.lexicon import lexicon
from qualcode.privacy.names import find_again, find_names
from qualcode.privacy.net import find_net
from qualcode.privacy.numbers import find_numbers
from qualcode.privacy.recogniser import find_entities
from qualcode.privacy.towns import find_towns
from qualcode.privacy.words import Passage
from qualcode.privacy.workplaces import find_workplaces

# Raise it whenever the gate would judge the same text otherwise.
VERSION = "2"
_SEPARATORS = re.compile(r"[-_.]")
# Of spans that overlap the one of the earlier kind stands: the form of a number or an address is surer than a name's.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            Kind.EMAIL,
            Kind.URL,
            Kind.CVR,
            Kind.KONTO,
            Kind.CPR,
            Kind.TELEFON,
            Kind.NUMMERPLADE,
            Kind.BRUGERNAVN,
            Kind.ADRESSE,
            Kind.POSTNUMMER,
            Kind.ARBEJDSPLADS,
            Kind.NAVN,
            Kind.STED,
        )
    )
}


def find_identifiers(interview: Interview) -> list[Finding]:
    """Return what looks like an identifier, in the order of the text; spans do not overlap.

    A name that is a speaker's label is ``possible`` wherever it stands: interviews are often told under a pseudonym.
    """
    text = interview.text
    labels = {word.key for label in _labels(interview) for word in Passage(label, 0, len(label)).words}
    findings = []
    for candidate in find_candidates(text, _passages(interview)):
        words = text[candidate.start : candidate.end]
        certainty = candidate.certainty
        if (
            candidate.kind is Kind.NAVN
            and " " not in words
            and words.lower().rstrip("'’").removesuffix("s") in labels | {label.removesuffix("s") for label in labels}
        ):
            certainty = Certainty.POSSIBLE
        turn = _turn_at(interview, candidate.start)
        findings.append(
            Finding(turn, candidate.start, candidate.end, candidate.kind, certainty, mask(words, candidate.kind))
        )
    return findings


def find_candidates(text: str, passages: Iterable[Passage]) -> list[Candidate]:
    """Return the identifiers of a text in order, overlaps settled.

    Args:
        text: any text
        passages: the stretches of it in which names and towns are looked for, each written with or without capitals
    """
    words = lexicon()
    found = [*find_net(text), *find_numbers(text), *find_addresses(text, words), *find_workplaces(text)]
    passages = tuple(passages)
    for passage in passages:
        found += find_names(passage, words)
        found += find_towns(passage, words)
    found += find_entities(text)
    settled = _settled(found)
    names = {
        word.key for item in settled if item.kind is Kind.NAVN for word in Passage(text, item.start, item.end).words
    }
    names = {name for name in names if len(name) > 1}
    if not names:
        return settled
    again = [candidate for passage in passages for candidate in find_again(passage, names)]
    return _settled([*settled, *again])


def find_in_name(file: str) -> list[Candidate]:
    """Return the names and numbers of persons in a file's name, as spans of it without its ending."""
    stem = _SEPARATORS.sub(" ", Path(file).stem)
    found = find_candidates(stem, [Passage(stem, 0, len(stem))])
    return [item for item in found if item.kind in (Kind.NAVN, Kind.CPR, Kind.TELEFON)]


def _settled(found: Iterable[Candidate]) -> list[Candidate]:
    ranked = sorted(found, key=lambda item: (_RANK[item.kind], item.certainty.value, item.start, -item.end))
    kept: list[Candidate] = []
    for candidate in ranked:
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
        elif candidate.kind is Kind.NAVN:
            kept += _beside(candidate, kept)
    return sorted(kept, key=lambda item: item.start)


def _beside(name: Candidate, kept: Sequence[Candidate]) -> list[Candidate]:
    """Return what of a name lies beside the spans it overlaps: a person must not vanish with a street."""
    shortest = 2
    parts = []
    start = name.start
    overlapping = sorted(
        (other.start, other.end) for other in kept if other.start < name.end and name.start < other.end
    )
    for first, last in (*overlapping, (name.end + 1, name.end + 1)):
        # A space lies between the part and what follows it.
        if first - 1 - start >= shortest:
            parts.append(Candidate(start, first - 1, name.kind, name.certainty))
        start = last + 1
    return parts


def _labels(interview: Interview) -> set[str]:
    return {turn.speaker for turn in interview.turns}


def _passages(interview: Interview) -> Iterator[Passage]:
    """Yield the turns and what lies between them: header lines and labels."""
    position = 0
    for turn in interview.turns:
        if position < turn.start:
            yield Passage(interview.text, position, turn.start)
        yield Passage(interview.text, turn.start, turn.end)
        position = turn.end
    if position < len(interview.text):
        yield Passage(interview.text, position, len(interview.text))


def _turn_at(interview: Interview, position: int) -> int:
    """Return the number of the turn at a place; a label belongs to the turn it opens."""
    for turn in interview.turns:
        if _label_start(interview.text, turn) <= position < turn.end:
            return turn.number
    return 0


def _label_start(text: str, turn: Turn) -> int:
    return text.rfind("\n", 0, turn.start) + 1
