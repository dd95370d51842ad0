"""The chapters that a study asks for: waves, scale, matrix, profile."""

from collections.abc import Iterator, Sequence

from qualcode.analysis.suppression import HIDDEN
from qualcode.reporting.blocks import Block, Bullets, Figure, Finding, Heading, Row, Run, Table, plain
from qualcode.reporting.danish import joined, lower_first, upper_first
from qualcode.reporting.layout_across import Numbering, hidden_note, shade, too_few
from qualcode.reporting.layout_scale import scale_chapter, scale_finding
from qualcode.reporting.layout_waves import waves_chapter, waves_finding
from qualcode.reporting.pictures import Profiles
from qualcode.reporting.values import Report
from qualcode.reporting.values_analyses import Column, Matrix, Profile, ProfileCode, Tally

# The fullest fields of a matrix that the text names.
NAMED = 3


def analyses_chapters(report: Report, numbering: Numbering) -> Iterator[Block]:
    """Yield the chapters."""
    asked = report.analyses
    if asked.waves:
        yield from waves_chapter(asked.waves, numbering, report.small_cell)
    if asked.scale:
        yield from scale_chapter(asked.scale, numbering, report.small_cell)
    if asked.matrix:
        yield from _matrix(asked.matrix, numbering, report.small_cell)
    if asked.profile:
        yield from _profile(asked.profile, numbering, report.small_cell)


def analyses_findings(report: Report) -> tuple[Finding, ...]:
    """Return a sentence on each chapter the study asks for, for the summary; none where no number may be printed."""
    asked = report.analyses
    told = (
        ("Fra bølge til bølge", waves_finding(asked.waves) if asked.waves else "", "boelger"),
        ("Trin for trin", scale_finding(asked.scale) if asked.scale else "", "trin"),
        (asked.matrix.title if asked.matrix else "", _fullest(asked.matrix) if asked.matrix else "", "matrix"),
        ("Profiler", _profiled(asked.profile) if asked.profile else "", "profiler"),
    )
    return tuple(Finding(lead, sentence, anchor) for lead, sentence, anchor in told if sentence)


def _profiled(profile: Profile) -> str:
    told = [
        f"{upper_first(column.name)} har {leaning}" for column, codes in profile.groups if (leaning := _lean(codes))
    ]
    return f"{'; '.join(told)}." if told else ""


def _cell(tally: Tally) -> str:
    if tally.people.hidden:
        return HIDDEN
    return (
        tally.people.cell
        if not tally.people.people or tally.passages is None
        else f"{tally.people.people} ({tally.passages})"
    )


def _matrix(matrix: Matrix, numbering: Numbering, small_cell: int) -> Iterator[Block]:
    yield Heading(1, matrix.title, "matrix", new_page=True)
    if matrix.roles:
        yield plain(
            "Et felt tæller de interviewpersoner, som har en passage med søjlens kode i et svar, hvor rækkens rolle også "
            "nævnes. Rollen er altså den, der tales om, og ikke nødvendigvis den, der taler."
        )
    else:
        yield plain("Et felt tæller de interviewpersoner på rækkens niveau, som har en passage med søjlens kode.")
    fullest = _fullest(matrix)
    if not fullest:
        told = any(tally.people.hidden for line in matrix.cells for tally in line)
        yield too_few(small_cell) if told else plain("Ingen passager mødes i noget felt.")
        return
    yield plain(fullest)
    yield Table(
        anchor="tabel-matrix",
        number=numbering.table(),
        title=f"{matrix.title}: interviewpersoner og (passager)",
        head=("Rolle" if matrix.roles else "Niveau", *matrix.columns),
        rows=tuple(
            Row((row, *(_cell(tally) for tally in line)), tuple(shade(tally.people) for tally in line))
            for row, line in zip(matrix.rows, matrix.cells, strict=True)
        ),
        note="Den samme person kan stå i flere felter. I parentes står antallet af passager, hvor det kan vises."
        + hidden_note(small_cell),
        widths=(1.8, *([1.0] * len(matrix.columns))),
    )


def _fullest(matrix: Matrix) -> str:
    """Return a sentence on the fields with most people, empty where all are hidden."""
    fields = [
        (tally, row, column)
        for row, line in zip(matrix.rows, matrix.cells, strict=True)
        for column, tally in zip(matrix.columns, line, strict=True)
        if tally.people.people
    ]
    fields.sort(key=lambda field: -(field[0].people.people or 0))
    named = [
        f"{lower_first(row)} og »{lower_first(column)}« ({tally.people.people} af {tally.people.of})"
        for tally, row, column in fields[:NAMED]
    ]
    subject = "Rolle og emne mødes" if matrix.roles else "Niveau og emne mødes"
    return f"{subject} hos flest interviewpersoner i {joined(named)}." if named else ""


