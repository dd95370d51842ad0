"""A codebook tried on the examples that a person reads in it.

Each positive example should get its code among the first three, and no near miss the code it is not as its first – a
code too unlikely to be suggested is none. That is asked twice: of the coder as it is used, which has learned these
examples, and of one that has not learned the example in question. The first shows examples that contradict each
other; the second what the codebook teaches about speech that it does not contain. Codes of kind ``rolle`` are found
by their patterns alone, so for them both are the same.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.language import Language

from qualcode.coding.encoder import Encoder
from qualcode.coding.model import Model, seen, topics
from qualcode.coding.views import Scores
from qualcode.models import THRESHOLD, Code, Codebook, Kind

_RANKS = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that the coder gets wrong.

    Attributes:
        code: the code the example belongs to, or is a near miss of
        near_miss: which of the two
        text: the example
        instead: codes it got, the likeliest first
    """

    code: str
    near_miss: bool
    text: str
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeTrial:
    """How one code fared: examples right, of how many, as used and not having learned them."""

    code: str
    examples: int
    right: int
    right_unlearned: int
    near_misses: int
    held_off: int
    held_off_unlearned: int


@dataclass(frozen=True)
class Trial:
    """All that the examples showed; ``confusions`` count (own code, likeliest code) over unlearned examples."""

    codes: tuple[CodeTrial, ...]
    failures: tuple[Failure, ...]
    confusions: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class _Case:
    row: int
    code: str
    near_miss: bool


def try_codebook(codebook: Codebook, model: Model, encoder: Encoder, nlp: Language) -> Trial:
    """Return how the codebook's examples fare with the model trained on it; the pipeline carries its rules."""
    docs, features, labels = seen(codebook, model.examples, encoder, nlp)
    cases = list(_cases(codebook))
    rows = np.array([case.row for case in cases])
    learned = model.classifier.probabilities(features.rows(rows))
    unlearned = model.classifier.crosswise(features, labels, rows)
    roles = [{hit.label_ for hit in docs[case.row].spans["rules"]} for case in cases]
    columns = topics(codebook)

    def verdicts(scores: Scores) -> list[bool]:
        return [
            _verdict(case, codebook, row, hits, columns) for case, row, hits in zip(cases, scores, roles, strict=True)
        ]

    as_used, as_new = verdicts(learned), verdicts(unlearned)
    return Trial(
        codes=tuple(_by_code(codebook, cases, as_used, as_new)),
        failures=tuple(
            Failure(case.code, case.near_miss, model.examples[case.row].text, _best(scores, columns))
            for case, right, scores in zip(cases, as_used, learned, strict=True)
            if not right
        ),
        confusions=tuple(_confusions(cases, unlearned, columns)),
    )


def _cases(codebook: Codebook) -> Iterator[_Case]:
    """Yield the codebook's own examples with their row in :func:`qualcode.coding.model.examples_of`."""
    row = 0
    for code in codebook.codes:
        for _ in code.examples:
            yield _Case(row, code.id, near_miss=False)
            row += 1
        for _ in code.near_misses:
            yield _Case(row, code.id, near_miss=True)
            row += 1


def _verdict(case: _Case, codebook: Codebook, scores: Scores, hits: set[str], columns: Sequence[str]) -> bool:
    if codebook.by_id[case.code].kind is Kind.ROLLE:
        return (case.code in hits) is not case.near_miss
    best = _best(scores, columns)
    if case.near_miss:
        return best[0] != case.code or bool(scores.max() < THRESHOLD)
    return case.code in best


def _best(scores: Scores, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(columns[column] for column in np.argsort(-scores, kind="stable")[:_RANKS])


def _by_code(
    codebook: Codebook, cases: Sequence[_Case], as_used: Sequence[bool], as_new: Sequence[bool]
) -> Iterator[CodeTrial]:
    def right(code: Code, verdicts: Sequence[bool], *, near_miss: bool) -> int:
        return sum(
            verdict
            for case, verdict in zip(cases, verdicts, strict=True)
            if case.code == code.id and case.near_miss is near_miss
        )

    for code in codebook.codes:
        yield CodeTrial(
            code.id,
            len(code.examples),
            right(code, as_used, near_miss=False),
            right(code, as_new, near_miss=False),
            len(code.near_misses),
            right(code, as_used, near_miss=True),
            right(code, as_new, near_miss=True),
        )


def _confusions(cases: Sequence[_Case], scores: Scores, columns: Sequence[str]) -> list[tuple[str, str, int]]:
    known = set(columns)
    pairs = Counter(
        (case.code, _best(row, columns)[0])
        for case, row in zip(cases, scores, strict=True)
        if not case.near_miss and case.code in known
    )
    ranked = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(own, other, count) for (own, other), count in ranked if own != other]
