"""A turn's text cut into pieces for a page: the quote, the words a rule matched, the ends of sentences.

Offsets are code points of the interview's text throughout; the pieces of a stretch put together are the stretch.
"""

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from spacy.language import Language

from qualcode.language.pipeline import danish
from qualcode.models import Interview, Turn

_SENTENCE = "sentence "


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to show about a span of the text."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the same marks from end to end."""

    start: int
    text: str
    names: tuple[str, ...]

    @property
    def classes(self) -> str:
        """Names of the marks that are shown."""
        return " ".join(name for name in self.names if not name.startswith(_SENTENCE))

    @property
    def sentence(self) -> str:
        """Start and end of the sentence it lies in, as ``12-40``; empty between sentences."""
        return next((name.removeprefix(_SENTENCE) for name in self.names if name.startswith(_SENTENCE)), "")


def pieces(interview: Interview, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """Cut ``[start, end)`` of an interview wherever a mark begins or ends.

    Marks may overlap and reach beyond the stretch.
    """
    inside = [mark for mark in marks if mark.start < end and start < mark.end]
    cuts = {start, end}
    for mark in inside:
        cuts |= {max(start, mark.start), min(end, mark.end)}
    places = sorted(cuts)
    return [
        Piece(
            first,
            interview.text[first:last],
            tuple(sorted({mark.name for mark in inside if mark.start <= first and last <= mark.end})),
        )
        for first, last in itertools.pairwise(places)
    ]


def sentence_marks(interview: Interview, turn: Turn) -> list[Mark]:
    """Return marks that tell of each piece which sentence it lies in; white space around sentences is in none."""
    return [Mark(start, end, f"{_SENTENCE}{start}-{end}") for start, end in sentences(interview, turn)]


def sentences(interview: Interview, turn: Turn) -> list[tuple[int, int]]:
    """Return the spans of a turn's sentences, without white space around them."""
    if turn.start == turn.end:
        return []
    found = []
    with _ONE_AT_A_TIME:
        document = _pipeline()(interview.quote(turn.start, turn.end))
    for sentence in document.sents:
        words = sentence.text
        start = turn.start + sentence.start_char + len(words) - len(words.lstrip())
        if words.strip():
            found.append((start, start + len(words.strip())))
    return found


# spaCy pipelines are not shared between threads.
_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    return danish()
