"""The chapter that looks across themes: the table of themes and levels, the figures, what the numbers bear."""

from collections.abc import Iterator, Sequence
from math import ceil

from qualcode.analysis.frontfigures import WAYS
from qualcode.analysis.saturation import BASE, RUN, SHARE
from qualcode.analysis.suppression import HIDDEN, Count
from qualcode.reporting.blocks import Block, Bullets, Figure, Heading, Paragraph, Row, Run, Table, plain
from qualcode.reporting.danish import counted, in_letters, joined, lower_first, percent, upper_first
from qualcode.reporting.pictures import Balance, Curve, Network, Prevalence
from qualcode.reporting.values import Front, Report, Theme

# As many themes as a figure can show; tables show all.
DRAWN = 20
BALANCE = "figur-balance"


class Numbering:
    """Numbers tables and figures in the order in which they stand."""

    def __init__(self) -> None:
        self._tables = self._figures = 0

    def table(self) -> int:
        """Return the number of the next table."""
        self._tables += 1
        return self._tables

    def figure(self) -> int:
        """Return the number of the next figure."""
        self._figures += 1
        return self._figures


def across_chapter(report: Report, numbering: Numbering) -> Iterator[Block]:
    """Yield the chapter."""
    yield Heading(1, "På tværs af temaer", "paa-tvaers", new_page=True)
    if not report.themes:
        yield plain("Ingen passager er kodet med et tema.")
        return
    yield Heading(2, "Hvem taler om hvad", "hvem-hvad")
    yield _matrix(report, numbering)
    if len(report.groups) > 1:
        yield _prevalence(report, numbering)
    yield from _differences(report)
    yield Heading(2, "Barrierer, drivkræfter og behov", "balance")
    if report.findings:
        yield Paragraph((Run("Tallene bag "), Run("figuren i resuméet", anchor=BALANCE), Run(".")))
    yield _ways(report, numbering) if _any_way(report) else too_few(report.small_cell)
    if len(report.themes) > 1:
        yield Heading(2, "Temaer, der hører sammen", "sammen")
        yield from _together(report, numbering)
    if report.across.front and report.across.front.sentences:
        yield from _front(report.across.front)
    if report.across.roles:
        yield Heading(2, "Roller, der tales om", "roller")
        yield _roles(report, numbering)
    yield Heading(2, "Mætning", "maetning")
    yield from _saturation(report, numbering)


def _front(front: Front) -> Iterator[Block]:
    yield Heading(2, "Det siger frontfigurerne", "frontfigurer")
    yield plain(" ".join(front.sentences))
    yield from front.quotes
    yield plain(
        f"Som frontfigur regnes den, der i jeg- eller vi-form fortæller om mindst {in_letters(WAYS)} af de måder at arbejde på, "
        "der hører til temaet, som noget, der hjælper. Hvilke interview det er, og hvilke passager der viser det, står i "
        "kilder.html, som er til internt brug.",
        "fine",
    )


def hidden_note(small_cell: int) -> str:
    """Return what a note says of hidden numbers."""
    return f" {HIDDEN}: skjult af hensyn til anonymiteten." if small_cell > 1 else ""


def too_few(small_cell: int) -> Paragraph:
    """Return what stands in place of a table in which every number would be hidden."""
    return plain(
        f"Tallene vises ikke: Hvert af dem dækker over færre end {small_cell} interviewpersoner eller kunne røbe et, der gør."
    )


def shade(count: Count) -> int:
    """Return how dark the field of a number is, by its share."""
    return ceil(4 * count.share)


def _matrix(report: Report, numbering: Numbering) -> Table:
    groups = report.groups if len(report.groups) > 1 else ()
    return Table(
        anchor="tabel-temaer",
        number=numbering.table(),
        title="Interviewpersoner, der taler om hvert tema",
        head=(
            "Tema",
            f"I alt (af {report.people})",
            *(f"{upper_first(item.plural)} (af {item.size})" for item in groups),
        ),
        rows=tuple(
            Row(
                (theme.name, _total(theme.count), *(item.count.cell for item in theme.by_group if groups)),
                (shade(theme.count), *(shade(item.count) for item in theme.by_group if groups)),
                theme.anchor,
            )
            for theme in report.themes
        ),
        note=f"Jo mørkere felt, jo større andel af gruppen.{hidden_note(report.small_cell)}",
        widths=(2.2, *([1.0] * (1 + len(groups)))),
    )


