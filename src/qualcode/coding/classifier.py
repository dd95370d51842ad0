"""The classifier: several weak views of a passage, fused into one calibrated probability a code.

Views, each a score for every code:

``meaning``   multinomial logistic regression on sentence vectors, "no code" being a class of its own
``words``     linear support vectors on TF-IDF of character n-grams over lemmas and compound parts
``nearness``  mean cosine to the three nearest of the code's examples, in standard deviations over the codes
``rules``     whether a pattern of the code, and whether only one of another code, was found

The first three also count relative to the best other code. A logistic regression shared by all codes weighs
the views. It is fitted on views of passages by writers that the lower models have not learned from, so what
it gives is a probability for passages by new speakers (Platt 1999; stacking: Wolpert 1992). Passages
without a group – the codebook's own examples – teach the lower models but do not judge the fusion, as long as there are
others: patterns are written with those examples in mind and look better on them than they are.

Limits: the base rate of examples is not that of interviews; one scale for all codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from qualcode.coding.encoder import Vectors

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Part of the model's cache key: raise it whenever the same examples would give another model.
VERSION = "4"
# The last views in what Views.scores gives are those of the patterns.
_RULE_VIEWS = 2
_NEAREST = 3
# Parts that the groups are cut into when the fusion is fitted; from so many passages on two are enough, and quicker.
_FOLDS = 3
_MANY = 2000
_SEED = 0
_NO_CODE = -1


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

    def joined(self, other: "Features") -> "Features":
        """Return these passages and then the other ones."""
        return Features(
            np.concatenate([self.vectors, other.vectors]),
            [*self.words, *other.words],
            np.concatenate([self.rules, other.rules]),
        )

    def without_rules(self) -> "Features":
        """Return the same with no pattern found: what the model alone makes of the passages."""
        return Features(self.vectors, self.words, np.zeros_like(self.rules))


class Views:
    """The lower models; each gives one score a passage and code.

    Args:
        strength: inverse of the regularisation of ``meaning``
        margin: the same of ``words``
    """

    def __init__(self, strength: float = 8.0, margin: float = 0.3) -> None:
        self.strength = strength
        self.margin = margin

    def fit(self, features: Features, labels: Flags) -> "Views":
        """Learn from n passages with labels of shape (n, codes)."""
        rows, classes = _one_label_a_row(labels)
        self.labels = labels
        self.center = features.vectors.mean(axis=0)
        self.examples = self.centered(features.vectors)
        self.meaning = LogisticRegression(C=self.strength, max_iter=200, tol=1e-3).fit(self.examples[rows], classes)
        self.vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, max_features=40_000, dtype=np.float32
        )
        words = self.vectorizer.fit_transform(features.words)
        self.wording = LinearSVC(C=self.margin, tol=1e-3, random_state=_SEED).fit(words[rows], classes)
        return self

    def scores(self, features: Features) -> Scores:
        """Return shape (n, codes, views)."""
        vectors = self.centered(features.vectors)
        log = np.log(self.meaning.predict_proba(vectors) + 1e-6)
        meaning = self._by_code(log, self.meaning.classes_, absent=-9.0)
        decisions = self.wording.decision_function(self.vectorizer.transform(features.words))
        words = self._by_code(decisions, self.wording.classes_, absent=-1.5)
        nearness = self._nearness(vectors)
        own = features.rules.astype(float)
        other = ((own.sum(axis=1, keepdims=True) - own) > 0) * (1 - own)
        graded = [meaning, words, nearness]
        return np.stack([*graded, *map(_ahead_of_others, graded), own, other], axis=2)

    def centered(self, vectors: Vectors) -> Vectors:
        """Shift to the examples' mean: raw cosines all lie between .80 and .91."""
        shifted = vectors - self.center
        lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
        return np.asarray(shifted / np.where(lengths > 0, lengths, 1), dtype=np.float32)

    def _by_code(self, values: Scores, classes: NDArray[np.int_], absent: float) -> Scores:
        """Spread the classes a model knows over the columns of all codes."""
        if values.ndim == 1:
            # Of two classes scikit-learn gives the second one's decision only.
            values = np.stack([-values, values], axis=1)
        spread = np.full((len(values), self.labels.shape[1]), absent)
        known = classes != _NO_CODE
        spread[:, classes[known]] = values[:, known]
        return spread

    def _nearness(self, vectors: Vectors) -> Scores:
        cosines = (vectors @ self.examples.T).astype(float)
        nearness = np.zeros((len(vectors), self.labels.shape[1]))
        for code in range(self.labels.shape[1]):
            of_code = cosines[:, self.labels[:, code]]
            count = min(_NEAREST, of_code.shape[1])
            if count:
                nearness[:, code] = np.partition(of_code, -count, axis=1)[:, -count:].mean(axis=1)
        deviation = nearness.std(axis=1, keepdims=True)
        return np.asarray((nearness - nearness.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1))


def _one_label_a_row(labels: Flags) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return (rows, classes): a passage with two codes twice, one without any as :data:`_NO_CODE`."""
    rows, classes = np.nonzero(labels)
    none = np.flatnonzero(~labels.any(axis=1))
    return np.concatenate([rows, none]), np.concatenate([classes, np.full(len(none), _NO_CODE)])


def _ahead_of_others(scores: Scores) -> Scores:
    """Return how far each score lies above the best of the other codes."""
    if scores.shape[1] < 2:
        return scores
    best = scores.max(axis=1, keepdims=True)
    second = np.partition(scores, -2, axis=1)[:, [-2]]
    return scores - np.where(scores == best, second, best)


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
        seen, truth = [], []
        for train, test in folds.split(features.vectors, groups=apart):
            test = test[judges[test]]
            if len(test):
                scores = Views().fit(features.rows(train), labels[train]).scores(features.rows(test))
                seen.append(scores.reshape(-1, scores.shape[2]))
                truth.append(labels[test].ravel())
        self.fusion = LogisticRegression(max_iter=1000).fit(np.concatenate(seen), np.concatenate(truth))
        self.views = Views().fit(features, labels)
        return self

    def probabilities(self, features: Features) -> Scores:
        """Return shape (n, codes), each in [0, 1]."""
        if not len(features.words):
            return np.zeros((0, len(self.codes)))
        return self._fused(self.views.scores(features))

    def with_and_without_rules(self, features: Features) -> tuple[Scores, Scores]:
        """Return the probabilities, and what they would be had no pattern been found, from one look at the words."""
        if not len(features.words):
            return self.probabilities(features), self.probabilities(features)
        scores = self.views.scores(features)
        blind = scores.copy()
        blind[:, :, -_RULE_VIEWS:] = 0
        return self._fused(scores), self._fused(blind)

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
            found[held] = self._fused(views.scores(features.rows(rows[held])))
        return found

    def _fused(self, scores: Scores) -> Scores:
        fused = self.fusion.predict_proba(scores.reshape(-1, scores.shape[2]))[:, 1]
        return np.asarray(fused).reshape(scores.shape[:2])

    def nearest(self, vector: Vectors, code: int, count: int = 2) -> list[tuple[int, float]]:
        """Return the rows of the examples of a code nearest to one vector, with their (centred) cosines."""
        rows = np.flatnonzero(self.views.labels[:, code])
        cosines = self.views.examples[rows] @ self.views.centered(vector.reshape(1, -1))[0]
        return [(int(rows[place]), float(cosines[place])) for place in np.argsort(-cosines, kind="stable")[:count]]
