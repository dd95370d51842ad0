"""Measure the coder on interviews it has not learned from, beside baselines and a second human coder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from qualcode.agreement.bootstrap import Interval, bootstrap
from qualcode.agreement.coefficients import cohen_kappa
from qualcode.coding.classifier import Features, Flags, Scores
from qualcode.coding.encoder import Encoder
from qualcode.coding.model import examples_of, features_of, topics, train_valence
from qualcode.evaluation import metrics
from qualcode.evaluation.baselines import ABLATION, BASELINES, fused
from qualcode.evaluation.gold import GoldCoding, Item, items, load_gold
from qualcode.models import Codebook, Interview

THRESHOLD = 0.5
LEARNED = (0, 50, 200, 1000)
_SEED = 0


@dataclass(frozen=True)
class SystemFigures:
    """How one system did on the held-out items; ``precision`` and on at the default threshold."""

    name: str
    top1: Interval
    top3: Interval
    precision: Interval
    recall: Interval
    micro_f1: Interval
    macro_f1: float


@dataclass(frozen=True)
class CodeFigures:
    """How the fused coder did on one code."""

    code: str
    items: int
    base_rate: float
    precision: float
    recall: float
    f1: Interval
    kappa: float
    human_kappa: float


@dataclass(frozen=True)
class Evaluation:
    """All figures of one run."""

    held_out: tuple[str, ...]
    items: int
    coded_items: int
    systems: tuple[SystemFigures, ...]
    ablation: tuple[SystemFigures, ...]
    codes: tuple[CodeFigures, ...]
    learning: tuple[tuple[int, SystemFigures], ...]
    reliability: tuple[tuple[float, float, int], ...]
    valence: Interval
    human_agreement: tuple[float, float, float]


@dataclass(frozen=True)
class _Set:
    """Items with what the classifier sees of them."""

    items: list[Item]
    features: Features
    labels: Flags

    @property
    def interviews(self) -> list[str]:
        return [item.interview for item in self.items]


def evaluate(
    codebook: Codebook, interviews: Sequence[Interview], gold_folder: Path, encoder: Encoder, nlp: Language
) -> Evaluation:
    """Return the figures for a coded corpus; the pipeline must carry the codebook's rules.

    Raises:
        InputError: a gold file is wrong.
        OSError: a gold file is missing.
    """
    by_id = {interview.id: interview for interview in interviews}
    gold = {
        name: load_gold(gold_folder / f"{name}.csv", by_id, codebook) for name in ("adjudicated", "coder-a", "coder-b")
    }
    held_out = tuple((gold_folder / "held-out.txt").read_text(encoding="utf-8").split())
    codes = topics(codebook)

    def prepare(chosen: Sequence[Interview]) -> _Set:
        found = items(gold["adjudicated"], chosen, nlp)
        return _Set(found, item_features(found, encoder, nlp, codebook), item_labels(found, codes))

    test = prepare([by_id[name] for name in held_out])
    taught, taught_labels, groups = _examples(codebook, encoder, nlp, codes)
    scores = {name: scorer(taught, taught_labels, groups, test.features) for name, scorer in BASELINES.items()}
    ablated = {name: scorer(taught, taught_labels, groups, test.features) for name, scorer in ABLATION.items()}
    best = scores["fused (qualcode)"]
    learned = prepare([interview for interview in interviews if interview.id not in held_out])
    return Evaluation(
        held_out=held_out,
        items=len(test.items),
        coded_items=sum(bool(item.codes) for item in test.items),
        systems=tuple(_figures(name, found, test) for name, found in scores.items()),
        ablation=tuple(_figures(name, found, test) for name, found in ablated.items()),
        codes=tuple(_by_code(codes, best, test, gold)),
        learning=tuple(_learning(taught, taught_labels, groups, learned, test)),
        reliability=tuple(metrics.reliability(best, test.labels)),
        valence=_valence(test, codebook, nlp),
        human_agreement=_human_agreement(gold["coder-a"], gold["coder-b"], held_out),
    )


def item_features(found: Sequence[Item], encoder: Encoder, nlp: Language, codebook: Codebook) -> Features:
    """Return what the classifier sees of items; the pipeline must carry the codebook's rules."""
    texts = [item.text for item in found]
    return features_of(list(nlp.pipe(texts)), encoder.encode(texts), codebook)


def item_labels(found: Sequence[Item], codes: Sequence[str]) -> Flags:
    """Return which codes people gave each item: shape (items, codes)."""
    return np.array([[code in item.codes for code in codes] for item in found], dtype=bool)


def _examples(
    codebook: Codebook, encoder: Encoder, nlp: Language, codes: Sequence[str]
) -> tuple[Features, Flags, list[str]]:
    examples = examples_of(codebook)
    texts = [example.text for example in examples]
    features = features_of(list(nlp.pipe(texts)), encoder.encode(texts), codebook)
    labels = np.array([[code in example.codes for code in codes] for example in examples], dtype=bool)
    return features, labels, [example.group for example in examples]


