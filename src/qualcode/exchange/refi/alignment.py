"""Spans of one text found in another that says the same with other white space, line ends or composed letters.

Both texts are stripped to their skeleton: what is left without white space and invisible characters, in NFC, with the
place of each letter. Equal skeletons make every span of one a span of the other.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_INVISIBLE = frozenset("\u00ad\ufeff\u200b\u2060\x00")


@dataclass(frozen=True)
class Skeleton:
    """The letters of a text, each with its place ``[start, end)`` there."""

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def letters_in(self, start: int, end: int) -> tuple[int, int]:
        """Return the letters ``[first, last)`` that a span of the text touches."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where letters ``[first, last)`` stand in the text."""
        return self.starts[first], self.ends[last - 1]


def skeleton(text: str) -> Skeleton:
    """Return the skeleton of a text."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        composed = unicodedata.normalize("NFC", "".join(c for c in text[start:end] if c not in _INVISIBLE))
        for letter in composed:
            if not letter.isspace():
                letters.append(letter)
                starts.append(start)
                ends.append(end)
    return Skeleton("".join(letters), tuple(starts), tuple(ends))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a text that normalise on their own."""
    start = 0
    for index in range(1, len(text)):
        if not _composes(text[start:index], text[index]):
            yield start, index
            start = index
    if text:
        yield start, len(text)


def _composes(before: str, character: str) -> bool:
    if character < "\u0300" and character not in _INVISIBLE:
        return False
    if character in _INVISIBLE or unicodedata.combining(character):
        return True
    joined = unicodedata.normalize("NFC", before + character)
    return joined != unicodedata.normalize("NFC", before) + character


def moved(source: str, target: str, spans: list[tuple[int, int]]) -> list[tuple[int, int] | None] | None:
    """Return where spans of ``source`` stand in ``target``, which may have a header before it.

    Returns:
        None if the texts do not say the same; a None in the list for a span of white space only. Equal texts keep
        their spans to the character, others lose white space at the ends of a span.
    """
    if target.endswith(source):
        ahead = len(target) - len(source)
        return [(start + ahead, end + ahead) for start, end in spans]
    here, there = skeleton(source), skeleton(target)
    if not here.letters or not there.letters.endswith(here.letters):
        return None
    ahead = len(there.letters) - len(here.letters)
    found: list[tuple[int, int] | None] = []
    for start, end in spans:
        first, last = here.letters_in(start, end)
        found.append(there.span(first + ahead, last + ahead) if first < last else None)
    return found


def find_words(words: str, target: Skeleton) -> list[tuple[int, int]]:
    """Return every place in a text where words stand, whatever the white space between them."""
    wanted = skeleton(words).letters
    found: list[tuple[int, int]] = []
    place = target.letters.find(wanted) if wanted else -1
    while place >= 0:
        found.append(target.span(place, place + len(wanted)))
        place = target.letters.find(wanted, place + 1)
    return found
