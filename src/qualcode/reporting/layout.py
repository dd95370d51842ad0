"""The report as a document: which chapters there are, and what stands in each."""

from collections.abc import Iterator
from dataclasses import replace

from qualcode.reporting.blocks import (
    Block,
    Contents,
    Document,
    Findings,
    Heading,
    KeyFigures,
    Paragraph,
    Quote,
    Row,
    Run,
    Table,
    plain,
    without_gaps,
)
from qualcode.reporting.danish import counted, joined, lower_first, number, percent, upper_first
from qualcode.reporting.layout_across import Numbering, across_chapter, balance_figure
from qualcode.reporting.layout_analyses import analyses_chapters, analyses_findings
from qualcode.reporting.layout_theme import theme_page
from qualcode.reporting.values import Method, Recommendation, Report


def document(report: Report) -> Document:
    """Return the whole report as a document."""
    return Document(
        title=report.title,
        kicker="Tematisk rapport",
        subtitle=_subtitle(report.method),
        date=report.date,
        blocks=tuple(without_gaps(_blocks(report))),
    )


def _subtitle(method: Method) -> str:
    people = "interviewperson" if method.informants == 1 else "interviewpersoner"
    return f"Analyse af {number(method.interviews)} interview med {number(method.informants)} {people}"


def _blocks(report: Report) -> Iterator[Block]:
    numbering = Numbering()
    yield key_figures(report)
    yield from draft_note(report)
    yield Contents()
    yield from _summary(report, numbering)
    yield from _method(report, numbering)
    for theme in report.themes:
        yield from theme_page(theme)
    yield from across_chapter(report, numbering)
    yield from analyses_chapters(report, numbering)
    yield from _recommendations(report)
    yield from _appendices(report, numbering)


def key_figures(report: Report) -> KeyFigures:
    """Return the large numbers of the front."""
    method = report.method
    quotes = sum(len(theme.quotes) + len(theme.needs) for theme in report.themes)
    return KeyFigures(
        (
            (number(method.interviews), "interview"),
            (number(method.informants), "interviewperson" if method.informants == 1 else "interviewpersoner"),
            (number(method.words), "ord fra interviewpersonerne"),
            (number(quotes), "citat" if quotes == 1 else "citater"),
            (percent(method.reviewed, method.reviewed + method.suggested), "gennemset af en analytiker"),
        )
    )


def draft_note(report: Report) -> Iterator[Block]:
    """Yield the warning on a report with codings that nobody has looked at."""
    left = report.method.suggested
    if left:
        total = left + report.method.reviewed
        which = f"{number(left)} af {counted(total, 'kodning', 'kodninger')}"
        if left == total > 1:
            which = f"Alle {number(total)} kodninger"
        yield Paragraph(
            (
                Run("Arbejdsudgave. ", bold=True),
                Run(
                    f"{which} er maskinens forslag, som ingen analytiker har "
                    "gennemset endnu. Maskinen overser passager og tager fejl, så antallene er foreløbige. Citater, der "
                    "hviler på et forslag, er mærket »forslag«."
                ),
            ),
            "note",
        )


def _summary(report: Report, numbering: Numbering) -> Iterator[Block]:
    yield Heading(1, "Resumé", "resume", new_page=True)
    if report.summary:
        yield from report.summary
    else:
        yield plain("Her er plads til din egen sammenfatning: skriv den i notes/resume.md.", "slot")
    if report.findings:
        yield Heading(2, "Hovedresultater")
        yield Findings((*report.findings, *analyses_findings(report)))
        yield balance_figure(report, numbering)
    else:
        yield plain(_NO_FINDINGS if report.themes else _NOTHING_CODED)
    thin = [lower_first(theme.name) for theme in report.themes if theme.thin]
    if thin:
        yield plain(f"{upper_first(joined(thin))} hviler på for få personer til at kunne bære en konklusion.", "fine")


def _method(report: Report, numbering: Numbering) -> Iterator[Block]:
    method = report.method
    yield Heading(1, "Metode", "metode", new_page=True)
    yield from (plain(text) for text in method.paragraphs)
    yield plain(" ".join(method.agreement) or _NO_AGREEMENT)
    yield Table(
        anchor="tabel-materiale",
        number=numbering.table(),
        title="Materiale og kodning",
        head=("Oplysning", "Antal"),
        rows=tuple(Row((name, value)) for name, value in method.facts),
        widths=(1.2, 1.0),
    )
    rows = [Row((upper_first(group.plural), str(group.count.people))) for group in method.by_group]
    if len(rows) > 1:
        yield Table(
            anchor="tabel-niveauer",
            number=numbering.table(),
            title="Interviewpersoner efter niveau",
            head=("Niveau", "Interviewpersoner"),
            rows=tuple(rows),
            widths=(2.0, 1.0),
        )
    for name, split in (("Forvaltning", method.departments), ("Bølge", method.waves)):
        if split:
            yield Table(
                anchor=f"tabel-{name.lower().replace('ø', 'oe')}",
                number=numbering.table(),
                title=f"Interviewpersoner efter {name.lower()}",
                head=(name, "Interviewpersoner"),
                rows=tuple(Row((part, count.cell)) for part, count in split),
                widths=(2.0, 1.0),
            )


