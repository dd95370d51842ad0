"""Choose the quotes that show a theme: strong, standing alone, spread over people and levels.

The choice is greedy and deterministic. Each next quote is the one with the best rank, where what analysts
approved comes before what is only suggested, passages of :data:`PLAIN` words before shorter and longer ones, and
a person or level already heard goes behind those not heard yet.
"""

from collections import Counter

import pandas as pd

from qualcode.coding.segments import count_words
from qualcode.models import Status

PLAIN = range(20, 71)
PER_PERSON = 2


def choose(codings: pd.DataFrame, count: int, taken: set[tuple[str, int, int]]) -> pd.DataFrame:
    """Return up to ``count`` rows of a theme's codings, and add their passages to ``taken``.

    Args:
        codings: frame of codings
        count: how many quotes at most
        taken: passages (interview, start, end) already quoted elsewhere in the report, not to be repeated
    """
    rest = codings.assign(words=codings["quote"].map(count_words)).sort_values(
        ["score", "interview", "start", "code"], ascending=[False, True, True, True]
    )
    rows = [row for _, row in rest.iterrows()]
    chosen: list[int] = []
    people: Counter[tuple[str, str]] = Counter()
    levels: Counter[str] = Counter()
    while len(chosen) < count:
        free = [
            (_rank(row, people, levels), place)
            for place, row in enumerate(rows)
            if place not in chosen
            and not _overlaps(row, taken)
            and people[row["interview"], row["speaker"]] < PER_PERSON
        ]
        if not free:
            break
        _, best = min(free, key=lambda item: item[0])
        row = rows[best]
        chosen.append(best)
        people[row["interview"], row["speaker"]] += 1
        levels[row["level"]] += 1
        taken.add((row["interview"], int(row["start"]), int(row["end"])))
    return rest.iloc[chosen]


def _rank(row: pd.Series, people: Counter[tuple[str, str]], levels: Counter[str]) -> tuple[int, int, int, int, float]:
    return (
        people[row["interview"], row["speaker"]],
        0 if row["words"] in PLAIN else 1,
        0 if row["status"] == Status.GODKENDT.value else 1,
        levels[row["level"]],
        -row["score"],
    )


def _overlaps(row: pd.Series, taken: set[tuple[str, int, int]]) -> bool:
    return any(
        interview == row["interview"] and start < row["end"] and row["start"] < end for interview, start, end in taken
    )
