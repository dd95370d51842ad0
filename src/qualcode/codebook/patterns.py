"""The pattern language of the codebook: what a researcher can write without Python.

===========================  =====================================================================
``opbakning``                the word in any form, alone or as part of a compound
``dele magt``                words after each other, each in any form
``slippe .. styring``        at most three words between
``slippe ... styring``       at most eight words between
``ingen (chef|leder)``       one of several; alternatives may be several words
``borger*``  ``*råd``        words that begin or end so
``=nej``                     this form only
===========================  =====================================================================

For all else there is the escape hatch ``spacy:`` with a spaCy token pattern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

MOST_VARIANTS = 200
_GAPS = {"..": 3, "...": 8, "…": 8}
_TERM = re.compile(r"=?\*?[^\W_](?:[\w.'-]*[\w'])?\*?")
_PIECE = re.compile(r"\([^()]*\)|[^\s()]+")


class Match(StrEnum):
    """How a term finds a word."""

    LEMMA = "lemma"
    EXACT = "exact"
    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a pattern."""

    text: str
    match: Match


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to ``most`` words of any kind."""

    most: int


Element = Term | Gap


def variants(pattern: str) -> list[tuple[Element, ...]]:
    """Return a pattern as sequences of terms and gaps, one for each choice of alternatives.

    >>> variants("dele (magt|ansvar)")[1][1].text
    'ansvar'

    Raises:
        ValueError: the pattern is malformed; the message is Danish and says what to do.
    """
    pieces = _PIECE.findall(pattern)
    if "".join(pieces).replace(" ", "") != pattern.replace(" ", ""):
        raise ValueError("parenteserne går ikke op")
    choices = [list(_choices(piece)) for piece in pieces]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MOST_VARIANTS:
        raise ValueError(f"mønstret har {count} varianter; del det i flere (højst {MOST_VARIANTS})")
    found = [tuple(element for part in combination for element in part) for combination in product(*choices)]
    if any(not sequence or isinstance(sequence[0], Gap) or isinstance(sequence[-1], Gap) for sequence in found):
        raise ValueError("mønstret skal begynde og slutte med et ord")
    return found


def _choices(piece: str) -> Iterator[tuple[Element, ...]]:
    if not piece.startswith("("):
        if "|" in piece:
            raise ValueError("sæt parentes om alternativer: (chef|leder)")
        yield (_element(piece),)
        return
    for alternative in piece[1:-1].split("|"):
        words = alternative.split()
        if not words:
            raise ValueError("et alternativ i parentesen er tomt")
        yield tuple(_element(word) for word in words)


def _element(word: str) -> Element:
    if word in _GAPS:
        return Gap(_GAPS[word])
    if not _TERM.fullmatch(word):
        raise ValueError(f"'{word}' er ikke et ord; tegn sættes ikke i mønstre")
    text = word.lower()
    if text.startswith("="):
        return Term(text[1:], Match.EXACT)
    if text.endswith("*"):
        return Term(text[:-1], Match.BEGINS)
    if text.startswith("*"):
        return Term(text[1:], Match.ENDS)
    return Term(text, Match.LEMMA)
