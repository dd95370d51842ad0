"""The privacy gate: personal identifiers that anonymisation has overlooked.

This first gate finds the direct identifiers that have a form of their own – CPR numbers, telephone
numbers, e-mail addresses – wherever they stand in the canonical text, header lines included. A finding
keeps the place and a mask, never the identifier. No finding means "no identifiers found", not "anonymous".

Limits: CPR numbers are judged by their date only, since modulus 11 has not been required since 2007.
A row of eight digits counts as a telephone number if such numbers are given out in Denmark, or whatever the digits
after a word such as *tlf.* – unless it is part of a longer number, an amount, a date or two years.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError

from qualcode.models import Interview

_CPR = re.compile(r"(?<![\d.,])\d{6}(?: ?[-–/] ?| )?\d{4}(?![\d]|[.,]\d)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.ASCII | re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d.,/-])(?:(?:\+|00)45[ -]?)?\d{2}(?:[ .-]?\d{2}){3}(?![\d/]|[.,-]\d)")
_FOREIGN_PHONE = re.compile(r"(?<![\w.,])(?:\+|00)(?!45)\d[\d ()-]{6,17}\d(?!\d)")
_AMOUNT = re.compile(r"\s*(?:kr\b|kroner|mio|millioner|tusind|,-|procent|%|m2|kvadratmeter)", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:tlf|telefon\w*|mobil\w*|ring(?:e|er)?|sms)\b[^\d\n]*$", re.IGNORECASE)
_CONTEXT = 30
_YEARS = re.compile(r"(?:19|20)\d{2}[ .-]?(?:19|20)\d{2}|(?:19|20)\d{2}-(?:0\d|1[0-2])-[0-3]\d")
_DATE = re.compile(r"(?:[0-2]\d|3[01])[ .-](?:0\d|1[0-2])[ .-](?:19|20)[ .-]?\d{2}")


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspected identifier as a span of the canonical text.

    Attributes:
        turn: number of the turn it stands in, 0 outside all turns
        kind: ``cpr``, ``telefon`` or ``e-mail``
        certainty: ``direct`` stops the document, ``possible`` is for a person to look at
        masked: the identifier with all but its ends hidden
    """

    turn: int
    start: int
    end: int
    kind: str
    certainty: str
    masked: str


def find_identifiers(interview: Interview) -> list[Finding]:
    """Return what looks like an identifier, in the order of the text; spans do not overlap."""
    findings: list[Finding] = []
    taken = 0
    for start, end, kind in sorted(_spans(interview.text), key=lambda span: (span[0], -span[1])):
        if start >= taken:
            masked = _mask(interview.text[start:end])
            findings.append(Finding(_turn_at(interview, start), start, end, kind, "direct", masked))
            taken = end
    return findings


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _EMAIL.finditer(text):
        yield *match.span(), "e-mail"
    for match in _CPR.finditer(text):
        if _is_cpr(match[0]):
            yield *match.span(), "cpr"
    for match in _PHONE.finditer(text):
        if _is_danish_phone(text, match):
            yield *match.span(), "telefon"
    for match in _FOREIGN_PHONE.finditer(text):
        if _is_foreign_phone(match[0]):
            yield *match.span(), "telefon"


def _is_cpr(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    try:
        cpr.get_birth_date(digits)
    except ValidationError:
        return False
    return True


def _is_danish_phone(text: str, match: re.Match[str]) -> bool:
    number = match[0]
    if _YEARS.fullmatch(number) or _DATE.fullmatch(number) or _AMOUNT.match(text, match.end()):
        return False
    if number.startswith(("+", "00")) or _CALLED.search(text[max(0, match.start() - _CONTEXT) : match.start()]):
        return True
    return phonenumbers.is_valid_number(phonenumbers.parse(number, "DK"))


def _is_foreign_phone(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(re.sub(r"^00", "+", number), None))
    except phonenumbers.NumberParseException:
        return False


def _mask(identifier: str) -> str:
    if "@" in identifier:
        return f"{identifier[0]}…@…{identifier[-3:]}"
    hidden = len(identifier) - 2
    return re.sub(r"\d", "•", identifier[:hidden]) + identifier[hidden:]


def _turn_at(interview: Interview, position: int) -> int:
    return next((turn.number for turn in interview.turns if turn.start <= position < turn.end), 0)
