"""Split Danish compounds into their parts: *ledelsesopbakning* → ledelse, opbakning.

The cheapest split wins, where a known word costs its rarity (Zipf frequency from wordfreq) and each joint
a fixed price, so that a frequent whole word (*forvaltning*) stays whole. Joints may carry a linking *s* or
*e*. Limits: parts under three letters and unknown parts are not found.
"""

from functools import lru_cache

from wordfreq import zipf_frequency

from qualcode.language.lemmas import lemma

_SHORTEST_PART = 3
_SHORTEST_COMPOUND = 7
_LINKS = ("", "s", "e")
_RAREST_PART = 3.0
_JOINT = 2.4
_TOP = 8.0
_PARTS_AT_MOST = 4
# Endings that form words rather than join them, and beginnings that are prefixes.
_NO_PART = frozenset(
    "hed else ning ing ske dom lig som bar isk tion for und ved over inde mel ære ens eri ende ned ere".split()
)


@lru_cache(maxsize=200_000)
def parts(word: str) -> tuple[str, ...]:
    """Return the lemmas of a compound's parts, or an empty tuple for a word that is none.

    >>> parts("ledelsesopbakning")
    ('ledelse', 'opbakning')
    """
    if len(word) < _SHORTEST_COMPOUND or not word.isalpha():
        return tuple(lemma(part) for part in word.split("-") if len(part) >= _SHORTEST_PART) if "-" in word else ()
    cost, found = _cheapest(word, _PARTS_AT_MOST)
    return tuple(lemma(part) for part in found) if len(found) > 1 and cost < _word_cost(word) else ()


def _word_cost(word: str) -> float:
    frequency = float(zipf_frequency(word, "da"))
    return _TOP - frequency if frequency else _TOP * 2


def _part_cost(part: str) -> float:
    if len(part) < _SHORTEST_PART or part in _NO_PART:
        return float("inf")
    frequency = float(zipf_frequency(part, "da"))
    return _TOP - frequency if frequency >= _RAREST_PART else float("inf")


@lru_cache(maxsize=200_000)
def _cheapest(word: str, at_most: int) -> tuple[float, tuple[str, ...]]:
    best: tuple[float, tuple[str, ...]] = (_part_cost(word), (word,))
    if at_most == 1:
        return best
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head = word[:cut]
        for link in _LINKS:
            if link and not head.endswith(link):
                continue
            first = head[: len(head) - len(link)]
            first_cost = _part_cost(first)
            if first_cost == float("inf"):
                continue
            rest_cost, rest = _cheapest(word[cut:], at_most - 1)
            cost = first_cost + _JOINT * 0.5 + rest_cost
            if cost < best[0]:
                best = (cost, (first, *rest))
    return best