_NO_FINDINGS = "Der er for få interviewpersoner til, at hovedresultater kan gøres op i antal."
_NOTHING_CODED = "Ingen passager er kodet med et tema endnu, så der er ingen hovedresultater at gøre op."
_NO_AGREEMENT = "Overensstemmelsen mellem kodere er ikke målt i dette studie."


def _recommendations(report: Report) -> Iterator[Block]:
    yield Heading(1, "Anbefalinger", "anbefalinger", new_page=True)
    if report.recommending:
        yield from report.recommending
    else:
        yield plain(
            "Kapitlet samler de barrierer, interviewpersonerne peger på, de behov, de selv giver udtryk for, og hvad der "
            "anbefales."
        )
    if not report.recommendations:
        yield plain("Ingen temaer er kodet som barriere eller behov.")
    for item in report.recommendations:
        yield from _recommendation(item)


def _recommendation(item: Recommendation) -> Iterator[Block]:
    yield Heading(2, item.theme.name, f"anbefaling-{item.theme.code}", color=item.theme.color)
    runs = [Run(f"{item.sentence} " if item.sentence else ""), Run("Se temaet.", anchor=item.theme.anchor)]
    yield Paragraph(tuple(runs))
    wanting = [quote for quote in item.theme.quotes if quote.valence == "behov"]
    if item.theme.needs or wanting:
        yield Heading(3, "Det efterlyser interviewpersonerne")
        yield from item.theme.needs
        if wanting:
            links: list[Run] = []
            for place, quote in enumerate(wanting, 1):
                links += [Run(", " if links else ""), Run(f"citat {place}", anchor=quote.anchor)]
            yield Paragraph((Run("Se også under temaet: "), *links, Run(".")), "fine")
    yield Heading(3, "Det anbefales")
    if item.text:
        yield from item.text
    else:
        yield plain(f"Her er plads til anbefalingen: skriv den i notes/{item.slot}.md.", "slot")


def _appendices(report: Report, numbering: Numbering) -> Iterator[Block]:
    appendix = report.appendix
    yield Heading(1, "Bilag A. Kodebog", "bilag-kodebog", new_page=True)
    yield plain(f"»{report.method.codebook}«, version {report.method.codebook_version}.")
    yield Table(
        anchor="tabel-kodebog",
        number=numbering.table(),
        title="Koderne, deres art og betydning",
        head=("Kode", "Art", "Hvornår den bruges"),
        rows=tuple(
            Row((f"{'– ' * min(entry.depth, 2)}{entry.name}", entry.kind, entry.gist)) for entry in appendix.codebook
        ),
        numeric=False,
        widths=(1.5, 0.7, 3.2),
    )
    yield Heading(1, "Bilag B. Godkendte citater", "bilag-citater", new_page=True)
    yield from _approved(report)
    yield Heading(1, "Bilag C. Det, der ikke er kodet", "bilag-ukodet", new_page=True)
    yield plain(
        "Interviewpersonernes ord, som ligger i en passage med mindst én temakode. Resten er indledning, sidespring og det, "
        "kodebogen ikke spørger om – eller det, kodningen har overset. De længste ukodede ture står i kilder.html, som er "
        "til internt brug."
    )
    yield Table(
        anchor="tabel-ukodet",
        number=numbering.table(),
        title="Kodet og ukodet tale",
        head=("Niveau", "Ord i alt", "Kodet", "Ikke kodet"),
        rows=tuple(
            Row((upper_first(name), number(words), percent(coded, words), percent(words - coded, words)))
            for name, coded, words in (*appendix.coverage, _all(appendix.coverage))
        ),
    )
    yield Heading(1, "Bilag D. Metodebilag efter COREQ", "bilag-coreq", new_page=True)
    yield plain(
        "COREQ er en liste med 32 punkter, som en rapport om interview bør oplyse (Tong, Sainsbury & Craig 2007). Det, "
        "qualcode kender, er udfyldt; resten udfyldes af forskerne."
    )
    yield Table(
        anchor="tabel-coreq",
        number=numbering.table(),
        title="De 32 punkter i COREQ",
        head=("Nr.", "Punkt", "Oplyst"),
        rows=tuple(Row((str(place), item, known)) for place, item, known in appendix.coreq),
        numeric=False,
        widths=(0.4, 2.0, 3.0),
    )


def _all(coverage: tuple[tuple[str, int, int], ...]) -> tuple[str, int, int]:
    return "I alt", sum(coded for _, coded, _ in coverage), sum(words for _, _, words in coverage)


def _approved(report: Report) -> Iterator[Block]:
    if not report.appendix.approved:
        yield plain(
            "Ingen citater er godkendt endnu. Her kommer alle citater, som en analytiker har godkendt, efter tema."
        )
        return
    yield plain("Alle citater, som en analytiker har godkendt, efter tema. Rækkefølgen er tilfældig.")
    printed = {quote.id for theme in report.themes for quote in (*theme.quotes, *theme.needs)}
    for name, quotes in report.appendix.approved:
        yield Heading(2, name)
        for quote in quotes:
            yield _once(quote, printed)


def _once(quote: Quote, printed: set[str]) -> Quote:
    """Return a quote whose anchor is not used twice: it stands under each theme, and perhaps on a theme's page."""
    first = quote.id not in printed
    printed.add(quote.id)
    return quote if first else replace(quote, anchored=False)
