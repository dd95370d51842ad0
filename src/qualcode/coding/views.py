"""What the classifier sees of passages, and the lower models, each of which gives every code a score.

``meaning``   ridge regression on sentence vectors, one code against the rest, "no code" being a class of its own
``words``     linear support vectors on TF-IDF of lemmas and compound parts: their character n-grams, words and pairs
``terms``     complement naive Bayes on the words and pairs alone, in standard deviations over the codes
``nearness``  mean cosine to the three nearest of the code's examples, in standard deviations over the codes
``rules``     whether a pattern of the code, and whether only one of another code, was found

All but the last also count relative to the best other code. What ``words`` makes of the interviewer's question and of
the talk around a passage is kept apart: passages that writers made have no surroundings.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import RidgeClassifier
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from qualcode.coding.encoder import Vectors

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
# The last views in what Views.scores gives are those of the patterns.
RULE_VIEWS = 2
_NEAREST = 3
_SEED = 0
_NO_CODE = -1
# liblinear draws from one generator in the whole process: of two fits at once neither would be the same again.
_ALONE = threading.Lock()


@dataclass(frozen=True)
class Features:
    """What the classifier sees of n passages.

    Attributes:
        vectors: sentence vectors, shape (n, dimensions), rows of length 1
        words: lemmas and compound parts, n strings
        rules: which codes' patterns were found, shape (n, codes)
        asked: lemmas and compound parts of the question answered, n strings, empty where none is known
        around: the same of what else is said in the turn
    """

    vectors: Vectors
    words: Sequence[str]
    rules: Flags
    asked: Sequence[str]
    around: Sequence[str]

    def rows(self, index: NDArray[np.int_]) -> "Features":
        """Return the features of some passages."""
        return Features(
            self.vectors[index],
            [self.words[row] for row in index],
            self.rules[index],
            [self.asked[row] for row in index],
            [self.around[row] for row in index],
        )

    def joined(self, other: "Features") -> "Features":
        """Return these passages and then the other ones."""
        return Features(
            np.concatenate([self.vectors, other.vectors]),
            [*self.words, *other.words],
            np.concatenate([self.rules, other.rules]),
            [*self.asked, *other.asked],
            [*self.around, *other.around],
        )

    @property
    def placed(self) -> NDArray[np.int_]:
        """Rows of passages whose surroundings are known."""
        return np.flatnonzero([bool(asked or around) for asked, around in zip(self.asked, self.around, strict=True)])


class Views:
    """The lower models; each gives one score a passage and code.

    Args:
        penalty: regularisation of ``meaning``
        margin: inverse of the regularisation of ``words``
    """

    def __init__(self, penalty: float = 3.0, margin: float = 0.15) -> None:
        self.penalty = penalty
        self.margin = margin

    def fit(self, features: Features, labels: Flags) -> "Views":
        """Learn from n passages with labels of shape (n, codes)."""
        rows, classes = _one_label_a_row(labels)
        self.labels = labels
        self.center = features.vectors.mean(axis=0)
        self.examples = self.centered(features.vectors)
        self.meaning = RidgeClassifier(alpha=self.penalty).fit(self.examples[rows], classes)
        letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2, max_features=40_000, dtype=np.float32
        )
        pairs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32)
        self.vectorizer = FeatureUnion([("letters", letters), ("pairs", pairs)])
        words = self.vectorizer.fit_transform(features.words)
        keep_plainly(letters)
        keep_plainly(pairs)
        self.letters = len(letters.vocabulary_)
        with _ALONE:
            self.wording = LinearSVC(C=self.margin, tol=1e-2, random_state=_SEED).fit(words[rows], classes)
        self.wording.coef_ = self.wording.coef_.astype(np.float32)
        self.terms = ComplementNB().fit(words[rows][:, self.letters :], classes)
        self.terms.feature_log_prob_ = self.terms.feature_log_prob_.astype(np.float32)
        # Only needed to learn on, and as large as what was learned.
        del self.terms.feature_count_
        return self

    def scores(self, features: Features) -> Scores:
        """Return shape (n, codes, views)."""
        vectors = self.centered(features.vectors)
        meaning = self._by_code(self.meaning.decision_function(vectors), self.meaning.classes_, absent=-1.5)
        seen = self.vectorizer.transform(features.words)
        words = self._by_code(self.wording.decision_function(seen), self.wording.classes_, absent=-1.5)
        terms = self.terms.predict_joint_log_proba(seen[:, self.letters :])
        terms = _standardised(self._by_code(terms, self.terms.classes_, absent=float(terms.min())))
        nearness = self._nearness(vectors)
        own = features.rules.astype(float)
        other = ((own.sum(axis=1, keepdims=True) - own) > 0) * (1 - own)
        graded = [meaning, words, terms, nearness]
        return np.stack([*graded, *map(_ahead_of_others, graded), own, other], axis=2)

    def surroundings(self, features: Features) -> Scores:
        """Return what speaks for each code in question and talk around, shape (n, codes, 2), 0 where not known."""
        if not len(features.words):
            return np.zeros((0, self.labels.shape[1], 2))
        found = [self._wording(features.asked), self._wording(features.around)]
        for scores, texts in zip(found, (features.asked, features.around), strict=True):
            scores -= scores.mean(axis=1, keepdims=True)
            scores[[not text for text in texts]] = 0
        return np.stack(found, axis=2)

    def _wording(self, texts: Sequence[str]) -> Scores:
        decisions = self.wording.decision_function(self.vectorizer.transform(texts))
        return self._by_code(decisions, self.wording.classes_, absent=-1.5)

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
        return _standardised(nearness)


def keep_plainly(vectorizer: TfidfVectorizer) -> None:
    """Make a fitted vocabulary's numbers Python's: skops would write each of numpy's as a file of its own."""
    vectorizer.vocabulary_ = {term: int(column) for term, column in vectorizer.vocabulary_.items()}


def _standardised(scores: Scores) -> Scores:
    """Return scores in standard deviations over the codes of each passage."""
    deviation = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1))


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
