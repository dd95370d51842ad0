"""A user's own templates: Word files for docxtpl, text files for Jinja. Both run in a sandbox, autoescaped.

The fields are those of :class:`qualcode.reporting.values.Report`; a Word template's ``{{ rapport }}``, alone in a
paragraph, becomes the whole report, written in the template's own styles. See ``docs/report.md``.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateNotFound, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from qualcode.errors import InputError, UsageError
from qualcode.reporting.blocks import Document, Figure
from qualcode.reporting.danish import joined, number
from qualcode.reporting.html import inline_svg
from qualcode.reporting.values import Report
from qualcode.reporting.word import saved, write_blocks

WHOLE = "rapport"
_MARK = "\ue000rapport\ue000"
_MEND = "Felterne står i docs/report.md"


def render_custom(template: Path, report: Report, document: Document) -> tuple[str, bytes]:
    """Return (file ending, content) of a report laid out by a user's template.

    Raises:
        UsageError: there is no such file, or it is of no kind that can be a template.
        InputError: the template is wrong; the message names field and place.
    """
    if not template.is_file():
        raise UsageError(f"Skabelonen '{template}' findes ikke.")
    ending = Path(template.name.removesuffix(".j2")).suffix.lower().lstrip(".")
    if ending == "docx":
        return ending, _word(template, report, document)
    if ending in ("html", "htm", "md", "txt"):
        return ending, _text(template, report, document)
    raise UsageError(f"Skabelonen '{template.name}' skal være .docx, .html, .md eller .txt (gerne med .j2 efter).")


def _values(report: Report) -> dict[str, object]:
    return {field.name: getattr(report, field.name) for field in fields(report) if field.name != "sources"}


def _text(template: Path, report: Report, document: Document) -> bytes:
    is_html = ".htm" in template.name.lower()
    environment = _sandbox(FileSystemLoader(template.parent), autoescape=is_html)
    pictures = [block for block in document.blocks if isinstance(block, Figure)]
    environment.globals["figures"] = {
        # Drawn by us, its texts escaped by matplotlib.
        block.anchor: Markup(inline_svg(block.picture, block.anchor))  # noqa: S704
        for block in pictures
    }
    try:
        rendered: str = environment.get_template(template.name).render(**_values(report))
    except (TemplateError, TypeError, ValueError) as error:
        raise InputError(template, _what(error), mend=_MEND, line=_line(error, template)) from None
    except UnicodeDecodeError:
        raise InputError(template, "filen er ikke UTF-8", mend="Gem den som UTF-8 i teksteditoren") from None
    return rendered.encode("utf-8")


def _word(template: Path, report: Report, document: Document) -> bytes:
    try:
        word = DocxTemplate(str(template))
        word.init_docx()
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        raise InputError(template, "filen er ikke et Word-dokument", mend="Gem den som .docx i Word") from None
    pieces = list(_pieces(word.docx))
    try:
        word.render(_values(report) | {WHOLE: _MARK}, _sandbox(None, autoescape=True), autoescape=True)
    except (TemplateError, TypeError, ValueError) as error:
        raise InputError(template, f"{_what(error)}{_place(error, pieces)}", mend=_MEND) from None
    # Read again: rendering has put another body under python-docx's feet.
    rendered = io.BytesIO()
    word.save(rendered)
    whole = docx.Document(rendered)
    _insert_whole(whole, document)
    return saved(whole, document)


def _insert_whole(word: WordDocument, document: Document) -> None:
    """Put the report where the template wants it: written at the end, then moved."""
    wanted = next((paragraph for paragraph in word.paragraphs if _MARK in paragraph.text), None)
    if wanted is None:
        return
    body = word.element.body
    before = len(body)
    write_blocks(word, document.blocks)
    # What was written stands before the section's properties, which close the body.
    written = list(body)[before - 1 : -1] if body[-1].tag.endswith("}sectPr") else list(body)[before:]
    for element in written:
        wanted._p.addprevious(element)
    body.remove(wanted._p)


def _sandbox(loader: BaseLoader | None, *, autoescape: bool) -> Environment:
    environment = ImmutableSandboxedEnvironment(loader=loader, autoescape=autoescape, undefined=StrictUndefined)
    environment.filters |= {"tal": number, "opremset": joined}
    return environment


def _what(error: Exception) -> str:
    """Return what is wrong, in Danish, with the field's name where Jinja tells it."""
    named = re.findall(r"'([^']+)'", str(error))
    match error:
        case UndefinedError() if named:
            return f"feltet '{named[-1]}' kendes ikke"
        case TemplateNotFound():
            return f"skabelonen '{error.name}', som den henter, findes ikke"
        case SecurityError():
            return "skabelonen vil noget, som skabeloner ikke må"
        case TemplateSyntaxError() if "unknown tag" in str(error) or "filter named" in str(error):
            return f"'{named[0] if named else '?'}' kendes ikke"
        case TemplateSyntaxError():
            return "et felt er ikke skrevet rigtigt; tjek klammerne {{ }} og {% %}"
        case _:
            return "et felt kan ikke vises, som det er skrevet"


def _line(error: Exception, template: Path) -> int | None:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, step = None, error.__traceback__
    while step is not None:
        if Path(step.tb_frame.f_code.co_filename).name == template.name:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _pieces(word: WordDocument) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of a template, as a person would count."""
    for place, paragraph in enumerate(word.paragraphs, 1):
        yield f"afsnit {place}", paragraph.text
    for number_of, table in enumerate(word.tables, 1):
        for row in table.rows:
            for cell in row.cells:
                yield f"tabel {number_of}", cell.text
    for section in word.sections:
        for part, name in ((section.header, "sidehovedet"), (section.footer, "sidefoden")):
            for paragraph in part.paragraphs:
                yield name, paragraph.text


def _place(error: Exception, pieces: list[tuple[str, str]]) -> str:
    """Return where the field stands, looked for by its name."""
    named = re.findall(r"'([^']+)'", str(error))
    wanted = named[-1] if isinstance(error, UndefinedError) and named else ""
    for place, text in pieces:
        if wanted and re.search(rf"{{[{{%][^}}]*\b{re.escape(wanted)}\b", text):
            return f" ({place})"
    for place, text in pieces:
        if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}"):
            return f" ({place})"
    return ""
