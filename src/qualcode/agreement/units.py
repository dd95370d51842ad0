"""How the passages that several coders marked freely are laid on units that all of them can be asked about.

People who code the same words seldom mark the same span. Coefficients need units that everybody gave a value, so the
respondents' speech is cut into units beforehand, without regard to the coders. A coder's passage counts on a unit when

- they share at least half of the shorter of the two, or
- the passage does so with no unit: then on the unit it shares most with (the first, if several).

A few words too many at the edge are thus no disagreement, and no passage that touches a unit is lost. A unit has a
code or not; how often is not counted. Its valence is that of the passage that shares most with it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from spacy.language import Language

from qualcode.coding.segments import FEWEST, count_words, trimmed, units
from qualcode.models import Interview, Valence


class Passage(Protocol):
    """One code on one span, from whatever source."""

    @property
    def interview(self) -> str:
        """Id of the interview."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """After the last character."""

    @property
    def code(self) -> str:
        """Id of the code."""

    @property
    def valence(self) -> Valence:
        """How it speaks of the topic."""


@dataclass(frozen=True, slots=True)
class CodedSpan:
    """A :class:`Passage` on its own."""

    interview: str
    start: int
    end: int
    code: str
    valence: Valence


class UnitKind(StrEnum):
    """What the respondents' speech is cut into."""

    MEANING = "meaning"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Unit:
    """A span of one interview."""

    interview: str
    start: int
    end: int


@dataclass(frozen=True)
class Laid:
    """What one coder's passages say of the units.

    Attributes:
        codes: unit → code → valence; units without a code are left out
        touched: the units that each passage touches, however little
    """

    codes: Mapping[int, Mapping[str, Valence]]
    touched: tuple[frozenset[int], ...]


def cut(interview: Interview, nlp: Language, kind: UnitKind) -> Iterator[Unit]:
    """Yield the units of one interview, in order and without overlaps.

    Meaning units are those of :mod:`qualcode.coding.segments`; a sentence must have as many words as such a
    unit to count.
    """
    for turn in interview.responses():
        doc = nlp(interview.quote(turn.start, turn.end))
        if kind is UnitKind.MEANING:
            spans = [trimmed(unit) for unit in units(doc)]
        else:
            spans = [(one.start_char, one.end_char) for one in doc.sents if count_words(one.text) >= FEWEST]
        for start, end in spans:
            yield Unit(interview.id, turn.start + start, turn.start + end)


def lay(passages: Iterable[Passage], on: Sequence[Unit]) -> Laid:
    """Lay passages on units by the rule above."""
    places = _Places(on)
    best: dict[tuple[int, str], tuple[int, Valence]] = {}
    touched = []
    for passage in passages:
        shared = places.touched(passage)
        touched.append(frozenset(shared))
        for index, overlap in _counting(passage, shared, on):
            if overlap > best.get((index, passage.code), (0, passage.valence))[0]:
                best[index, passage.code] = (overlap, passage.valence)
    codes: dict[int, dict[str, Valence]] = {}
    for (index, code), (_, valence) in sorted(best.items()):
        codes.setdefault(index, {})[code] = valence
    return Laid(codes, tuple(touched))


def _counting(passage: Passage, shared: Mapping[int, int], on: Sequence[Unit]) -> list[tuple[int, int]]:
    length = passage.end - passage.start
    enough = [
        (index, overlap)
        for index, overlap in shared.items()
        if 2 * overlap >= min(length, on[index].end - on[index].start)
    ]
    if enough or not shared:
        return enough
    return [max(shared.items(), key=lambda pair: pair[1])]


class _Places:
    """Finds the units that a span touches."""

    def __init__(self, on: Sequence[Unit]) -> None:
        self._spans: dict[str, list[tuple[int, int, int]]] = {}
        for index, unit in enumerate(on):
            self._spans.setdefault(unit.interview, []).append((unit.start, unit.end, index))
        for spans in self._spans.values():
            spans.sort()

    def touched(self, passage: Passage) -> dict[int, int]:
        """Return how many characters the passage shares with each unit it touches."""
        spans = self._spans.get(passage.interview, [])
        shared = {}
        for start, end, index in spans[bisect_right(spans, passage.start, key=lambda span: span[1]) :]:
            if start >= passage.end:
                break
            shared[index] = min(end, passage.end) - max(start, passage.start)
        return shared


def overlap_ratio(first: Passage, second: Passage) -> float:
    """Return the characters two passages share as a part of all that they cover (Jaccard, "IoU"), in [0, 1]."""
    if first.interview != second.interview:
        return 0.0
    shared = min(first.end, second.end) - max(first.start, second.start)
    return max(0, shared) / (max(first.end, second.end) - min(first.start, second.start))
