"""What qualcode's coder is measured against, trained on the same examples in the same run."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from qualcode.coding.classifier import Classifier
from qualcode.coding.views import Features, Flags, Scores, Views

# (training features, labels, groups, features to score) → scores in [0, 1], shape (n, codes)
Scorer = Callable[[Features, Flags, list[str], Features], Scores]
# Column of each view in what Views.scores gives.
_NEARNESS = 3


def keywords(_train: Features, _labels: Flags, _groups: list[str], test: Features) -> Scores:
    """Score 1 where a pattern of the code is found."""
    return test.rules.astype(float)


def word_tfidf(train: Features, labels: Flags, _groups: list[str], test: Features) -> Scores:
    """Logistic regression, one code against the rest, on TF-IDF of lemmas."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))
    model = OneVsRestClassifier(LogisticRegression(C=8, class_weight="balanced", max_iter=300))
    known = labels.any(axis=0)
    model.fit(vectorizer.fit_transform(train.words), labels[:, known])
    scores = np.zeros((len(test.words), labels.shape[1]))
    scores[:, known] = model.predict_proba(vectorizer.transform(test.words))
    return scores


def prototypes(train: Features, labels: Flags, _groups: list[str], test: Features) -> Scores:
    """Nearness to the code's examples in the encoder's space, squeezed to [0, 1]."""
    nearness = Views().fit(train, labels).scores(test)[:, :, _NEARNESS]
    return np.asarray(1 / (1 + np.exp(2 - nearness)))


def fused(train: Features, labels: Flags, groups: list[str], test: Features) -> Scores:
    """What qualcode uses."""
    return _taught(train, labels, groups).probabilities(test)


def _taught(train: Features, labels: Flags, groups: list[str]) -> Classifier:
    return Classifier([str(code) for code in range(labels.shape[1])]).fit(train, labels, groups)


def weighed_by(other: Classifier) -> Scorer:
    """Return what qualcode uses, but for how much each view counts, which another codebook's passages taught."""

    def scorer(train: Features, labels: Flags, groups: list[str], test: Features) -> Scores:
        classifier = _taught(train, labels, groups)
        classifier.fusion, classifier.setting = other.fusion, other.setting
        return classifier.probabilities(test)

    return scorer


def _blind_to_rules(train: Features, labels: Flags, groups: list[str], test: Features) -> Scores:
    return fused(_without_rules(train), labels, groups, _without_rules(test))


def _blind_to_meaning(train: Features, labels: Flags, groups: list[str], test: Features) -> Scores:
    return fused(_without_vectors(train), labels, groups, _without_vectors(test))


def _blind_to_words(train: Features, labels: Flags, groups: list[str], test: Features) -> Scores:
    return fused(_without_words(train), labels, groups, _without_words(test))


def _blind_to_surroundings(train: Features, labels: Flags, groups: list[str], test: Features) -> Scores:
    return fused(_without_surroundings(train), labels, groups, _without_surroundings(test))


def _without_rules(features: Features) -> Features:
    return replace(features, rules=np.zeros_like(features.rules))


def _without_vectors(features: Features) -> Features:
    random = np.random.default_rng(0).normal(size=features.vectors.shape).astype(np.float32)
    return replace(features, vectors=random)


def _without_words(features: Features) -> Features:
    return replace(_without_surroundings(features), words=["ord ord"] * len(features.words))


def _without_surroundings(features: Features) -> Features:
    nothing = [""] * len(features.words)
    return replace(features, asked=nothing, around=nothing)


FUSED = "fused (qualcode)"
BASELINES: Mapping[str, Scorer] = {
    "keywords only": keywords,
    "word TF-IDF + logistic regression": word_tfidf,
    "encoder prototypes": prototypes,
    FUSED: fused,
}
ABLATION: Mapping[str, Scorer] = {
    "fused without rules": _blind_to_rules,
    "fused without sentence vectors": _blind_to_meaning,
    "fused without words": _blind_to_words,
    "fused without surroundings": _blind_to_surroundings,
}
