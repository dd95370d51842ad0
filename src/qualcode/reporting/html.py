"""HTML: one self-contained file without script, and the local view of the sources beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from qualcode.reporting import figures, inks
from qualcode.reporting.blocks import Block, Document, Heading
from qualcode.reporting.danish import number
from qualcode.reporting.pictures import Picture
from qualcode.reporting.values import Report

SOURCES = "kilder.html"
# The page gives the colours and the font, in light and dark; their names are in report.css.
_COLORS = {
    inks.INK: "var(--ink)",
    inks.SOFT: "var(--soft)",
    inks.LINE: "var(--line)",
    inks.PAPER: "var(--paper)",
    inks.ACCENT: "var(--accent)",
    inks.BARRIER: "var(--barriere)",
    inks.DRIVER: "var(--drivkraft)",
    inks.NEED: "var(--behov)",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: its heading, None for what stands before the first, and what follows it."""

    heading: Heading | None
    blocks: tuple[Block, ...]


def render_html(document: Document) -> bytes:
    """Return a document as one HTML file."""
    front, *chapters = sections(document)
    return _render("report.html.j2", document=document, front=front, chapters=chapters)


def render_sources(report: Report) -> bytes:
    """Return the local view: where each quote stands, for those who work with the study only."""
    return _render("sources.html.j2", title=report.title, date=report.date, sources=report.sources)


def sections(document: Document) -> list[Section]:
    """Return a document's chapters; the first section is what stands before them."""
    return list(_sections(document))


def _sections(document: Document) -> Iterator[Section]:
    heading: Heading | None = None
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            yield Section(heading, tuple(blocks))
            heading, blocks = block, []
        else:
            blocks.append(block)
    yield Section(heading, tuple(blocks))


def inline_svg(picture: Picture, name: str) -> str:
    """Return a picture for a page: ids of its own, colours and font from the page.

    Args:
        picture: what to draw
        name: begins all ids, so that several pictures can stand on a page
    """
    text = re.sub(r"<metadata>.*?</metadata>", "", figures.draw(picture).svg, flags=re.DOTALL)
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(
        r'(url\(#|href="#)([^)"]+)', lambda found: f"{found[1]}{name}-{found[2]}" if found[2] in ids else found[0], text
    )
    for color, variable in _COLORS.items():
        text = text.replace(color, variable)
    return text.replace("'DejaVu Sans'", "var(--sans)").replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")


def _render(template: str, **values: object) -> bytes:
    rendered: str = _environment().get_template(template).render(**values)
    return rendered.encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qualcode.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"tal": number, "kind": lambda block: type(block).__name__.lower()}
    environment.globals |= {"svg": inline_svg, "SOURCES": SOURCES}
    return environment
