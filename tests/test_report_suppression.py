"""No number that a report hides can be computed back from those it prints."""

from datetime import date
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from qualcode.analysis.frames import codings_frame, informants_frame
from qualcode.analysis.suppression import HIDDEN, Count, addends, broken_down, cover, total
from qualcode.ingest.read import Hints
from qualcode.models import (
    Code,
    Codebook,
    Coding,
    Informant,
    Interview,
    Kind,
    Level,
    Source,
    Turn,
    Valence,
)
from qualcode.reporting.context import build_report
from qualcode.reporting.layout import document
from qualcode.reporting.markdown import render_markdown
from qualcode.reporting.material import Material
from qualcode.reporting.prose import Notes
from qualcode.reporting.source import SourceTexts

CELLS = st.lists(st.tuples(st.integers(3, 6), st.integers(0, 6)), min_size=1, max_size=4)


def possible(printed: Count, size: int, zeros_hidden: bool) -> list[int]:
    """What a reader reckons with: hidden numbers are 1 or more unless a nought was hidden, and not over the size."""
    if printed.people is not None:
        return [printed.people]
    return list(range(0 if zeros_hidden else 1, (printed.below or size + 1)))


def told(printed: dict[str, Count], worlds: list[tuple[int, ...]]) -> list[str]:
    """Names of hidden numbers that are the same in all worlds."""
    return [
        name
        for place, (name, count) in enumerate(printed.items())
        if count.hidden and len({world[place] for world in worlds}) < 2
    ]


@given(CELLS, st.sampled_from([3, 4]))
@settings(max_examples=300, deadline=None)
def test_levels_cannot_be_computed_from_the_total(cells: list[tuple[int, int]], k: int) -> None:
    sizes = {f"n{place}": max(size, k) for place, (size, _) in enumerate(cells)}
    parts = {name: min(people, sizes[name]) for name, (_, people) in zip(sizes, cells, strict=True)}
    whole = total(sum(parts.values()), sum(sizes.values()), k)
    printed = addends(whole, parts, sizes, k)
    if not any(count.hidden for count in printed.values()):
        return
    # What is never broken down is hidden whatever it holds; else the reader knows that something small is hidden.
    always = whole.people is None or not broken_down(whole.people, sizes, k)
    zeros = always or any(count.hidden and not parts[name] for name, count in printed.items())
    worlds = [
        world
        for world in product(*(possible(count, sizes[name], zeros) for name, count in printed.items()))
        if (whole.people is None or sum(world) == whole.people)
        and (always or any(0 < n < k for n, count in zip(world, printed.values(), strict=True) if count.hidden))
        and (not whole.below or 0 < sum(world) < whole.below)
    ]
    assert tuple(parts.values()) in worlds
    if len(parts) > 1 or whole.hidden:
        assert told(printed, worlds) == []


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4), st.integers(0, 6), st.sampled_from([3, 4]))
@settings(max_examples=300, deadline=None)
def test_overlapping_numbers_cannot_be_computed_from_the_total(people: list[int], more: int, k: int) -> None:
    parts = {f"n{place}": value for place, value in enumerate(people)}
    true = min(sum(people), max(people) + more)
    whole = total(true, 20, k)
    printed = cover(whole, parts, k)
    if not true or not any(count.hidden for count in printed.values()):
        return
    zeros = whole.hidden or any(count.hidden and not parts[name] for name, count in printed.items())
    worlds = [
        world
        for top in ([whole.people] if whole.people is not None else range(1, k))
        for world in product(*(possible(count, top, zeros) for count in printed.values()))
        if max(world) <= top <= sum(world)
        and any(0 < value < k for value, count in zip(world, printed.values(), strict=True) if count.hidden)
    ]
    assert tuple(parts.values()) in worlds
    if len(parts) > 1 or not whole.hidden:
        assert told(printed, worlds) == []


def test_the_case_that_simple_suppression_gives_away() -> None:
    """17 of 24 beside 4, 6 and 5 would give the hidden 2 away."""
    parts = {"direktører": 2, "chefer": 4, "ledere": 6, "medarbejdere": 5}
    sizes = {"direktører": 4, "chefer": 5, "ledere": 8, "medarbejdere": 7}
    whole = total(17, 24, 3)
    printed = addends(whole, parts, sizes, 3)
    assert whole.phrase == "17 af 24"
    assert [count.cell for count in printed.values()] == [HIDDEN, HIDDEN, "6", "5"]


