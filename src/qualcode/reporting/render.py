"""Documents to bytes: the one table of formats."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files

from qualcode.errors import UsageError
from qualcode.reporting.blocks import Document
from qualcode.reporting.html import render_html
from qualcode.reporting.markdown import render_markdown
from qualcode.reporting.pdf import can_render_pdf, render_pdf
from qualcode.reporting.word import render_docx

# File ending → renderer. ``pdf`` is there when typst is.
FORMATS: Mapping[str, Callable[[Document], bytes]] = {
    "html": render_html,
    "docx": render_docx,
    "md": render_markdown,
} | ({"pdf": render_pdf} if can_render_pdf() else {})


def render(document: Document, name: str, endings: Iterable[str]) -> dict[str, bytes]:
    """Return a document in several formats: file name → content."""
    return {f"{name}.{ending}": FORMATS[ending](document) for ending in endings}


def formats_named(names: Iterable[str]) -> tuple[str, ...]:
    """Return the formats that a user asks for, all of them when none is named.

    Raises:
        UsageError: there is no such format, or not here.
    """
    chosen = tuple(dict.fromkeys(name.lower().lstrip(".") for name in names)) or tuple(FORMATS)
    for name in chosen:
        if name == "pdf" and name not in FORMATS:
            raise UsageError("PDF kræver typst, som ikke er installeret. Installér med: pip install 'qualcode[pdf]'.")
        if name not in FORMATS:
            raise UsageError(f"Formatet '{name}' kendes ikke. Brug et eller flere af: {', '.join(FORMATS)}.")
    return chosen


def _template_digest() -> str:
    folder = files("qualcode.reporting") / "templates"
    contents = sorted((item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file())
    return hashlib.sha256(b"".join(name.encode() + content for name, content in contents)).hexdigest()


# Names the templates: reports made with others are out of date.
TEMPLATE_DIGEST = _template_digest()
