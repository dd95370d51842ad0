"""Pseudonyms for the identifiers of a study: the same person or place bears the same one in every file.

``[NAVN-1]``, ``[STED-2]`` …; a genitive keeps its s: ``[NAVN-1]s``. A lone first name or surname is the person with
that full name if the study has just one. Numbers run on from the key of an earlier time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from qualcode.models import Interview
from qualcode.privacy.decisions import plain_form
from qualcode.privacy.findings import Finding, Kind
from qualcode.privacy.names import without_genitive


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the key: which pseudonym stands for which identifier, as it was first written."""

    pseudonym: str
    kind: Kind
    words: str

    @property
    def plain(self) -> str:
        """The identifier without what does not tell it from another."""
        return plain_form(self.words, self.kind)


@dataclass(frozen=True)
class Key:
    """The key of a study; it names people and belongs under lock."""

    entries: tuple[Entry, ...] = ()

    def pseudonym(self, words: str, kind: Kind) -> str:
        """Return the pseudonym of an identifier, without brackets.

        Raises:
            KeyError: the key does not have it.
        """
        return self._pseudonyms[kind, plain_form(words, kind)]

    @cached_property
    def _pseudonyms(self) -> dict[tuple[Kind, str], str]:
        return {(entry.kind, entry.plain): entry.pseudonym for entry in self.entries}


def extended(key: Key, identifiers: Iterable[tuple[str, Kind]]) -> Key:
    """Return the key with an entry for each identifier, given as its words and kind, in the order they are met."""
    known = {(entry.kind, entry.plain): entry.pseudonym for entry in key.entries}
    new: dict[tuple[Kind, str], str] = {}
    for words, kind in identifiers:
        new.setdefault((kind, plain_form(words, kind)), without_genitive(words) if kind is Kind.NAVN else words)
    people = _people([*known, *new])
    entries = list(key.entries)
    # Full names first, so that the lone ones find their person.
    for kind, plain in sorted(new, key=lambda item: item[0] is Kind.NAVN and " " not in item[1]):
        if (kind, plain) in known:
            continue
        person = people.get(plain) if kind is Kind.NAVN else None
        pseudonym = known.get((kind, person)) if person else None
        known[kind, plain] = pseudonym or f"{kind.value.upper()}-{_next_number(known, kind)}"
        entries.append(Entry(known[kind, plain], kind, new[kind, plain]))
    return Key(tuple(entries))


def _people(identifiers: Iterable[tuple[Kind, str]]) -> dict[str, str]:
    """Return lone name → full name, where just one full name begins or ends with it."""
    full = {plain for kind, plain in identifiers if kind is Kind.NAVN and " " in plain}
    bearers: dict[str, set[str]] = {}
    for name in full:
        words = name.split()
        for lone in {words[0], words[-1]}:
            bearers.setdefault(lone, set()).add(name)
    return {lone: names.pop() for lone, names in bearers.items() if len(names) == 1}


def _next_number(known: Mapping[tuple[Kind, str], str], kind: Kind) -> int:
    numbers = [int(name.rpartition("-")[2]) for (other, _), name in known.items() if other is kind]
    return max(numbers, default=0) + 1


def pseudonymised(
    interview: Interview, findings: Iterable[Finding], key: Key, start: int = 0, end: int | None = None
) -> str:
    """Return a stretch of an interview's text with its findings replaced; speakers' labels get no brackets.

    Args:
        interview: the interview
        findings: what to replace, in the order of the text
        key: has a pseudonym for each of them
        start: where the stretch begins
        end: where it ends, the text's end by default
    """
    end = len(interview.text) if end is None else end
    labels = _label_spans(interview)
    pieces: list[str] = []
    position = start
    for finding in findings:
        if not start <= finding.start < end:
            continue
        words = interview.quote(finding.start, finding.end)
        name = key.pseudonym(words, finding.kind)
        in_label = any(first <= finding.start < last for first, last in labels)
        written = name if in_label else f"[{name}]{_genitive(words, finding.kind)}"
        pieces += (interview.text[position : finding.start], written)
        position = finding.end
    return "".join((*pieces, interview.text[position:end]))


def _genitive(words: str, kind: Kind) -> str:
    plain = plain_form(words, kind)
    return "s" if kind in (Kind.NAVN, Kind.STED) and plain != " ".join(words.lower().split()) else ""


def _label_spans(interview: Interview) -> list[tuple[int, int]]:
    """Return the stretches from a line's beginning to the speech of the turn that begins in it."""
    return [(interview.text.rfind("\n", 0, turn.start) + 1, turn.start) for turn in interview.turns]
