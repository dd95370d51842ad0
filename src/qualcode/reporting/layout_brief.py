"""The short variant: one theme on about two pages."""

from collections.abc import Iterator
from itertools import islice, zip_longest

from qualcode.reporting.blocks import Block, Document, Heading, Paragraph, Quote, Row, Run, Table, plain, without_gaps
from qualcode.reporting.danish import counted, upper_first
from qualcode.reporting.layout import draft_note
from qualcode.reporting.layout_theme import theme_figures
from qualcode.reporting.values import Report, Theme

QUOTES = 4
AGAINST = 1
NEEDS = 2


def brief(report: Report, theme: Theme) -> Document:
    """Return one theme as a document of its own."""
    people = counted(report.method.informants, "interviewperson", "interviewpersoner")
    return Document(
        title=theme.name,
        kicker=f"Tema · {report.title}",
        subtitle=f"Fra analysen af {report.method.interviews} interview med {people}",
        date=report.date,
        blocks=tuple(without_gaps(_blocks(report, theme))),
    )


def _blocks(report: Report, theme: Theme) -> Iterator[Block]:
    yield plain(theme.lead, "lead")
    yield plain(theme.gist, "definition")
    if theme.thin:
        yield plain(theme.thin, "note")
    yield from draft_note(report)
    yield from theme_figures(theme)
    if theme.silent:
        yield plain(theme.silent, "fine")
    yield from theme.text
    named = [part for part in theme.parts if not part.own]
    if named:
        yield Heading(1, "Det taler de om", "undertemaer")
        yield Table(
            anchor="tabel-undertemaer",
            number=1,
            title="Undertemaer og antal interviewpersoner",
            head=("Undertema", "Interviewpersoner"),
            rows=tuple(Row((part.name, upper_first(part.count.phrase))) for part in named),
            widths=(2.2, 1.0),
        )
    yield from _quoted("Det siger de", "citater", _spread(theme))
    yield from _quoted(theme.against_title or "Modstemmer", "modstemmer", list(theme.against[:AGAINST]))
    yield from _quoted("Det efterlyser de", "behov", list(theme.needs[:NEEDS]))
    yield Paragraph(
        (
            Run("Sådan er det talt: ", bold=True),
            Run(
                "personer, ikke citater. Citaterne er ordrette og kun knyttet til niveau; metoden står i hovedrapporten."
            ),
        ),
        "fine",
    )


def _spread(theme: Theme) -> list[Quote]:
    """Return the first quote of each sub-theme, then the second ones, up to :data:`QUOTES`."""
    rounds = zip_longest(*(part.quotes for part in theme.parts))
    return list(islice((quote for quotes in rounds for quote in quotes if quote), QUOTES))


def _quoted(title: str, anchor: str, quotes: list[Quote]) -> Iterator[Block]:
    if quotes:
        yield Heading(1, title, anchor)
        yield from quotes