def _total(count: Count) -> str:
    return f"< {count.below}" if count.below else count.cell


def _names(themes: Sequence[Theme]) -> tuple[tuple[str, str], ...]:
    return tuple((theme.name, theme.anchor) for theme in themes)


def _drawn(report: Report) -> Sequence[Theme]:
    """Return the themes that figures show: those that most people speak of, in the codebook's order."""
    most = sorted(report.themes, key=lambda theme: -(theme.count.people or 0))[:DRAWN]
    return [theme for theme in report.themes if theme in most]


def _prevalence(report: Report, numbering: Numbering) -> Figure:
    themes = _drawn(report)
    picture = Prevalence(
        themes=_names(themes),
        groups=tuple(group.plural for group in report.groups),
        shares=tuple(
            tuple(None if item.count.hidden else item.count.share for item in theme.by_group) for theme in themes
        ),
        labels=tuple(
            tuple(HIDDEN if item.count.hidden else f"{item.count.people} af {item.count.of}" for item in theme.by_group)
            for theme in themes
        ),
    )
    told = []
    for theme in themes:
        shown = [f"{item.count.phrase} {item.plural}" for item in theme.by_group if not item.count.hidden]
        told.append(f"{theme.name}: {', '.join(shown) if shown else 'antal skjult'}.")
    return Figure(
        anchor="figur-udbredelse",
        number=numbering.figure(),
        title="Andel af hvert niveau, der taler om temaet",
        note="Søjlens længde er andelen af gruppens interviewpersoner. Grupperne er små, så én person flytter meget."
        + hidden_note(report.small_cell),
        alt=" ".join(told),
        picture=picture,
    )


def _differences(report: Report) -> Iterator[Block]:
    if len(report.groups) < 2:
        return
    found = report.across.difference_sentences
    rule = (
        "En forskel mellem niveauer nævnes kun, når 95 %-intervallet for forskellen (Newcombe 1998, rettet for antallet af "
        "sammenligninger) ikke rummer nul."
    )
    if found:
        yield plain(f"{rule} Det gælder {in_letters(len(found))} {'forskel' if len(found) == 1 else 'forskelle'}:")
        yield Bullets(tuple((Run(sentence),) for sentence in found))
    else:
        yield plain(f"{rule} Ingen af forskellene i tabellen er store nok til det; de bør læses som variation.")


def balance_figure(report: Report, numbering: Numbering) -> Figure:
    """Return the figure that sets barriers against drivers and needs."""
    themes = _drawn(report)
    picture = Balance(
        themes=_names(themes),
        barriers=tuple(theme.ways.barrier.people for theme in themes),
        drivers=tuple(theme.ways.driver.people for theme in themes),
        needs=tuple(theme.ways.need.people for theme in themes),
    )
    told = []
    for theme in themes:
        ways = (("barriere", theme.ways.barrier), ("drivkraft", theme.ways.driver), ("behov", theme.ways.need))
        told.append(f"{theme.name}: {', '.join(f'{name} {count.people}' for name, count in ways if not count.hidden)}.")
    return Figure(
        anchor=BALANCE,
        number=numbering.figure(),
        title="Barrierer over for drivkræfter og behov",
        note="Antal interviewpersoner, der taler om temaet på hver måde; den samme person kan tælle med flere steder."
        + hidden_note(report.small_cell),
        alt=" ".join(told),
        picture=picture,
    )


def _any_way(report: Report) -> bool:
    ways = [theme.ways for theme in report.themes]
    return any(count.people for way in ways for count in (way.barrier, way.driver, way.need, way.neutral))


