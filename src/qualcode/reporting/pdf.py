"""PDF by typst: tagged for accessibility (PDF/UA-1), hyphenated in Danish, with typst's own fonts.

Typst comes with the extra ``pdf``; without it there is no ``report.pdf``. The template is fixed and the report reaches
it as JSON, so that nothing in an interview can be taken for markup.
"""

import json
from dataclasses import asdict
from importlib.resources import files
from importlib.util import find_spec

from qualcode.reporting import figures
from qualcode.reporting.blocks import Block, Document, Figure

_FONT = "Libertinus Serif"


def can_render_pdf() -> bool:
    """Tell whether typst is installed."""
    return find_spec("typst") is not None


def render_pdf(document: Document) -> bytes:
    """Return a document as PDF.

    Raises:
        ImportError: typst is not installed.
    """
    import typst

    data = {
        "title": document.title,
        "kicker": document.kicker,
        "subtitle": document.subtitle,
        "date": document.date,
        "blocks": [_plain(block) for block in document.blocks],
    }
    template = (files("qualcode.reporting") / "templates" / "report.typ").read_bytes()
    pdf: bytes = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        # The same report gives the same bytes.
        timestamp=0,
    )
    return pdf


def _plain(block: Block) -> dict[str, object]:
    """Return a block as JSON-able values with its kind; a figure as SVG."""
    kind = type(block).__name__.lower()
    if isinstance(block, Figure):
        svg = figures.draw(block.picture).svg.replace("'DejaVu Sans'", f"'{_FONT}'")
        return {
            "kind": kind,
            "number": block.number,
            "title": block.title,
            "note": block.note,
            "alt": block.alt,
            "anchor": block.anchor,
            "svg": svg,
        }
    extra: dict[str, object] = {"anchor": block.anchor} if hasattr(block, "anchor") else {}
    return {"kind": kind} | asdict(block) | extra
