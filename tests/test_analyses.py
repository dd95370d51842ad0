"""The chapters a study asks for in ``analyses``: waves, scale, matrix, profile – what they say and what they hide."""

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.analyses import AnalysisSettings, MatrixSettings, ProfileSettings
from qualcode.analysis.crosstab import Columns, Crosstab, protected
from qualcode.analysis.frames import codings_frame, informants_frame
from qualcode.analysis.suppression import Count, addends, broken_down, total
from qualcode.ingest.read import Hints
from qualcode.models import Code, Codebook, Coding, Facts, Informant, Interview, Kind, Level, Source, Turn, Valence
from qualcode.reporting.blocks import Document, Figure, Findings, Heading, Table
from qualcode.reporting.context import build_report
from qualcode.reporting.figures import draw
from qualcode.reporting.layout import document
from qualcode.reporting.markdown import render_markdown
from qualcode.reporting.material import Material
from qualcode.reporting.pictures import Profiles, Slopes, Stairs
from qualcode.reporting.prose import Notes
from qualcode.reporting.render import FORMATS
from qualcode.reporting.source import SourceTexts
from qualcode.reporting.values import Report

CODES = {
    "trin": "Trappen",
    "trin.info": "Information",
    "trin.samtale": "Samtale",
    "trin.faelles": "Fælles beslutning",
    "rolle": "Roller",
    "rolle.tovholder": "Tovholder",
    "rolle.leder": "Lederen",
    "fase": "Faser",
    "fase.start": "Start",
    "fase.drift": "Drift",
    "ledelse": "Ledelse",
    "ledelse.ramme": "Rammesættende ledelse",
    "ledelse.engagere": "Engagerende ledelse",
}
BOOK = Codebook(
    "b",
    "B",
    "1",
    "",
    "",
    tuple(
        Code(code, name, Kind.ROLLE if code.startswith("rolle") else Kind.BARRIERE, f"Om {name.lower()}.")
        for code, name in CODES.items()
    ),
)
ALL = AnalysisSettings(
    waves=("før", "efter"),
    scale="trin",
    matrix=MatrixSettings(rows="rolle", columns="fase"),
    profile=ProfileSettings(codes=("ledelse.ramme", "ledelse.engagere"), by="department"),
)
TEXT = "Noget om drift og andet. " * 40

# A person: level, wave, department, and what they say as (code, valence, turn).
Said = list[tuple[str, Valence, int]]
Person = tuple[str, str | None, str, Said]


class AsStored(SourceTexts):
    """Takes what is stored for what is on disk."""

    def quote(self, interview: str, start: int, end: int, expected: str) -> str:
        return expected


def material(people: list[Person], asked: AnalysisSettings = ALL, small_cell: int = 3) -> Material:
    interviews, codings = [], []
    half = len(TEXT) // 2
    for number, (level, wave, department, said) in enumerate(people):
        name = f"i{number}"
        turns = (Turn(1, 0, half, "IP", False), Turn(2, half, len(TEXT), "IP", False))
        informant = Informant("IP", level, Level(level))
        facts = Facts(level, department, None, wave)
        interviews.append(Interview(name, f"{name}.txt", TEXT, turns, (informant,), facts))
        for place, (code, valence, turn) in enumerate(said):
            start = (turn - 1) * half + 25 * place
            codings.append(
                Coding(f"{name}-{place}", name, turn, start, start + 24, "IP", code, valence, 0.9, Source.MODEL)
            )
    return Material(
        "T",
        "s",
        date(2026, 1, 1),
        BOOK,
        interviews,
        informants_frame(interviews),
        codings_frame("s", interviews, codings, BOOK),
        1,
        AsStored(Path(), interviews, Hints()),
        Notes(Path("nowhere")),
        small_cell=small_cell,
        analyses=asked,
    )


def says(*codes: str, valence: Valence = Valence.NEUTRAL, turn: int = 1) -> Said:
    return [(code, valence, turn) for code in codes]


def table(laid_out: Document, anchor: str) -> dict[str, tuple[str, ...]]:
    found = next(block for block in laid_out.blocks if isinstance(block, Table) and block.anchor == anchor)
    return {row.cells[0]: row.cells[1:] for row in found.rows}


def pictures(laid_out: Document) -> dict[str, Figure]:
    return {block.anchor: block for block in laid_out.blocks if isinstance(block, Figure)}


GROWING: list[Person] = [
    *[("leder", "før", "A", says("trin.info"))] * 4,
    *[("medarbejder", "før", "B", says("trin.info", "fase.start"))] * 4,
    *[("leder", "efter", "A", says("trin.faelles", "fase.start", "fase.drift"))] * 4,
    *[("medarbejder", "efter", "B", says("trin.samtale", "fase.drift"))] * 4,
]


