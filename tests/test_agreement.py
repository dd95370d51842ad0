"""Coefficients against published examples and other implementations; units; comparisons."""

import math
from itertools import pairwise

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from qualcode.agreement.coefficients import (
    MISSING,
    ac1,
    agreement,
    alpha,
    cohen_kappa,
    kappa,
    patterns,
    percent,
    pooled,
    weighted_alpha,
)
from qualcode.agreement.compare import Coder, compare
from qualcode.agreement.page import record, table
from qualcode.agreement.units import CodedSpan, Unit, UnitKind, cut, lay, overlap_ratio
from qualcode.ingest.read import parse
from qualcode.models import Valence
from tests.conftest import CHEF

N = MISSING
# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C: 4 observers, 12 units, 5 values.
KRIPPENDORFF = np.array(
    [
        [0, 1, 2, 2, 1, 0, 3, 0, 1, N, N, N],
        [0, 1, 2, 2, 1, 1, 3, 0, 1, 4, N, 2],
        [N, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, N],
        [0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, N],
    ],
    dtype=np.int8,
)


def two_by_two(both: int, first: int, second: int, neither: int) -> np.ndarray:
    columns = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
    return np.array(columns, dtype=np.int8).T


def figures(ratings: np.ndarray, categories: int = 2) -> tuple[float, float, float, float]:
    found = patterns(ratings, [""] * ratings.shape[1], categories)
    return percent(found, found.total), kappa(found, found.total), alpha(found), ac1(found, found.total)


def test_krippendorffs_own_example() -> None:
    assert figures(KRIPPENDORFF, 5)[2] == pytest.approx(0.743, abs=5e-4)


def test_krippendorffs_two_observers_with_binary_data() -> None:
    # The same paper, example A: two observers, ten articles; α = .095.
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert figures(np.array([first, second], dtype=np.int8))[2] == pytest.approx(0.095, abs=5e-4)


def test_gwets_example_of_a_common_trait() -> None:
    # Gwet (2002): 125 subjects, 118 of them positive to both; κ is below nothing though 94.4 % are agreed upon.
    share, cohen, _, gwet = figures(two_by_two(118, 5, 2, 0))
    assert (share, cohen, gwet) == pytest.approx((0.944, -0.0234, 0.9408), abs=5e-4)


def test_gwets_ac1_with_several_raters_and_missing_ratings() -> None:
    # By hand: agreement 1, 1/3 and 1 of the units two saw; shares of the category 1, 1/3, 0 and 1 of all four.
    ratings = np.array([[1, 1, 0, 1], [1, 0, 0, N], [1, 0, N, N]], dtype=np.int8)
    observed, share = (1 + 1 / 3 + 1) / 3, (1 + 1 / 3 + 0 + 1) / 4
    by_chance = 2 * share * (1 - share)
    assert figures(ratings)[3] == pytest.approx((observed - by_chance) / (1 - by_chance))


BINARY = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40)
WITH_GAPS = st.lists(st.tuples(*[st.integers(N, 2)] * 3), min_size=1, max_size=25)


@settings(deadline=None)
@given(BINARY)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs, dtype=bool).T
    ours = cohen_kappa(first, second)
    if len(set(first) | set(second)) < 2:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(cohen_kappa_score(first, second))


@settings(deadline=None)
@given(WITH_GAPS)
def test_alpha_of_patterns_is_that_of_the_package_on_units(columns: list[tuple[int, ...]]) -> None:
    ratings = np.array(columns, dtype=np.int8).T
    found = patterns(ratings, [""] * ratings.shape[1], 3)
    ours, quick = alpha(found), weighted_alpha(found, found.total)
    assert ours == pytest.approx(quick, nan_ok=True)
    if not math.isnan(ours):
        gaps = np.where(ratings == N, np.nan, ratings)
        theirs = krippendorff.alpha(reliability_data=gaps, level_of_measurement="nominal")
        assert ours == pytest.approx(theirs)


@settings(deadline=None)
@given(WITH_GAPS, st.permutations(range(3)))
def test_figures_do_not_depend_on_the_order_of_coders_and_stay_in_bounds(
    columns: list[tuple[int, ...]], order: list[int]
) -> None:
    ratings = np.array(columns, dtype=np.int8).T
    found = figures(ratings, 3)
    assert found == pytest.approx(figures(ratings[order], 3), nan_ok=True)
    assert all(math.isnan(figure) or -1 - 1e-9 <= figure <= 1 + 1e-9 for figure in found)
    same = np.stack([ratings[0]] * 2)
    assert all(math.isnan(figure) or figure == pytest.approx(1) for figure in figures(same, 3))


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        ([[0, 0, 0], [0, 0, 0]], "det samme"),
        ([[1, 1], [1, 1]], "det samme"),
        ([[1, N], [N, 0]], "ingen enheder"),
        (np.zeros((2, 0)), "ingen enheder"),
    ],
)
def test_what_cannot_be_computed_is_nan_with_a_reason(ratings: object, why: str) -> None:
    given_ratings = np.array(ratings, dtype=np.int8)
    found = agreement(patterns(given_ratings, ["a"] * given_ratings.shape[1]))
    assert all(math.isnan(figure.value) for figure in (found.kappa, found.alpha, found.ac1))
    assert why in found.why_not


