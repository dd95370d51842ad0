"""Reader for Word files: paragraphs, tables, content controls and text boxes, in the order of the page.

The body is walked element by element, because the usual shortcuts are unsafe here: python-docx's
``paragraph.text`` drops text inserted with track changes, other libraries keep text that was deleted.
Headers, footers, comments, notes, hidden text, field codes and placeholders are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from qualcode.errors import InputError
from qualcode.ingest.archive import Archive, attribute, local
from qualcode.ingest.document import RawBlock, Source
from qualcode.ingest.paragraphs import Piece, lines_of
from qualcode.ingest.tables import blocks_of_table

_MEND = "Åbn den i Word, og gem den igen som .docx uden adgangskode"
CHANGES_MEND = "Acceptér alle ændringer, og gem – eller brug --accept-changes"
_INSERTED = frozenset({"ins", "moveTo", "cellIns"})
_REMOVED = frozenset({"del", "moveFrom", "cellDel"})
_LEFT_OUT = _REMOVED | {"instrText", "delText", "delInstrText", "rPr", "pPr", "sdtPr", "Fallback", "rt"}
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset({"false", "0", "off", "none"})


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says that matters here; None where it leaves it to the style it is based on."""

    based_on: str | None = None
    bold: bool | None = None
    hidden: bool | None = None
    heading: bool = False


def read_docx(source: Source) -> list[RawBlock]:
    """Return paragraphs and table rows.

    Raises:
        InputError: no readable Word file, or one with unresolved tracked changes.
    """
    archive = Archive(source, "Word-filen", _MEND)
    body = next((child for child in archive.xml(_main_part(archive)) if local(child) == "body"), None)
    if body is None:
        raise archive.unreadable()
    if not source.accept_changes and any(local(element) in _INSERTED | _REMOVED for element in body.iter()):
        raise InputError(source.file, "dokumentet har sporede ændringer, der ikke er afgjort", mend=CHANGES_MEND)
    styles = _styles(archive.xml("word/styles.xml")) if "word/styles.xml" in archive else {}
    return list(_Walk(styles).blocks(body))


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive:
        for relation in archive.xml("_rels/.rels"):
            if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _styles(root: etree._Element) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for element in root:
        name = attribute(element, "styleId")
        if local(element) != "style" or not name:
            continue
        based_on, run, paragraph, title = (_child(element, tag) for tag in ("basedOn", "rPr", "pPr", "name"))
        called = (attribute(title, "val") or "").lower() if title is not None else ""
        styles[name] = _Style(
            based_on=attribute(based_on, "val") if based_on is not None else None,
            bold=_marked(run),
            hidden=_mark(run, "vanish"),
            heading=called.startswith("heading")
            or (paragraph is not None and _child(paragraph, "outlineLvl") is not None),
        )
    return styles


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((child for child in element if local(child) == name), None) if element is not None else None


def _mark(properties: etree._Element | None, name: str) -> bool | None:
    """Return an on/off property, None where it is not set."""
    mark = _child(properties, name)
    return None if mark is None else attribute(mark, "val") not in _OFF


def _marked(properties: etree._Element | None) -> bool | None:
    """Return whether text is set off from the rest, in bold or italics; None where neither is set."""
    bold, italic = _mark(properties, "b"), _mark(properties, "i")
    return None if bold is None and italic is None else bool(bold or italic)


class _Walk:
    """Walks a body with the document's styles at hand."""

    def __init__(self, styles: dict[str, _Style]) -> None:
        self._styles = styles

    def blocks(self, parent: etree._Element) -> Iterator[RawBlock]:
        """Yield the blocks of a body, a cell or a text box."""
        carried: list[Piece] = []
        for child in parent:
            name = local(child)
            if name == "p":
                boxes: list[etree._Element] = []
                pieces = [*carried, *self._pieces(child, boxes)]
                carried = []
                if _mark_deleted(child):
                    # The end of this paragraph was deleted: it runs on in the next one.
                    carried = pieces
                else:
                    yield from lines_of(pieces, heading=self._is_heading(child))
                for box in boxes:
                    yield from self.blocks(box)
            elif name == "tbl":
                yield from self._table(child)
            elif name == "sdt" and not _is_placeholder(child):
                content = _child(child, "sdtContent")
                if content is not None:
                    yield from self.blocks(content)
            elif name in {"customXml", "smartTag", *_INSERTED}:
                yield from self.blocks(child)
        if carried:
            yield from lines_of(carried)

    def _table(self, table: etree._Element) -> Iterator[RawBlock]:
        rows = [[list(self.blocks(cell)) for cell in _cells(row)] for row in _rows(table)]
        yield from blocks_of_table(rows)

    def _pieces(self, paragraph: etree._Element, boxes: list[etree._Element]) -> Iterator[Piece]:
        """Yield the visible text of a paragraph; text boxes in it are collected."""
        style = self._style_of(_child(paragraph, "pPr"), "pStyle")
        bold, hidden = self._says(style, "bold"), self._says(style, "hidden")
        yield from self._inline(paragraph, boxes, bool(bold), bool(hidden))

    def _inline(
        self, element: etree._Element, boxes: list[etree._Element], bold: bool, hidden: bool
    ) -> Iterator[Piece]:
        for child in element:
            name = local(child)
            if name in _LEFT_OUT or (name == "sdt" and _is_placeholder(child)):
                continue
            if name == "txbxContent":
                boxes.append(child)
            elif name == "r":
                properties = _child(child, "rPr")
                style = self._style_of(properties, "rStyle")
                run_bold = _first(_marked(properties), self._says(style, "bold"), bold)
                if not _first(_mark(properties, "vanish"), self._says(style, "hidden"), hidden):
                    yield from self._inline(child, boxes, run_bold, hidden)
            elif name == "t":
                yield child.text or "", bold
            elif name in _BREAKS:
                yield _BREAKS[name], bold
            else:
                yield from self._inline(child, boxes, bold, hidden)

    def _style_of(self, properties: etree._Element | None, tag: str) -> str | None:
        mark = _child(properties, tag)
        return attribute(mark, "val") if mark is not None else None

    def _says(self, style: str | None, what: str) -> bool | None:
        """Return what a style, or one it is based on, says of ``bold`` or ``hidden``."""
        seen: set[str] = set()
        while style and style in self._styles and style not in seen:
            seen.add(style)
            said: bool | None = getattr(self._styles[style], what)
            if said is not None:
                return said
            style = self._styles[style].based_on
        return None

    def _is_heading(self, paragraph: etree._Element) -> bool:
        style = self._style_of(_child(paragraph, "pPr"), "pStyle")
        return style in self._styles and self._styles[style].heading


def _first(*said: bool | None) -> bool:
    return next((value for value in said if value is not None), False)


def _mark_deleted(paragraph: etree._Element) -> bool:
    marks = _child(_child(paragraph, "pPr"), "rPr")
    return any(local(mark) in _REMOVED for mark in marks) if marks is not None else False


def _is_placeholder(control: etree._Element) -> bool:
    """Tell a content control that still asks to be filled in, or holds a table of contents."""
    properties = _child(control, "sdtPr")
    if properties is None:
        return False
    gallery = _child(_child(properties, "docPartObj"), "docPartGallery")
    return _child(properties, "showingPlcHdr") is not None or (
        gallery is not None and attribute(gallery, "val") == "Table of Contents"
    )


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if local(child) == "tr":
            properties = _child(child, "trPr")
            if properties is None or _child(properties, "del") is None:
                yield child
        elif local(child) in {"sdt", "sdtContent", "customXml"}:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) in {"sdt", "sdtContent", "customXml"}:
            yield from _cells(child)
