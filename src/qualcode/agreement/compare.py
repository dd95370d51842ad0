"""Compare what two or more coders – people or the machine – made of the same units."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.agreement.coefficients import MISSING, Agreement, Patterns, Ratings, agreement, patterns, pooled
from qualcode.agreement.units import Laid, Passage, Unit, lay, overlap_ratio
from qualcode.models import Valence

# Two passages that share as much of what they cover are taken to be the same passage.
SAME = 0.5
_VALENCES = tuple(Valence)


@dataclass(frozen=True)
class Coder:
    """One coder's work.

    Attributes:
        passages: what they coded
        seen: the units they were to look at; None: all
    """

    name: str
    passages: Sequence[Passage]
    seen: frozenset[int] | None = None


@dataclass(frozen=True)
class CodeAgreement:
    """Agreement on one code.

    Attributes:
        marked: on how many shared units each coder put the code
        together: on how many all of them did
    """

    code: str
    marked: tuple[int, ...]
    together: int
    figures: Agreement


@dataclass(frozen=True)
class PassageMatch:
    """How far two coders' passages with the same code meet, regardless of units; shares of both coders' passages.

    Attributes:
        passages: how many there are
        touching: share that touch one of the other's
        same: share that have one of the other's with an overlap ratio of :data:`SAME` or more
    """

    passages: int
    touching: float
    same: float


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Attributes:
        coders: names
        units: how many units two or more have seen
        interviews: ids of the interviews they lie in
        codes: codes that somebody used, in the order of the codebook
        unused: the others
        pooled: of all (unit, used code) pairs
        coded: whether a unit carries any code
        valence: of units on which coders agree about a code
        passages: of two coders; None with more
        outside: passages that touch no unit, by coder
    """

    coders: tuple[str, ...]
    units: int
    interviews: tuple[str, ...]
    codes: tuple[CodeAgreement, ...]
    unused: tuple[str, ...]
    pooled: Agreement
    coded: Agreement
    valence: Agreement
    passages: PassageMatch | None
    outside: tuple[int, ...]

    def mean(self, figure: str) -> float:
        """Return the unweighted mean of a figure over the codes for which it can be computed."""
        values = [getattr(code.figures, figure).value for code in self.codes]
        known = [value for value in values if not np.isnan(value)]
        return float(np.mean(known)) if known else float("nan")


def compare(coders: Sequence[Coder], units: Sequence[Unit], codes: Sequence[str]) -> Comparison:
    """Compare coders on the units that two or more of them have seen.

    Args:
        coders: two or more
        units: without overlaps
        codes: ids, in the order wanted; passages with other codes are passed over
    """
    theirs = [[passage for passage in coder.passages if passage.code in codes] for coder in coders]
    laid = [lay(passages, units) for passages in theirs]
    shared = _Shared(coders, units)
    of_code = {code: shared.ratings(laid, {code}) for code in codes}
    used = [code for code in codes if (of_code[code] == 1).any()]
    summed = {code: patterns(of_code[code], shared.interviews) for code in used}
    any_code = patterns(shared.ratings(laid, set(codes)), shared.interviews)
    inside = set(shared.interviews)
    met = [shared.of(passages, one) for passages, one in zip(theirs, laid, strict=True)]
    return Comparison(
        coders=tuple(coder.name for coder in coders),
        units=len(shared.units),
        interviews=tuple(sorted(inside)),
        codes=tuple(_on_code(code, of_code[code], summed[code]) for code in used),
        unused=tuple(code for code in codes if code not in used),
        pooled=agreement(pooled([summed[code] for code in used]) if used else any_code),
        coded=agreement(any_code),
        valence=agreement(_valences(laid, shared, used)),
        passages=_match(met[0], met[1]) if len(met) == 2 else None,
        outside=tuple(
            sum(
                not touched and passage.interview in inside
                for passage, touched in zip(passages, one.touched, strict=True)
            )
            for passages, one in zip(theirs, laid, strict=True)
        ),
    )


class _Shared:
    """The units that two or more coders have seen, and who has seen them."""

    def __init__(self, coders: Sequence[Coder], units: Sequence[Unit]) -> None:
        seen = np.ones((len(coders), len(units)), dtype=bool)
        for row, coder in enumerate(coders):
            if coder.seen is not None:
                seen[row] = False
                seen[row, sorted(coder.seen)] = True
        self.units: list[int] = np.flatnonzero(seen.sum(axis=0) >= 2).tolist()
        self.interviews = [units[unit].interview for unit in self.units]
        self.seen = seen[:, self.units]
        self.column = {unit: column for column, unit in enumerate(self.units)}

    def ratings(self, laid: Sequence[Laid], codes: set[str]) -> Ratings:
        """Return whether each coder put any of the codes on each unit: shape (coders, units)."""
        ratings = np.where(self.seen, 0, MISSING).astype(np.int8)
        for row, one in enumerate(laid):
            for unit, given in one.codes.items():
                column = self.column.get(unit)
                if column is not None and self.seen[row, column] and not codes.isdisjoint(given):
                    ratings[row, column] = 1
        return ratings

    def of(self, passages: Sequence[Passage], laid: Laid) -> list[Passage]:
        """Return the passages on these units; those of the same interviews that touch no unit count, too."""
        inside = set(self.interviews)
        return [
            passage
            for passage, touched in zip(passages, laid.touched, strict=True)
            if passage.interview in inside and (not touched or not self.column.keys().isdisjoint(touched))
        ]


def _on_code(code: str, ratings: Ratings, summed: Patterns) -> CodeAgreement:
    marked = tuple(int(count) for count in (ratings == 1).sum(axis=1))
    together = int((ratings != 0).all(axis=0).sum())
    return CodeAgreement(code, marked, together, agreement(summed))


def _valences(laid: Sequence[Laid], shared: _Shared, codes: Iterable[str]) -> Patterns:
    columns, where = [], []
    for unit, interview in zip(shared.units, shared.interviews, strict=True):
        given = [one.codes.get(unit, {}) for one in laid]
        for code in codes:
            valences = [theirs.get(code) for theirs in given]
            if sum(valence is not None for valence in valences) >= 2:
                columns.append([MISSING if valence is None else _VALENCES.index(valence) for valence in valences])
                where.append(interview)
    ratings = np.array(columns, dtype=np.int8).reshape(-1, len(laid)).T
    return patterns(ratings, where, categories=len(_VALENCES))


def _match(first: Sequence[Passage], second: Sequence[Passage]) -> PassageMatch:
    best = [
        max((overlap_ratio(one, other) for other in others.get((one.interview, one.code), ())), default=0.0)
        for mine, others in ((first, _sorted_out(second)), (second, _sorted_out(first)))
        for one in mine
    ]
    if not best:
        return PassageMatch(0, float("nan"), float("nan"))
    return PassageMatch(
        len(best), float(np.mean([ratio > 0 for ratio in best])), float(np.mean([ratio >= SAME for ratio in best]))
    )


def _sorted_out(passages: Iterable[Passage]) -> Mapping[tuple[str, str], list[Passage]]:
    found: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        found.setdefault((passage.interview, passage.code), []).append(passage)
    return found
