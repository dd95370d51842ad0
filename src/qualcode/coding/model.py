"""The trained coder: examples → classifier, kept on disk by the hash of all it was learned from.

Saved with skops, which loads no code from the file. A file that cannot be read is trained anew: a model is
always derived, never the only copy of anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Token

from qualcode.coding.classifier import VERSION as CLASSIFIER_VERSION
from qualcode.coding.classifier import Classifier
from qualcode.coding.encoder import Encoder, Vectors
from qualcode.coding.surroundings import Surroundings
from qualcode.coding.valence import ValenceModel
from qualcode.coding.views import Features, Flags
from qualcode.files import OWNER_ONLY, replace_file
from qualcode.language.pipeline import VERSION as LANGUAGE_VERSION
from qualcode.models import Codebook, Example, Kind, digest

_TRUSTED = [
    "qualcode.coding.classifier.Classifier",
    "qualcode.coding.views.Views",
    "qualcode.coding.valence.ValenceModel",
    "numpy.dtype",
    "scipy.sparse._csr.csr_matrix",
]


@dataclass(frozen=True)
class Model:
    """A classifier with the examples it learned from.

    Attributes:
        digest: names the model by its ingredients; part of every coding's provenance
        rule_precision: share of a role's pattern hits among the examples of roles that are right, by code
    """

    digest: str
    classifier: Classifier
    valence: ValenceModel
    examples: tuple[Example, ...]
    rule_precision: dict[str, float]


def examples_of(codebook: Codebook) -> tuple[Example, ...]:
    """Return all passages a codebook teaches with: examples, near misses and passages without a code."""
    found: list[Example] = []
    for code in codebook.codes:
        found += [Example(text, (code.id,)) for text in code.examples]
        found += [Example(text, (use,) if use else (), (code.id,)) for text, use in code.near_misses]
    found += [Example(text, ()) for text in codebook.uncoded]
    return (*found, *codebook.bank)


def model_digest(codebook: Codebook, examples: tuple[Example, ...], encoder: Encoder) -> str:
    """Return the name of the model these ingredients give, without training it."""
    taught = [asdict(example) for example in examples]
    versions = (CLASSIFIER_VERSION, LANGUAGE_VERSION, version("scikit-learn"), encoder.identity)
    return digest(codebook.digest, taught, versions)


def topics(codebook: Codebook) -> list[str]:
    """Return the ids of the codes that are meant, not named: all but the roles. They are the classifier's columns."""
    return [code.id for code in codebook.codes if code.kind is not Kind.ROLLE]


def features_of(
    docs: Sequence[Doc], vectors: Vectors, codebook: Codebook, asked: Sequence[str], around: Sequence[str]
) -> Features:
    """Return the classifier's view of passages given as documents with rule hits, and of the words around them."""
    return Features(vectors, [word_view(doc) for doc in docs], _hits(docs, topics(codebook)), asked, around)


def features_in(
    texts: Sequence[str], places: Sequence[Surroundings], codebook: Codebook, encoder: Encoder, nlp: Language
) -> tuple[list[Doc], Features]:
    """Return texts as documents, and what the classifier sees of them where they stand."""
    docs = list(nlp.pipe(texts))
    asked, around = words_of([place.asked for place in places], nlp), words_of([place.around for place in places], nlp)
    return docs, features_of(docs, encoder.encode(texts), codebook, asked, around)


def words_of(texts: Sequence[str], nlp: Language) -> list[str]:
    """Return :func:`word_view` of each text; a text that comes again, as questions do, is read once."""
    once = list(dict.fromkeys(text for text in texts if text))
    known = dict(zip(once, map(word_view, nlp.pipe(once)), strict=True))
    return [known.get(text, "") for text in texts]


