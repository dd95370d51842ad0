"""Identifiers made of digits: CPR, telephone, CVR, bank account, licence plate.

CPR numbers are judged by their date only, since modulus 11 has not been required since 2007. A row of eight digits
counts as a telephone number if such numbers are given out in Denmark, or whatever the digits after a word such as
*tlf.* – unless it is part of a longer number, an amount, a date or two years. CVR and account numbers have no form of
their own: they count after the word that announces them; an IBAN is checked.
"""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import iban
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError

from qualcode.privacy.findings import Candidate, Certainty, Kind

_CPR = re.compile(
    r"""(?<![\d.,/])
    (?:\d{6}\ ?[-–/]?\ ?\d{4} | \d{2}([ .-])\d{2}\1\d{2}\ ?[-–/ ]\ ?(?:\d{4}|\d{2}\ \d{2}))
    (?!\d|[.,]\d)""",
    re.VERBOSE,
)
# What is left when somebody has hidden the last digits: the day of birth.
_HALF_CPR = re.compile(
    r"(?<![\d.,/])\d{6} ?-? ?[xX*•]{4}(?!\w)"
    r"|(?i:\b(?:cpr|personnummer|født|fødselsdato)\D{0,16}?)"
    r"(?P<day>(?:[0-2]\d|3[01])(?:0\d|1[0-2])\d{2})(?!\d|[.,]\d)(?! ?- ?\d)"
)
_PHONE = re.compile(r"(?<![\d.,/-])(?:\(?(?:\+|00)45\)?[ -]?)?\d{2}(?:[ .-]?\d{2}){3}(?![\d/]|[.,-]\d)")
_ODD_PHONE = re.compile(r"(?<![\d.,/-])\d{3}[ -]\d{2,3}[ -]\d{2,3}(?![\d/]|[.,-]\d)")
_FOREIGN_PHONE = re.compile(r"(?<![\w.,])(?:\+|00)(?!45)\d[\d ()-]{6,17}\d(?!\d)")
_ONES = "nul|en|et|to|tre|fire|fem|seks|syv|otte|ni"
_TENS = "tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems"
_NUMBER_WORD = (
    rf"(?:(?:{_ONES})og(?:{_TENS})|{_TENS}|ti|elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|{_ONES})"
)
_SPOKEN_PHONE = re.compile(rf"\b{_NUMBER_WORD}(?:[ ,]+{_NUMBER_WORD}){{3,7}}\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\s*(?:kr\b|kroner|mio|millioner|milliarder|tusind|,-|€|euro|procent|%|m2|kvadratmeter|borgere|indbyggere|stk)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:tlf|telefon\w*|mobil\w*|ring(?:e|er|et)?|sms\w*|nummer(?:et)?|fang\w*|træffes)\b[^\d\n]*$", re.IGNORECASE
)
_CALLED_WORD = re.compile(r"\b(?:tlf|telefon|mobil|ring|sms|nummer)", re.IGNORECASE)
_SPOKEN_AFTER = 90
_CASE = re.compile(
    r"\b(?:sags?(?:nr|nummer|nummeret)?|sagen|journal\w*|j\.?\s?nr|ordre\w*|faktura\w*|ean\w*|bilag\w*|vare\w*|projekt(?:nr|nummer)"
    r"|licitations\w*|kontrakt\w*)\b[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_CONTEXT = 40
_YEARS = re.compile(r"(?:19|20)\d{2}[ .-]?(?:19|20)\d{2}|(?:19|20)\d{2}-(?:0\d|1[0-2])-[0-3]\d")
_DATE = re.compile(r"(?:[0-2]\d|3[01])[ .-]?(?:0\d|1[0-2])[ .-]?(?:19|20)[ .-]?\d{2}")
# Percentages and the like: four round tens.
_TENS_ROW = re.compile(r"(?:\d[05] ){3}\d[05]")
_PAIRS = re.compile(r"\d{2} \d{2} \d{2} \d{2}")
_CVR = re.compile(
    r"\b(?:cvr|se|p)[ .-]?(?:nummer(?:et)?|nr)?\.?:?\s*(?:er\s+)?(?:DK\s?)?\d{2}(?:[ .]?\d{2}){3,4}(?![\d]|[.,]\d)"
    r"|(?<!\w)DK[ -]?\d{8}(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT_WORD = r"konto(?:en|nr|nummer|nummeret)?\.?\s*(?:nr\.?|nummer)?:?\s*(?:er\s+)?"
_ACCOUNT = re.compile(
    r"\breg(?:istrerings)?\.?\s?(?:nr|nummer|nummeret)?\.?:?\s*(?:er\s+)?"
    rf"\d{{4}}[\s,]+(?:og\s+)?(?:{_ACCOUNT_WORD})?\d[\d ]{{4,12}}\d"
    rf"|\b{_ACCOUNT_WORD}\d{{4}}[ -]\d{{6,10}}(?!\d)"
    rf"|\b{_ACCOUNT_WORD}\d{{7,14}}(?![\d.])",
    re.IGNORECASE,
)
_FROM_DIGIT = re.compile(r"(?:DK[ -]?)?\d", re.IGNORECASE)
_BARE_ACCOUNT = re.compile(r"(?<![\d.,/-])\d{4}[ -]\d{10}(?![\d/-]|[.,]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_DANISH_IBAN = re.compile(r"\bDK\d{2}(?: ?\d{4}){3} ?\d{2}\b", re.IGNORECASE)
_PLATE = re.compile(r"(?<![\w/-])[A-ZÆØÅ]{2} \d{2} ?\d{3}(?![\d/-]| \d)")
_LOOSE_PLATE = re.compile(r"(?<![\w/-])[A-Za-zÆØÅæøå]{2} ?\d{2} ?\d{3}(?![\d/-]| \d)")
_NO_PLATE = frozenset({"EU", "KL", "KR", "NR", "DS", "EN", "DR", "TV", "FN", "CA", "SE", "IS", "ID"})
_CAR = re.compile(
    r"\b(?:nummerplade\w*|plade\w*|bil\w*|varebil\w*|\w*vogn\w*|køretøj\w*|reg\w*nummer)\b", re.IGNORECASE
)


def find_numbers(text: str) -> Iterator[Candidate]:
    """Yield the identifiers made of digits in a text; they may overlap."""
    for match in _CPR.finditer(text):
        if _is_cpr(text, match):
            yield Candidate(*match.span(), Kind.CPR)
    for match in _HALF_CPR.finditer(text):
        yield Candidate(*match.span("day" if match["day"] else 0), Kind.CPR, Certainty.POSSIBLE)
    for pattern, kind in ((_CVR, Kind.CVR), (_ACCOUNT, Kind.KONTO), (_DANISH_IBAN, Kind.KONTO)):
        for match in pattern.finditer(text):
            # The word that announces the number tells nothing; it stays when the number is replaced.
            number = _FROM_DIGIT.search(text, *match.span())
            yield Candidate(number.start() if number else match.start(), match.end(), kind)
    for match in _BARE_ACCOUNT.finditer(text):
        if not _CASE.search(_before(text, match)):
            yield Candidate(*match.span(), Kind.KONTO, Certainty.POSSIBLE)
    for match in _IBAN.finditer(text):
        if iban.is_valid(match[0]):
            yield Candidate(*match.span(), Kind.KONTO)
    yield from _phones(text)
    yield from _plates(text)


def _phones(text: str) -> Iterator[Candidate]:
    for match in _PHONE.finditer(text):
        if _is_danish_phone(text, match):
            yield Candidate(*match.span(), Kind.TELEFON)
        elif _like_a_phone(text, match):
            yield Candidate(*match.span(), Kind.TELEFON, Certainty.POSSIBLE)
    for match in _ODD_PHONE.finditer(text):
        if _CALLED.search(_before(text, match)) and not _AMOUNT.match(text, match.end()):
            yield Candidate(*match.span(), Kind.TELEFON)
    for called in _CALLED_WORD.finditer(text):
        spoken = _SPOKEN_PHONE.search(text, called.end(), called.end() + _SPOKEN_AFTER)
        if spoken and not _AMOUNT.match(text, spoken.end()):
            yield Candidate(*spoken.span(), Kind.TELEFON)
    for match in _FOREIGN_PHONE.finditer(text):
        if _is_foreign_phone(match[0]):
            yield Candidate(*match.span(), Kind.TELEFON)


def _plates(text: str) -> Iterator[Candidate]:
    for match in _PLATE.finditer(text):
        if match[0][:2] not in _NO_PLATE and not _CASE.search(_before(text, match)):
            yield Candidate(*match.span(), Kind.NUMMERPLADE)
    for match in _LOOSE_PLATE.finditer(text):
        if match[0][:2].upper() not in _NO_PLATE and _CAR.search(_before(text, match)):
            yield Candidate(*match.span(), Kind.NUMMERPLADE)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _CONTEXT) : match.start()]


def _is_cpr(text: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    if digits == match[0] and _CASE.search(_before(text, match)):
        return False
    try:
        cpr.get_birth_date(digits)
    except ValidationError:
        return False
    return not _AMOUNT.match(text, match.end())


def _is_danish_phone(text: str, match: re.Match[str]) -> bool:
    number = match[0]
    if _YEARS.fullmatch(number) or _DATE.fullmatch(number) or _AMOUNT.match(text, match.end()):
        return False
    if number.startswith(("+", "00", "(")):
        return True
    before = _before(text, match)
    if _CASE.search(before):
        return False
    if _CALLED.search(before):
        return True
    return not _TENS_ROW.fullmatch(number) and phonenumbers.is_valid_number(phonenumbers.parse(number, "DK"))


def _like_a_phone(text: str, match: re.Match[str]) -> bool:
    """Tell four pairs of digits that are no year, date, amount, case or row of tens: numbers are spoken so."""
    number = match[0]
    return (
        _PAIRS.fullmatch(number) is not None
        and not any(pattern.fullmatch(number) for pattern in (_YEARS, _DATE, _TENS_ROW))
        and not _AMOUNT.match(text, match.end())
        and not _CASE.search(_before(text, match))
    )


def _is_foreign_phone(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(re.sub(r"^00", "+", number), None))
    except phonenumbers.NumberParseException:
        return False
