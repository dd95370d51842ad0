"""Towns, villages and municipalities: ``possible``, since it depends on the setting whether they give somebody away.

Not flagged: countries and regions, universities, and models named after a town (*Herning-modellen*).
"""

import re
from collections.abc import Iterator, Sequence

from qualcode.privacy.findings import Candidate, Certainty, Kind
from qualcode.privacy.lexicon import Lexicon
from qualcode.privacy.words import Passage, Word

_UPPER = "A-ZÆØÅ"
_MODELS = re.compile(
    r"(?:model|metode|erklæring|konvention|aftale|traktat|reform|direktiv|proces|protokol|skala|kriteri|kriterier|rapport|samarbejde)"
)
_AFTER_TOWN_NATIONAL = re.compile(r"\s+(?:Universitet\w*|Festival\w*|universitet\w*|-?modellen|Tekniske)")
_MUNICIPALITY = re.compile(r"\s+[Kk]ommunes?\b")
_PREFIXES = frozenset(
    "sønder nørre øster vester store lille gammel ny kirke over neder sdr ndr vestre østre søndre nordre".split()
)
_VILLAGE = re.compile(
    rf"[{_UPPER}][a-zæøåé]+(?:rup|lev|løse|inge|sted|bjerg|holm|lund|by|bæk|ø|tofte?|vig|borg|næs|rød|ager|balle|kær|skov|huse|bølle|"
    r"torp|holt|dal|å|um|ing|felt|mark|havn|odde|strand|lille|rum|hede|bro|hus|mose|gaard|gård|vad|rode)$"
)
_NO_VILLAGE = frozenset(
    """danmark vestdanmark østdanmark christiansborg hamborg gøteborg göteborg luxembourg petersborg norden facebook
    folketing salzborg edinburgh nürnberg flensborg østersø nordsø øresund limfjord storebælt lillebælt frankrig
    belgien ting tysklands holland berlin strasborg midtby indre by ungarn strømstad regering forvaltning afdeling
    social sundhed skat beskæftigelse planlægning landsby rådhus erhverv jobcenter børnehus kulturhus kreds bruxelles
    læring udvikling uddannelse rådgivning byggeri forebyggelse bygning bevilling ældrebolig bolig kultur ledning cura
    ordning""".split()
)
_PLACE_PREPOSITIONS = frozenset("i fra til ved omkring nær mod over".split())


def find_towns(passage: Passage, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield towns and municipalities in a passage, in order."""
    words = passage.words
    index = 0
    while index < len(words):
        seen = words[index].capital or passage.lower_case
        end = (_town(passage, index, lexicon) or _village(passage, index)) if seen else None
        if end is None:
            index += 1
            continue
        municipality = _MUNICIPALITY.match(passage.text, end)
        if not _AFTER_TOWN_NATIONAL.match(passage.text, end):
            yield Candidate(
                words[index].start, municipality.end() if municipality else end, Kind.STED, Certainty.POSSIBLE
            )
        while index < len(words) and words[index].start < end:
            index += 1


def town_end(words: Sequence[Word], index: int, lexicon: Lexicon) -> int | None:
    """Return where the town that begins with a word ends, genitive included; None if there is none."""
    key = words[index].key if index < len(words) else ""
    for entry in (*lexicon.towns.get(key, ()), *lexicon.towns.get(key.removesuffix("s"), ())):
        last = index + len(entry) - 1
        found = [word.key for word in words[index : last + 1]]
        if found and found[:-1] == list(entry[:-1]) and found[-1] in (entry[-1], f"{entry[-1]}s"):
            return words[last].end
    return None


def _town(passage: Passage, index: int, lexicon: Lexicon) -> int | None:
    word = passage.words[index]
    end = town_end(passage.words, index, lexicon)
    if end is None:
        return _before_hyphen(word, lexicon)
    if word.key in lexicon.ordinary_towns or len(word.key) < len("Thy"):
        sure = word.capital and passage.before(index) in _PLACE_PREPOSITIONS and not passage.begins_sentence(index)
        return end if sure or _MUNICIPALITY.match(passage.text, end) else None
    return end


def _before_hyphen(word: Word, lexicon: Lexicon) -> int | None:
    """Find the town in ``Horsens-borgere``, but not in ``Herning-modellen``."""
    town, hyphen, rest = word.key.partition("-")
    if (
        not hyphen
        or (town,) not in lexicon.towns.get(town, ())
        or town in lexicon.ordinary_towns
        or _MODELS.match(rest)
    ):
        return None
    return word.start + len(town)


def _village(passage: Passage, index: int) -> int | None:
    """Find a place that no list has: after a preposition of place, with the ending of a Danish village."""
    word = passage.words[index]
    if not word.capital or word.acronym or passage.before(index) not in _PLACE_PREPOSITIONS:
        return None
    if passage.begins_sentence(index):
        return None
    if word.key in _PREFIXES and passage.adjacent(index + 1 if index + 1 < len(passage.words) else 0):
        following = passage.words[index + 1]
        return following.end if following.capital else None
    if passage.after(index) in {"og", "kommune"} or not _VILLAGE.fullmatch(word.text):
        return None
    return None if any(word.key.endswith(ending) for ending in _NO_VILLAGE) else word.end
