"""Native Word tables, written as XML: python-docx walks the whole table for each cell, which takes seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

# Shades of cells, from none to darkest; black text stays readable on all.
HEAT = ("FFFFFF", "E8EEF1", "CFDDE3", "B3CAD4", "96B5C2")
# Text width in twentieths of a point: 15.8 cm.
WIDTH = 8957
_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="C9C5BB"'


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, its paragraph style by id, bold or not, and a shade of :data:`HEAT`."""

    text: str
    style: str
    bold: bool = False
    shade: int = 0


def add_table(
    word: WordDocument,
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float] = (),
    *,
    heads: int = 0,
    lines: bool = True,
) -> None:
    """Add a table at the end of a document.

    Args:
        word: the document
        rows: cells by row; all rows are equally long
        widths: relative widths of the columns; even when empty
        heads: rows that are repeated on each page
        lines: draw thin lines between the rows
    """
    shares = widths or [1.0] * len(rows[0])
    columns = [int(WIDTH * share / sum(shares)) for share in shares]
    borders = "".join(f"<w:{side} {_LINE}/>" for side in ("top", "bottom", "insideH")) if lines else ""
    body = "".join(_row(cells, columns, head=place < heads) for place, cells in enumerate(rows))
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{sum(columns)}' w:type='dxa'/>"
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type='fixed'/>"
        f"<w:tblLook w:firstRow='{int(heads > 0)}' w:firstColumn='1' w:lastRow='0' w:lastColumn='0' w:noHBand='1' "
        f"w:noVBand='1'/></w:tblPr><w:tblGrid>{''.join(f'<w:gridCol w:w={width!r}/>' for width in map(str, columns))}"
        f"</w:tblGrid>{body}</w:tbl>"
    )
    word.element.body.insert_element_before(table, "w:sectPr")


def _row(cells: Sequence[Cell], columns: Sequence[int], *, head: bool) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    inside = "".join(_cell(cell, width) for cell, width in zip(cells, columns, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inside}</w:tr>"


def _cell(cell: Cell, width: int) -> str:
    shade = f"<w:shd w:val='clear' w:color='auto' w:fill='{HEAT[cell.shade]}'/>" if cell.shade else ""
    bold = "<w:rPr><w:b/></w:rPr>" if cell.bold else ""
    return (
        f"<w:tc><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/>{shade}</w:tcPr><w:p><w:pPr><w:pStyle w:val='{cell.style}'/>"
        f"</w:pPr><w:r>{bold}<w:t xml:space='preserve'>{escape(cell.text)}</w:t></w:r></w:p></w:tc>"
    )
