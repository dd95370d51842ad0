"""Two reports side by side: two studies, or two waves or departments of one.

Where one of two numbers is hidden, the other is, too: the report on both together might print their sum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from qualcode.analysis.differences import ERROR, difference_interval
from qualcode.analysis.suppression import HIDDEN, Count
from qualcode.errors import UsageError
from qualcode.reporting.blocks import Block, Bullets, Document, Heading, Row, Run, Table, plain, without_gaps
from qualcode.reporting.danish import counted, lower_first, percent, upper_first
from qualcode.reporting.material import Material
from qualcode.reporting.values import Report, Theme

COLUMNS = {"wave": "bølge", "department": "forvaltning"}
QUOTES = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that are compared."""

    name: str
    report: Report


def part_of(material: Material, column: str, value: str) -> Material:
    """Return the material of one wave or department.

    Raises:
        UsageError: nobody belongs to it; the message names those there are.
    """
    mine = material.informants[material.informants[column].fillna("") == value]
    if mine.empty:
        there = ", ".join(f"'{name}'" for name in sorted(material.informants[column].dropna().unique())) or "ingen"
        raise UsageError(f"Ingen interview har {COLUMNS[column]} '{value}'. Studiet har: {there}.")
    if len(mine) < material.small_cell:
        raise UsageError(
            f"{COLUMNS[column].capitalize()} '{value}' har kun {len(mine)} interviewpersoner; der skal mindst "
            f"{material.small_cell} til, før den kan vises for sig."
        )
    kept = set(mine["interview"])
    return replace(
        material,
        interviews=[interview for interview in material.interviews if interview.id in kept],
        informants=mine,
        codings=material.codings[material.codings["interview"].isin(kept)],
    )


def comparison(first: Side, second: Side) -> Document:
    """Return two reports side by side as a document."""
    return Document(
        title=f"{first.name} og {second.name}",
        kicker="Sammenligning",
        subtitle=" over for ".join(
            f"{side.name}: {counted(side.report.people, 'interviewperson', 'interviewpersoner')}"
            for side in (first, second)
        ),
        date=second.report.date,
        blocks=tuple(without_gaps(_blocks(first, second))),
    )


def _blocks(first: Side, second: Side) -> Iterator[Block]:
    sides = (first, second)
    pairs = _paired(first.report, second.report)
    if any(side.report.draft for side in sides):
        yield plain(
            "Arbejdsudgave. Mindst én af siderne bygger på maskinens forslag, som ingen analytiker har gennemset endnu.",
            "note",
        )
    yield Heading(1, "Hvor mange taler om hvert tema", "udbredelse")
    yield Table(
        anchor="tabel-udbredelse",
        number=1,
        title="Interviewpersoner, der taler om hvert tema",
        head=("Tema", *(f"{side.name} (af {side.report.people})" for side in sides)),
        rows=tuple(Row((name, *_both(one, two))) for name, one, two in _counts(pairs, first, second)),
        note=_note(first.report),
        widths=(2.2, 1.0, 1.0),
    )
    yield from _differences(pairs, first, second)
    yield Heading(1, "Barrierer, drivkræfter og behov", "balance")
    yield Table(
        anchor="tabel-balance",
        number=2,
        title="Hvordan der tales om hvert tema, i interviewpersoner",
        head=("Tema", *(f"{way}, {side.name}" for way in ("Barriere", "Drivkraft", "Behov") for side in sides)),
        rows=tuple(_balance_row(one, two, sides) for one, two in pairs.values()),
        note=_note(first.report),
        widths=(2.2, *([1.0] * 6)),
    )
    if first.report.study == second.report.study:
        # A quote's wave or department here and its level in the report would together point to a person.
        yield plain("Citater er udeladt: Del og niveau kan tilsammen pege på en person.", "fine")
        return
    yield Heading(1, "Stemmer fra begge sider", "citater")
    for one, two in pairs.values():
        shown = [
            (side.name, theme.quotes[:QUOTES])
            for side, theme in zip(sides, (one, two), strict=True)
            if theme and theme.quotes
        ]
        theme = one or two
        if shown and theme:
            yield Heading(2, theme.name)
        for name, quotes in shown:
            yield Heading(3, name)
            yield from (replace(quote, anchored=False, linked=False) for quote in quotes)


def _paired(first: Report, second: Report) -> dict[str, tuple[Theme | None, Theme | None]]:
    """Return the themes of both, in the order of the first; a theme nobody speaks of is None."""
    codes = dict.fromkeys([theme.code for theme in (*first.themes, *second.themes)])
    return {code: (first.theme(code), second.theme(code)) for code in codes}


def _counts(
    pairs: Mapping[str, tuple[Theme | None, Theme | None]], first: Side, second: Side
) -> Iterator[tuple[str, Count, Count]]:
    for one, two in pairs.values():
        theme = one or two
        if theme:
            yield (
                theme.name,
                one.count if one else Count(0, first.report.people),
                two.count if two else Count(0, second.report.people),
            )


def _both(one: Count, two: Count) -> tuple[str, str]:
    return (HIDDEN, HIDDEN) if one.hidden or two.hidden else (one.cell, two.cell)


def _balance_row(one: Theme | None, two: Theme | None, sides: tuple[Side, Side]) -> Row:
    cells: list[str] = []
    for way in ("barrier", "driver", "need"):
        counts = [
            getattr(theme.ways, way) if theme else Count(0, side.report.people)
            for theme, side in zip((one, two), sides, strict=True)
        ]
        cells += _both(*counts)
    theme = one or two
    return Row((theme.name if theme else "", *cells))


def _differences(pairs: Mapping[str, tuple[Theme | None, Theme | None]], first: Side, second: Side) -> Iterator[Block]:
    rows = [(name, one, two) for name, one, two in _counts(pairs, first, second) if not one.hidden and not two.hidden]
    found = []
    for name, one, two in rows:
        low, high = difference_interval(one.people or 0, one.of, two.people or 0, two.of, ERROR / len(rows))
        if low > 0 or high < 0:
            more, less = (first, second) if low > 0 else (second, first)
            shares = sorted((one.share, two.share), reverse=True)
            found.append(
                f"{upper_first(lower_first(name))}: flere i {more.name} end i {less.name} ({percent(shares[0], 1)} mod "
                f"{percent(shares[1], 1)})."
            )
    rule = (
        "En forskel nævnes kun, når 95 %-intervallet for den (Newcombe 1998, rettet for antallet af sammenligninger) ikke "
        "rummer nul."
    )
    if found:
        yield plain(rule)
        yield Bullets(tuple((Run(sentence),) for sentence in found))
    else:
        yield plain(f"{rule} Ingen af forskellene er store nok til det.")


def _note(report: Report) -> str:
    if report.small_cell == 1:
        return ""
    return f"{HIDDEN}: skjult af hensyn til anonymiteten; er det ene tal skjult, er det andet det også."
