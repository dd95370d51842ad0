"""Quotes and tables as spreadsheets: ``citater`` and ``matricer``, each as xlsx and csv.

They hold what the report prints, with the same numbers hidden, and may be shared where the report may.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from qualcode.exchange.csvfile import without_formula
from qualcode.reporting.blocks import Document, Quote, Table
from qualcode.reporting.values import Report
from qualcode.reporting.word_tables import HEAT

QUOTE_HEAD = ("id", "tema", "kode", "citat", "hvem", "valens", "status", "hvor")
# Excel's own limit is 31 signs.
_SHEET_NAME = 31
_WIDEST = 80


def quote_rows(report: Report) -> list[tuple[str, ...]]:
    """Return the printed quotes: on theme pages, then wanted, then approved ones not printed before."""
    rows: dict[tuple[str, str], tuple[str, ...]] = {}
    for theme in report.themes:
        for part in theme.parts:
            for quote in part.quotes:
                rows.setdefault((quote.id, theme.name), _row(quote, theme.name, part.name, "tema"))
        for quote in theme.against:
            rows.setdefault((quote.id, theme.name), _row(quote, theme.name, "", "modstemme"))
        for quote in theme.needs:
            rows.setdefault((quote.id, theme.name), _row(quote, theme.name, "", "behov"))
    for name, quotes in report.appendix.approved:
        for quote in quotes:
            rows.setdefault((quote.id, name), _row(quote, name, "", "bilag"))
    return list(rows.values())


def _row(quote: Quote, theme: str, code: str, where: str) -> tuple[str, ...]:
    status = "godkendt" if quote.approved else "forslag"
    return (quote.id, theme, code, quote.text, quote.attribution, quote.valence, status, where)


def quotes_xlsx(report: Report) -> bytes:
    """Return the printed quotes as a workbook."""
    book = _book()
    _fill(book, "Citater", QUOTE_HEAD, quote_rows(report))
    return _saved(book)


def quotes_csv(report: Report) -> bytes:
    """Return the printed quotes as CSV for Danish Excel."""
    return _csv([QUOTE_HEAD, *quote_rows(report)])


def tables_of(document: Document) -> list[Table]:
    """Return the tables of numbers: those that are about words stand in the report only."""
    return [block for block in document.blocks if isinstance(block, Table) and block.numeric]


def tables_xlsx(document: Document) -> bytes:
    """Return the tables of numbers as a workbook, a sheet each, shaded as in the report."""
    book = _book()
    for table in tables_of(document):
        name = f"{table.number} {table.title}"[:_SHEET_NAME].translate(str.maketrans("[]:*?/\\", "-------"))
        sheet = _fill(book, name, table.head, [row.cells for row in table.rows])
        for place, row in enumerate(table.rows, 2):
            for column, shade in enumerate(row.shades, 2):
                if shade:
                    sheet.cell(place, column).fill = PatternFill("solid", fgColor=HEAT[shade])
        if table.note:
            sheet.cell(len(table.rows) + 3, 1, table.note)
    return _saved(book)


def tables_csv(document: Document) -> bytes:
    """Return the tables of numbers as one CSV: tabel, række, kolonne, værdi."""
    return _csv([("tabel", "række", "kolonne", "værdi"), *_long(tables_of(document))])


def _long(tables: Iterable[Table]) -> Iterator[tuple[str, ...]]:
    for table in tables:
        for row in table.rows:
            for column, value in zip(table.head[1:], row.cells[1:], strict=True):
                yield (table.title, row.cells[0], column, value)


def _book() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def _fill(book: Workbook, name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Worksheet:
    sheet: Worksheet = book.create_sheet(name)
    sheet.append(list(head))
    for row in rows:
        sheet.append([_value(text) for text in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for place in range(1, len(head) + 1):
        longest = max(
            (len(str(sheet.cell(line, place).value or "")) for line in range(1, sheet.max_row + 1)), default=8
        )
        sheet.column_dimensions[get_column_letter(place)].width = min(_WIDEST, longest + 2)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    return sheet


def _value(text: str) -> str | int:
    """Return a cell: a whole number as a number, text that Excel would run as text."""
    return int(text) if text.isdigit() and len(text) < 10 else str(without_formula(text))


def _saved(book: Workbook) -> bytes:
    # The same rows give the same bytes, apart from the archive's own dates.
    book.properties.creator = "qualcode"
    book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([[without_formula(text) for text in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
