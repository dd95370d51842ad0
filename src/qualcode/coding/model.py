"""The trained coder: examples → classifier, kept on disk by the hash of all it was learned from.

Saved with skops, which loads no code from the file. A file that cannot be read is trained anew: a model is
always derived, never the only copy of anything.
"""

import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import skops.io
from spacy.language import Language
from spacy.tokens import Doc

from qualcode.coding.classifier import VERSION as CLASSIFIER_VERSION
from qualcode.coding.classifier import Classifier, Features, Flags
from qualcode.coding.encoder import Encoder, Vectors
from qualcode.language.pipeline import VERSION as LANGUAGE_VERSION
from qualcode.models import Codebook, Example, digest

_TRUSTED = [
    "qualcode.coding.classifier.Classifier",
    "qualcode.coding.classifier._Views",
    "numpy.dtype",
    "scipy.sparse._csr.csr_matrix",
]


@dataclass(frozen=True)
class Model:
    """A classifier with the examples it learned from.

    Attributes:
        digest: names the model by its ingredients; part of every coding's provenance
        rule_precision: share of a code's pattern hits among the examples that are right, by code
    """

    digest: str
    classifier: Classifier
    examples: tuple[Example, ...]
    rule_precision: dict[str, float]


def examples_of(codebook: Codebook) -> tuple[Example, ...]:
    """Return all passages a codebook teaches with: examples, near misses and passages without a code."""
    found: list[Example] = []
    for code in codebook.codes:
        found += [Example(text, frozenset({code.id})) for text in code.examples]
        found += [
            Example(text, frozenset({use} if use else ()), frozenset({code.id})) for text, use in code.near_misses
        ]
    found += [Example(text, frozenset()) for text in codebook.uncoded]
    return tuple(found)


def model_digest(codebook: Codebook, examples: tuple[Example, ...], encoder: Encoder) -> str:
    """Return the name of the model these ingredients give, without training it."""
    taught = [[example.text, sorted(example.codes), sorted(example.near_miss_of)] for example in examples]
    versions = (CLASSIFIER_VERSION, LANGUAGE_VERSION, version("scikit-learn"), encoder.identity)
    return digest(codebook.digest, taught, versions)


def features_of(docs: list[Doc], vectors: Vectors, codebook: Codebook) -> Features:
    """Return the classifier's view of passages given as documents with rule hits."""
    column = {code.id: number for number, code in enumerate(codebook.codes)}
    rules = np.zeros((len(docs), len(column)), dtype=bool)
    for row, doc in enumerate(docs):
        for hit in doc.spans["rules"]:
            rules[row, column[hit.label_]] = True
    return Features(vectors, [word_view(doc) for doc in docs], rules)


def word_view(doc: Doc) -> str:
    """Return a passage as lemmas, each compound followed by its parts."""
    words = ([token.lemma_, *token._.keys[2:]] for token in doc if token.is_alpha)
    return " ".join(word for group in words for word in group)


def train(codebook: Codebook, examples: tuple[Example, ...], encoder: Encoder, nlp: Language) -> Model:
    """Learn from examples; the pipeline must carry the codebook's rules."""
    docs = list(nlp.pipe(example.text for example in examples))
    features = features_of(docs, encoder.encode([example.text for example in examples]), codebook)
    codes = [code.id for code in codebook.codes]
    labels = np.array([[code in example.codes for code in codes] for example in examples], dtype=bool)
    classifier = Classifier(codes).fit(features, labels)
    return Model(
        model_digest(codebook, examples, encoder),
        classifier,
        examples,
        _rule_precision(codes, features.rules, labels),
    )


def _rule_precision(codes: list[str], hits: Flags, labels: Flags) -> dict[str, float]:
    """Laplace-smoothed share of pattern hits that are right."""
    right = (hits & labels).sum(axis=0)
    return {code: float((right[column] + 1) / (hits[:, column].sum() + 2)) for column, code in enumerate(codes)}


def load_or_train(codebook: Codebook, encoder: Encoder, nlp: Language, folder: Path) -> Model:
    """Return the model for a codebook, from ``folder`` when it was trained before."""
    examples = examples_of(codebook)
    name = model_digest(codebook, examples, encoder)
    path = folder / f"{name[:24]}.skops"
    kept = _load(path)
    if kept:
        classifier, precision = kept
        return Model(name, classifier, examples, precision)
    model = train(codebook, examples, encoder, nlp)
    _save(model, path)
    return model


def _load(path: Path) -> tuple[Classifier, dict[str, float]] | None:
    if not path.exists():
        return None
    try:
        kept = skops.io.load(path, trusted=_TRUSTED)
        return kept["classifier"], kept["rule_precision"]
    except Exception:
        # Half-written, from another version, or tampered with: skops has no common base for what it raises.
        return None


def _save(model: Model, path: Path) -> None:
    """Write aside, then rename: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    skops.io.dump({"classifier": model.classifier, "rule_precision": model.rule_precision}, aside)
    aside.replace(path)
