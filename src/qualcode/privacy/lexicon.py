"""Names and towns as sets, from qualcode's own lists and those of Faker's Danish locale, loaded once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache
from importlib.resources import files

from faker.providers.address.da_DK import Provider as Addresses
from faker.providers.person.da_DK import Provider as Persons


class NameClass(IntFlag):
    """What a word can be: a first name, a surname, and also an ordinary word."""

    NONE = 0
    FIRST = 1
    LAST = 2
    ORDINARY = 4


@dataclass(frozen=True)
class Lexicon:
    """The lists, words in lower case.

    Attributes:
        names: word → what it can be
        sure_first_names: first names that are no ordinary words, of four letters or more
        towns: first word → the towns that begin with it, as words, longest first
        ordinary_towns: towns that are also ordinary words
        expressions: expressions in which a name points to nobody
    """

    names: Mapping[str, NameClass]
    sure_first_names: frozenset[str]
    towns: Mapping[str, tuple[tuple[str, ...], ...]]
    ordinary_towns: frozenset[str]
    expressions: tuple[str, ...]


# Shorter words in small letters are too often something else, and so are these.
_SHORT = 3
_WORDS_IN_SMALL_LETTERS = frozenset(
    "sander signe malte trine lotte tone ester fanny vera trolle magna tora alex aurora idil rima lise karl".split()
)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lists."""
    names: dict[str, NameClass] = {}
    first = {*_words("first_names.txt"), *Persons.first_names_male, *Persons.first_names_female}
    last = {*_words("surnames.txt"), *Persons.last_names}
    for words, name_class in ((first, NameClass.FIRST), (last, NameClass.LAST)):
        for word in words:
            key = word.lower()
            names[key] = names.get(key, NameClass.NONE) | name_class
    for word in _words("ordinary_words.txt"):
        key = word.lower()
        names[key] = names.get(key, NameClass.NONE) | NameClass.ORDINARY
    sure = (key for key, kind in names.items() if kind & NameClass.FIRST and not kind & NameClass.ORDINARY)
    return Lexicon(
        names,
        frozenset(key for key in sure if len(key) > _SHORT) - _WORDS_IN_SMALL_LETTERS,
        _by_first_word({*_town_names()}),
        frozenset(word.lower() for word in _words("town_words.txt")),
        tuple(line.lower() for line in _lines("expressions.txt")),
    )


def _town_names() -> Iterator[str]:
    yield from _lines("towns.txt")
    for line in _lines("municipalities.txt"):
        yield from line.split("; ")
    # Faker's postal towns carry the letter of the district: "Nykøbing F".
    for town in Addresses.cities:
        yield town.removesuffix(" J")


def _by_first_word(towns: set[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for town in towns:
        words = tuple(town.lower().split())
        found.setdefault(words[0], []).append(words)
    return {word: tuple(sorted(entries, key=len, reverse=True)) for word, entries in found.items()}


def _lines(name: str) -> Iterator[str]:
    text = (files("qualcode.privacy") / "data" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _words(name: str) -> Iterator[str]:
    for line in _lines(name):
        yield from line.split()