def test_a_hidden_total_hides_its_parts() -> None:
    whole = total(2, 12, 3)
    assert whole.phrase == "færre end 3 af 12"
    assert {count.cell for count in addends(whole, {"a": 1, "b": 0, "c": 1}, {"a": 4, "b": 4, "c": 4}, 3).values()} == {
        HIDDEN
    }


def test_all_but_one_is_never_broken_down() -> None:
    """9 of 3 + 7 people: a 2 could not be hidden, so that neither is a 3 shown."""
    for parts in ({"a": 2, "b": 7}, {"a": 3, "b": 6}):
        assert {count.cell for count in addends(Count(9, 10), parts, {"a": 3, "b": 7}, 3).values()} == {HIDDEN}


def test_one_turns_it_off() -> None:
    assert addends(Count(1, 5), {"a": 1, "b": 0}, {"a": 2, "b": 3}, 1) == {"a": Count(1, 2), "b": Count(0, 3)}


def synthetic(seed: int) -> Material:
    """A study of 17 people and three themes at random."""
    random = Random(seed)  # noqa: S311
    levels = ["direktør"] * 3 + ["chef"] * 4 + ["leder"] * 4 + ["medarbejder"] * 6
    codes = ["a", "a.x", "a.y", "b", "b.x", "c"]
    book = Codebook(
        "b", "B", "1", "", "", tuple(Code(code, code.upper(), Kind.BARRIERE, "Om noget.") for code in codes)
    )
    text = "Noget om drift og andet. " * 20
    interviews, codings = [], []
    for number, level in enumerate(levels):
        person = Informant("IP", level, Level(level))
        interviews.append(
            Interview(f"i{number}", f"i{number}.txt", text, (Turn(1, 0, len(text), "IP", False),), (person,))
        )
        for place, code in enumerate(codes):
            if random.random() < random.choice([0.1, 0.3, 0.6]):
                start = 25 * place
                valence = random.choice(list(Valence))
                codings.append(
                    Coding(
                        f"{number}-{code}", f"i{number}", 1, start, start + 24, "IP", code, valence, 0.9, Source.MODEL
                    )
                )
    frame = codings_frame("s", interviews, codings, book)
    sources = _Texts(Path(), interviews, Hints())
    return Material(
        "T",
        "s",
        date(2026, 1, 1),
        book,
        interviews,
        informants_frame(interviews),
        frame,
        1,
        sources,
        Notes(Path("nowhere")),
    )


class _Texts(SourceTexts):
    """Takes what is stored for what is on disk."""

    def quote(self, interview: str, start: int, end: int, expected: str) -> str:
        return expected


def bounds_of(total_printed: int | None, k: int, cells: list[Count], *, adds_up: bool) -> list[tuple[int, int]]:
    """Solve for the least and the most that each hidden number can be, total included, by integer programming."""
    size = len(cells) + 1
    low = [1.0 if total_printed is None else float(total_printed)]
    high = [float(k - 1) if total_printed is None else float(total_printed)]
    low += [float(count.people if count.people is not None else 0) for count in cells]
    high += [float(count.people if count.people is not None else count.of) for count in cells]
    rows = [LinearConstraint([[-1.0, *([1.0] * len(cells))]], 0, 0 if adds_up else float("inf"))]
    if not adds_up:
        rows += [
            LinearConstraint([[1.0, *(-1.0 if other == place else 0.0 for other in range(len(cells)))]], 0)
            for place in range(len(cells))
        ]
    found = []
    for place in range(size):
        if place and cells[place - 1].people is not None:
            continue
        if not place and total_printed is not None:
            continue
        cost = [1.0 if other == place else 0.0 for other in range(size)]
        ends = [
            milp([sign * value for value in cost], constraints=rows, bounds=Bounds(low, high), integrality=[1] * size)
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends)
        found.append((round(ends[0].fun), round(-ends[1].fun)))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_number_of_a_report_can_be_computed_from_the_printed_ones(seed: int) -> None:
    report = build_report(synthetic(seed))
    assert report.themes
    for theme in report.themes:
        ways = [theme.ways.driver, theme.ways.barrier, theme.ways.need, theme.ways.neutral]
        groups = [item.count for item in theme.by_group]
        parts = [part.count for part in theme.parts]
        for cells, adds_up in ((groups, True), (ways, False), (parts, False)):
            for low, high in bounds_of(theme.count.people, report.small_cell, cells, adds_up=adds_up):
                assert low < high
    # What the pages say, tables, figures and text alternatives included, holds no number that the values hide.
    printed = render_markdown(document(report)).decode()
    for theme in report.themes:
        if theme.count.hidden:
            assert f"{theme.name} | < 3 | • | • | • | •" in printed
