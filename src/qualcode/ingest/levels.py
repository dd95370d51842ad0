"""Title → level, e.g. ``souschef i dagtilbud`` → leder, ``projektleder`` → medarbejder.

Danish titles are compounds whose last part says what the person is (*direktionssekretær* is a secretary)
and what follows a preposition says only where (*sekretær for direktøren*). So: cut the title at commas, each part at
its first preposition, look at each word before it, whole words first, then the longest known last part. Of several
titles the one highest in :data:`_ORDER` counts. Seats say nothing of their holder: *formand*, *medlem* and
*repræsentant* are judged by the body they sit in, named in the compound or after the preposition.

Levels follow the municipal numbering: 1 direktør, 2 chef, 3–4 leder.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from qualcode.ingest.titles import BODIES, ENDINGS, EXACT, NOT_ALONE
from qualcode.models import Level

_ORDER = (
    Level.DIREKTOER,
    Level.CHEF,
    Level.LEDER,
    Level.TILLIDSVALGT,
    Level.POLITIKER,
    Level.MEDARBEJDER,
    Level.FRIVILLIG,
    Level.BORGER,
)
_PART = re.compile(r"\s*[,;]\s*")
_BRACKETS = re.compile(r"\(([^()]*)\)?")
_PREPOSITIONS = re.compile(
    r"\s(?:for|i|af|hos|ved|v/|på|med|fra|til|under|inden|over|uden|om|blandt|som)\s", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*-?")
# Compounds that many write in two words; their first part alone would be another title, or the last one.
_APART = re.compile(
    r"\b(sous|projekt|proces|program|kursus|børnehaveklasse|chef)[ -]+"
    r"(chef|leder|konsulent|sekretær|arkitekt|rådgiver|jurist)",
    re.IGNORECASE,
)
_SEAT = re.compile(
    r"(?P<body>.*?)-?(?P<seat>medlem|formand|næstformand|forkvinde|næstforkvinde|forperson|næstforperson|repræsentant"
    r"|suppleant|ordfører|kandidat|leder|kasserer|aktiv|deltager)(?:en|er|ne|et|mer)?",
    re.IGNORECASE,
)
# Of a works council the chair is a leader, the vice-chair is elected by the staff.
_CHAIRS = frozenset({"formand", "forkvinde", "forperson"})
_WORKS_COUNCIL = re.compile(r"\S*med\b|\S*med-?udvalg|hovedudvalg", re.IGNORECASE)
# Compounds that do not say whose committee, group, board or club it is.
_VAGUE_BODY = re.compile(r"(?:udvalgs|gruppe|bestyrelses|klub|afdelings)?", re.IGNORECASE)
_UNPAID = re.compile(r"\bfrivillige?\b(?!\s*-)", re.IGNORECASE)
_RETIRED = re.compile(r"\bpensioneret\b", re.IGNORECASE)
_FORMER = re.compile(r"\s*\(?(?:tidl|tidligere|fhv|forhenværende|førhen|før)\b", re.IGNORECASE)
_LEADING = re.compile(r"\b(?:ledende|overordnede?)\s+[^\W\d_]", re.IGNORECASE)
_GROUP = re.compile(
    r"\s*(?:børn|unge?|yngre|ældre|midaldrende)(?:\s+(?:mand|kvinde|mænd|kvinder|par|dame|herre|fyr|pige|mennesker?|person))?\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\bniveau[ -]?([1-4])\b|\b([1-4])\.?[ -]?niveau|\bN([1-4])\b", re.IGNORECASE)
_OF_NUMBER = {"1": Level.DIREKTOER, "2": Level.CHEF, "3": Level.LEDER, "4": Level.LEDER}
# Pupils and students who are at work.
_APPRENTICE = re.compile(r"(?:elev|\w*studerende)(?:en|er|erne)?", re.IGNORECASE)
_AT_WORK = re.compile(
    r"service|forvaltning|afdeling|jobcent|sekretariat|kommune|praktik|rådhus|plejehjem|køkken", re.IGNORECASE
)
_PROFESSION_STUDENT = re.compile(r"(?:pædagog|lærer|sygepleje|ph\.?d\.?|socialrådgiver)\w*-?studerende", re.IGNORECASE)
_INFLECTIONS = ("", "e", "n", "en", "et", "r", "er", "ne", "ere", "erne")
_IRREGULAR = {"mestre": "mester", "mestrene": "mester", "mænd": "mand", "mændene": "mand", "medlemmer": "medlem"}
_SPELT_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_BODY_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), level) for pattern, level in BODIES)


def _by_word(words: dict[Level, str]) -> dict[str, Level]:
    found = {word: level for level, line in words.items() for word in line.split()}
    return {word.translate(_SPELT_OUT): level for word, level in found.items()} | found


_EXACT = _by_word(dict(EXACT))
_ENDINGS = _by_word(dict(ENDINGS))
_LONGEST_ENDING = max(map(len, _ENDINGS))


def level_of(title: str) -> Level:
    """Return the level a title stands for, ``ukendt`` when nothing in it is known.

    >>> str(level_of("chef for Plan og By")), str(level_of("direktionssekretær"))
    ('chef', 'medarbejder')
    >>> str(level_of("formand for idrætsforeningen")), str(level_of("formand for Teknikudvalget"))
    ('frivillig', 'politiker')
    """
    title = _APART.sub(r"\1\2", title)
    inside = _BRACKETS.findall(title)
    parts = [part for part in _PART.split(_BRACKETS.sub(" ", title)) if part.strip()]
    present = [part for part in parts if not _FORMER.match(part)]
    found = _highest(present) or _highest(inside) or _highest(parts)
    if found is Level.MEDARBEJDER and _highest(inside) is Level.TILLIDSVALGT:
        found = Level.TILLIDSVALGT
    if found in (Level.CHEF, Level.LEDER, None):
        number = _NUMBERED.search(title)
        found = _OF_NUMBER[next(filter(None, number.groups()))] if number else found
    if any(_is_unpaid(part) for part in (*parts, *inside)):
        return Level.FRIVILLIG
    return found or Level.UKENDT


def is_title(word: str) -> bool:
    """Tell a single word that is a title and hardly anything else: it may label a speaker or stand in a file's name."""
    bare = word.strip().lower()
    return bare not in NOT_ALONE and _word_level(bare) is not None


