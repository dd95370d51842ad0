"""Figures of agreement between scores and gold labels, with bootstrap intervals over interviews.

Interviews, not passages, are drawn: passages of one speaker are alike, and an interval over passages would be
too narrow. κ is Cohen's (1960), on presence of a code in each item.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from qualcode.coding.classifier import Flags, Scores

DRAWS = 500
_SEED = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}–{self.high:.2f}]"


def top(scores: Scores, labels: Flags, count: int) -> float:
    """Return the share of coded items that have one of their codes among the ``count`` highest scores."""
    coded = np.flatnonzero(labels.any(axis=1))
    if not len(coded):
        return float("nan")
    best = np.argsort(-scores[coded], axis=1, kind="stable")[:, :count]
    return float(np.mean(np.take_along_axis(labels[coded], best, axis=1).any(axis=1)))


def precision(chosen: Flags, labels: Flags) -> float:
    """Return the share of chosen (item, code) pairs that are right; nan when nothing is chosen."""
    return float((chosen & labels).sum() / chosen.sum()) if chosen.any() else float("nan")


def recall(chosen: Flags, labels: Flags) -> float:
    """Return the share of right (item, code) pairs that are chosen; nan when there are none."""
    return float((chosen & labels).sum() / labels.sum()) if labels.any() else float("nan")


def f1(chosen: Flags, labels: Flags) -> float:
    """Return the harmonic mean of precision and recall, 0 when nothing is right."""
    total = chosen.sum() + labels.sum()
    return float(2 * (chosen & labels).sum() / total) if total else float("nan")


def macro_f1(chosen: Flags, labels: Flags) -> float:
    """Return the mean F1 over the codes that occur."""
    occurring = np.flatnonzero(labels.any(axis=0))
    return float(np.mean([f1(chosen[:, [code]], labels[:, [code]]) for code in occurring]))


def kappa(chosen: NDArray[np.bool_], labels: NDArray[np.bool_]) -> float:
    """Return Cohen's κ of one code; nan when both sides say the same of every item."""
    if len(np.unique(np.concatenate([chosen, labels]))) < 2:
        return float("nan")
    return float(cohen_kappa_score(chosen, labels))


def reliability(scores: Scores, labels: Flags, bins: int = 5) -> list[tuple[float, float, int]]:
    """Return (mean probability, share right, count) for equal bins of the probabilities of 0.1 and more."""
    rows = []
    edges = np.linspace(0.1, 1.0, bins + 1)
    for low, high in pairwise(edges):
        inside = (scores >= low) & ((scores < high) | (high == edges[-1]))
        if inside.any():
            rows.append((float(scores[inside].mean()), float(labels[inside].mean()), int(inside.sum())))
    return rows


def bootstrap(figure: Callable[[NDArray[np.int_]], float], interviews: Sequence[str]) -> Interval:
    """Return a figure with its interval.

    Args:
        figure: computes it from the rows of items
        interviews: which interview each item is from
    """
    rows = {name: np.flatnonzero(np.array(interviews) == name) for name in sorted(set(interviews))}
    names = list(rows)
    random = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(DRAWS):
        picked = random.choice(len(names), len(names))
        drawn.append(figure(np.concatenate([rows[names[number]] for number in picked])))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Interval(figure(np.arange(len(interviews))), float(low), float(high))
