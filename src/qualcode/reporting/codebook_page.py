"""A codebook for people to read and print: HTML, Markdown, Word."""

import io
from collections.abc import Callable, Mapping, Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm, Pt
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from qualcode.models import Code, Codebook

Page = Callable[[Codebook], bytes]
_MARGIN = Cm(2.5)


def html_page(book: Codebook) -> bytes:
    """Return the codebook as one self-contained HTML file."""
    return _rendered("codebook.html.j2", book)


def markdown_page(book: Codebook) -> bytes:
    """Return the codebook as Markdown."""
    return _rendered("codebook.md.j2", book)


def word_page(book: Codebook) -> bytes:
    """Return the codebook as a Word file with heading styles, one section a code."""
    document = Document()
    document.core_properties.title = book.title
    document.core_properties.language = "da-DK"
    section = document.sections[0]
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(book.title, level=0)
    document.add_paragraph(f"Kodebog, udgave {book.version}. {book.description}".strip())
    for code in book.codes:
        _write_code(document, code, book)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# The one table of formats: file ending → page.
PAGES: Mapping[str, Page] = {"html": html_page, "docx": word_page, "md": markdown_page}


def _rendered(template: str, book: Codebook) -> bytes:
    environment = Environment(
        loader=PackageLoader("qualcode.reporting"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(book=book).encode("utf-8")


def _write_code(document: WordDocument, code: Code, book: Codebook) -> None:
    document.add_heading(code.name, level=2 if code.parent else 1)
    document.add_paragraph(f"{code.id} · {code.kind.value}")
    document.add_paragraph(code.definition)
    _labelled(document, "Brug koden, når", code.use_when)
    if code.not_when:
        document.add_paragraph().add_run("Brug den ikke, når").bold = True
        _bullets(document, [when + _instead(use, book) for when, use in code.not_when])
    if code.examples:
        document.add_paragraph().add_run("Eksempler").bold = True
        _bullets(document, [f"»{text}«" for text in code.examples])
    if code.near_misses:
        document.add_paragraph().add_run("Ligner, men er noget andet").bold = True
        _bullets(document, [f"»{text}«{_instead(use, book)}" for text, use in code.near_misses])
    patterns = [pattern for pattern in code.patterns if isinstance(pattern, str)]
    _labelled(document, "Mønstre", ", ".join(patterns))


def _labelled(document: WordDocument, label: str, text: str) -> None:
    if text:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(text)


def _bullets(document: WordDocument, texts: Sequence[str]) -> None:
    for text in texts:
        document.add_paragraph(text, style="List Bullet")


def _instead(use: str | None, book: Codebook) -> str:
    return f" → {book.by_id[use].name}" if use else ""
