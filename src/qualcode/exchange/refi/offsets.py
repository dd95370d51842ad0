r"""How a program counts characters, found from what it has written.

REFI-QDA says code points from 0. In practice NVivo on Windows counts UTF-16 units and a line end as two, ATLAS.ti and
QualCoder write ``\r\n`` and count it as one, others count ``\n`` as two, and some count the byte order mark. A file
does not say which. So every way of counting is tried on a project's selections, and the one counts under which the
selections say what their names quote, and begin and end between words.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product

from qualcode.exchange.refi.alignment import Skeleton, skeleton

# Of the measure of edges: two good ones.
_CHANCE = 4
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_DROPPED = re.compile("[\\s\u0000-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff\ufffc-\uffff]+")
_CRLF = re.compile("\r\n")
_LONE_LF = re.compile("(?<!\r)\n")


class LineEnd(StrEnum):
    """What a line end counts."""

    AS_WRITTEN = "som i filen"
    ONE = "ét tegn"
    TWO = "to tegn"


@dataclass(frozen=True, slots=True)
class Counting:
    """A way of counting the characters of a text."""

    utf16: bool = False
    line_end: LineEnd = LineEnd.AS_WRITTEN
    bom: bool = False
    last_included: bool = False

    def __str__(self) -> str:
        """Describe it in Danish, for the plan of an import."""
        unit = "UTF-16-enheder" if self.utf16 else "Unicode-tegn"
        extra = (", BOM talt med" if self.bom else "") + (", slut talt med" if self.last_included else "")
        return f"{unit}, linjeskift {self.line_end.value}{extra}"


@dataclass(frozen=True, slots=True)
class Place:
    """A selection as the file has it; ``label`` may quote its words."""

    start: int
    end: int
    label: str = ""


class Ruler:
    """A text whose positions can be counted in any way.

    Args:
        text: as decoded, without its byte order mark, line ends as in the file
        bom: whether the file began with a byte order mark

    Attributes:
        astral: where characters stand that are two units in UTF-16
    """

    def __init__(self, text: str, bom: bool = False) -> None:
        self.text = text
        self.bom = bom
        self.astral = [match.start() for match in _ASTRAL.finditer(text)]
        self._crlf = [match.start() for match in _CRLF.finditer(text)]
        self._lone = [match.start() for match in _LONE_LF.finditer(text)]

    @cached_property
    def skeleton(self) -> Skeleton:
        """The text without white space, to find quotes in."""
        return skeleton(self.text)

    def span(self, place: Place, way: Counting) -> tuple[int, int] | None:
        """Return the place as ``[start, end)`` in characters of the text, None if it is outside or empty."""
        end = place.end + 1 if way.last_included else place.end
        if not self._position(0, way) <= place.start < end <= self._position(len(self.text), way):
            return None
        first, last = self._index(place.start, way), self._index(end, way)
        return (first, last) if first < last else None

    def _position(self, index: int, way: Counting) -> int:
        """Return what the characters before an index count."""
        position = index + (1 if way.bom else 0)
        if way.utf16:
            position += bisect_left(self.astral, index)
        if way.line_end is LineEnd.ONE:
            position -= bisect_left(self._crlf, index)
        if way.line_end is LineEnd.TWO:
            position += bisect_left(self._lone, index)
        return position

    def _index(self, position: int, way: Counting) -> int:
        return bisect_left(range(len(self.text) + 1), position, key=lambda index: self._position(index, way))


def countings_for(origin: str) -> list[Counting]:
    """Return all ways of counting, those that the program is known for first."""
    name = origin.lower()
    if name.startswith("qualcode "):
        return [Counting()]
    if "nvivo" in name:
        expected = Counting(utf16="mac" not in name, line_end=LineEnd.AS_WRITTEN)
    elif "atlas" in name or "qualcoder" in name:
        expected = Counting(line_end=LineEnd.ONE)
    else:
        expected = Counting()
    every = [
        Counting(utf16, line_end, bom, last_included)
        for last_included, bom, utf16, line_end in product((False, True), (False, True), (False, True), LineEnd)
    ]
    return [expected, *(counting for counting in every if counting != expected)]


def choose_counting(sources: Sequence[tuple[Ruler, Sequence[Place]]], origin: str) -> list[Counting]:
    """Return for each source the way its selections are counted.

    Args:
        sources: of each source its text and its selections
        origin: the program, as the project names it
    """
    candidates = _that_differ(countings_for(origin), [ruler for ruler, _ in sources])
    seen = [[_evidence(ruler, places, way) for way in candidates] for ruler, places in sources]
    all_quotes = [sum(source[way][0] for source in seen) for way in range(len(candidates))]
    all_edges = [sum(source[way][1] for source in seen) for way in range(len(candidates))]

    places_in = [len(places) for _, places in sources]

    def gain(way: int, edges: Sequence[int], places: int, chance: int) -> int:
        """Return how much better passages begin and end than under the way the program is known for."""
        found = edges[way] - edges[0]
        # Another end moves every passage, so it must better many; other ways move only those behind what they count.
        needed = chance if candidates[way].last_included == candidates[0].last_included else max(_CHANCE, places)
        return found if found >= needed else min(found, 0)

    def merit(own: list[tuple[int, int]], places: int, way: int) -> tuple[int, ...]:
        everywhere = gain(way, all_edges, sum(places_in), _CHANCE)
        ours = gain(way, [edges for _, edges in own], places, 1)
        # Of equally good ways the first: the one that the program is known for.
        return own[way][0], all_quotes[way], everywhere, ours, -way

    return [
        candidates[max(range(len(candidates)), key=lambda way: merit(own, places, way))]
        for own, places in zip(seen, places_in, strict=True)
    ]


def _that_differ(candidates: list[Counting], rulers: Sequence["Ruler"]) -> list[Counting]:
    """Return the ways of counting that these texts can tell apart, the first one always."""
    first = candidates[0]
    astral, bom = any(ruler.astral for ruler in rulers), any(ruler.bom for ruler in rulers)
    return [way for way in candidates if (astral or way.utf16 == first.utf16) and (bom or way.bom == first.bom)]


def _evidence(ruler: Ruler, places: Sequence[Place], way: Counting) -> tuple[int, int]:
    """Return how many selections say what they quote, and a measure of how many begin and end between words."""
    if way.bom and not ruler.bom:
        return 0, 0
    quotes = edges = 0
    for place in places:
        span = ruler.span(place, way)
        if span is None:
            edges -= 4
            continue
        quotes += says(ruler.text[span[0] : span[1]], place.label)
        start, end = span
        edges += 2 * (_between_words(ruler.text, start) and not ruler.text[start].isspace())
        # Whole lines are marked with their line end, so white space there tells less.
        edges += (2 - ruler.text[end - 1].isspace()) * _between_words(ruler.text, end)
    return quotes, edges


def _between_words(text: str, index: int) -> bool:
    return not (0 < index < len(text) and text[index - 1].isalnum() and text[index].isalnum())


def flat(text: str) -> str:
    """Return text without white space and what programs drop or replace, as quotes are compared."""
    return _DROPPED.sub("", unicodedata.normalize("NFC", text))


def _quoted(label: str) -> tuple[str, bool]:
    """Return the words of a label, and whether it was cut short."""
    whole = flat(label)
    cut = whole.removesuffix("...").removesuffix("…")
    return cut, cut != whole


def says(words: str, label: str) -> bool:
    """Tell whether a label quotes the words, all of them or the beginning followed by an ellipsis."""
    quote, short = _quoted(label)
    spoken = flat(words)
    if not quote or not spoken:
        return False
    # A passage may itself end in an ellipsis.
    return spoken == flat(label) or (spoken.startswith(quote) if short else spoken == quote)


def quoted_in(place: Place, words: str) -> bool:
    """Tell whether a label that differs from the words marked is a quote at all, and not a name somebody gave it.

    A quote of a misplaced passage is about as long as the passage, or long and cut short.
    """
    quote, short = _quoted(place.label)
    length = len(flat(words)) or place.end - place.start
    return len(quote) >= 15 if short else len(quote) >= 4 and abs(len(quote) - length) <= max(3, length // 5)