def test_intervals_are_drawn_over_interviews_and_need_two_of_them() -> None:
    ratings = two_by_two(5, 5, 0, 10)
    one = agreement(patterns(ratings, ["a"] * 20))
    assert not math.isnan(one.percent.value)
    assert math.isnan(one.percent.low)
    two = agreement(patterns(ratings, ["a"] * 10 + ["b"] * 10))
    assert (two.percent.low, two.percent.high) == (0.5, 1.0)


def test_variables_taken_as_one_are_their_units_taken_together() -> None:
    where = ["a"] * 10 + ["b"] * 10
    first, second = two_by_two(5, 5, 0, 10), two_by_two(1, 2, 3, 14)
    together = agreement(pooled([patterns(first, where), patterns(second, where)]))
    direct = agreement(patterns(np.concatenate([first, second], axis=1), where * 2))
    assert together == direct


UNITS = [Unit("a", 0, 100), Unit("a", 100, 110), Unit("a", 120, 220), Unit("b", 0, 50)]


def span(start: int, end: int, code: str = "k", interview: str = "a", valence: Valence = Valence.NEUTRAL) -> CodedSpan:
    return CodedSpan(interview, start, end, code, valence)


@pytest.mark.parametrize(
    ("passage", "on"),
    [
        (span(0, 100), [0]),
        (span(40, 60), [0]),
        (span(60, 105), [0, 1]),  # 40 of 45, and 5 of the 10 that are shorter
        (span(60, 104), [0]),
        (span(90, 230), [1, 2]),
        (span(95, 136), [1]),
        (span(110, 120), []),
        (span(109, 121), [1]),  # half of neither: the one it shares most with, the first of equals
        (span(0, 50, interview="b"), [3]),
        (span(0, 50, interview="c"), []),
    ],
)
def test_a_passage_counts_where_half_of_the_shorter_is_shared(passage: CodedSpan, on: list[int]) -> None:
    assert sorted(lay([passage], UNITS).codes) == on


@settings(deadline=None)
@given(st.integers(0, 230), st.integers(1, 150))
def test_no_passage_that_touches_a_unit_is_lost(start: int, length: int) -> None:
    laid = lay([span(start, start + length)], UNITS)
    assert bool(laid.codes) == bool(laid.touched[0])
    assert laid.codes.keys() <= laid.touched[0]


def test_the_valence_is_that_of_the_passage_that_shares_most() -> None:
    laid = lay([span(0, 60, valence=Valence.BEHOV), span(60, 70, valence=Valence.BARRIERE)], UNITS)
    assert laid.codes == {0: {"k": Valence.BEHOV}}


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_the_overlap_ratio_is_that_of_sets_of_characters(a: int, b: int, c: int, d: int) -> None:
    first, second = set(range(a, a + b)), set(range(c, c + d))
    assert overlap_ratio(span(a, a + b), span(c, c + d)) == pytest.approx(len(first & second) / len(first | second))


@pytest.mark.parametrize("kind", UnitKind)
def test_units_are_of_respondents_in_order_and_apart(kind: UnitKind, nlp: object) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    units = list(cut(interview, nlp, kind))  # type: ignore[arg-type]
    turns = list(interview.responses())
    assert all(any(turn.start <= unit.start < unit.end <= turn.end for turn in turns) for unit in units)
    assert all(one.end <= other.start for one, other in pairwise(units))


def test_a_comparison_counts_what_each_marked_and_tells_it() -> None:
    mette = Coder("mette", [span(0, 90), span(120, 200), span(0, 50, "m", "b"), span(110, 120)])
    ali = Coder("ali", [span(10, 100, valence=Valence.BEHOV), span(0, 50, "k", "b")])
    found = compare([mette, ali], UNITS, ["k", "m", "x"])
    (k, m) = found.codes
    assert (k.code, k.marked, k.together) == ("k", (2, 2), 1)
    assert (m.marked, m.together) == ((1, 0), 0)
    assert found.unused == ("x",)
    assert found.outside == (1, 0)
    assert (found.valence.units, found.valence.percent.value) == (1, 0.0)
    assert found.passages is not None
    assert (found.passages.passages, found.passages.touching) == (6, pytest.approx(2 / 6))
    told = "\n".join(table(found))
    assert "mette – ali: 4 enheder i 2 interview" in told
    assert "mette 1, ali 0" in told
    assert record(found)["unused"] == ["x"]


def test_units_not_seen_by_a_coder_are_no_disagreement() -> None:
    mette = Coder("mette", [span(0, 100), span(120, 220)], frozenset({0, 2}))
    ali = Coder("ali", [span(0, 100)], frozenset({0, 1, 3}))
    found = compare([mette, ali], UNITS, ["k"])
    assert (found.units, found.codes[0].marked, found.codes[0].figures.percent.value) == (1, (1, 1), 1.0)
    assert found.passages is not None
    assert (found.passages.passages, found.passages.same) == (2, 1.0)


def test_nothing_coded_and_nothing_seen_can_be_told() -> None:
    for seen in (None, frozenset[int]()):
        found = compare([Coder("a", [], seen), Coder("b", [], seen)], UNITS, ["k"])
        assert list(table(found))
        assert record(found)["coded"]["alpha"]["value"] is None  # type: ignore[index]
