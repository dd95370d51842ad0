"""A codebook as an Excel sheet: a row a code, columns that a researcher understands, drop-downs where choices are few.

Several examples or patterns stand in one cell, a line each. What may not be used, and examples that look like the code
and are not, end in ``→ kode-id`` where another code is the right one.
"""

import datetime
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qualcode.errors import InputError, InvalidFileError
from qualcode.exchange.describing import pointed, pointing
from qualcode.exchange.refi.xmlsafe import clean
from qualcode.models import Code, Codebook, Kind

_CODES, _BOOK, _UNCODED = "Koder", "Kodebog", "Uden kode"
# Heading → width in characters.
_COLUMNS = {
    "Kode-id": 28,
    "Navn": 28,
    "Art": 12,
    "Farve": 10,
    "Definition": 60,
    "Brug når": 40,
    "Brug ikke når": 40,
    "Eksempler": 60,
    "Ligner, men er ikke": 40,
    "Søgemønstre": 40,
}
_NEEDED = ("Kode-id", "Navn", "Art", "Definition")
_FACTS = {"Id": "id", "Titel": "title", "Version": "version", "Kilde": "source", "Beskrivelse": "description"}
_MOST_ROWS = 20_000
_MAX_UNPACKED = 200_000_000


def codebook_xlsx(codebook: Codebook) -> bytes:
    """Return a codebook as an Excel workbook; the bank of examples is not in it. The same book gives the same bytes."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has no sheet")
    sheet.title = _CODES
    _fill(sheet, codebook)
    facts = book.create_sheet(_BOOK)
    for heading, name in _FACTS.items():
        facts.append([heading, clean(getattr(codebook, name))])
    facts.column_dimensions["A"].width, facts.column_dimensions["B"].width = 16, 100
    uncoded = book.create_sheet(_UNCODED)
    uncoded.append(["Passager, der ikke skal kodes"])
    for passage in codebook.uncoded:
        uncoded.append([clean(passage)])
    uncoded.column_dimensions["A"].width = 100
    for part in (facts, uncoded):
        _as_text(part)
    book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_times(buffer.getvalue())


def _fill(sheet: Worksheet, codebook: Codebook) -> None:
    sheet.append(list(_COLUMNS))
    for code in codebook.codes:
        sheet.append([clean(cell) for cell in _cells(code)])
    _as_text(sheet)
    for number, width in enumerate(_COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6EE")
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"
    kinds = DataValidation(type="list", formula1=f'"{",".join(kind.value for kind in Kind)}"', allow_blank=False)
    kinds.error = "Vælg en af arterne på listen."
    sheet.add_data_validation(kinds)
    kinds.add(f"C2:C{max(200, len(codebook.codes) + 100)}")


def _cells(code: Code) -> list[str]:
    patterns = [
        pattern if isinstance(pattern, str) else json.dumps([dict(token) for token in pattern], ensure_ascii=False)
        for pattern in code.patterns
    ]
    return [
        code.id,
        code.name,
        code.kind.value,
        code.color or "",
        code.definition,
        code.use_when,
        "\n".join(pointing(when, use) for when, use in code.not_when),
        "\n".join(code.examples),
        "\n".join(pointing(text, use) for text, use in code.near_misses),
        "\n".join(patterns),
    ]


def _as_text(sheet: Worksheet) -> None:
    """Mark every cell as text: a definition that begins with ``=`` is no formula."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"


def _without_times(content: bytes) -> bytes:
    """Return the workbook with fixed times, in the ZIP archive and where openpyxl notes when it saved."""
    from qualcode.exchange.refi.archive import packed

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    saved = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    members["docProps/core.xml"] = saved.sub(rb"\g<1>2000-01-01T00:00:00Z", members["docProps/core.xml"])
    return packed(members)


def read_xlsx(content: bytes, file: str) -> tuple[dict[str, object], list[int]]:
    """Return a codebook's data, as the YAML file would hold it, and the row of each code, from an Excel workbook.

    Raises:
        InputError: it is no workbook, or lacks the sheet or the columns.
        InvalidFileError: rows that cannot be read.
    """
    sheets = _sheets(content, file)
    rows = iter(sheets.get(_CODES) or next(iter(sheets.values()), []))
    head = next(rows, [])
    missing = [name for name in _NEEDED if name not in head]
    if missing:
        raise InputError(
            file, f"arket mangler kolonnerne {', '.join(missing)}", mend="Brug et ark, som qualcode har skrevet"
        )
    data: dict[str, object] = {}
    pairs = ((*row, "", "")[:2] for row in sheets.get(_BOOK, [])[:50])
    data |= {_FACTS[key]: value for key, value in pairs if key in _FACTS and value}
    codes = dict(_codes(rows, head, file))
    data["codes"] = list(codes.values())
    if _UNCODED in sheets:
        data["uncoded"] = [row[0] for row in sheets[_UNCODED][1:] if row and row[0]]
    return data, list(codes)


def _sheets(content: bytes, file: str) -> dict[str, list[list[str]]]:
    """Return the rows of each sheet as texts."""
    _refuse_bombs(content, file)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {
            sheet.title: [
                [_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_row=_MOST_ROWS)
            ]
            for sheet in book.worksheets
        }
    except Exception:
        # openpyxl has no common base for what a damaged workbook makes it raise.
        raise InputError(file, "filen er ikke en hel Excel-projektmappe", mend="Gem den igen som .xlsx") from None


def _refuse_bombs(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise InputError(file, "filen er ikke en Excel-projektmappe", mend="Gem den som .xlsx") from None
    if size > _MAX_UNPACKED:
        raise InputError(file, "filen fylder urimeligt meget, når den pakkes ud", mend="Gem den igen i Excel")


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _codes(rows: Iterator[list[str]], head: list[str], file: str) -> Iterator[tuple[int, dict[str, object]]]:
    problems = []
    for line, row in enumerate(rows, start=2):
        cells = {name: cell for name, cell in zip(head, row, strict=False) if name in _COLUMNS}
        if not any(cells.values()):
            continue
        empty = [name for name in _NEEDED if not cells.get(name)]
        if empty:
            problems.append(InputError(file, f"{', '.join(empty)} er tom", mend="Udfyld cellen", line=line))
            continue
        try:
            yield line, _entry(cells)
        except ValueError:
            problems.append(InputError(file, "et søgemønster i [ ] er ikke JSON", mend="Ret mønstret", line=line))
    if problems:
        raise InvalidFileError(problems)


def _entry(cells: Mapping[str, str]) -> dict[str, object]:
    def lines(name: str) -> list[str]:
        return [line.strip() for line in cells.get(name, "").split("\n") if line.strip()]

    entry: dict[str, object] = {
        "id": cells["Kode-id"].lower(),
        "name": cells["Navn"],
        "kind": cells["Art"].lower(),
        "color": cells.get("Farve", ""),
        "definition": cells["Definition"],
        "use_when": cells.get("Brug når", ""),
        "not_when": [_pointed("when", line) for line in lines("Brug ikke når")],
        "patterns": [_pattern(line) for line in lines("Søgemønstre")],
        "examples": lines("Eksempler"),
        "near_misses": [_pointed("text", line) for line in lines("Ligner, men er ikke")],
    }
    return {key: value for key, value in entry.items() if value}


def _pattern(line: str) -> object:
    return {"spacy": json.loads(line)} if line.startswith("[") else line


def _pointed(key: str, line: str) -> dict[str, str]:
    text, use = pointed(line)
    return {key: text, "use": use} if use else {key: text}
