"""Measure the coder on interviews it has not learned from, beside baselines and a second human coder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from qualcode.agreement.bootstrap import Interval, bootstrap
from qualcode.agreement.coefficients import cohen_kappa
from qualcode.coding.coder import Coder
from qualcode.coding.model import features_in, seen, topics, train_valence
from qualcode.coding.surroundings import Surroundings, surroundings
from qualcode.coding.valence import ValenceModel
from qualcode.coding.views import Features, Flags, Scores
from qualcode.errors import UsageError
from qualcode.evaluation import metrics
from qualcode.evaluation.baselines import ABLATION, BASELINES, FUSED, Scorer, weighed_by
from qualcode.evaluation.end_to_end import EndToEnd, end_to_end, levels_read
from qualcode.evaluation.gold import GoldCoding, Item, items, load_gold
from qualcode.evaluation.quotes import QUOTES, Quote, load_quotes
from qualcode.models import THRESHOLD, Codebook, Example, Interview

LEARNED = (0, 50, 200, 1000)
THRESHOLDS = (0.6, 0.5, 0.4, 0.3, 0.2)
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
class ThresholdFigures:
    """How the fused coder would do at another threshold, on the same items."""

    threshold: float
    precision: Interval
    recall: Interval
    micro_f1: Interval


@dataclass(frozen=True)
class QuoteFigures:
    """How systems did on quotes of one style; ``second_coder`` is the share on which a blind coder chose the same."""

    style: str
    quotes: int
    systems: tuple[SystemFigures, ...]
    valence: float
    second_coder: float


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
    """All figures of one run.

    Attributes:
        learned: interviews that the coder's examples come from, beside what writers made
        transfer: the coder and its valence with what another codebook's passages taught, None where none was asked for
        levels: share of informants whose level was read right, None where the gold does not say
    """

    held_out: tuple[str, ...]
    learned: tuple[str, ...]
    items: int
    coded_items: int
    systems: tuple[SystemFigures, ...]
    transfer: tuple[SystemFigures, Interval] | None
    ablation: tuple[SystemFigures, ...]
    codes: tuple[CodeFigures, ...]
    learning: tuple[SystemFigures, ...]
    thresholds: tuple[ThresholdFigures, ...]
    quotes: tuple[QuoteFigures, ...]
    reliability: tuple[tuple[float, float, int], ...]
    end_to_end: EndToEnd
    valence: Interval
    levels: float | None
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
    coder: Coder, interviews: Sequence[Interview], gold_folder: Path, other: Coder | None = None
) -> Evaluation:
    """Return the figures of a coder on a coded corpus.

    Args:
        coder: must not have learned from the held-out interviews
        interviews: all of the corpus
        gold_folder: ``adjudicated.csv``, ``coder-a.csv``, ``coder-b.csv``, ``held-out.txt``, perhaps ``levels.csv`` and
            ``quotes.csv``
        other: a coder of another codebook, to see whether what it learned transfers

    Raises:
        InputError: a gold file is wrong.
        OSError: a gold file is missing.
        UsageError: the coder has learned from a held-out interview.
    """
    codebook, by_id = coder.codebook, {interview.id: interview for interview in interviews}
    gold = {
        name: load_gold(gold_folder / f"{name}.csv", by_id, codebook) for name in ("adjudicated", "coder-a", "coder-b")
    }
    held_out = tuple((gold_folder / "held-out.txt").read_text(encoding="utf-8").split())
    examples = coder.model.examples
    learned = {example.group.removeprefix("interview ") for example in examples if example.spoken}
    if learned & set(held_out):
        known = ", ".join(sorted(learned & set(held_out)))
        raise UsageError(f"Koderen har lært af interview, der er holdt ude ({known}). Fjern dem fra eksempelbanken.")
    codes = topics(codebook)

    def prepare(chosen: Sequence[Interview]) -> _Set:
        found = items(gold["adjudicated"], chosen, coder.nlp)
        return _Set(found, item_features(found, by_id, coder), item_labels(found, codes))

    test = prepare([by_id[name] for name in held_out])
    others = prepare([interview for interview in interviews if interview.id not in held_out])
    docs, features, labels = seen(codebook, examples, coder.encoder, coder.nlp)
    taught = _Taught(features, labels, [example.group for example in examples])
    written = taught.rows(np.flatnonzero([not example.spoken for example in examples]))
    scores = {name: taught.scores(scorer, test) for name, scorer in BASELINES.items()}
    best = scores[FUSED]
    valence = train_valence(codebook, examples, docs)
    return Evaluation(
        held_out=held_out,
        learned=tuple(sorted(learned)),
        items=len(test.items),
        coded_items=sum(bool(item.codes) for item in test.items),
        systems=tuple(_figures(name, found, test) for name, found in scores.items()),
        transfer=_transfer(other, taught, test, codebook, (examples, docs), coder.nlp) if other else None,
        ablation=tuple(_figures(name, taught.scores(scorer, test), test) for name, scorer in ABLATION.items()),
        codes=tuple(_by_code(codes, best, test, gold)),
        learning=tuple(_learning(written, others, test)),
        thresholds=tuple(_at(threshold, best, test) for threshold in THRESHOLDS),
        quotes=tuple(_quotes(load_quotes(gold_folder / QUOTES, codebook), taught, coder, valence)),
        reliability=tuple(metrics.reliability(best, test.labels)),
        end_to_end=end_to_end(coder, [by_id[name] for name in held_out], gold["adjudicated"]),
        valence=_valence(test, codebook, valence, coder.nlp),
        levels=levels_read(interviews, gold_folder / "levels.csv"),
        human_agreement=_human_agreement(gold["coder-a"], gold["coder-b"], held_out),
    )


@dataclass(frozen=True)
class _Taught:
    """Passages to learn from, as the classifier sees them."""

    features: Features
    labels: Flags
    groups: list[str]

    def rows(self, index: NDArray[np.int_]) -> "_Taught":
        return _Taught(self.features.rows(index), self.labels[index], [self.groups[row] for row in index])

    def with_reviewed(self, reviewed: _Set, index: NDArray[np.int_]) -> "_Taught":
        return _Taught(
            self.features.joined(reviewed.features.rows(index)),
            np.concatenate([self.labels, reviewed.labels[index]]),
            [*self.groups, *(f"interview {reviewed.items[row].interview}" for row in index)],
        )

    def scores(self, scorer: Scorer, test: _Set) -> Scores:
        return scorer(self.features, self.labels, self.groups, test.features)


def item_features(found: Sequence[Item], interviews: Mapping[str, Interview], coder: Coder) -> Features:
    """Return what the classifier sees of items of these interviews."""
    places = [surroundings(interviews[item.interview], item.start, item.end) for item in found]
    _, features = features_in([item.text for item in found], places, coder.codebook, coder.encoder, coder.nlp)
    return features


def item_labels(found: Sequence[Item], codes: Sequence[str]) -> Flags:
    """Return which codes people gave each item: shape (items, codes)."""
    return np.array([[code in item.codes for code in codes] for item in found], dtype=bool)


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


def _transfer(
    other: Coder,
    taught: _Taught,
    test: _Set,
    codebook: Codebook,
    own: tuple[Sequence[Example], Sequence[Doc]],
    nlp: Language,
) -> tuple[SystemFigures, Interval]:
    """Return figures when the other codebook's passages weigh the views, and teach valence beside the study's own."""
    name = f"fused, views weighed as in {other.codebook.id}"
    figures = _figures(name, taught.scores(weighed_by(other.model.classifier), test), test)
    # The same id may mean two things in two codebooks.
    theirs = [
        replace(example, codes=tuple(f"{other.codebook.id}:{code}" for code in example.codes))
        for example in other.model.examples
        if example.valence and example.codes
    ]
    codes = [replace(code, id=f"{other.codebook.id}:{code.id}") for code in other.codebook.codes]
    both = replace(codebook, codes=(*codebook.codes, *codes))
    docs = [*own[1], *nlp.pipe(example.text for example in theirs)]
    return figures, _valence(test, codebook, train_valence(both, [*own[0], *theirs], docs), nlp)


def _at(threshold: float, scores: Scores, test: _Set) -> ThresholdFigures:
    chosen = scores >= threshold
    return ThresholdFigures(
        threshold,
        *(
            bootstrap(lambda rows, of=of: of(chosen[rows], test.labels[rows]), test.interviews)  # type: ignore[misc]
            for of in (metrics.precision, metrics.recall, metrics.f1)
        ),
    )


def _quotes(quotes: Sequence[Quote], taught: _Taught, coder: Coder, valence: ValenceModel) -> Iterator[QuoteFigures]:
    """Yield the figures of each style of quotes, which stand alone: no question, no talk around."""
    codes = topics(coder.codebook)
    for style in sorted({quote.style for quote in quotes}):
        mine = [quote for quote in quotes if quote.style == style]
        alone = [Surroundings("", "")] * len(mine)
        docs, features = features_in([quote.text for quote in mine], alone, coder.codebook, coder.encoder, coder.nlp)
        found = [
            Item(str(number), 0, len(quote.text), quote.text, quote.codes, {quote.code: quote.valence})
            for number, quote in enumerate(mine)
        ]
        test = _Set(found, features, item_labels(found, codes))
        judged = [
            valence.judge(doc[:], coder.codebook.by_id[quote.code])[0] is quote.valence
            for doc, quote in zip(docs, mine, strict=True)
        ]
        yield QuoteFigures(
            style,
            len(mine),
            tuple(_figures(name, taught.scores(scorer, test), test) for name, scorer in BASELINES.items()),
            float(np.mean(judged)),
            float(np.mean([quote.second_coder in quote.codes for quote in mine])),
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


def _learning(written: _Taught, reviewed: _Set, test: _Set) -> Iterator[SystemFigures]:
    """Yield figures after learning from so many reviewed passages of other interviews, drawn at random."""
    order = np.random.default_rng(_SEED).permutation(len(reviewed.items))
    for wanted in LEARNED:
        index = order[:wanted]
        scores = written.with_reviewed(reviewed, index).scores(BASELINES[FUSED], test)
        yield _figures(f"{len(index)} reviewed", scores, test)


def _valence(test: _Set, codebook: Codebook, model: ValenceModel, nlp: Language) -> Interval:
    """Return the share of coded (passage, code) pairs whose valence is right."""
    right: list[float] = []
    where: list[str] = []
    for item in test.items:
        if item.codes:
            doc = nlp(item.text)
            for code, valence in item.valences.items():
                found, _ = model.judge(doc[:], codebook.by_id[code])
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
