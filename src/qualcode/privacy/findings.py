"""What the gate finds: kinds, certainties, masks. A finding keeps a place and a mask, never the identifier."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of identifier; the values are shown to people."""

    CPR = "cpr"
    TELEFON = "telefon"
    EMAIL = "e-mail"
    URL = "url"
    BRUGERNAVN = "brugernavn"
    ADRESSE = "adresse"
    POSTNUMMER = "postnummer"
    NUMMERPLADE = "nummerplade"
    CVR = "cvr"
    KONTO = "konto"
    NAVN = "navn"
    STED = "sted"
    ARBEJDSPLADS = "arbejdsplads"


class Certainty(StrEnum):
    """``direct`` stops the document, ``possible`` is for a person to look at."""

    DIRECT = "direct"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a text that a detector holds for an identifier."""

    start: int
    end: int
    kind: Kind
    certainty: Certainty = Certainty.DIRECT


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspected identifier as a span of an interview's canonical text.

    Attributes:
        turn: number of the turn it stands in, its speaker label included; 0 outside all turns
        start, end: ``[start, end)`` in code points
        kind: what sort of identifier
        certainty: whether it stops the document
        masked: the identifier with what tells it hidden
    """

    turn: int
    start: int
    end: int
    kind: Kind
    certainty: Certainty
    masked: str


_HIDDEN = "•••"
_WORD = re.compile(r"[\w'’-]+")
# Words shorter than this would be given away by their first letter.
_TELLING = 5
_KEPT_DIGITS = 2
_LONG_NUMBER = 8


def mask(identifier: str, kind: Kind) -> str:
    """Return an identifier so hidden that it may be shown: first letters of long words, last digits of long numbers.

    >>> mask("Mette Hansen", Kind.NAVN), mask("Bo", Kind.NAVN), mask("120387-1234", Kind.CPR)
    ('M••• H•••', '•••', '••••••-••34')
    >>> mask("bo@firma.dk", Kind.EMAIL)
    '•••@•••'
    """
    match kind:
        case Kind.EMAIL:
            return f"{_HIDDEN}@{_HIDDEN}"
        case Kind.BRUGERNAVN:
            return f"@{_HIDDEN}"
        case Kind.URL:
            return f"{_HIDDEN}/{_HIDDEN}"
        case Kind.CPR | Kind.TELEFON | Kind.CVR | Kind.KONTO | Kind.NUMMERPLADE:
            return _masked_number(identifier)
        case _:
            return _WORD.sub(lambda word: _masked_word(word[0]), identifier)


def _masked_word(word: str) -> str:
    telling = word[0].isalpha() and len(word) >= _TELLING
    return f"{word[0]}{_HIDDEN}" if telling else _HIDDEN


def _masked_number(number: str) -> str:
    hidden = re.sub(r"\w", "•", number)
    if sum(character.isdigit() for character in number) < _LONG_NUMBER or not number[-_KEPT_DIGITS:].isdigit():
        return hidden
    return hidden[:-_KEPT_DIGITS] + number[-_KEPT_DIGITS:]
