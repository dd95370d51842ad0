"""Selections of a project's sources → spans in the turns of a study's interviews."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from qualcode.exchange.refi.alignment import Skeleton, find_words, moved, skeleton
from qualcode.exchange.refi.offsets import Counting, Place, Ruler, flat, quoted_in, says
from qualcode.exchange.refi.project import RefiSource
from qualcode.ingest.document import canonical
from qualcode.models import Interview, Turn

# Letters around a passage that tell it from others with the same words.
_AROUND = 30
# How many of a source's longest lines are looked for, and which part must be found without and with the right name.
_LINES = 40
_MOST = 0.5
_SOME = 0.1


class Check(StrEnum):
    """What became of a selection's position."""

    QUOTED = "kontrolleret mod citatet"
    UNQUOTED = "uden citat at kontrollere mod"
    MOVED = "flyttet derhen, hvor citatet står"
    LOST = "ikke fundet i interviewet"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a selection ended up: a span of the interview's text, None if it is lost."""

    span: tuple[int, int] | None
    check: Check


class Finder:
    """Finds the interview that a source is.

    Args:
        interviews: of the study; their words are kept without white space
    """

    def __init__(self, interviews: Iterable[Interview]) -> None:
        self._study = [(interview, _words(interview.text)) for interview in interviews]
        self._new: list[tuple[Interview, str]] = []

    def add(self, interview: Interview) -> None:
        """Note an interview made of a source: sources with quite the same words are it as well."""
        self._new.append((interview, _words(interview.text)))

    def interview_of(self, source: RefiSource) -> Interview | None:
        """Return the interview with a source's words, a header aside; of several the one with its name.

        Where the words differ, the interview that has most of the source's lines, or some of them and its name.
        """
        words = _words(source.text or "")
        if not words:
            return None
        same = [
            (has == words, _named(source.name, interview), interview)
            for interview, has in (*self._study, *self._new)
            if has == words or (has.endswith(words) and _named(source.name, interview))
        ]
        if same:
            return max(same, key=lambda each: each[:2])[2]
        lines = sorted({_words(line) for line in canonical(source.text or "").split("\n")}, key=len)[-_LINES:]
        longest = [line for line in lines if line]
        akin = [
            (sum(line in has for line in longest) / len(longest), _named(source.name, interview), interview)
            for interview, has in self._study
        ]
        alike = [each for each in akin if each[0] >= (_SOME if each[1] else _MOST)]
        return max(alike, key=lambda each: each[:2])[2] if alike else None


def _words(text: str) -> str:
    return "".join(canonical(text).split())


def _named(name: str, interview: Interview) -> bool:
    names = {canonical(name).strip().casefold(), PurePath(canonical(name).strip().casefold()).stem}
    return bool(names & {interview.id.casefold(), interview.file.casefold(), PurePath(interview.file).stem.casefold()})


def place_all(places: Sequence[Place], ruler: Ruler, way: Counting, target: str) -> list[Placed]:
    """Return where the places of a source stand in the text of an interview.

    Args:
        places: in the source, as the file has them
        ruler: of the source's text
        way: how the program counts
        target: the interview's text; if it says something else than the source, passages are found by their words
    """
    raw = [_in_source(ruler, place, way) for place in places]
    spans = [placed.span for placed in raw if placed.span]
    found = moved(ruler.text, target, spans)
    if found is None:
        wanted = skeleton(target)
        found = [_by_words(ruler.text, span, wanted) for span in spans]
    there = iter(found)
    placed = []
    for each in raw:
        span = next(there) if each.span else None
        placed.append(Placed(span, each.check) if span else Placed(None, Check.LOST))
    return placed


def _in_source(ruler: Ruler, place: Place, way: Counting) -> Placed:
    """Return a selection's span in the source's own text, put right where its quote stands elsewhere."""
    span = ruler.span(place, way)
    words = ruler.text[span[0] : span[1]] if span else ""
    if span and says(words, place.label):
        return Placed(span, Check.QUOTED)
    if not quoted_in(place, words):
        return Placed(span, Check.UNQUOTED) if span else Placed(None, Check.LOST)
    label = place.label.strip().removesuffix("...").removesuffix("…")
    places = find_words(label, ruler.skeleton)
    if len(places) == 1 and flat(label) == flat(place.label):
        return Placed(places[0], Check.MOVED)
    if not places and span:
        # A name that somebody gave it, not a quote.
        return Placed(span, Check.UNQUOTED)
    return Placed(None, Check.LOST)


def _by_words(text: str, span: tuple[int, int], target: Skeleton) -> tuple[int, int] | None:
    """Return the one place in another text where a span's words stand, by their surroundings if there are more."""
    start, end = span
    words = text[start:end]
    places = find_words(words, target)
    if len(places) <= 1:
        return places[0] if places else None
    for before, after in ((_AROUND, _AROUND), (_AROUND, 0), (0, _AROUND)):
        wider = find_words(text[max(0, start - before) : end + after], target)
        if len(wider) == 1:
            inside = [place for place in places if wider[0][0] <= place[0] and place[1] <= wider[0][1]]
            if len(inside) == 1:
                return inside[0]
    return None


def in_turns(interview: Interview, span: tuple[int, int]) -> Sequence[tuple[Turn, int, int]]:
    """Cut a span into the respondents' turns it touches; the interviewer's words and speaker labels fall away."""
    start, end = span
    found = []
    for turn in interview.responses():
        if turn.start <= start and end <= turn.end:
            return [(turn, start, end)]
        first, last = max(start, turn.start), min(end, turn.end)
        words = interview.text[first:last] if first < last else ""
        if any(character.isalnum() for character in words):
            first += len(words) - len(words.lstrip())
            last -= len(words) - len(words.rstrip())
            found.append((turn, first, last))
    return found
