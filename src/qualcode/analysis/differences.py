"""Differences between groups, named only where the numbers bear them.

For each theme and group the share of the group is set against the share of all others. The interval of the difference
is Newcombe's (1998, *Statistics in Medicine* 17: 873–890, method 10), made of two Wilson intervals; its confidence is
Bonferroni-corrected for the number of comparisons, so that a whole table of chance differences names one in twenty
times at most. The people were not drawn at random: the interval is a guard against reading too much into few people,
not a claim about others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

ERROR = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """A group that differs from all others on a theme; shares in [0, 1], ``low`` to ``high`` the interval."""

    theme: str
    group: str
    share: float
    others: float
    low: float
    high: float


def difference_interval(people: int, of: int, others: int, of_others: int, error: float) -> tuple[float, float]:
    """Return Newcombe's interval of the difference between two shares.

    >>> [round(bound, 4) for bound in difference_interval(56, 70, 48, 80, 0.05)]
    [0.0524, 0.3339]
    """
    first, second = people / of, others / of_others
    low_1, high_1 = _wilson(people, of, error)
    low_2, high_2 = _wilson(others, of_others, error)
    gap = first - second
    return (
        gap - sqrt((first - low_1) ** 2 + (high_2 - second) ** 2),
        gap + sqrt((high_1 - first) ** 2 + (second - low_2) ** 2),
    )


def _wilson(people: int, of: int, error: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf(1 - error / 2)
    middle = (2 * people + z**2) / (2 * (of + z**2))
    half = z * sqrt(z**2 + 4 * people * (1 - people / of)) / (2 * (of + z**2))
    return middle - half, middle + half


def borne_differences(
    shown: Mapping[str, Mapping[str, int]], totals: Mapping[str, int], sizes: Mapping[str, int]
) -> list[Difference]:
    """Return the differences whose interval leaves 0 out, the largest first.

    Args:
        shown: theme → group → people, printed numbers only
        totals: theme → people in all
        sizes: group → people there are
    """
    everybody = sum(sizes.values())
    pairs = [
        (theme, group, people)
        for theme, row in shown.items()
        for group, people in row.items()
        if sizes[group] < everybody
    ]
    found = []
    for theme, group, people in pairs:
        others, of_others = totals[theme] - people, everybody - sizes[group]
        low, high = difference_interval(people, sizes[group], others, of_others, ERROR / len(pairs))
        if low > 0 or high < 0:
            found.append(Difference(theme, group, people / sizes[group], others / of_others, low, high))
    return sorted(found, key=lambda item: (-abs(item.share - item.others), item.theme, item.group))