def _ways(report: Report, numbering: Numbering) -> Table:
    return Table(
        anchor="tabel-balance",
        number=numbering.table(),
        title="Hvordan der tales om hvert tema, i interviewpersoner",
        head=("Tema", "Barriere", "Drivkraft", "Behov", "Neutralt"),
        rows=tuple(
            Row(
                (theme.name, *(count.cell for count in ways)),
                tuple(shade(count) for count in ways),
                theme.anchor,
            )
            for theme in report.themes
            for ways in [(theme.ways.barrier, theme.ways.driver, theme.ways.need, theme.ways.neutral)]
        ),
        note=f"Den samme person kan tælle med flere steder.{hidden_note(report.small_cell)}",
        widths=(2.2, 1, 1, 1, 1),
    )


def _together(report: Report, numbering: Numbering) -> Iterator[Block]:
    themes = list(_drawn(report))
    place = {theme.code: index for index, theme in enumerate(themes)}
    edges = tuple(
        (place[first], place[second], count.people)
        for first, second, count in report.across.together
        if count.people and first in place and second in place
    )
    strongest = sorted(edges, key=lambda edge: -edge[2])[:3]
    named = [
        f"{lower_first(themes[first].name)} og {lower_first(themes[second].name)} ({people})"
        for first, second, people in strongest
    ]
    if named:
        yield plain(
            "To temaer hører sammen hos en interviewperson, der taler om begge i det samme svar. Oftest gælder det "
            f"{joined(named)}."
        )
        picture = Network(tuple((theme.name, theme.anchor, theme.count.people) for theme in themes), edges)
        told = [
            f"{themes[first].name} og {lower_first(themes[second].name)}: {people}." for first, second, people in edges
        ]
        yield Figure(
            anchor="figur-sammen",
            number=numbering.figure(),
            title="Temaer, som de samme personer taler om i det samme svar",
            note="Jo tykkere streg, jo flere interviewpersoner; tallet står på stregen. Jo større cirkel, jo flere taler om "
            f"temaet.{f' Færre end {report.small_cell} personer vises ikke.' if report.small_cell > 1 else ''}",
            alt=" ".join(told),
            picture=picture,
        )
    else:
        yield plain("Ingen to temaer optræder i det samme svar hos så mange, at det kan vises.")


def _roles(report: Report, numbering: Numbering) -> Table:
    return Table(
        anchor="tabel-roller",
        number=numbering.table(),
        title="Interviewpersoner, der nævner hver rolle",
        head=("Rolle", f"Interviewpersoner (af {report.people})"),
        rows=tuple(Row((role.name, _total(role.count)), (shade(role.count),)) for role in report.across.roles),
        widths=(2.0, 1.0),
    )


def _saturation(report: Report, numbering: Numbering) -> Iterator[Block]:
    found = report.across.saturation
    rule = (
        f"Reglen er den hos Guest, Namey og Chen (2020): Koderne i de {in_letters(BASE)} første interview er grundlaget, og "
        f"mætning er nået, når de næste {in_letters(RUN)} interview tilsammen højst bringer {percent(SHARE, 1)} nye koder i "
        "forhold til det."
    )
    if found is None:
        yield plain(f"{rule} Studiet har for få interview til, at reglen kan bruges.")
        return
    new = counted(found.new, "ny kode", "nye koder")
    if found.reached:
        told = f"Det skete efter {found.reached} interview."
    else:
        told = (
            f"Det er ikke nået: De sidste {in_letters(RUN)} interview bragte {new}. Flere interview kan ændre billedet."
        )
    yield plain(f"{rule} {told}")
    last = found.points[-1]
    yield Figure(
        anchor="figur-maetning",
        number=numbering.figure(),
        title="Koder fundet, efterhånden som interviewene kommer til",
        note="Temaer og undertemaer, regnet i den rækkefølge, interviewene er foretaget. De sidste interview er lagt sammen.",
        alt=f"{'; '.join(f'Efter {count} interview: {codes} koder' for count, codes in found.points)}. "
        f"I alt {last[1]} koder i {last[0]} interview. {told}",
        picture=Curve(found.points, found.reached),
    )
