"""The classifier: several weak views of a passage, fused into one calibrated probability a code.

Views, each a score for every code:

``prototype``  mean cosine to the three nearest of the code's examples, in standard deviations above what
               passages of other codes get
``meaning``    logistic regression, one code against the rest, on sentence vectors
``words``      the same on TF-IDF of character n-grams over lemmas and compound parts
``rules``      whether a pattern of the code, and whether one of another code, was found

A logistic regression shared by all codes weighs the views; it is fitted on views of passages that the
lower models have not seen (cross-validation), so what it gives is a probability for passages like the
examples (Platt 1999). With the few examples of a fresh codebook one shared scale is all that can be
learned. Limits: the base rate of examples is not that of interviews, where far more is said that carries no code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from qualcode.coding.encoder import Vectors

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Part of the model's cache key: raise it whenever the same examples would give another model.
VERSION = "1"
_NEAREST = 3
_SEED = 0


@dataclass(frozen=True)
class Features:
    """What the classifier sees of n passages.

    Attributes:
        vectors: sentence vectors, shape (n, dimensions), rows of length 1
        words: lemmas and compound parts, n strings
        rules: which codes' patterns were found, shape (n, codes)
    """

    vectors: Vectors
    words: Sequence[str]
    rules: Flags

    def rows(self, index: NDArray[np.int_]) -> "Features":
        """Return the features of some passages."""
        return Features(self.vectors[index], [self.words[row] for row in index], self.rules[index])

    def without_rules(self) -> "Features":
        """Return the same with no pattern found: what the model alone makes of the passages."""
        return Features(self.vectors, self.words, np.zeros_like(self.rules))


class _Views:
    """The lower models: one score a view, passage and code."""

    def fit(self, features: Features, labels: Flags) -> "_Views":
        self.center = features.vectors.mean(axis=0)
        vectors = self._centered(features.vectors)
        self.examples, self.labels = vectors, labels
        raw = self._nearness(vectors, leave_self_out=True)
        others = np.where(labels, np.nan, raw)
        self.mean = np.nanmean(others, axis=0)
        self.deviation = np.maximum(np.nanstd(others, axis=0), 1e-6)
        self.vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32
        )
        words = self.vectorizer.fit_transform(features.words)
        self.meaning = _one_against_rest(vectors, labels, strength=4.0)
        self.wording = _one_against_rest(words, labels, strength=8.0)
        return self

    def scores(self, features: Features) -> list[Scores]:
        vectors = self._centered(features.vectors)
        words = self.vectorizer.transform(features.words)
        own = features.rules.astype(float)
        other = (features.rules.sum(axis=1, keepdims=True) - own > 0).astype(float)
        return [
            (self._nearness(vectors) - self.mean) / self.deviation,
            _decisions(self.meaning, vectors),
            _decisions(self.wording, words),
            own,
            other * (1 - own),
        ]

    def _centered(self, vectors: Vectors) -> Vectors:
        """Shift to the examples' mean: raw cosines all lie between .80 and .91."""
        shifted = vectors - self.center
        lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
        return np.asarray(shifted / np.where(lengths > 0, lengths, 1), dtype=np.float32)

    def _nearness(self, vectors: Vectors, *, leave_self_out: bool = False) -> Scores:
        cosines = (vectors @ self.examples.T).astype(float)
        if leave_self_out:
            np.fill_diagonal(cosines, -np.inf)
        nearness = np.zeros((len(vectors), self.labels.shape[1]))
        for code in range(self.labels.shape[1]):
            of_code = cosines[:, self.labels[:, code]]
            count = min(_NEAREST, of_code.shape[1])
            if count:
                best = np.partition(of_code, -count, axis=1)[:, -count:]
                nearness[:, code] = np.where(np.isfinite(best), best, 0).sum(axis=1) / count
        return nearness


def _one_against_rest(x: Vectors | csr_matrix, labels: Flags, *, strength: float) -> tuple[Scores, Scores]:
    """Return coefficients (codes, features) and intercepts; a code without examples gets a flat low score."""
    weights = np.zeros((labels.shape[1], x.shape[1]))
    intercepts = np.full(labels.shape[1], -6.0)
    for code in range(labels.shape[1]):
        if 0 < labels[:, code].sum() < len(labels):
            model = LogisticRegression(C=strength, class_weight="balanced", max_iter=200)
            model.fit(x, labels[:, code])
            weights[code], intercepts[code] = model.coef_[0], model.intercept_[0]
    return weights, intercepts


def _decisions(model: tuple[Scores, Scores], x: Vectors | csr_matrix) -> Scores:
    weights, intercepts = model
    return np.asarray(x @ weights.T) + intercepts


class Classifier:
    """Multi-label classifier of passages.

    Args:
        codes: ids in the order of the columns
        folds: how many parts the examples are cut into when the fusion is fitted
    """

    def __init__(self, codes: Sequence[str], folds: int = 5) -> None:
        self.codes = tuple(codes)
        self.folds = folds

    def fit(self, features: Features, labels: Flags) -> "Classifier":
        """Learn from coded passages.

        Args:
            features: of n passages
            labels: shape (n, codes)
        """
        seen: list[Scores] = []
        truth: list[Flags] = []
        for train, test in KFold(self.folds, shuffle=True, random_state=_SEED).split(features.vectors):
            views = _Views().fit(features.rows(train), labels[train])
            seen.append(_stacked(views.scores(features.rows(test))))
            truth.append(labels[test].ravel())
        self.fusion = LogisticRegression(max_iter=1000).fit(np.concatenate(seen), np.concatenate(truth))
        self.views = _Views().fit(features, labels)
        return self

    def probabilities(self, features: Features) -> Scores:
        """Return shape (n, codes), each in [0, 1]."""
        if not len(features.words):
            return np.zeros((0, len(self.codes)))
        stacked = _stacked(self.views.scores(features))
        return np.asarray(self.fusion.predict_proba(stacked)[:, 1]).reshape(-1, len(self.codes))

    def nearest(self, vector: Vectors, code: int, count: int = 2) -> list[tuple[int, float]]:
        """Return the rows of the examples of a code nearest to one vector, with their (centred) cosines."""
        rows = np.flatnonzero(self.views.labels[:, code])
        cosines = self.views.examples[rows] @ self.views._centered(vector.reshape(1, -1))[0]
        return [(int(rows[place]), float(cosines[place])) for place in np.argsort(-cosines, kind="stable")[:count]]


def _stacked(views: list[Scores]) -> Scores:
    return np.stack([view.ravel() for view in views], axis=1)
