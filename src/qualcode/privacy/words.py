"""The words of a passage with what their neighbourhood says: capital, start of a sentence, word before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:[-'’.](?=[^\W\d_])[^\W\d_]+)*['’]?")
_SENTENCE_END = frozenset('.!?:;…"“”»«([)]')
_GAP = frozenset(" \u00a0\t")


class Word(NamedTuple):
    """A word of a passage as a span of the whole text; ``key`` is in lower case, without a closing apostrophe."""

    start: int
    end: int
    text: str
    key: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def acronym(self) -> bool:
        """Whether all of its letters are capitals, two at least."""
        return len(self.text) > 1 and self.text.isupper()


@dataclass(frozen=True)
class Passage:
    """A stretch of a text, a turn for example, cut into words."""

    text: str
    start: int
    end: int

    @cached_property
    def words(self) -> Sequence[Word]:
        """The words in order."""
        return tuple(
            Word(match.start(), match.end(), match[0], match[0].rstrip("'’").lower())
            for match in _WORD.finditer(self.text, self.start, self.end)
        )

    @cached_property
    def lower_case(self) -> bool:
        """Whether it is written without any capital letter."""
        return self.text[self.start : self.end].islower()

    def begins_sentence(self, index: int) -> bool:
        """Tell whether the word may have its capital from its place."""
        position = self.words[index].start - 1
        while position >= self.start and self.text[position] in _GAP:
            position -= 1
        if position < self.start or self.text[position] == "\n":
            return True
        if self.text[position] in "-–—*_" and position > self.start and self.text[position - 1] in " \n":
            return True
        return self.text[position] in _SENTENCE_END

    def adjacent(self, index: int) -> bool:
        """Tell whether the word follows the one before with nothing but a space between."""
        if index == 0:
            return False
        between = self.text[self.words[index - 1].end : self.words[index].start]
        return between in (" ", "\u00a0")

    def before(self, index: int, count: int = 1) -> str:
        """Return the words before one, in lower case, as far as only spaces, commas or full stops lie between."""
        found: list[str] = []
        for place in range(index - 1, max(-1, index - 1 - count), -1):
            between = self.text[self.words[place].end : self.words[place + 1].start]
            if between.strip(" \u00a0,."):
                break
            found.append(self.words[place].key)
        return " ".join(reversed(found))

    def after(self, index: int) -> str:
        """Return the word after one, in lower case, if only a space lies between, else an empty string."""
        return self.words[index + 1].key if index + 1 < len(self.words) and self.adjacent(index + 1) else ""
