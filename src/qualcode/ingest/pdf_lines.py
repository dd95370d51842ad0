"""Pages of a PDF file → printed lines with their place, by PDFium.

PDFium gives pieces of text in reading order, columns one after the other; a piece ends where the font changes. Pieces
on one height are a line, and a wide gap between them is written as a tab: the cells of a table.
"""

import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw

from qualcode.errors import InputError
from qualcode.ingest.document import Source

_MOST_PAGES = 2000
# PDFium is not made for several threads at a time.
_LOCK = threading.Lock()
# A gap of so many times the height of the letters is no space between words.
_CELL_GAP = 1.6
_WORD_GAP = 0.15
_FONT_NAME = 128


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; places are shares of the page's height, from the bottom.

    Attributes:
        bold: how many characters at its start are bold
        height: height of its letters, as a share, too
    """

    text: str
    bottom: float
    height: float
    bold: int = 0


def page_lines(source: Source, mend: str) -> list[list[Line]]:
    """Return the lines of each page.

    Raises:
        InputError: no readable PDF, an encrypted one, or one with too many pages.
    """
    try:
        with _LOCK:
            document = pypdfium2.PdfDocument(source.data)
            try:
                count = len(document)
                pages = [list(_lines(document[number])) for number in range(min(count, _MOST_PAGES))]
            finally:
                document.close()
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        what = "PDF-filen er beskyttet med adgangskode" if locked else "PDF-filen kan ikke læses"
        raise InputError(source.file, what, mend=mend) from None
    if count > _MOST_PAGES:
        raise InputError(source.file, f"PDF-filen har over {_MOST_PAGES} sider", mend="Del den i flere interview")
    return pages


def _lines(page: pypdfium2.PdfPage) -> Iterator[Line]:
    full = max(1.0, float(page.get_height()))
    words = page.get_textpage()
    text, bold, only_bold = "", 0, True
    right = bottom = top = 0.0
    for number in range(words.count_rects()):
        rect = words.get_rect(number)
        piece = str(words.get_text_bounded(*rect, errors="replace")).replace("\r\n", " ").replace("\n", " ")
        left, middle = rect[0], (rect[1] + rect[3]) / 2
        same = bool(text) and bottom - 1 <= middle <= top + 1 and left >= right - 3
        if text and not same:
            yield Line(text.strip(), bottom / full, (top - bottom) / full, bold)
            text, bold, only_bold = "", 0, True
        if not same:
            bottom, top = rect[1], rect[3]
        elif left - right > _CELL_GAP * (top - bottom) and piece.strip("\x02\ufffe "):
            text, piece = text.rstrip() + "\t", piece.lstrip()
        elif (
            left - right > _WORD_GAP * (top - bottom) and not text.endswith(" ") and not piece.startswith((" ", "\x02"))
        ):
            text += " "
        only_bold = only_bold and _is_bold(words, (left + rect[2]) / 2, middle)
        text += piece.lstrip() if not text or text[-1].isspace() else piece
        bold = len(text) if only_bold else bold
        right, bottom, top = rect[2], min(bottom, rect[1]), max(top, rect[3])
    if text.strip():
        yield Line(text.strip(), bottom / full, (top - bottom) / full, bold)


def _is_bold(words: pypdfium2.PdfTextPage, x: float, y: float) -> bool:
    index = words.get_index(x, y, 3, 3)
    if index is None:
        return False
    name = ctypes.create_string_buffer(_FONT_NAME)
    pypdfium2.raw.FPDFText_GetFontInfo(words.raw, index, name, _FONT_NAME, ctypes.c_int())
    return b"bold" in name.value.lower()
