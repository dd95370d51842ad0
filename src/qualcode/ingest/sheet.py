"""Readers for spreadsheets, Excel and CSV, with a row a turn."""

import csv
import datetime
import io
import re
from collections.abc import Iterator, Sequence

import openpyxl

from qualcode.errors import InputError
from qualcode.ingest.archive import Archive
from qualcode.ingest.decoding import decode
from qualcode.ingest.document import RawBlock, Source, canonical
from qualcode.ingest.tables import Columns, find_columns, turns_of
from qualcode.ingest.times import clock_of_seconds

_MEND = "Giv kolonnerne overskrifterne 'Taler' og 'Tekst' (og evt. 'Tid'), eller flyt filen ud af studiemappen"
_EXCEL_MEND = "Åbn den i Excel, og gem den igen som .xlsx uden adgangskode"
_DELIMITERS = ";,\t|"
# Speech is sentences: without headings, cells this short (mean number of words) are a list of something else.
_FEWEST_WORDS = 4

# The heading of a column that says which interview a row belongs to.
_INTERVIEW = re.compile(
    r"(?:interview|fil|dokument|document|file|case)(?:navn|name|[ _-]?(?:nr\.?|nummer|id))?", re.IGNORECASE
)

Rows = list[list[str]]


def read_xlsx(source: Source) -> list[RawBlock]:
    """Return the first visible sheet that is a transcript; hidden rows and columns are left out.

    Raises:
        InputError: no readable Excel file, or no sheet is a transcript.
    """
    Archive(source, "Excel-filen", _EXCEL_MEND).check_all()
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.data), data_only=True)
        sheets = [list(_rows(sheet)) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception:
        # openpyxl lets zip, XML, key, value and type errors through; to the user they are one thing.
        raise InputError(source.file, "Excel-filen kan ikke læses", mend=_EXCEL_MEND) from None
    return _first_transcript(sheets, source.file, "regnearket")


def read_csv(source: Source) -> list[RawBlock]:
    """Return the rows of a CSV file with semicolon, comma, tab or bar between the columns.

    Raises:
        InputError: the bytes are no text, or no transcript.
    """
    lines = canonical(decode(source.data, source.file))
    if lines.lower().startswith("sep="):
        lines = lines.partition("\n")[2]
    try:
        tables = [_table(lines, delimiter) for delimiter in _DELIMITERS if delimiter in lines]
    except csv.Error:
        raise InputError(source.file, "CSV-filen er beskadiget", mend=_MEND) from None
    return _first_transcript(tables, source.file, "CSV-filen")


def _table(lines: str, delimiter: str) -> Rows:
    """Return the cells of a CSV text; what runs over the headings is speech with an unquoted delimiter in it."""
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(lines), delimiter=delimiter)]
    columns = find_columns(rows)
    if columns is None or not columns.headed:
        return rows
    width = len(rows[columns.first - 1])
    return [[*row[: width - 1], f"{delimiter} ".join(row[width - 1 :])] if len(row) > width else row for row in rows]


def _first_transcript(tables: Sequence[Rows], file: str, kind: str) -> list[RawBlock]:
    for rows in tables:
        columns = find_columns(rows)
        if columns and (columns.headed or _is_speech(rows, columns)):
            return [*_named(rows, columns, file), *turns_of(rows, columns)]
    raise InputError(file, f"{kind} er ikke en transskription med taler og tekst i hver sin kolonne", mend=_MEND)


def _named(rows: Rows, columns: Columns, file: str) -> Iterator[RawBlock]:
    """Yield the interview's name as a fact, where a column gives it.

    Raises:
        InputError: the column names several interviews.
    """
    headings = rows[columns.first - 1] if columns.headed else []
    column = next((number for number, name in enumerate(headings) if _INTERVIEW.fullmatch(name.strip())), None)
    if column is None:
        return
    names = list(dict.fromkeys(row[column] for row in rows[columns.first :] if column < len(row) and row[column]))
    if len(names) > 1:
        raise InputError(
            file,
            f"kolonnen '{headings[column].strip()}' nævner {len(names)} interview",
            mend="Gem hvert interview i sin egen fil",
        )
    yield from (RawBlock(name, label="Interview") for name in names)


def _is_speech(rows: Rows, columns: Columns) -> bool:
    cells = [row[column] for row in rows for column in columns.speech if column < len(row) and row[column]]
    return sum(len(cell.split()) for cell in cells) >= _FEWEST_WORDS * len(cells) and len(cells) > 1


def _rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[list[str]]:
    hidden = {name for name, dimension in sheet.column_dimensions.items() if dimension.hidden}
    for row in sheet.iter_rows():
        if row and not sheet.row_dimensions[row[0].row].hidden:
            yield ["" if cell.column_letter in hidden else _told(cell.value) for cell in row]


def _told(value: object) -> str:
    """Return a cell as text; times of day count as time since the recording began, as Excel writes both alike."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds")
    if isinstance(value, datetime.timedelta):
        return clock_of_seconds(max(0.0, value.total_seconds()))
    return str(value).strip()
