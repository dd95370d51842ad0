"""Intervals by bootstrap over interviews.

Interviews, not passages, are drawn: passages of one speaker are alike, and an interval over passages would be
too narrow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 500
_SEED = 0
_UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval; nan where it cannot be computed."""

    value: float
    low: float = _UNKNOWN
    high: float = _UNKNOWN

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}–{self.high:.2f}]"


def bootstrap(figure: Callable[[NDArray[np.int_]], float], interviews: Sequence[str]) -> Interval:
    """Return a figure with its interval.

    Args:
        figure: computes it from the rows of items
        interviews: which interview each item is from
    """
    rows = [np.flatnonzero(np.array(interviews) == name) for name in sorted(set(interviews))]
    drawn = [figure(np.concatenate([rows[number] for number in picked])) for picked in draws(len(rows))]
    return percentiles(figure(np.arange(len(interviews))), drawn)


def draws(interviews: int) -> list[NDArray[np.int_]]:
    """Return the numbers of the interviews in each draw, always the same ones; no draws from fewer than two."""
    if interviews < 2:
        return []
    random = np.random.default_rng(_SEED)
    return [random.choice(interviews, interviews) for _ in range(DRAWS)]


def percentiles(value: float, drawn: Sequence[float]) -> Interval:
    """Return a figure with the middle 95 % of what it was in the draws where it could be computed."""
    known = [figure for figure in drawn if not np.isnan(figure)]
    if np.isnan(value) or not known:
        return Interval(value)
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(value, float(low), float(high))