def test_a_study_that_asks_for_nothing_has_no_such_chapters() -> None:
    report = build_report(material(GROWING, AnalysisSettings()))
    anchors = {block.anchor for block in document(report).blocks if isinstance(block, Heading)}
    assert not anchors & {"boelger", "trin", "matrix", "profiler"}


def in_summary(people: list[Person]) -> dict[str, str]:
    blocks = document(build_report(material(people))).blocks
    anchors = {getattr(block, "anchor", "") for block in blocks}
    told = {item.anchor: item.sentence for block in blocks if isinstance(block, Findings) for item in block.items}
    assert set(told) <= anchors
    return told


def test_the_summary_tells_what_the_study_asks_for() -> None:
    told = in_summary(GROWING)
    assert told["boelger"] == "Flere taler om faser i bølgen »efter« end i bølgen »før«: 100 % mod 50 %."
    assert told["trin"].startswith("Flest har passager på trinet »Information« (8 af 16 interviewpersoner)")
    fewer = in_summary([*GROWING[:3], *GROWING[4:7], *GROWING[8:11], *GROWING[12:15]])
    assert fewer["boelger"] == (
        "Faser vokser mest, fra 3 af 6 i bølgen »før« til 6 af 6 i bølgen »efter«; med så få interviewpersoner kan det "
        "være tilfældigt."
    )


def test_waves_tell_what_grows_and_with_whom() -> None:
    laid_out = document(build_report(material(GROWING)))
    assert table(laid_out, "tabel-boelger")["Faser"] == ("4", "8", "+50")
    assert table(laid_out, "tabel-boelger-niveauer")["Faser: ledere"] == ("0 af 4", "4 af 4")
    text = render_markdown(laid_out).decode()
    assert "vokser hos ledere (fra 0 af 4 til 4 af 4)" in text
    figure = pictures(laid_out)["figur-boelger"]
    assert isinstance(figure.picture, Slopes)
    assert dict(figure.picture.lines)["Faser"] == (0.5, 1.0)
    assert "»før« 4 af 8, »efter« 8 af 8" in figure.alt


def test_a_change_is_singled_out_only_where_the_numbers_bear_it() -> None:
    many = build_report(material([*GROWING[:4] * 5, *GROWING[8:12] * 5])).analyses.waves
    assert many
    assert any("Flere taler om faser i bølgen »efter«" in sentence for sentence in many.sentences)
    few = build_report(material(GROWING)).analyses.waves
    assert few
    assert not any("trappen" in sentence for sentence in few.sentences)


def test_small_waves_say_neither_shares_nor_sizes() -> None:
    report = build_report(material([*GROWING[:8], *GROWING[8:10]]))
    waves = report.analyses.waves
    assert waves
    assert all(wave.size.hidden for wave in waves.waves)
    assert {theme.change for theme in waves.themes} == {None}
    laid_out = document(report)
    assert "tabel-boelger" not in {block.anchor for block in laid_out.blocks if isinstance(block, Table)}
    assert "figur-boelger" not in pictures(laid_out)
    assert "Tallene vises ikke" in render_markdown(laid_out).decode()


def test_people_without_a_wave_are_told_of() -> None:
    people: list[Person] = [*GROWING, *[("leder", None, "A", says("trin.info"))] * 3]
    assert (
        "3 interviewpersoner hører ikke til nogen bølge"
        in render_markdown(document(build_report(material(people)))).decode()
    )


def test_scale_counts_people_and_passages_and_finds_the_median_step() -> None:
    twice: list[Person] = [("leder", "efter", "A", says("trin.faelles", "trin.faelles"))] * 4
    report = build_report(material([*GROWING[:8], *twice, *GROWING[12:]]))
    scale = report.analyses.scale
    assert scale
    assert [count.people for count in scale.all.counts] == [8, 4, 4]
    assert scale.passages == (8, 4, 8)
    assert scale.all.median == 1
    assert {split.column.name: split.median for split in scale.by_group} == {"ledere": 2, "medarbejdere": 0}
    laid_out = document(report)
    assert list(table(laid_out, "tabel-trin")) == ["Fælles beslutning", "Samtale", "Information"]
    assert table(laid_out, "tabel-trin")["Samtale"] == ("4", "4", "20 %")
    assert table(laid_out, "tabel-trin-boelge")["Midterste trin"] == ("Information", "Fælles beslutning")
    assert "højest hos ledere (»Fælles beslutning«)" in render_markdown(laid_out).decode()
    assert isinstance(pictures(laid_out)["figur-trin-niveau"].picture, Stairs)


def test_a_scale_nobody_speaks_of_says_so() -> None:
    people: list[Person] = [("leder", "før", "A", says("fase.start")), ("leder", "efter", "A", says("fase.start"))] * 3
    assert (
        "Ingen passager er placeret på et trin." in render_markdown(document(build_report(material(people)))).decode()
    )


