"""Coefficients of agreement between coders who each gave every unit one value, or did not see it.

Ratings are summed up by pattern – who said what – since all figures depend only on how often each pattern occurs; a
bootstrap over interviews then weighs patterns and need not look at units again.

``percent``  share of pairs of coders who say the same, averaged over units that two or more have seen
``kappa``    Cohen (1960); with more than two coders the mean over their pairs (Light 1971)
``alpha``    Krippendorff (2004), nominal, from the package ``krippendorff``; its interval by the same
             formula on patterns
``ac1``      Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high agreement",
             British Journal of Mathematical and Statistical Psychology 61, equations for several raters; it keeps its
             sense for rare codes, where κ and α fall though nearly all is agreed

With only one value in all the ratings nothing can be said of agreement beyond chance: κ, α and AC1 are nan.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import krippendorff
import numpy as np
from numpy.typing import NDArray

from qualcode.agreement.bootstrap import Interval, draws, percentiles

MISSING = -1
Ratings = NDArray[np.int8]
Weights = NDArray[np.int_]


@dataclass(frozen=True)
class Patterns:
    """Which patterns of values occur, and how often in each interview.

    Attributes:
        values: shape (coders, patterns); 0 … categories − 1, or :data:`MISSING`
        counts: shape (interviews, patterns)
        categories: how many values there are to choose from
    """

    values: Ratings
    counts: Weights
    categories: int

    @property
    def total(self) -> Weights:
        """How often each pattern occurs."""
        return np.asarray(self.counts.sum(axis=0))

    @property
    def units(self) -> int:
        """How many units two or more coders have seen."""
        return int(self.total[(self.values != MISSING).sum(axis=0) >= 2].sum())

    @cached_property
    def by_category(self) -> NDArray[np.int_]:
        """How many coders chose each category: shape (patterns, categories)."""
        return np.stack([(self.values == category).sum(axis=0) for category in range(self.categories)], axis=1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The four figures with their intervals; nan where one cannot be computed, and ``why_not`` says why."""

    units: int
    percent: Interval
    kappa: Interval
    alpha: Interval
    ac1: Interval
    why_not: str = ""


def patterns(ratings: Ratings, interviews: Sequence[str], categories: int = 2) -> Patterns:
    """Sum up ratings of shape (coders, units), whose units lie in these interviews."""
    values, which = np.unique(ratings, axis=1, return_inverse=True)
    row_of = {name: row for row, name in enumerate(sorted(set(interviews)))}
    counts = np.zeros((len(row_of), values.shape[1]), dtype=int)
    np.add.at(counts, (np.array([row_of[name] for name in interviews], dtype=int), which.ravel()), 1)
    return Patterns(values, counts, categories)


def pooled(parts: Sequence[Patterns]) -> Patterns:
    """Return the patterns of several variables taken as one; they must share coders, interviews and categories."""
    values = np.concatenate([part.values for part in parts], axis=1)
    return Patterns(values, np.concatenate([part.counts for part in parts], axis=1), parts[0].categories)


def percent(found: Patterns, weights: Weights) -> float:
    """Return the share of agreeing pairs of coders; nan if no unit was seen by two."""
    chosen = found.by_category
    seen = chosen.sum(axis=1)
    shared = (seen >= 2) & (weights > 0)
    if not shared.any():
        return float("nan")
    agreeing = (chosen * (chosen - 1)).sum(axis=1)[shared] / (seen * (seen - 1))[shared]
    return float(np.average(agreeing, weights=weights[shared]))


def kappa(found: Patterns, weights: Weights) -> float:
    """Return Cohen's κ, averaged over the pairs of coders for whom it can be computed."""
    pairs = [_kappa_of_two(found, weights, *pair) for pair in combinations(range(len(found.values)), 2)]
    known = [value for value in pairs if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def _kappa_of_two(found: Patterns, weights: Weights, first: int, second: int) -> float:
    both = (found.values[first] != MISSING) & (found.values[second] != MISSING)
    table = np.zeros((found.categories, found.categories))
    np.add.at(table, (found.values[first, both], found.values[second, both]), weights[both])
    if not table.any():
        return float("nan")
    table /= table.sum()
    return _beyond_chance(float(np.trace(table)), float(table.sum(axis=0) @ table.sum(axis=1)))


def cohen_kappa(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return Cohen's κ of two coders on whether each unit has a code; nan when both say the same of every unit."""
    found = patterns(np.stack([first, second]).astype(np.int8), [""] * len(first))
    return kappa(found, found.total)


def ac1(found: Patterns, weights: Weights) -> float:
    """Return Gwet's AC1; chance agreement is that of coders who are unsure as often as the categories are mixed."""
    if _one_value(found, weights):
        return float("nan")
    chosen = found.by_category
    seen = chosen.sum(axis=1)
    rated = (seen > 0) & (weights > 0)
    share = np.average(chosen[rated] / seen[rated, None], axis=0, weights=weights[rated])
    by_chance = float((share * (1 - share)).sum() / (found.categories - 1))
    return _beyond_chance(percent(found, weights), by_chance)


def alpha(found: Patterns) -> float:
    """Return Krippendorff's α for nominal values."""
    if _one_value(found, found.total):
        return float("nan")
    counts = np.repeat(found.by_category, found.total, axis=0)
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def weighted_alpha(found: Patterns, weights: Weights) -> float:
    """Return the same α from weights of patterns.

    The package takes units one by one, which is too slow for the hundreds of draws of a bootstrap.
    """
    if _one_value(found, weights):
        return float("nan")
    chosen = found.by_category
    seen = chosen.sum(axis=1)
    pairable = seen >= 2
    chosen, seen, weights = chosen[pairable], seen[pairable], weights[pairable]
    disagreeing = weights @ ((seen**2 - (chosen**2).sum(axis=1)) / (seen - 1))
    totals = weights @ chosen
    values = totals.sum()
    return float(1 - (values - 1) * disagreeing / (values**2 - (totals**2).sum()))


def _one_value(found: Patterns, weights: Weights) -> bool:
    """Tell whether the units that two or more have seen show fewer than two values."""
    chosen = found.by_category
    shared = (chosen.sum(axis=1) >= 2) & (weights > 0)
    return int((chosen[shared].sum(axis=0) > 0).sum()) < 2


def _beyond_chance(observed: float, by_chance: float) -> float:
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")


def agreement(found: Patterns) -> Agreement:
    """Return all figures with 95 % intervals, by bootstrap over interviews."""
    drawn = [found.counts[picked].sum(axis=0) for picked in draws(len(found.counts))]

    def interval(value: float, figure: Callable[[Patterns, Weights], float]) -> Interval:
        return percentiles(value, [figure(found, weights) for weights in drawn])

    return Agreement(
        units=found.units,
        percent=interval(percent(found, found.total), percent),
        kappa=interval(kappa(found, found.total), kappa),
        alpha=interval(alpha(found), weighted_alpha),
        ac1=interval(ac1(found, found.total), ac1),
        why_not=_why_not(found),
    )


def _why_not(found: Patterns) -> str:
    if found.units == 0:
        return "ingen enheder er set af to kodere"
    if _one_value(found, found.total):
        return "alle har svaret det samme på alle enheder"
    return ""
