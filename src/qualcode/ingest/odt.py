"""Reader for OpenDocument text (LibreOffice): paragraphs, tables, lists, sections and frames in their order.

Deleted text lies in ``text:tracked-changes`` before the body, where libraries that collect all text find it;
here only the body is walked. Notes, comments, hidden text and generated indexes are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from qualcode.errors import InputError
from qualcode.ingest.archive import Archive, attribute, local
from qualcode.ingest.document import RawBlock, Source
from qualcode.ingest.docx import CHANGES_MEND
from qualcode.ingest.paragraphs import Piece, lines_of
from qualcode.ingest.tables import blocks_of_table

_MEND = "Åbn den i LibreOffice, og gem den igen som .odt uden adgangskode"
_LEFT_OUT = frozenset(
    "tracked-changes annotation annotation-end note note-citation hidden-text hidden-paragraph page- "
    "number page-count table-of-content alphabetical-index illustration-index bibliography user-index "
    "object-index table-index sequence-decls variable-decls user-field-decls forms ruby-text script "
    "change change-start change-end desc title".split()
)
_PARAGRAPHS = frozenset({"p", "h"})
_BREAKS = {"tab": "\t", "line-break": "\n"}
_LONGEST_SPACE = 1000
# More repeated rows or cells than a transcript has are the empty rest of a page.
_MOST_REPEATED = 50


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says that matters here; None where it leaves it to its parent."""

    parent: str | None
    bold: bool | None
    hidden: bool | None


def read_odt(source: Source) -> list[RawBlock]:
    """Return paragraphs and table rows.

    Raises:
        InputError: no readable OpenDocument text, or one with unresolved tracked changes.
    """
    archive = Archive(source, "OpenDocument-filen", _MEND)
    if "META-INF/manifest.xml" in archive and any(
        local(element) == "encryption-data" for element in archive.xml("META-INF/manifest.xml").iter()
    ):
        raise InputError(source.file, "OpenDocument-filen er krypteret", mend=_MEND)
    root = archive.xml("content.xml")
    body = next((element for element in root.iter() if local(element) == "text" and _in_body(element)), None)
    if body is None:
        raise archive.unreadable()
    if not source.accept_changes and any(local(element) == "changed-region" for element in body.iter()):
        raise InputError(source.file, "dokumentet har sporede ændringer, der ikke er afgjort", mend=CHANGES_MEND)
    styles = _styles(archive.xml("styles.xml")) if "styles.xml" in archive else {}
    return list(_Walk(styles | _styles(root)).blocks(body))


def _in_body(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "body"


def _styles(root: etree._Element) -> dict[tuple[str, str], _Style]:
    styles: dict[tuple[str, str], _Style] = {}
    for element in root.iter():
        if local(element) != "style":
            continue
        bold = hidden = None
        for child in element:
            if local(child) == "text-properties":
                weight, display = attribute(child, "font-weight"), attribute(child, "display")
                slant = attribute(child, "font-style")
                if weight is not None or slant is not None:
                    bold = weight in {"bold", "600", "700", "800", "900"} or slant in {"italic", "oblique"}
                hidden = None if display is None else display == "none"
            if local(child) == "section-properties" and attribute(child, "display") == "none":
                hidden = True
        key = (attribute(element, "family") or "", attribute(element, "name") or "")
        styles[key] = _Style(attribute(element, "parent-style-name"), bold, hidden)
    return styles


class _Walk:
    """Walks a body with the document's styles at hand."""

    def __init__(self, styles: dict[tuple[str, str], _Style]) -> None:
        self._styles = styles

    def blocks(self, parent: etree._Element) -> Iterator[RawBlock]:
        """Yield the blocks of a body, a section, a list, a cell or a frame."""
        for child in parent:
            name = local(child)
            if name in _LEFT_OUT or self._is_hidden_part(child):
                continue
            if name in _PARAGRAPHS:
                boxes: list[etree._Element] = []
                bold, hidden = self._look(child, "paragraph", bold=False, hidden=False)
                yield from lines_of(list(self._inline(child, boxes, bold, hidden)), heading=name == "h")
                for box in boxes:
                    yield from self.blocks(box)
            elif name == "table":
                yield from blocks_of_table([[list(self.blocks(cell)) for cell in _cells(row)] for row in _rows(child)])
            else:
                yield from self.blocks(child)

    def _inline(
        self, element: etree._Element, boxes: list[etree._Element], bold: bool, hidden: bool
    ) -> Iterator[Piece]:
        if not hidden:
            yield _squeezed(element.text), bold
        for child in element:
            name = local(child)
            if name == "text-box":
                boxes.append(child)
            elif name == "s" and not hidden:
                yield " " * _number(attribute(child, "c"), _LONGEST_SPACE), bold
            elif name in _BREAKS and not hidden:
                yield _BREAKS[name], bold
            elif name and name not in _LEFT_OUT:
                own = self._look(child, "text", bold=bold, hidden=hidden) if name == "span" else (bold, hidden)
                yield from self._inline(child, boxes, *own)
            if not hidden:
                yield _squeezed(child.tail), bold

    def _look(self, element: etree._Element, family: str, *, bold: bool, hidden: bool) -> tuple[bool, bool]:
        """Return whether an element's text is bold and hidden, by its style and those the style is based on."""
        said_bold: bool | None = None
        said_hidden: bool | None = None
        name, seen = attribute(element, "style-name"), set[str]()
        while name and name not in seen and (family, name) in self._styles:
            seen.add(name)
            style = self._styles[family, name]
            said_bold = style.bold if said_bold is None else said_bold
            said_hidden = style.hidden if said_hidden is None else said_hidden
            name = style.parent
        return bold if said_bold is None else said_bold, hidden if said_hidden is None else said_hidden

    def _is_hidden_part(self, element: etree._Element) -> bool:
        if local(element) != "section":
            return False
        return attribute(element, "display") == "none" or self._look(element, "section", bold=False, hidden=False)[1]


def _squeezed(text: str | None) -> str:
    """Return text with runs of white space as one space: line ends in the XML are none of the author's."""
    if not text:
        return ""
    inner = " ".join(text.split())
    return (" " if text[0].isspace() else "") + inner + (" " if inner and text[-1].isspace() else "")


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdigit() and len(text) < 10 else 1


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if local(child) == "table-row":
            yield child
        elif local(child) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if local(child) in {"table-cell", "covered-table-cell"}:
            for _ in range(_number(attribute(child, "number-columns-repeated"), _MOST_REPEATED)):
                yield child
