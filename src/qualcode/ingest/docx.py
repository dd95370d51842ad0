"""Reader for Word files: paragraphs and table rows, in the order of the page.

The body is walked element by element, because the usual shortcuts are unsafe here: python-docx's
``paragraph.text`` drops text inserted with track changes, other libraries keep text that was deleted.
Headers, footers, comments, foot notes and hidden text are left out.
"""

import io
import zipfile
from collections.abc import Iterator

from docx import Document as load
from docx.oxml.ns import qn
from lxml import etree

from qualcode.errors import InputError
from qualcode.ingest.document import RawBlock

MAX_UNPACKED = 200_000_000
_CHANGES = tuple(qn(name) for name in ("w:ins", "w:del", "w:moveFrom", "w:moveTo"))
_LEFT_OUT = frozenset(qn(name) for name in ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:rPr", "w:pPr"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_LABEL_LENGTH = 60


def read_docx(data: bytes, file: str) -> list[RawBlock]:
    """Return paragraphs and table rows; of a row with two cells the first names the speaker.

    Raises:
        InputError: no readable Word file, or one with unresolved tracked changes.
    """
    body = _body(data, file)
    if next(body.iter(*_CHANGES), None) is not None:
        raise InputError(
            file,
            "dokumentet har sporede ændringer, der ikke er afgjort",
            mend="Vælg 'Acceptér alle ændringer' i Word, og gem",
        )
    return list(_blocks(body))


def _body(data: bytes, file: str) -> etree._Element:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_UNPACKED:
            raise InputError(file, "Word-filen pakker ud til over 200 MB", mend="Gem den uden billeder")
        element: etree._Element = load(io.BytesIO(data)).element.body
        return element
    except InputError:
        raise
    except Exception:
        # python-docx lets any of a dozen zip, XML and key errors through; to the user they are one thing.
        what = (
            "filen er krypteret eller i et gammelt Word-format"
            if data[:4] == b"\xd0\xcf\x11\xe0"
            else "Word-filen kan ikke læses"
        )
        raise InputError(file, what, mend="Åbn den i Word, og gem den igen som .docx uden adgangskode") from None


def _blocks(parent: etree._Element) -> Iterator[RawBlock]:
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            yield from (RawBlock(line) for line in _text(child).split("\n"))
        elif child.tag == qn("w:tbl"):
            yield from (_row(row) for row in child.iterchildren(qn("w:tr")))
        elif child.tag == qn("w:sdt"):
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _blocks(content)


def _row(row: etree._Element) -> RawBlock:
    cells = ["\n".join(block.text for block in _blocks(cell)).strip() for cell in row.iter(qn("w:tc"))]
    cells = [cell for cell in cells if cell]
    if len(cells) == 2 and len(cells[0]) <= _LABEL_LENGTH:
        return RawBlock(cells[1], label=cells[0].rstrip(": "))
    return RawBlock("\t".join(cells))


def _text(element: etree._Element) -> str:
    """Return the visible text under an element."""
    if element.tag in _LEFT_OUT or element.tag == _FALLBACK or _hidden(element):
        return ""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[element.tag]
    return "".join(_text(child) for child in element.iterchildren() if isinstance(child.tag, str))


def _hidden(element: etree._Element) -> bool:
    if element.tag != qn("w:r"):
        return False
    mark = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "true") not in ("false", "0")
