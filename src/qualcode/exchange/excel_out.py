"""The review workbook: codings to decide on in Excel, with drop-down lists and all but the answers locked.

Text from transcripts is written as text and marked so (``quotePrefix``): a quote that begins with ``=`` is never a
formula. The locks keep cells from being changed by accident; they have no password and keep no secret.
"""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qualcode.analysis.frames import in_words
from qualcode.exchange.csvfile import FORMULA_SIGNS
from qualcode.exchange.excel_layout import CODEBOOK, CODINGS, COLUMNS, DECISIONS, GUIDE, GUIDE_LINES, Column
from qualcode.exchange.requests import ExportRequest
from qualcode.models import Codebook, Coding, Interview, Valence

# Excel's own limit of characters in a cell.
_LONGEST = 32_767
# Points a line takes, and the highest row that Excel allows.
_LINE_HEIGHT = 15
_HIGHEST = 409
_CODE_LIST = "Koder"
_HEAD = PatternFill("solid", fgColor="1F3A4D")
_ANSWER = PatternFill("solid", fgColor="FFF8DC")
_LINE = Border(bottom=Side("thin", color="D0D5D9"))
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_CODEBOOK_COLUMNS = (
    ("Kode", 30),
    ("Navn", 28),
    ("Slags", 12),
    ("Definition", 60),
    ("Bruges når", 45),
    ("Bruges ikke når", 45),
    ("Eksempler", 60),
)
_EXAMPLES = 3


def export_xlsx(request: ExportRequest) -> bytes:
    """Return a workbook with the sheets Kodninger, Kodebog and Vejledning; the least certain codings first."""
    book = Workbook()
    codings = book.active or book.create_sheet()
    codings.title = CODINGS
    _fill_codebook(book.create_sheet(CODEBOOK), request.codebook)
    _fill_guide(book.create_sheet(GUIDE))
    last = len(request.codebook.codes) + 1
    book.defined_names[_CODE_LIST] = DefinedName(_CODE_LIST, attr_text=f"{CODEBOOK}!$A$2:$A${last}")
    ordered = sorted(request.codings, key=lambda coding: (coding.score, coding.id))
    _fill_codings(codings, ordered, request)
    book.properties.creator = "qualcode"
    book.properties.title = request.study.title
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill_codings(sheet: Worksheet, codings: Sequence[Coding], request: ExportRequest) -> None:
    _head(sheet, [(column.title, column.width) for column in COLUMNS])
    by_id = {interview.id: interview for interview in request.interviews}
    for row, coding in enumerate(codings, start=2):
        values = _values(coding, by_id[coding.interview], request.codebook)
        for number, column in enumerate(COLUMNS, start=1):
            _write(sheet.cell(row, number), values.get(column.key), column)
        _fit(sheet, row, [(str(values.get(column.key, "")), column.width) for column in COLUMNS])
    for number, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].hidden = column.hidden
    last = len(codings) + 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{last}"
    _drop_down(sheet, "decision", f'"{",".join(DECISIONS)}"', last, "Vælg godkend, afvis eller omkod.")
    _drop_down(sheet, "new_code", _CODE_LIST, last, "Vælg en kode fra arket »Kodebog«.")
    _drop_down(sheet, "new_valence", f'"{",".join(Valence)}"', last, "Vælg en valens fra listen.")
    _protect(sheet)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _values(coding: Coding, interview: Interview, codebook: Codebook) -> dict[str, str | int | float]:
    informant = interview.informant(coding.speaker)
    before, after = interview.context(coding.start, coding.end)
    return {
        "id": coding.id,
        "revision": coding.revision,
        "interview": interview.id,
        "turn": coding.turn,
        "speaker": coding.speaker,
        "role": informant.role,
        "level": informant.level.value,
        "context": " ".join(f"…{before} [citat] {after}…".split()),
        "quote": interview.quote(coding.start, coding.end),
        "code": coding.code,
        "name": codebook.by_id[coding.code].name,
        "valence": coding.valence.value,
        "score": coding.score,
        "status": coding.status.value,
        "evidence": in_words(coding.evidence, interview),
    }


def _write(cell: Cell, value: str | float | None, column: Column) -> None:
    if isinstance(value, str):
        set_text(cell, value)
    elif value is not None:
        cell.value = value
        cell.number_format = "0.00" if isinstance(value, float) else "0"
    cell.alignment = _WRAPPED
    cell.border = _LINE
    if column.fill_in:
        cell.fill = _ANSWER
        # Text: Excel would make a date of "1-2" and a formula of "=a".
        cell.number_format = "@"
        cell.protection = Protection(locked=False)


def set_text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with; characters that XML cannot hold become ``�``."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", text)[:_LONGEST]
    cell.data_type = "s"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True


def _fit(sheet: Worksheet, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make a row as high as its wrapped texts need; spreadsheets do not when they open a file."""
    lines = max(sum(1 + len(part) // width for part in text.split("\n")) for text, width in texts)
    sheet.row_dimensions[row].height = min(_LINE_HEIGHT * lines + 2, _HIGHEST)


def _head(sheet: Worksheet, columns: Iterable[tuple[str, int]]) -> None:
    for number, (title, width) in enumerate(columns, start=1):
        cell = sheet.cell(1, number, title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"


def _drop_down(sheet: Worksheet, key: str, choices: str, last: int, told: str) -> None:
    letter = get_column_letter([column.key for column in COLUMNS].index(key) + 1)
    rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=True, errorTitle="Ukendt")
    rule.error = told
    sheet.add_data_validation(rule)
    if last > 1:
        rule.add(f"{letter}2:{letter}{last}")


def _protect(sheet: Worksheet) -> None:
    """Lock the sheet, but let people filter and widen columns; in openpyxl False means: not forbidden."""
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _fill_codebook(sheet: Worksheet, codebook: Codebook) -> None:
    _head(sheet, _CODEBOOK_COLUMNS)
    for row, code in enumerate(codebook.codes, start=2):
        told = (
            code.id,
            code.name,
            code.kind.value,
            code.definition,
            code.use_when,
            "\n".join(f"{text} → {use}" if use else text for text, use in code.not_when),
            "\n".join(f"»{example}«" for example in code.examples[:_EXAMPLES]),
        )
        for number, text in enumerate(told, start=1):
            cell = sheet.cell(row, number)
            set_text(cell, " ".join(text.split()) if number != len(told) else text)
            cell.alignment = _WRAPPED
        _fit(sheet, row, list(zip(told, (width for _, width in _CODEBOOK_COLUMNS), strict=True)))
    _protect(sheet)


def _fill_guide(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 110
    for row, line in enumerate(GUIDE_LINES, start=1):
        sheet.cell(row, 1, line or None).alignment = _WRAPPED
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.protection.sheet = True
