"""Addresses, and postal codes with their towns: ``direct``. A street without a house number is ``possible``."""

import re
from collections.abc import Iterator

from qualcode.privacy.findings import Candidate, Certainty, Kind
from qualcode.privacy.lexicon import Lexicon
from qualcode.privacy.towns import town_end
from qualcode.privacy.words import Passage

_UPPER = "A-ZÆØÅÄÖÜ"
_STREET = (
    "gaden?|vej(?:en)?|stræde(?:t)?|all[eé]e?n?|boulevard(?:en)?|plads(?:en)?|torv(?:et)?|vænge(?:t)?|park(?:en)?"
    "|bakken?|toft(?:en)?|engen|marken|lunden|haven|skoven|krogen|svinget|stien|kaj(?:en)?|brinken|skrænten|agrene|ager(?:en)?|vang(?:en)?|løkken|dalen"
    "|kæret|mosen|gangen|passagen|kvarteret|ledet|høj(?:en)?|lykken|diget|havnen|åsen|volden?|banken|bryn(?:et)?|stræk(?:ket)?|vig(?:en)?|strand(?:en)?"
)
_HOUSE = (
    r"(?:nr\.?\s|nummer\s)?\d{1,3}(?!\d)(?:(?:[A-Za-z]|\s[A-HJ-Z])(?!\w))?"
    r"(?:,?\s(?:(?:st|stuen|kælderen)\b\.?|\d{1,2}\.?\ssal\b|\d{1,2}\.(?=,?\s?(?:tv|th|mf|dør)\b))"
    r"(?:,?\s?(?:tv|th|mf|dør\s\d{1,3})\b\.?)?)?"
)
_ADDRESS = re.compile(rf"(?<![\w.])(?:[{_UPPER}][\w'.-]*\s){{0,4}}?(?=[{_UPPER}])[\w'-]*(?i:{_STREET})\s{_HOUSE}")
_SMALL_ADDRESS = re.compile(
    rf"\b[^\W\d_]{{3,}}(?:gade|vej|stræde|all[eé]|vænge(?:t)?|boulevard|torv)\s{_HOUSE}", re.IGNORECASE
)
_STREET_ALONE = re.compile(
    rf"\b[{_UPPER}][\w-]{{2,}}(?:gade|vej|stræde|all[eé]|vænget?|bakken|toften|parken|svinget|boulevard)\b"
)
_NO_STREET = re.compile(
    r"(?:motor|hoved|om|gen|cykel|ad|ind|til|frem|under|mid|en|ud|ring|lande|gå|by|land)?(?:vejen?|gaden?)"
    r"|(?:national|kunst|bolig|industri|erhvervs|by|natur|skate|forlystelses)parken",
    re.IGNORECASE,
)
_NO_STREET_WITH_NUMBER = re.compile(
    r"(?:motor|om|gen|cykel|ad|ind|til|frem|under|en|ud)?(?:vejen?|gaden?)"
    r"|(?:national|kunst|bolig|natur|skate|forlystelses)parken",
    re.IGNORECASE,
)
_LINE_WITH_DIGIT = re.compile(r"^.*\d.*$", re.MULTILINE)
_UNIT = re.compile(
    r"\s*(?:år|km|kilometer|meter|m2?\b|gange|timer?|kr\b|kroner|procent|%|minutter"
    r"|mand\b|mennesker|børn|pct|mio|tusind|stk|ud af|af\b)",
    re.IGNORECASE,
)
_POSTAL = re.compile(rf"(?<![\d.,§-])(?:DK-)?\d{{4}}\s(?=[{_UPPER}a-zæøå])")
_DISTRICT = re.compile(r"\s(?:NV|SV|NØ|SØ|C|N|S|V|K|M|Ø)(?!\w)")
_YEAR_BEFORE = re.compile(
    r"\b(?:i|fra|til|siden|år|året|omkring|efter|før|indtil|sommeren|efteråret|vinteren|foråret|primo|ultimo|og)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
# Whatever the street is called, a house number and a postal code make it an address.
_BEFORE_POSTAL = re.compile(rf"[{_UPPER}][\w'.-]+(?:\s[{_UPPER}][\w'.-]+){{0,3}}\s{_HOUSE},?\s$")
_LONGEST_ADDRESS = 80
_LONGEST_TOWN = 60


def find_addresses(text: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield addresses and postal codes with their towns; they may overlap."""
    for line in _LINE_WITH_DIGIT.finditer(text):
        for pattern in (_ADDRESS, _SMALL_ADDRESS):
            for match in pattern.finditer(text, *line.span()):
                street = re.split(r"\s(?:nr\.?\s|nummer\s)?\d", match[0], maxsplit=1)[0]
                if not _NO_STREET_WITH_NUMBER.fullmatch(street) and not _UNIT.match(text, match.end()):
                    yield Candidate(*match.span(), Kind.ADRESSE)
    for match in _POSTAL.finditer(text):
        end = town_end(Passage(text, match.end(), min(len(text), match.end() + _LONGEST_TOWN)).words, 0, lexicon)
        code = match[0].strip().removeprefix("DK-")
        in_a_year = _YEAR.fullmatch(code) and _YEAR_BEFORE.search(text[max(0, match.start() - 15) : match.start()])
        if end and not in_a_year:
            district = _DISTRICT.match(text, end)
            yield Candidate(match.start(), district.end() if district else end, Kind.POSTNUMMER)
            street = _BEFORE_POSTAL.search(text, max(0, match.start() - _LONGEST_ADDRESS), match.start())
            if street:
                yield Candidate(street.start(), street.start() + len(street[0].rstrip(", ")), Kind.ADRESSE)

    yield from _streets(text)


def _streets(text: str) -> Iterator[Candidate]:
    """Yield streets without a number, where the capital is not that of a sentence."""
    for match in _STREET_ALONE.finditer(text):
        inside = text[: match.start()].rstrip(" ")[-1:] not in ("", "\n", ".", ":", "!", "?", '"', "»", "…", "[", "(")
        if inside and not _NO_STREET.fullmatch(match[0]):
            yield Candidate(*match.span(), Kind.ADRESSE, Certainty.POSSIBLE)
