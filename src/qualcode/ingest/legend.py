"""Legends: what a transcript says of its own labels, e.g. ``IP1 = souschef`` or ``Interviewer: Mette Hansen (MH)``."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from qualcode.ingest.levels import level_of
from qualcode.ingest.speakers import INTERVIEWER_LABELS, is_usual
from qualcode.models import Level

# Keys above the conversation that list people or explain labels.
LIST_KEYS = frozenset(
    "deltagere deltager medvirkende legende forkortelser informanter talere personer roller signaturforklaring "
    "respondenter interviewpersoner forklaring".split()
) | {"til stede", "tilstede", "forkortelser i transskriptionen"}
_INTERVIEWER_WORDS = re.compile(
    r"\b(?:med)?(?:interviewer(?:en)?|moderator|facilitator|spørger|forsker|ordstyrer)\b", re.IGNORECASE
)
_RESPONDENT_WORDS = re.compile(
    r"\b(?:informant|interviewperson|respondent|deltager|interviewede|interviewdeltager)(?:en|er)?\b(?:\s*(?:nr\.?\s*)?\d+)?",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_][\w.]{0,14}(?:[ -]?\d{1,2})?"
_EQUALS = re.compile(rf"(?:^|[,;(/]\s*|\bog\s+|\s{{2,}})(?P<label>{_NAME})\s*=\s*")
# "souschef (LO)": the label that a person bears; but "pædagog (TR)".
_ABBREVIATION = re.compile(r"\s*\((?!F?TR\)|AMR\))[A-ZÆØÅ]{1,4}\d{0,2}\)")
_LIKE_TITLE = re.compile(r"[^.!?]{1,80}")
_EDGES = " \t.,;:()–-"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(slots=True)
class Legend:
    """What is said of labels: title a respondent's label stands for, and which mean interviewers or respondents."""

    roles: dict[str, str] = field(default_factory=dict)
    interviewers: set[str] = field(default_factory=set)
    respondents: set[str] = field(default_factory=set)

    def add(self, label: str, meaning: str) -> None:
        """Note what a label stands for."""
        if _INTERVIEWER_WORDS.search(meaning):
            self.interviewers.add(label)
            return
        self.respondents.add(label)
        title = title_of(meaning)
        if title:
            self.roles[label] = title


def title_of(meaning: str) -> str | None:
    """Return the title in what a label stands for, without a name and words that only mean informant.

    >>> title_of("informant, chef for Plan og By"), title_of("Mette, souschef"), title_of("informant")
    ('chef for Plan og By', 'souschef', None)
    """
    rest = _ABBREVIATION.sub("", _RESPONDENT_WORDS.sub("", meaning)).strip(_EDGES)
    if level_of(rest) is Level.UKENDT:
        return rest if rest and rest[:1].islower() else None
    parts = re.split(r"\s*[,;(–]\s*", rest)
    while len(parts) > 1 and level_of(parts[0]) is Level.UKENDT:
        parts.pop(0)
    start = rest.find(parts[0])
    title = rest[start:].strip(_EDGES)
    return title + ")" if title.count("(") > title.count(")") else title or None


def equations(line: str) -> list[tuple[str, str]]:
    """Return the (label, meaning) pairs of a line such as ``A = pædagog, B = souschef``."""
    matches = list(_EQUALS.finditer(line))
    if not matches:
        return []
    ends = [match.start() for match in matches[1:]] + [len(line)]
    pairs = ((match["label"], line[match.end() : end].strip(_EDGES)) for match, end in zip(matches, ends, strict=True))
    return [(label, re.sub(r"\s+og$", "", meaning)) for label, meaning in pairs if meaning]


def listed(value: str) -> Iterator[tuple[str, str]]:
    """Yield the (label, meaning) pairs of a list of people: ``A (pædagog), B (souschef)`` or with ``=`` or ``:``."""
    pairs = equations(value) or [
        (match["label"], match["meaning"])
        for match in re.finditer(
            rf"(?P<label>{_NAME}(?: {_NAME})?)\s*(?:\(|:\s*)(?P<meaning>[^();:]+?)(?:\)|;|$)", value
        )
    ]
    yield from pairs


def explains(key: str, value: str, labels: Collection[str]) -> bool:
    """Tell a line that explains a label (``IP1: chef for Plan``) from speech under it.

    The label must come again, and the line must name a title or say who asks and who answers, in a few words
    that are no sentence.
    """
    if key not in labels or (not is_usual(key) and len(key) > 20):
        return False
    return like_title(value) or (names_a_part(value) and _LIKE_TITLE.fullmatch(value) is not None)


def names_a_part(value: str) -> bool:
    """Tell a few words that say who asks or who answers."""
    named = _INTERVIEWER_WORDS.search(value) or _RESPONDENT_WORDS.search(value)
    return named is not None and len(_WORD.findall(value)) <= 10


def like_title(value: str) -> bool:
    """Tell a few words that begin with a title and are no sentence."""
    words = _WORD.findall(value)
    if not _LIKE_TITLE.fullmatch(value) or len(words) > 10:
        return False
    titled = level_of(value) is not Level.UKENDT and any(level_of(word) is not Level.UKENDT for word in words[:3])
    return titled and not {"jeg", "vi", "du", "er", "har"} & {word.lower() for word in words}


def is_respondent(key: str) -> bool:
    """Tell a key that means a respondent, as in ``Informant: pædagogisk leder``."""
    return _RESPONDENT_WORDS.fullmatch(key.strip()) is not None


def people(key: str, value: str, labels: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield labels that a line like ``Interviewer: Mette Hansen (MH)`` or ``Informant (IP): leder`` is about."""
    name, _, inside = key.partition("(")
    kind = name.strip()
    if kind.split()[:1] and kind.split()[0].lower() in INTERVIEWER_LABELS:
        meaning = "interviewer"
    elif _RESPONDENT_WORDS.fullmatch(kind):
        meaning = value
    else:
        return
    if inside and inside.strip(" )") in labels:
        yield inside.strip(" )"), meaning
        return
    for label in labels:
        if label != key and _stands_for(label, value):
            yield label, meaning


def _stands_for(label: str, name: str) -> bool:
    """Tell whether a label is a name, its first word, its initials, or stands in brackets after it."""
    person = re.split(r"[,(]", name)[0].strip()
    words = person.split()
    initials = "".join(word[0] for word in words)
    in_brackets = re.findall(r"\(([^()]+)\)", name)
    if not words or not words[0][0].isupper():
        return label in in_brackets
    return (
        label in {person, words[0], *in_brackets}
        or (len(words) > 1 and label.upper() == initials.upper() and len(label) > 1)
        or label == person
    )