def test_matrix_joins_roles_and_phases_within_a_turn() -> None:
    same: Person = ("leder", "før", "A", [*says("rolle.tovholder", "fase.start"), *says("fase.drift", turn=2)])
    apart: Person = ("leder", "efter", "A", [*says("rolle.tovholder"), *says("fase.start", turn=2)])
    matrix = build_report(material([same] * 4 + [apart] * 4)).analyses.matrix
    assert matrix
    assert matrix.rows == ("Tovholder", "Lederen")
    assert [tally.people.people for tally in matrix.cells[0]] == [4, 0]
    assert [tally.people.people for tally in matrix.cells[1]] == [0, 0]
    assert matrix.cells[0][0].passages == 4


def test_matrix_of_levels_hides_passages_where_the_column_has_a_hidden_number() -> None:
    asked = AnalysisSettings(matrix=MatrixSettings(rows="level", columns="fase"))
    people: list[Person] = [
        *[("leder", None, "A", says("fase.start", "fase.start", "fase.drift"))] * 6,
        *[("medarbejder", None, "A", says("fase.drift"))] * 4,
        *[("medarbejder", None, "A", says("fase.start", "fase.drift"))] * 2,
        *[("borger", None, "A", says("fase.start", "fase.drift"))] * 5,
    ]
    matrix = build_report(material(people, asked)).analyses.matrix
    assert matrix
    start = [line[0] for line in matrix.cells]
    assert any(tally.people.hidden for tally in start)
    assert {tally.passages for tally in start} == {None}
    assert sum(tally.people.hidden for tally in start) >= 2
    assert [line[1].passages for line in matrix.cells] == [6, 6, 5]


def test_profile_balances_passages_group_by_group() -> None:
    people: list[Person] = [
        *[("leder", "før", "A", says("ledelse.ramme", "ledelse.ramme", valence=Valence.DRIVKRAFT))] * 4,
        *[("leder", "efter", "B", says("ledelse.ramme", valence=Valence.BARRIERE))] * 5,
        *[("leder", "efter", "C", says("ledelse.engagere", valence=Valence.BARRIERE))] * 1,
    ]
    report = build_report(material(people))
    profile = report.analyses.profile
    assert profile
    # The lone person of C joins the smallest other, and no group tells who is alone.
    assert [(column.name, column.size.people) for column, _ in profile.groups] == [("B", 5), ("øvrige", 5)]
    laid_out = document(report)
    rows = table(laid_out, "tabel-profiler")
    assert rows["Rammesættende ledelse: B (af 5)"] == ("0", "5 (5)", "−5")
    assert rows["Rammesættende ledelse: øvrige (af 5)"] == ("8 (4)", "0", "+8")
    assert rows["Engagerende ledelse: alle"] == ("0", "•", "•")
    assert isinstance(pictures(laid_out)["figur-profiler"].picture, Profiles)


def test_profile_by_single_interviews_shows_all_as_one() -> None:
    asked = AnalysisSettings(profile=ProfileSettings(codes=("ledelse.ramme",), by="interview"))
    people: list[Person] = [("leder", None, "A", says("ledelse.ramme", valence=Valence.DRIVKRAFT))] * 5
    laid_out = document(build_report(material(people, asked)))
    assert list(table(laid_out, "tabel-profiler")) == ["Rammesættende ledelse: alle"]
    assert "Ingen grupper efter interview er store nok" in render_markdown(laid_out).decode()


def test_chapters_whose_every_number_is_hidden_say_so_without_a_table() -> None:
    lonely: list[Person] = [
        ("leder", "før", "A", says("fase.start", "rolle.leder", "ledelse.ramme", valence=Valence.BARRIERE)),
        *[("leder", "før", "A", says())] * 3,
        *[("leder", "efter", "B", says())] * 4,
    ]
    laid_out = document(build_report(material(lonely)))
    anchors = {block.anchor for block in laid_out.blocks if isinstance(block, Table | Figure)}
    assert not anchors & {"tabel-boelger", "tabel-matrix", "tabel-profiler", "figur-profiler"}
    assert render_markdown(laid_out).decode().count("Tallene vises ikke") == 4


