"""Read the rows of a review workbook as it came back, from whatever spreadsheet."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import load_workbook

from qualcode.errors import InputError
from qualcode.exchange.excel_layout import CODINGS, COLUMNS

# What a workbook may hold unpacked; the review of a hundred interviews takes a tenth of it.
_LARGEST = 300 * 2**20
_NEEDED = ("id", "revision", "code", "quote", "decision", "new_code", "new_valence", "reason")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came back; empty cells are empty strings.

    Attributes:
        number: as the spreadsheet counts
        formula: whether the reviewer's cells hold one
    """

    number: int
    id: str
    revision: str
    code: str
    quote: str
    decision: str
    new_code: str
    new_valence: str
    reason: str
    formula: bool = False

    @property
    def answered(self) -> bool:
        """Whether the reviewer has filled anything in."""
        return bool(self.decision or self.new_code or self.new_valence or self.reason)


def read_rows(file: str, content: bytes) -> list[Row]:
    """Return the rows of the sheet of codings that are not empty.

    Raises:
        InputError: it is no such workbook.
    """
    _check_package(file, content)
    try:
        with warnings.catch_warnings():
            # About extensions that spreadsheets add and that are not needed here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True)
            if CODINGS not in book.sheetnames:
                raise InputError(file, f"arket '{CODINGS}' mangler", mend="Brug en fil fra 'qualcode export'")
            sheet = book[CODINGS]
            sheet.reset_dimensions()
            cells = list(_cells(sheet.iter_rows()))
    except InputError:
        raise
    except Exception:
        # openpyxl has no common base for what a damaged workbook makes it raise.
        raise InputError(file, "filen er beskadiget", mend="Åbn den i Excel, og gem den igen som .xlsx") from None
    return list(_rows(file, cells))


def _check_package(file: str, content: bytes) -> None:
    """Refuse what is no workbook, is far too large unpacked, or declares XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) > _LARGEST:
                raise InputError(file, "filen er alt for stor", mend="Brug en fil fra 'qualcode export'")
            if any(b"<!DOCTYPE" in package.read(part)[:4096] for part in parts if part.filename.endswith(".xml")):
                raise InputError(file, "filen har XML-entiteter", mend="Gem den igen fra Excel som .xlsx")
    except InputError:
        raise
    except Exception:
        # zipfile has none either: a damaged archive makes it raise whatever it stumbles over.
        raise InputError(file, "filen er ikke en Excel-fil", mend="Gem den som .xlsx") from None


def _cells(rows: Iterator[Sequence[object]]) -> Iterator[tuple[int, list[tuple[str, bool]]]]:
    """Yield (row number, [(text, whether it is a formula)]) for the rows that hold anything."""
    for number, row in enumerate(rows, start=1):
        texts = [(_text(getattr(cell, "value", None)), getattr(cell, "data_type", "") == "f") for cell in row]
        if any(text for text, _ in texts):
            yield number, texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _rows(file: str, cells: Sequence[tuple[int, list[tuple[str, bool]]]]) -> Iterator[Row]:
    titles = [text for text, _ in cells[0][1]] if cells else []
    places = {column.key: titles.index(column.title) for column in COLUMNS if column.title in titles}
    missing = [column.title for column in COLUMNS if column.key in _NEEDED and column.key not in places]
    if missing:
        told = ", ".join(f"'{title}'" for title in missing)
        raise InputError(
            file, f"kolonner mangler i arket '{CODINGS}': {told}", mend="Brug en fil fra 'qualcode export'"
        )
    for number, texts in cells[1:]:
        yield _row(number, {key: texts[place] for key, place in places.items() if place < len(texts)})


def _row(number: int, found: Mapping[str, tuple[str, bool]]) -> Row:
    texts = {key: found.get(key, ("", False))[0] for key in _NEEDED}
    answers = [column.key for column in COLUMNS if column.fill_in]
    return Row(number, **texts, formula=any(found.get(key, ("", False))[1] for key in answers))
