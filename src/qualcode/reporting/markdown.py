"""Markdown: the report as text that any editor opens; figures become the numbers they show."""

from collections.abc import Iterable, Iterator

from qualcode.reporting.blocks import (
    Bars,
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Findings,
    Heading,
    KeyFigures,
    Paragraph,
    Quote,
    Run,
    Table,
)

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|"})


def render_markdown(document: Document) -> bytes:
    """Return a document as Markdown in UTF-8."""
    lines = [
        f"# {escaped(document.title)}",
        "",
        f"{escaped(document.kicker)} · {escaped(document.subtitle)} · {document.date}",
        "",
    ]
    for block in document.blocks:
        lines += [*_block(block), ""]
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def escaped(text: str) -> str:
    r"""Return text with the signs that Markdown would take for markup escaped.

    >>> escaped("a*b <c>")
    'a\\*b \\<c\\>'
    """
    return text.translate(_SIGNS)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            if block.kicker:
                yield from (f"*{escaped(block.kicker)}*", "")
            yield f"{'#' * (block.level + 1)} {escaped(block.text)}"
        case Paragraph():
            yield f"{'> ' if block.style in ('note', 'slot') else ''}{_runs(block.runs)}"
        case Quote():
            yield f"> »{escaped(block.text)}« {_about(block)}"
        case Table():
            yield from _table(block)
        case Figure():
            yield f"**Figur {block.number}.** {escaped(block.title)}"
            yield from ("", escaped(block.alt), "", escaped(block.note))
        case _:
            yield from _list(block)


def _list(block: Block) -> Iterator[str]:
    match block:
        case Bullets():
            for place, item in enumerate(block.items, 1):
                yield f"{f'{place}.' if block.ordered else '-'} {_runs(item)}"
        case Findings():
            for place, found in enumerate(block.items, 1):
                yield f"{place}. **{escaped(found.lead)}.** {escaped(found.sentence)}"
        case Bars():
            yield from (f"{escaped(block.title)}:", "")
            yield from (f"- {escaped(bar.name)}: {bar.told}" for bar in block.bars)
        case KeyFigures():
            yield " · ".join(f"**{value}** {escaped(name)}" for value, name in block.figures)
        case Contents():
            return


def _about(quote: Quote) -> str:
    parts = [f"({quote.attribution})", quote.valence, "" if quote.approved else "*forslag*"]
    return " · ".join(part for part in parts if part)


def _runs(runs: Iterable[Run]) -> str:
    written = []
    for run in runs:
        mark = "**" if run.bold else "*" if run.italic else ""
        # Markup closes at the words, not after the space behind them.
        text = run.text.rstrip()
        tail = run.text[len(text) :]
        written.append(f"{mark if text else ''}{escaped(text)}{mark if text else ''}{tail}")
    return "".join(written)


def _table(block: Table) -> Iterator[str]:
    yield from (f"**Tabel {block.number}.** {escaped(block.title)}", "")
    yield f"| {' | '.join(escaped(cell) for cell in block.head)} |"
    side = "---:" if block.numeric else "---"
    yield f"|{'|'.join(['---', *([side] * (len(block.head) - 1))])}|"
    for row in block.rows:
        yield f"| {' | '.join(escaped(' '.join(cell.split())) for cell in row.cells)} |"
    if block.note:
        yield from ("", escaped(block.note))