def _is_unpaid(part: str) -> bool:
    head = _PREPOSITIONS.split(f" {part} ")[0]
    return _UNPAID.search(head) is not None and (" og " not in head or _RETIRED.search(head) is not None)


def _highest(parts: list[str]) -> Level | None:
    levels = [level for part in parts for level in _levels_in(part)]
    return min(levels, key=_ORDER.index, default=None)


def _levels_in(part: str) -> Iterator[Level]:
    """Yield the levels of the titles in a part of a title, what follows a preposition left out."""
    head, *rest = _PREPOSITIONS.split(f" {part.strip()} ")
    if _GROUP.fullmatch(head) or _RETIRED.search(head):
        yield Level.BORGER
        return
    if _LEADING.search(head):
        yield Level.LEDER
    body = " ".join(rest).strip()
    words = _WORD.findall(head)
    for number, word in enumerate(words):
        if word.endswith("-"):
            # "social- og sundhedsassistent": the compound's last part comes later.
            continue
        level = _seat_level(word, body if number == len(words) - 1 else "")
        if level is None and body and _APPRENTICE.fullmatch(word) and _AT_WORK.search(body):
            level = Level.MEDARBEJDER
        level = level or _word_level(word.lower())
        if level:
            yield level


def _seat_level(word: str, body: str) -> Level | None:
    """Return the level of whoever holds a seat, by the body in the compound and the one named after it."""
    match = _SEAT.fullmatch(_regular(word))
    if match is None:
        return None
    own, seat = match["body"].rstrip("-"), match["seat"].lower()
    if seat == "leder":
        # A leader has a seat only at the head of a political group.
        return _body_level(body) if own.lower() == "gruppe" else None
    if not own and seat in _CHAIRS and _WORKS_COUNCIL.match(body):
        return Level.LEDER
    bodies = (body, own) if _VAGUE_BODY.fullmatch(own) else (own, body)
    return next(filter(None, map(_body_level, filter(None, bodies))), None)


def _body_level(name: str) -> Level | None:
    """Return the level of those who sit in a body: ``byrådet`` → politiker, ``menighedsråd`` → frivillig."""
    name = re.sub(r"^(?:den|det|de|en|et|vores|lokale?|kommunens|byens)\s+", "", name.strip(), flags=re.IGNORECASE)
    for pattern, level in _BODY_PATTERNS:
        if any(pattern.fullmatch(word) for word in (name, *re.split(r"[\s-]+", name))):
            return level
    return None


def _regular(word: str) -> str:
    """Return a word whose plural changes its vowel or ending in the singular."""
    for plural, singular in _IRREGULAR.items():
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word


@lru_cache(maxsize=10_000)
def _word_level(word: str) -> Level | None:
    bare = _regular(word.replace("-", ""))
    stems = [bare.removesuffix(ending) for ending in _INFLECTIONS if bare.endswith(ending)]
    if _PROFESSION_STUDENT.fullmatch(word):
        return Level.MEDARBEJDER
    exact = next((_EXACT[stem] for stem in stems if stem in _EXACT), None)
    if exact:
        return exact
    endings = [
        (length, _ENDINGS[stem[-length:]])
        for stem in stems
        for length in range(1, min(len(stem), _LONGEST_ENDING) + 1)
        if stem[-length:] in _ENDINGS
    ]
    return max(endings, key=lambda item: item[0], default=(0, None))[1]