def scattered(seed: int) -> list[Person]:
    random = Random(seed)  # noqa: S311
    people: list[Person] = []
    for level, size in (("direktør", 3), ("leder", 7), ("medarbejder", 9), ("borger", 4)):
        for _ in range(size):
            said = [
                (code, random.choice(list(Valence)), random.choice([1, 2]))
                for code in CODES
                if "." in code and random.random() < 0.35
            ]
            people.append((level, random.choice(["før", "efter"]), random.choice("ABC"), said))
    return people


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_every_format_holds_the_chapters_and_figures_draw_alike(seed: int) -> None:
    laid_out = document(build_report(material(scattered(seed))))
    for render in FORMATS.values():
        assert render(laid_out)
    text = render_markdown(laid_out).decode()
    for heading in ("Fra bølge til bølge", "Trin for trin: trappen", "Roller og faser", "Profiler efter forvaltning"):
        assert heading in text
    for figure in pictures(laid_out).values():
        assert figure.alt
        assert draw(figure.picture).svg == draw.__wrapped__(figure.picture).svg


def shown(report: Report) -> list[Count]:
    """All numbers of people in the chapters."""
    asked = report.analyses
    assert asked.waves
    assert asked.scale
    assert asked.matrix
    assert asked.profile
    found = [count for theme in asked.waves.themes for count in theme.counts]
    found += [count for theme in asked.waves.themes for _, row in theme.by_group for count in row]
    found += [wave.size for wave in asked.waves.waves]
    for split in (asked.scale.all, *asked.scale.by_group, *asked.scale.by_wave):
        found += [*split.counts, split.whole]
    found += [tally.people for line in asked.matrix.cells for tally in line]
    for _, codes in asked.profile.groups:
        found += [tally.people for code in codes for tally in (code.driver, code.barrier)]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_no_small_number_is_printed(seed: int) -> None:
    made = material(scattered(seed))
    counts = shown(build_report(made))
    assert any(count.hidden for count in counts)
    assert not [count for count in counts if count.people in (1, 2)]
    open_ = shown(build_report(replace(made, small_cell=1, title="open")))
    assert not any(count.hidden for count in open_)


GRID = st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=3)


def solutions(table: Crosstab, printed: dict[tuple[str, str], Count]) -> list[tuple[int, ...]]:
    """Return all tables that a reader cannot tell from the true one, by trying each."""
    cells = list(table.people)
    zeros = any(printed[cell].hidden and not table.people[cell] for cell in cells)
    ranges = [
        [table.people[cell]] if not printed[cell].hidden else range(0 if zeros else 1, table.size(cell) + 1)
        for cell in cells
    ]
    worlds = []
    for world in product(*ranges):
        at = dict(zip(cells, world, strict=True))
        rows_hold = all(
            sum(at[cell] for cell in cells if cell[0] == row) == whole.people
            for row, whole in table.rows.items()
            if whole.people is not None
        )
        columns_hold = all(
            max(at[cell] for cell in cells if cell[1] == name)
            <= whole.people
            <= sum(at[cell] for cell in cells if cell[1] == name)
            for name, whole in table.columns.items()
            if whole.people is not None
        )
        if rows_hold and columns_hold:
            worlds.append(world)
    return worlds


@pytest.mark.slow
@given(GRID)
@settings(max_examples=40, deadline=None)
def test_a_hidden_number_cannot_be_computed_along_rows_or_columns(grid: list[tuple[int, ...]]) -> None:
    rows, columns = [f"r{number}" for number in range(len(grid))], ["a", "b", "c"]
    people = {(row, name): grid[y][x] for y, row in enumerate(rows) for x, name in enumerate(columns)}
    sizes = dict.fromkeys(columns, 4)
    wholes = {name: max(people[row, name] for row in rows) for name in columns}
    whole = total(sum(wholes.values()), 12, 3)
    table = Crosstab(
        people,
        {row: total(sum(people[row, name] for name in columns), 12, 3) for row in rows},
        addends(whole, wholes, sizes, 3),
        dict.fromkeys(people, 4),
    )
    printed = protected(table, 3)
    assert all(count.people not in (1, 2) for count in printed.values())
    worlds = solutions(table, printed)
    assert tuple(people.values()) in worlds
    for place, (cell, count) in enumerate(printed.items()):
        row, column = table.rows[cell[0]], table.columns[cell[1]]
        tells = row.people is not None and not broken_down(row.people, sizes, 3)
        if 0 < people[cell] < 3 and count.hidden and not tells and not column.hidden:
            assert len({world[place] for world in worlds}) > 1


def test_where_both_lines_add_up_a_lone_small_number_hides_three_others() -> None:
    people = {("x", "a"): 1, ("x", "b"): 5, ("x", "c"): 6, ("y", "a"): 5, ("y", "b"): 5, ("y", "c"): 6}
    table = Crosstab(
        people,
        {"x": Count(12, 40), "y": Count(16, 40)},
        {"a": Count(6, 20), "b": Count(10, 20), "c": Count(12, 20)},
        dict.fromkeys(people, 9),
        Columns.ADD_UP,
    )
    hidden = {cell for cell, count in protected(table, 3).items() if count.hidden}
    assert ("x", "a") in hidden
    assert len(hidden) >= 4
