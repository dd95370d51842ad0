"""Render the report context through Jinja2: HTML and Markdown as text, Word through docxtpl."""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files

from docx.section import Section
from docx.shared import Cm
from docx.table import Table
from docxtpl import DocxTemplate
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from qualcode.reporting.context import Report
from qualcode.reporting.danish import joined, number


def render_html(report: Report) -> bytes:
    """Return the report as one self-contained HTML file."""
    return _text("report.html.j2", report)


def render_markdown(report: Report) -> bytes:
    """Return the report as Markdown."""
    return _text("report.md.j2", report)


def render_docx(report: Report) -> bytes:
    """Return the report as a Word file."""
    template = DocxTemplate(str(files("qualcode.reporting") / "templates" / "report.docx"))
    # Without autoescape docxtpl silently drops "<" and "&".
    template.render(
        _context(report), _filters(Environment(autoescape=True, undefined=StrictUndefined)), autoescape=True
    )
    template.docx.core_properties.title = report.title
    for table in template.docx.tables:
        _fit_columns(table, template.docx.sections[0])
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def _fit_columns(table: Table, section: Section) -> None:
    """Give the first column, which holds names, room; only now is the number of columns known."""
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    width = (section.page_width or _A4) - margins
    others = len(table.columns) - 1
    first = max(int(width * 0.3), width - others * _WIDEST_NUMBER)
    for column, share in enumerate([first] + [(width - first) // others] * others):
        table.columns[column].width = share
        for cell in table.columns[column].cells:
            cell.width = share


_A4 = Cm(21)
_WIDEST_NUMBER = Cm(3)


# The one table of report formats: file ending → renderer.
FORMATS: Mapping[str, Callable[[Report], bytes]] = {
    "html": render_html,
    "docx": render_docx,
    "md": render_markdown,
}


def _template_digest() -> str:
    folder = files("qualcode.reporting") / "templates"
    contents = sorted((item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file())
    return hashlib.sha256(b"".join(name.encode() + content for name, content in contents)).hexdigest()


# Names the templates: reports made with others are out of date.
TEMPLATE_DIGEST = _template_digest()


def _text(template: str, report: Report) -> bytes:
    rendered: str = _environment().get_template(template).render(_context(report))
    return rendered.encode("utf-8")


def _context(report: Report) -> dict[str, object]:
    return {field.name: getattr(report, field.name) for field in fields(report)}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qualcode.reporting"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return _filters(environment)


def _filters(environment: Environment) -> Environment:
    environment.filters |= {"tal": number, "opremset": joined, "md": _markdown}
    return environment


_MARKDOWN_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|"})


def _markdown(text: str) -> str:
    """Return text with the signs that Markdown would take for markup escaped."""
    return text.translate(_MARKDOWN_SIGNS)
