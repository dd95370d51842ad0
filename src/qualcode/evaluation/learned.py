"""Did learning from decisions help? Before and after, each decided interview judged by a coder that has not seen it.

The decided passages of one fold of interviews are scored by a classifier taught by the codebook and the decided
passages of all other interviews (after), and by one taught by the codebook alone (before). Passages on which codes
were only rejected count as carrying none, so the figures are about what analysts looked at, not about all speech.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupKFold
from spacy.language import Language

from qualcode.agreement.bootstrap import Interval, bootstrap
from qualcode.coding.classifier import Classifier
from qualcode.coding.encoder import Encoder
from qualcode.coding.model import seen, topics
from qualcode.coding.views import Flags, Scores
from qualcode.evaluation import metrics
from qualcode.models import THRESHOLD, Codebook, Example

FOLDS = 5


@dataclass(frozen=True, slots=True)
class LearnedFigures:
    """How one coder did on the decided passages; all but ``top1`` at the default threshold."""

    top1: Interval
    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """The figures without and with learning, over so many passages of so many interviews."""

    before: LearnedFigures
    after: LearnedFigures
    passages: int
    interviews: int


def before_and_after(
    codebook: Codebook,
    taught: tuple[Example, ...],
    decided: tuple[Example, ...],
    encoder: Encoder,
    nlp: Language,
) -> BeforeAfter | None:
    """Return the figures, None when fewer than two interviews have been decided on.

    Args:
        codebook: the codes
        taught: the codebook's own examples
        decided: passages of interviews, each with its interview as group
        encoder: for the passages
        nlp: pipeline with the codebook's rules
    """
    groups = [example.group for example in decided]
    if len(set(groups)) < 2:
        return None
    _, own, own_labels = seen(codebook, taught, encoder, nlp)
    _, features, labels = seen(codebook, decided, encoder, nlp)
    writers = [example.group for example in taught]
    before = Classifier(topics(codebook)).fit(own, own_labels, writers).probabilities(features)
    after = np.zeros_like(before)
    for train, test in GroupKFold(min(FOLDS, len(set(groups)))).split(groups, groups=groups):
        classifier = Classifier(topics(codebook)).fit(
            own.joined(features.rows(train)),
            np.concatenate([own_labels, labels[train]]),
            [*writers, *(groups[row] for row in train)],
        )
        after[test] = classifier.probabilities(features.rows(test))
    return BeforeAfter(
        _figures(before, labels, groups), _figures(after, labels, groups), len(decided), len(set(groups))
    )


def _figures(scores: Scores, labels: Flags, groups: list[str]) -> LearnedFigures:
    chosen = scores >= THRESHOLD
    return LearnedFigures(
        bootstrap(lambda rows: metrics.top(scores[rows], labels[rows], 1), groups),
        bootstrap(lambda rows: metrics.precision(chosen[rows], labels[rows]), groups),
        bootstrap(lambda rows: metrics.recall(chosen[rows], labels[rows]), groups),
        bootstrap(lambda rows: metrics.f1(chosen[rows], labels[rows]), groups),
    )
