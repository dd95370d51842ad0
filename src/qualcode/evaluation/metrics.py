"""How well scores fit gold labels."""

from itertools import pairwise

import numpy as np

from qualcode.coding.views import Flags, Scores


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


def reliability(scores: Scores, labels: Flags, bins: int = 5) -> list[tuple[float, float, int]]:
    """Return (mean probability, share right, count) for equal bins of the probabilities of 0.1 and more."""
    rows = []
    edges = np.linspace(0.1, 1.0, bins + 1)
    for low, high in pairwise(edges):
        inside = (scores >= low) & ((scores < high) | (high == edges[-1]))
        if inside.any():
            rows.append((float(scores[inside].mean()), float(labels[inside].mean()), int(inside.sum())))
    return rows
