"""The classifier: several weak views of a passage, fused into one calibrated probability a code.

A logistic regression shared by all codes weighs the views (:mod:`qualcode.coding.views`). It is fitted on views of
passages by writers that the lower models have not learned from, so what it gives is a probability for passages by new
speakers (Platt 1999; stacking: Wolpert 1992). Passages without a group – the codebook's own examples – teach the lower
models but do not judge the fusion, as long as there are others: patterns are written with those examples in mind and
look better on them than they are.

A passage of an interview stands among others: the interviewer's question and the talk around it in the same turn move
its log odds. How far is learned from passages of coded interviews where there are :data:`_ENOUGH` of them, which also
brings the odds to the base rate of interviews; else :data:`_SURROUNDINGS` holds.

Limits: without coded interviews the base rate is that of examples; one scale for all codes.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from qualcode.coding.encoder import Vectors
from qualcode.coding.views import RULE_VIEWS, Features, Flags, Scores, Views

# Part of the model's cache key: raise it whenever the same examples would give another model.
VERSION = "6"
# Parts that the groups are cut into when the fusion is fitted; from so many passages on two are enough, and quicker.
_FOLDS = 3
_MANY = 2000
# Passages with surroundings that are enough to learn how much these count.
_ENOUGH = 200
# What log odds are multiplied by, what the question and the talk around add to them, and a shift: found by learning
# from the demo study's twelve interviews that are not held out.
_SURROUNDINGS = (1.0, 3.0, 5.0, -0.3)


class Classifier:
    """Multi-label classifier of passages.

    Args:
        codes: ids in the order of the columns
    """

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)

    def fit(self, features: Features, labels: Flags, groups: Sequence[str]) -> "Classifier":
        """Learn from coded passages.

        Args:
            features: of n passages
            labels: shape (n, codes)
            groups: who wrote or said each, n strings, empty where unknown
        """
        judges = np.array([bool(group) for group in groups])
        if len(set(groups) - {""}) < 2:
            judges[:] = True
        parts = _FOLDS if len(groups) < _MANY else 2
        apart = [group or f"passage {number % (5 * parts)}" for number, group in enumerate(groups)]
        folds = GroupKFold(min(parts, len(set(apart))))
        split = list(folds.split(features.vectors, groups=apart))
        *fitted, self.views = self._fit_views(features, labels, [train for train, _ in split])
        seen, truth, among, placed_truth = [], [], [], []
        for views, (_, left_out) in zip(fitted, split, strict=True):
            test = left_out[judges[left_out]]
            if len(test):
                unseen = features.rows(test)
                seen.append(views.scores(unseen))
                truth.append(labels[test])
                placed = unseen.placed
                among.append((seen[-1][placed], views.surroundings(unseen.rows(placed))))
                placed_truth.append(labels[test][placed])
        self.fusion = LogisticRegression(max_iter=1000).fit(_flat(np.concatenate(seen)), np.concatenate(truth).ravel())
        self.setting = self._learn_setting(
            np.concatenate([views for views, _ in among]),
            np.concatenate([surroundings for _, surroundings in among]),
            np.concatenate(placed_truth),
        )
        return self

    def _fit_views(self, features: Features, labels: Flags, parts: Sequence[NDArray[np.int_]]) -> list[Views]:
        """Return views that learned some rows each, and then those that learned all; two are fitted at a time."""

        def fit(rows: NDArray[np.int_]) -> Views:
            return Views().fit(features.rows(rows), labels[rows])

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(fit, [*parts, np.arange(len(labels))]))

    def _learn_setting(self, views: Scores, surroundings: Scores, labels: Flags) -> NDArray[np.float64]:
        """Return what log odds are multiplied by, what question and talk around count, and a shift."""
        if len(labels) < _ENOUGH or not labels.any():
            return np.array(_SURROUNDINGS)
        odds = np.concatenate([self._log_odds(views)[:, :, None], surroundings], axis=2)
        learned = LogisticRegression(max_iter=1000).fit(_flat(odds), labels.ravel())
        return np.append(learned.coef_[0], learned.intercept_[0])

    def probabilities(self, features: Features) -> Scores:
        """Return shape (n, codes), each in [0, 1]."""
        if not len(features.words):
            return np.zeros((0, len(self.codes)))
        return self._fused(self.views, features, self.views.scores(features))

    def with_and_without_rules(self, features: Features) -> tuple[Scores, Scores]:
        """Return the probabilities, and what they would be had no pattern been found, from one look at the words."""
        if not len(features.words):
            return self.probabilities(features), self.probabilities(features)
        scores = self.views.scores(features)
        blind = scores.copy()
        blind[:, :, -RULE_VIEWS:] = 0
        return self._fused(self.views, features, scores), self._fused(self.views, features, blind)

    def crosswise(self, features: Features, labels: Flags, rows: NDArray[np.int_], parts: int = 5) -> Scores:
        """Return the probabilities of some of the taught passages, each from lower models that did not learn it.

        Args:
            features: of the n passages that this classifier was fitted on
            labels: theirs, shape (n, codes)
            rows: m of them
            parts: how many times the lower models are fitted anew

        Returns:
            shape (m, codes)
        """
        found = np.zeros((len(rows), len(self.codes)))
        every = np.arange(len(features.words))
        for part in range(min(parts, len(rows))):
            held = np.arange(part, len(rows), parts)
            taught = np.setdiff1d(every, rows[held])
            views = Views().fit(features.rows(taught), labels[taught])
            left = features.rows(rows[held])
            found[held] = self._fused(views, left, views.scores(left))
        return found

    def _fused(self, views: Views, features: Features, scores: Scores) -> Scores:
        odds = self._log_odds(scores)
        placed = features.placed
        if len(placed):
            scale, asked, around, shift = self.setting
            surroundings = views.surroundings(features.rows(placed))
            odds[placed] = scale * odds[placed] + surroundings @ np.array([asked, around]) + shift
        return np.asarray(expit(odds))

    def _log_odds(self, scores: Scores) -> Scores:
        return np.asarray(self.fusion.decision_function(_flat(scores))).reshape(scores.shape[:2])

    def nearest(self, vector: Vectors, code: int, count: int = 2) -> list[tuple[int, float]]:
        """Return the rows of the examples of a code nearest to one vector, with their (centred) cosines."""
        rows = np.flatnonzero(self.views.labels[:, code])
        cosines = self.views.examples[rows] @ self.views.centered(vector.reshape(1, -1))[0]
        return [(int(rows[place]), float(cosines[place])) for place in np.argsort(-cosines, kind="stable")[:count]]


def _flat(scores: Scores) -> Scores:
    """Return one row a passage and code."""
    return scores.reshape(-1, scores.shape[2])
