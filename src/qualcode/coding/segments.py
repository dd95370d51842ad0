"""Meaning units: a turn cut into passages that can carry a point and stand alone as a quote.

A unit is a run of whole sentences. Sentences are packed until the unit has said something
(:data:`ENOUGH` words) and never past :data:`TOO_MUCH` words; a turn that is short enough stays whole, for
pooling over single sentences was found to code worse than the whole passage. Notes such as ``[griner]``
stay in the text and do not count as words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span

ENOUGH = 35
TOO_MUCH = 75
# Notes in brackets, sounds and gaps in parentheses, another's "ja" within a turn, time codes.
_NOTE = re.compile(
    r"""\[[^\]]{0,300}\]
      | \(\(?(?:(?:lang|kort|lille|længere)\ )?
            (?:pause|griner|grin|ler|latter|utydelig|uforståelig|suk|hoster|host|stilhed|tavshed|overlap)[^)]{0,300}\)
      | \((?:interviewer(?:en)?|informant|ip?\d?|[a-zæøå]\d?):[^)]{0,300}\)
      | \#\d{1,3}:\d{2}(?::\d{2})?(?:[.,-]\d{1,3})?\#?
      | \d{1,3}:\d{2}:\d{2}(?:[.,-]\d{1,3})?""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NOT_FIRST = " \t\n\xa0-–—=+@*•>"
# A unit of fewer words says nothing that could be quoted.
FEWEST = 4


def count_words(text: str) -> int:
    """Return the number of spoken words: notes, time codes, another's words in brackets and pause dots are none.

    >>> count_words("Ja.. [griner] det er (lang pause) det jo (I: okay) #00:01:02-5#")
    5
    """
    return len(_WORD.findall(_NOTE.sub(" ", text)))


@dataclass(frozen=True)
class Unit:
    """A meaning unit as sentences of a spaCy document (one turn)."""

    sentences: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The unit as one span of the turn's document."""
        first, last = self.sentences[0], self.sentences[-1]
        return first.doc[first.start : last.end]

    @property
    def text(self) -> str:
        """The unit's words, without white space around them."""
        return self.span.text.strip()


def units(doc: Doc) -> Iterator[Unit]:
    """Yield the meaning units of a turn, in order; sentences in between that say nothing go with a unit."""
    sentences = [sentence for sentence in doc.sents if sentence.text.strip()]
    sizes = [count_words(sentence.text) for sentence in sentences]
    for first, last in _runs(sizes):
        if sum(sizes[first:last]) >= FEWEST:
            yield Unit(tuple(sentences[first:last]))


def _runs(sizes: list[int]) -> Iterable[tuple[int, int]]:
    if sum(sizes) <= TOO_MUCH:
        return [(0, len(sizes))] if sizes else []
    runs: list[tuple[int, int]] = []
    first = words = 0
    for index, size in enumerate(sizes):
        if words and (words >= ENOUGH or words + size > TOO_MUCH):
            runs.append((first, index))
            first, words = index, 0
        words += size
    if words < ENOUGH / 2 and runs and words + sum(sizes[slice(*runs[-1])]) <= TOO_MUCH:
        runs[-1] = (runs[-1][0], len(sizes))
    else:
        runs.append((first, len(sizes)))
    return runs


def trimmed(unit: Unit, keep: Iterable[Span] = ()) -> tuple[int, int]:
    """Return the character span ``[start, end)`` of a unit without empty sentences at its ends.

    Sentences such as ``Ja.`` or ``[griner]`` go, except where a span in ``keep`` (a rule's words) lies in them.
    """
    kept = list(keep)
    sentences = list(unit.sentences)

    def empty(sentence: Span) -> bool:
        touched = any(span.start < sentence.end and sentence.start < span.end for span in kept)
        return not touched and count_words(sentence.text) < FEWEST

    while len(sentences) > 1 and empty(sentences[0]):
        del sentences[0]
    while len(sentences) > 1 and empty(sentences[-1]):
        del sentences[-1]
    text = sentences[0].doc.text
    start, end = sentences[0].start_char, sentences[-1].end_char
    piece = text[start:end]
    # Dashes and the like go too: a quote that begins with one is a formula to a spreadsheet.
    return start + len(piece) - len(piece.lstrip(_NOT_FIRST)), end - len(piece) + len(piece.rstrip())
