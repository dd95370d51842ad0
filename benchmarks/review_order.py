"""How many decisions reviewing in one order or another takes until the coder is so good.

A simulated analyst goes through the passages of the demo study's learning interviews and says of each what the
adjudicated gold says. After every :data:`STEP` passages the classifier learns anew from the codebook's examples and all
decisions so far, and is measured on the held-out interviews, of which it never sees anything. Orders:

``uncertain first``  as the review queue does by default: passages with a suggestion, the least certain first, then the
                     rest by how near they came to one; ordered anew after each training
``random``           drawn beforehand; the mean of several draws

F1 is taken where as many (passage, code) pairs are chosen as people coded, the most probable ones: precision and recall
are the same there, and the figure is about what the model knows, not about how its probabilities are scaled, which is
shaky after few decisions. F1 at the threshold stands beside it.

The codebook's bank of examples is left out: a study with a codebook of its own begins without one, and with it the
few hundred passages of this study move little (see docs/evaluation.md).

Run from the repository's root: ``python benchmarks/review_order.py``; writes ``benchmarks/review_order.md``.
"""

import datetime
import platform
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qualcode.coding.classifier import Classifier, Features, Flags, Scores
from qualcode.coding.model import examples_of, features_of, topics
from qualcode.evaluation import metrics
from qualcode.evaluation.evaluate import THRESHOLD, item_features, item_labels
from qualcode.evaluation.gold import Item, items, load_gold
from qualcode.jobs import Job, workshop_for

STUDY = Path("corpora/fra-myndighed-til-partner")
OUT = Path("benchmarks/review_order.md")
STEP = 80
SEEDS = (0, 1)
# Parts of what all decisions together add to F1.
TARGETS = (0.25, 0.5, 0.75, 1.0)
# Chooses the next passages among those left, given what the model thinks of all.
Order = Callable[[Scores, NDArray[np.int_]], NDArray[np.int_]]


@dataclass(frozen=True)
class Passages:
    """Passages with what the classifier sees of them and what people coded."""

    items: Sequence[Item]
    features: Features
    labels: Flags


@dataclass(frozen=True)
class Figures:
    """How the coder does on the held-out passages after so many decisions."""

    decisions: int
    f1: float
    at_threshold: float
    top3: float


def uncertain_first(scores: Scores, left: NDArray[np.int_]) -> NDArray[np.int_]:
    """Return passages with a suggestion by rising score, then the others by falling score."""
    best = scores[left].max(axis=1)
    return left[np.lexsort((np.where(best >= THRESHOLD, best, -best), best < THRESHOLD))]


def shuffled(seed: int) -> Order:
    """Return an order that does not look at scores."""
    return lambda _, left: np.random.default_rng(seed).permutation(left)


def review(taught: Passages, pool: Passages, test: Passages, order: Order, start: Classifier) -> list[Figures]:
    """Return the figures after each training, the first without any decision."""
    decided = np.array([], dtype=int)
    model = start
    curve = [_figures(model, test, 0)]
    while len(decided) < len(pool.items):
        left = np.setdiff1d(np.arange(len(pool.items)), decided)
        queue = order(model.probabilities(pool.features), left)
        decided = np.concatenate([decided, queue[:STEP]])
        model = learn(taught, pool, decided)
        curve.append(_figures(model, test, len(decided)))
    return curve


def _figures(model: Classifier, test: Passages, decisions: int) -> Figures:
    scores = model.probabilities(test.features)
    likely = scores >= np.sort(scores, axis=None)[-int(test.labels.sum())]
    at_threshold = metrics.f1(scores >= THRESHOLD, test.labels)
    return Figures(decisions, metrics.f1(likely, test.labels), at_threshold, metrics.top(scores, test.labels, 3))


def learn(taught: Passages, pool: Passages, decided: NDArray[np.int_]) -> Classifier:
    """Return a classifier taught by the codebook's examples and some decisions."""
    features = taught.features.joined(pool.features.rows(decided))
    labels = np.concatenate([taught.labels, pool.labels[decided]])
    groups = [""] * len(taught.labels) + [pool.items[row].interview for row in decided]
    return Classifier([str(code) for code in range(labels.shape[1])]).fit(features, labels, groups)


def _prepare() -> tuple[Passages, Passages, Passages]:
    job = Job(STUDY)
    study = job.study()
    shop = workshop_for(job, study)
    coder = shop.coder()
    book, nlp, encoder = shop.codebook, coder.nlp, coder.encoder
    codes = topics(book)
    interviews = {interview.id: interview for interview in study.read_all()}
    gold = load_gold(STUDY / "gold" / "adjudicated.csv", interviews, book)
    held_out = (STUDY / "gold" / "held-out.txt").read_text(encoding="utf-8").split()

    def coded(names: Sequence[str]) -> Passages:
        found = items(gold, [interviews[name] for name in names], nlp)
        return Passages(found, item_features(found, coder), item_labels(found, codes))

    examples = examples_of(replace(book, bank=()))
    texts = [example.text for example in examples]
    features = features_of(list(nlp.pipe(texts)), encoder.encode(texts), book)
    labels = np.array([[code in example.codes for code in codes] for example in examples], dtype=bool)
    return Passages([], features, labels), coded([name for name in interviews if name not in held_out]), coded(held_out)


def _mean(curves: Sequence[Sequence[Figures]]) -> list[Figures]:
    return [
        Figures(*(float(np.mean(values)) for values in zip(*map(astuple, same), strict=True)))  # type: ignore[arg-type]
        for same in zip(*curves, strict=True)
    ]


def _needed(curve: Sequence[Figures], target: float) -> str:
    return next((f"{one.decisions:.0f}" for one in curve if one.f1 >= target), "–")


def _page(default: Sequence[Figures], draws: Sequence[Sequence[Figures]], pool: Passages, test: Passages) -> str:
    mean = _mean(draws)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    lines = [
        "# Order of review",
        "",
        f"Made by `python benchmarks/review_order.py` on {today}: Python {platform.python_version()}, scikit-learn "
        f"{version('scikit-learn')}. {len(pool.items)} passages to decide on, {len(test.items)} held out; trained anew "
        f"every {STEP} decisions; random: mean of {len(draws)} draws. F1 where precision and recall are the same, "
        f"in brackets at the threshold {THRESHOLD}. The bank of examples is left out; see the script's head.",
        "",
        "| decisions | F1 uncertain first | F1 random | top-3 uncertain first | top-3 random |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {ours.decisions} | {ours.f1:.3f} ({ours.at_threshold:.3f}) | {theirs.f1:.3f} ({theirs.at_threshold:.3f}) "
        f"| {ours.top3:.2f} | {theirs.top3:.2f} |"
        for ours, theirs in zip(default, mean, strict=True)
    ]
    first, last = default[0].f1, mean[-1].f1
    lines += ["", "| part of the gain in F1 | F1 | uncertain first | random |", "| ---: | ---: | ---: | ---: |"]
    for part in TARGETS:
        target = first + part * (last - first)
        told = f"{target:.3f} | {_needed(default, target)} | {_needed(mean, target)}"
        lines.append(f"| {100 * part:.0f} % | {told} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Run the simulation and write its page."""
    taught, pool, test = _prepare()
    start = learn(taught, pool, np.array([], dtype=int))
    default = review(taught, pool, test, uncertain_first, start)
    draws = [review(taught, pool, test, shuffled(seed), start) for seed in SEEDS]
    OUT.write_text(_page(default, draws, pool, test), encoding="utf-8")


if __name__ == "__main__":
    main()
