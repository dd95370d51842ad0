"""Speaker labels: which line beginnings are labels, and which label is the interviewer's."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualcode.ingest.levels import level_of
from qualcode.models import Level

INTERVIEWER_LABELS = frozenset(
    {"i", "int", "interviewer", "interv", "spørger", "moderator", "facilitator", "forsker", "ordstyrer"}
)
# Labels that mean a respondent even when they come only once.
_RESPONDENT_WORDS = frozenset(
    {"ip", "r", "inf", "resp", "informant", "interviewperson", "respondent", "deltager", "svar", "person"}
)
# Line beginnings with a colon that are speech or notes, whatever their number.
_NO_LABELS = frozenset(
    "ok okay ja nej nå jo men og så altså nb obs note noter citat dato tid sted emne tema kl fx ps bemærk "
    "spørgsmål interview rolle forvaltning bølge varighed lydfil transskriberet legende forkortelser".split()
)
_LABEL = re.compile(
    r"""
    ^[\s>*_#-]*                                             # markdown's quote, emphasis and list marks
    (?:[\[(]?\#?(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:[.,-]\d{1,3})?)\#?[\])]?\s*)?
    (?P<label>[^\W\d_][^\n:*_?!"»«]{0,58}?)
    \s*[*_]*\s*:(?!\S*//)[*_]*(?:\s+|$)
    """,
    re.VERBOSE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"\s*\d+$")


@dataclass(frozen=True, slots=True)
class Label:
    """A line beginning that may be a speaker label; ``end`` is where the speech begins in the line."""

    text: str
    end: int
    time: str | None = None


def label_at(line: str) -> Label | None:
    """Return the possible label at the start of a line.

    >>> label_at("IP1: Jamen altså")
    Label(text='IP1', end=5, time=None)
    """
    match = _LABEL.match(line)
    return Label(match["label"].strip(), match.end(), match["time"]) if match else None


def speakers_among(labels: Iterable[str], known: Iterable[str], *, lenient: bool) -> frozenset[str]:
    """Return the labels that are speakers.

    A label counts when the study names it, when it is a usual one (``I``, ``IP2``, ``Respondent 3 (chef)``,
    a title), or when it recurs and looks like a name; with ``lenient`` – a transcript that keeps to the plain
    contract – once is enough.
    """
    counts = Counter(labels)
    named = frozenset(known)
    needed = 1 if lenient else 2
    return frozenset(
        label
        for label, count in counts.items()
        if label in named or _usual(label) or (count >= needed and _like_a_name(label))
    )


def _stem(label: str) -> str:
    """Return the label without number and parenthesis, in lower case: ``IP 2 (chef)`` → ``ip``."""
    return _NUMBERED.sub("", label.split("(")[0].strip()).lower().strip(" .")


def _usual(label: str) -> bool:
    stem = _stem(label)
    if stem in INTERVIEWER_LABELS or stem in _RESPONDENT_WORDS:
        return True
    return len(stem.split()) == 1 and level_of(stem) is not Level.UKENDT


def _like_a_name(label: str) -> bool:
    words = label.split("(")[0].split()
    return (
        label[0].isupper()
        and 1 <= len(words) <= 4
        and _stem(label) not in _NO_LABELS
        and (words[0].lower() not in _NO_LABELS)
    )


def find_interviewers(speech: Mapping[str, list[str]], named: Iterable[str] = ()) -> tuple[frozenset[str], str]:
    """Return the interviewers' labels and the reason, in Danish.

    Args:
        speech: label → what was said under it, a string a turn
        named: labels that the study says are interviewers'
    """
    by_study = frozenset(named) & speech.keys()
    if by_study:
        return by_study, "angivet i study.yaml"
    by_label = frozenset(label for label in speech if _stem(label) in INTERVIEWER_LABELS)
    if by_label:
        return by_label, "etiketten"
    asker = _asks_and_listens(speech)
    if asker:
        return frozenset({asker}), "stiller spørgsmålene og taler mindst"
    return frozenset(), "ingen interviewer fundet"


def _asks_and_listens(speech: Mapping[str, list[str]]) -> str | None:
    if len(speech) < 2:
        return None

    def questions(label: str) -> float:
        turns = speech[label]
        return sum("?" in turn for turn in turns) / len(turns)

    def words(label: str) -> int:
        return sum(len(_WORDS.findall(turn)) for turn in speech[label])

    asker = max(sorted(speech), key=questions)
    others = sum(words(label) for label in speech if label != asker)
    return asker if questions(asker) >= 0.5 and words(asker) < others else None