def _profile(profile: Profile, numbering: Numbering, small_cell: int) -> Iterator[Block]:
    yield Heading(1, f"Profiler efter {profile.by}", "profiler", new_page=True)
    yield plain(
        "En profil vejer for hver kode de passager, der beskriver noget, som hjælper (drivkraft), mod dem, der beskriver "
        "noget, som står i vejen (barriere). Her tælles passager, så den, der siger meget, vejer mere; antallet af personer "
        "bag står i tabellen."
    )
    columns: Sequence[tuple[Column, Sequence[ProfileCode]]] = profile.groups
    everywhere = [code for _, codes in (*columns, (None, profile.all)) for code in codes]
    if not any(tally.people.people for code in everywhere for tally in (code.driver, code.barrier)):
        told = any(tally.people.hidden for code in everywhere for tally in (code.driver, code.barrier))
        yield too_few(small_cell) if told else plain("Ingen passager beskriver koderne som drivkraft eller barriere.")
        return
    if columns:
        yield from _leaning(columns)
    else:
        yield plain(
            f"Ingen grupper efter {profile.by} er store nok til at blive vist hver for sig; her er alle under ét."
        )
        columns = ((Column("alle", profile.all[0].driver.people), profile.all),)
    yield _profile_figure(profile, columns, numbering, small_cell)
    yield _profile_table(profile, numbering, small_cell)


def _leaning(columns: Sequence[tuple[Column, Sequence[ProfileCode]]]) -> Iterator[Block]:
    """Yield, for each group, what mostly helps and what mostly stands in the way."""
    items = [
        (Run(f"{upper_first(column.name)}: ", bold=True), Run(f"{leaning}."))
        for column, codes in columns
        if (leaning := _lean(codes))
    ]
    if items:
        yield Bullets(tuple(items))


def _lean(codes: Sequence[ProfileCode]) -> str:
    helps = [lower_first(code.name) for code in codes if (code.balance or 0) > 0]
    hinders = [lower_first(code.name) for code in codes if (code.balance or 0) < 0]
    told = [f"overvægt af drivkræfter i {joined(helps)}"] if helps else []
    told += [f"overvægt af barrierer i {joined(hinders)}"] if hinders else []
    return " og ".join(told)


def _profile_figure(
    profile: Profile, columns: Sequence[tuple[Column, Sequence[ProfileCode]]], numbering: Numbering, small_cell: int
) -> Figure:
    told = []
    for column, codes in columns:
        parts = [
            f"{lower_first(code.name)} {_passages(code.driver)} drivkraft og {_passages(code.barrier)} barriere"
            for code in codes
        ]
        told.append(f"{upper_first(column.name)}: {'; '.join(parts)}.")
    return Figure(
        anchor="figur-profiler",
        number=numbering.figure(),
        title="Passager om barriere og drivkraft, gruppe for gruppe"
        if profile.groups
        else "Passager om barriere og drivkraft",
        note=f"Antal passager; alle grupper har samme målestok.{hidden_note(small_cell)}",
        alt=" ".join(told),
        picture=Profiles(
            codes=tuple(code.name for code in profile.all),
            groups=tuple(column.name for column, _ in columns),
            barriers=tuple(tuple(code.barrier.passages for code in codes) for _, codes in columns),
            drivers=tuple(tuple(code.driver.passages for code in codes) for _, codes in columns),
        ),
    )


def _passages(tally: Tally) -> str:
    return "skjult" if tally.passages is None else str(tally.passages)


def _profile_table(profile: Profile, numbering: Numbering, small_cell: int) -> Table:
    rows = []
    for place, code in enumerate(profile.all):
        lines = [(f"{column.name} (af {column.size.cell})", codes[place]) for column, codes in profile.groups]
        for name, item in (*lines, ("alle", code)):
            balance = HIDDEN if item.balance is None else f"{item.balance:+d}".replace("-", "−").replace("+0", "0")
            rows.append(
                Row(
                    (f"{code.name}: {name}", _full(item.driver), _full(item.barrier), balance),
                    (shade(item.driver.people), shade(item.barrier.people), 0),
                )
            )
    return Table(
        anchor="tabel-profiler",
        number=numbering.table(),
        title=f"Drivkraft over for barriere efter {profile.by}: passager og (personer)",
        head=("Kode og gruppe", "Drivkraft", "Barriere", "Balance"),
        rows=tuple(rows),
        note=f"Balance: passager om drivkraft minus passager om barriere.{hidden_note(small_cell)}",
        widths=(2.6, 1, 1, 1),
    )


def _full(tally: Tally) -> str:
    if tally.passages is None:
        return HIDDEN if tally.people.hidden else f"{HIDDEN} ({tally.people.people})"
    return f"{tally.passages} ({tally.people.people})" if tally.passages else "0"