def _figures(name: str, scores: Scores, test: _Set) -> SystemFigures:
    chosen = scores >= THRESHOLD

    def interval(figure: str) -> Interval:
        measure = {"precision": metrics.precision, "recall": metrics.recall, "f1": metrics.f1}[figure]
        return bootstrap(lambda rows: measure(chosen[rows], test.labels[rows]), test.interviews)

    def ranked(count: int) -> Interval:
        return bootstrap(lambda rows: metrics.top(scores[rows], test.labels[rows], count), test.interviews)

    return SystemFigures(
        name,
        ranked(1),
        ranked(3),
        interval("precision"),
        interval("recall"),
        interval("f1"),
        metrics.macro_f1(chosen, test.labels),
    )


def _by_code(
    codes: Sequence[str], scores: Scores, test: _Set, gold: Mapping[str, Sequence[GoldCoding]]
) -> list[CodeFigures]:
    chosen = scores >= THRESHOLD
    first = _as_coded_by(gold["coder-a"], test, codes)
    second = _as_coded_by(gold["coder-b"], test, codes)
    rows = []
    for column, code in enumerate(codes):
        mine, truth = chosen[:, [column]], test.labels[:, [column]]
        if truth.any():
            rows.append(
                CodeFigures(
                    code,
                    int(truth.sum()),
                    float(truth.mean()),
                    metrics.precision(mine, truth),
                    metrics.recall(mine, truth),
                    bootstrap(
                        lambda rows, a=mine, b=truth: metrics.f1(a[rows], b[rows]),  # type: ignore[misc]
                        test.interviews,
                    ),
                    cohen_kappa(mine.ravel(), truth.ravel()),
                    cohen_kappa(first[:, column], second[:, column]),
                )
            )
    return rows


def _as_coded_by(gold: Sequence[GoldCoding], test: _Set, codes: Sequence[str]) -> Flags:
    """Return which items a coder gave which codes: those of which a passage of theirs shares the words."""
    by_interview: dict[str, list[GoldCoding]] = {}
    for coding in gold:
        by_interview.setdefault(coding.interview, []).append(coding)
    return np.array(
        [
            [
                any(
                    coding.code == code and item.start < coding.end and coding.start < item.end
                    for coding in by_interview.get(item.interview, [])
                )
                for code in codes
            ]
            for item in test.items
        ],
        dtype=bool,
    )


def _learning(
    taught: Features, labels: Flags, groups: list[str], learned: _Set, test: _Set
) -> list[tuple[int, SystemFigures]]:
    """Return figures after learning from so many reviewed passages of other interviews, drawn at random."""
    order = np.random.default_rng(_SEED).permutation(len(learned.items))
    curve = []
    for wanted in LEARNED:
        rows = order[:wanted]
        together = joined(taught, learned.features.rows(rows))
        both = np.concatenate([labels, learned.labels[rows]])
        spoken = [*groups, *(f"interview {learned.items[row].interview}" for row in rows)]
        curve.append((len(rows), _figures(f"{len(rows)} reviewed", fused(together, both, spoken, test.features), test)))
    return curve


def joined(first: Features, second: Features) -> Features:
    """Return the features of the passages of both."""
    return Features(
        np.concatenate([first.vectors, second.vectors]),
        [*first.words, *second.words],
        np.concatenate([first.rules, second.rules]),
    )


def _valence(test: _Set, codebook: Codebook, nlp: Language) -> Interval:
    """Return the share of coded (passage, code) pairs whose valence is right."""
    examples = examples_of(codebook)
    model = train_valence(codebook, examples, list(nlp.pipe(example.text for example in examples)))
    right: list[float] = []
    where: list[str] = []
    for item in test.items:
        if item.codes:
            doc = nlp(item.text)
            for code, valence in item.valences.items():
                found, _ = model.judge(doc[:], codebook.by_id[code].kind)
                right.append(float(found is valence))
                where.append(item.interview)
    values: NDArray[np.float64] = np.array(right)
    return bootstrap(lambda rows: float(values[rows].mean()), where)


def _human_agreement(
    first: Sequence[GoldCoding], second: Sequence[GoldCoding], held_out: Sequence[str]
) -> tuple[float, float, float]:
    """Return the shares of codings on overlapping passages: found by both, same code, same valence."""
    pairs = [
        (one, [other for other in second if one.overlaps(other.interview, other.start, other.end)])
        for one in first
        if one.interview in held_out
    ]
    touched = [(one, others) for one, others in pairs if others]
    same = [(one, other) for one, others in touched for other in others if other.code == one.code]
    agreed = {id(one) for one, _ in same}
    valence = np.mean([one.valence is other.valence for one, other in same])
    return len(touched) / len(pairs), len(agreed) / len(touched), float(valence)