def _hits(docs: Sequence[Doc], codes: list[str]) -> Flags:
    column = {code: number for number, code in enumerate(codes)}
    found = np.zeros((len(docs), len(codes)), dtype=bool)
    for row, doc in enumerate(docs):
        for hit in doc.spans["rules"]:
            if hit.label_ in column:
                found[row, column[hit.label_]] = True
    return found


def word_view(tokens: Iterable[Token]) -> str:
    """Return a passage as lemmas, each compound followed by its parts."""
    words = ([token.lemma_, *token._.keys[2:]] for token in tokens if token.is_alpha)
    return " ".join(word for group in words for word in group)


def seen(
    codebook: Codebook, examples: Sequence[Example], encoder: Encoder, nlp: Language
) -> tuple[list[Doc], Features, Flags]:
    """Return examples as documents, what the classifier sees of them, and their labels, shape (n, topics)."""
    places = [Surroundings(example.asked, example.around) for example in examples]
    docs, features = features_in([example.text for example in examples], places, codebook, encoder, nlp)
    return docs, features, _labels(examples, topics(codebook))


def train(codebook: Codebook, examples: tuple[Example, ...], encoder: Encoder, nlp: Language) -> Model:
    """Learn from examples; the pipeline must carry the codebook's rules."""
    docs, features, labels = seen(codebook, examples, encoder, nlp)
    classifier = Classifier(topics(codebook)).fit(features, labels, [example.group for example in examples])
    roles = [code.id for code in codebook.codes if code.kind is Kind.ROLLE]
    precision = _precision(roles, _hits(docs, roles), _labels(examples, roles))
    valence = train_valence(codebook, examples, docs)
    return Model(model_digest(codebook, examples, encoder), classifier, valence, examples, precision)


def train_valence(codebook: Codebook, examples: Sequence[Example], docs: Sequence[Doc]) -> ValenceModel:
    """Learn valence from the examples that have one and a code that is meant; ``docs`` are the examples' texts."""
    passages, codes, valences = [], [], []
    for example, doc in zip(examples, docs, strict=True):
        meant = [code for code in example.codes if codebook.by_id[code].kind is not Kind.ROLLE]
        if example.valence and meant and len(doc):
            passages.append(doc[:])
            codes.append(codebook.by_id[meant[0]])
            valences.append(example.valence)
    return ValenceModel().fit(passages, codes, valences)


def _labels(examples: Sequence[Example], codes: list[str]) -> Flags:
    return np.array([[code in example.codes for code in codes] for example in examples], dtype=bool)


def _precision(codes: list[str], hits: Flags, labels: Flags) -> dict[str, float]:
    """Laplace-smoothed share of pattern hits, on passages written for one of these codes, that are right."""
    about = np.asarray(labels.any(axis=1))
    right = (hits & labels).sum(axis=0)
    found = (hits & about[:, None]).sum(axis=0)
    return {code: float((right[column] + 1) / (found[column] + 2)) for column, code in enumerate(codes)}


def load_or_train(
    codebook: Codebook, examples: tuple[Example, ...], encoder: Encoder, nlp: Language, folder: Path
) -> Model:
    """Return the model that examples give, from ``folder`` when it was trained before."""
    name = model_digest(codebook, examples, encoder)
    path = folder / f"{name[:24]}.skops"
    kept = _load(path)
    if kept:
        return Model(name, kept["classifier"], kept["valence"], examples, kept["rule_precision"])
    model = train(codebook, examples, encoder, nlp)
    _save(model, path)
    return model


def _load(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    # Takes a second to import, and a run with nothing to code needs no model.
    import skops.io

    try:
        kept: dict[str, Any] = skops.io.load(path, trusted=_TRUSTED)
        return kept
    except Exception:
        # Half-written, from another version, or tampered with: skops has no common base for what it raises.
        return None


def _save(model: Model, path: Path) -> None:
    import skops.io

    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: getattr(model, name) for name in ("classifier", "valence", "rule_precision")}
    replace_file(path, skops.io.dumps(kept), OWNER_ONLY)
