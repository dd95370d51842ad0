r"""Reader for Rich Text Format: paragraphs and tables, with deleted and hidden text told from the rest.

The format is a stream of groups ``{…}``, control words ``\word12`` and bytes. Libraries that strip it to text keep
what is marked as deleted; here each character is taken with the properties it stands under (Rich Text Format
Specification 1.9.1). Headers, footers, notes, comments, field codes and pictures are destinations left out.
"""

import re
from dataclasses import dataclass, field, replace

from qualcode.errors import InputError
from qualcode.ingest.document import RawBlock, Source
from qualcode.ingest.docx import CHANGES_MEND
from qualcode.ingest.paragraphs import Piece, lines_of
from qualcode.ingest.tables import blocks_of_table

_MEND = "Åbn den i Word, og gem den som .docx"
_TOKEN = re.compile(
    rb"\\(?:(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|'(?P<hex>[0-9A-Fa-f]{2})|(?P<symbol>[^A-Za-z]))"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
_LEFT_OUT = frozenset(
    "fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf "
    "footnote annotation pict object fldinst listtext pntext pntxta pntxtb xe tc tcn nonesttables "
    "nonshppict shprslt sp rxe txe private listtable listoverridetable revtbl rsidtbl filetbl themedata "
    "datafield bkmkstart bkmkend".split()
)
# Destinations marked as ones an old reader may skip whose text is on the page all the same.
_KEPT_THOUGH_STARRED = frozenset({"shpinst", "shptxt", "nesttableprops"})
_CHARACTERS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "line": "\n",
    "nestcell": "\t",
    "nestrow": "\n",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_CHARSETS = {77: "mac_roman", 161: "cp1253", 162: "cp1254", 186: "cp1257", 204: "cp1251", 238: "cp1250"}
_CODEPAGES = {10000: "mac_roman", 65001: "utf-8"}
_PARAGRAPH_ENDS = frozenset({"par", "sect", "page"})
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class _State:
    """Properties that a group inherits and gives back."""

    left_out: bool = False
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    inserted: bool = False
    deleted: bool = False
    in_table: bool = False
    font: int = 0
    fallback: int = 1
    destination: str = ""


def _formatted(state: _State, word: str, on: bool) -> _State:
    match word:
        case "b":
            return replace(state, bold=on)
        case "i":
            return replace(state, italic=on)
        case _:
            return replace(state, hidden=on)


@dataclass(slots=True)
class _Page:
    """The blocks so far, and the paragraph, cell, row and table being filled."""

    blocks: list[RawBlock] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    cell: list[RawBlock] = field(default_factory=list)
    row: list[list[RawBlock]] = field(default_factory=list)
    table: list[list[list[RawBlock]]] = field(default_factory=list)

    def end_paragraph(self, *, in_table: bool) -> None:
        lines = list(lines_of(self.pieces))
        self.pieces = []
        if in_table:
            self.cell += lines
        else:
            self.end_table()
            self.blocks += lines

    def end_cell(self) -> None:
        self.end_paragraph(in_table=True)
        self.row.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        self.table.append(self.row)
        self.row = []

    def end_table(self) -> None:
        if self.cell or self.row:
            # A row without its end, as in a damaged file.
            self.table.append([*self.row, self.cell])
            self.cell, self.row = [], []
        if self.table:
            self.blocks += blocks_of_table(self.table)
            self.table = []


def read_rtf(source: Source) -> list[RawBlock]:
    """Return paragraphs and table rows.

    Raises:
        InputError: no RTF, a file cut short, or one with unresolved tracked changes.
    """
    if not source.data.lstrip().startswith(b"{\\rtf"):
        raise InputError(source.file, "filen er ikke RTF", mend=_MEND)
    reading = _Reading(source.data.strip(b" \t\r\n\x00"))
    reading.run()
    if reading.stack:
        raise InputError(source.file, "RTF-filen er afkortet eller beskadiget", mend=_MEND)
    if reading.changed and not source.accept_changes:
        raise InputError(source.file, "dokumentet har sporede ændringer, der ikke er afgjort", mend=CHANGES_MEND)
    return reading.page.blocks


class _Reading:
    """One pass over an RTF file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.stack: list[_State] = []
        self._state = _State()
        self.page = _Page()
        self.changed = False
        self._encoding = "cp1252"
        self._font_encodings: dict[int, str] = {}
        self._starred = False
        self._to_skip = 0
        self._bytes = bytearray()
        self._high: int | None = None

    def run(self) -> None:
        """Read to the end of the outermost group."""
        position = 0
        while position < len(self._data):
            match = _TOKEN.match(self._data, position)
            if match is None:
                break
            position = match.end() + self._take(match)
            if not self.stack:
                break
        self._flush()
        self.page.end_paragraph(in_table=False)

    def _take(self, match: re.Match[bytes]) -> int:
        """Take in a token; return how many bytes of raw data follow it."""
        if match["hex"]:
            self._byte(int(match["hex"], 16))
            return 0
        self._flush()
        if match["brace"]:
            self._brace(match["brace"])
        elif match["word"]:
            number = int(match["number"]) if match["number"] else None
            if match["word"] == b"bin":
                return max(0, number or 0)
            self._control(match["word"].decode("ascii"), number)
        elif match["symbol"]:
            self._symbol(match["symbol"])
        elif match["text"]:
            self._text(match["text"])
        return 0

    def _brace(self, brace: bytes) -> None:
        self._to_skip = 0
        if brace == b"{":
            self.stack.append(self._state)
            if len(self.stack) > _DEEPEST:
                self._data = b""
        elif self.stack:
            self._state = self.stack.pop()
        self._starred = False

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in (b"\r", b"\n"):
            self._control("par", None)
        elif symbol in _SYMBOLS and not self._skipped(1):
            self._put(_SYMBOLS[symbol])

    def _control(self, word: str, number: int | None) -> None:
        if word in _LEFT_OUT or (self._starred and word not in _KEPT_THOUGH_STARRED):
            self._state = replace(self._state, left_out=True, destination=word)
        self._starred = False
        on = number != 0
        if word == "u" and number is not None:
            self._unicode(number % 65536)
        elif word == "uc" and number is not None:
            self._state = replace(self._state, fallback=max(0, min(number, 100)))
        elif word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word in ("b", "i", "v"):
            self._state = _formatted(self._state, word, on)
        elif word in ("deleted", "mvf"):
            self._state = replace(self._state, deleted=on)
        elif word in ("revised", "mvt"):
            self._state = replace(self._state, inserted=on)
        elif word == "plain":
            # What is deleted stays so to the end of its group: rather a word too few than a name too many.
            self._state = replace(self._state, bold=False, italic=False, hidden=False)
        else:
            self._layout(word, number)

    def _layout(self, word: str, number: int | None) -> None:
        if word == "intbl":
            self._state = replace(self._state, in_table=True)
        elif word == "pard":
            self._state = replace(self._state, in_table=False)
        elif word == "shptxt":
            self.page.end_paragraph(in_table=self._state.in_table)
        elif word == "f" and number is not None:
            self._state = replace(self._state, font=number)
        elif word == "fcharset" and self._state.destination == "fonttbl" and number in _CHARSETS:
            self._font_encodings[self._state.font] = _CHARSETS[number]
        elif word == "mac":
            self._encoding = "mac_roman"
        elif word == "ansicpg" and number is not None:
            self._encoding = _CODEPAGES.get(number, f"cp{number}" if 1250 <= number <= 1258 else "cp1252")
        elif not self._state.left_out and not self._gone():
            self._end(word)

    def _end(self, word: str) -> None:
        if word in _PARAGRAPH_ENDS:
            self.page.end_paragraph(in_table=self._state.in_table)
        elif word == "cell":
            self.page.end_cell()
        elif word == "row":
            self.page.end_row()

    def _gone(self) -> bool:
        """Note a tracked change, and tell whether what stands here is deleted or hidden."""
        if self._state.deleted or self._state.inserted:
            self.changed = True
        return self._state.deleted or self._state.hidden

    def _unicode(self, unit: int) -> None:
        self._to_skip = self._state.fallback
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
            return
        if 0xDC00 <= unit < 0xE000 and self._high is not None:
            unit = 0x10000 + ((self._high - 0xD800) << 10) + (unit - 0xDC00)
        self._high = None
        self._put(chr(unit))

    def _skipped(self, characters: int) -> bool:
        r"""Tell whether a character is the stand-in after ``\u`` for readers without Unicode."""
        if self._to_skip <= 0:
            return False
        self._to_skip -= characters
        return True

    def _byte(self, byte: int) -> None:
        if not self._skipped(1):
            self._bytes.append(byte)

    def _text(self, text: bytes) -> None:
        skip = min(max(self._to_skip, 0), len(text))
        self._to_skip -= skip
        if text[skip:]:
            self._put(self._decoded(text[skip:]))

    def _flush(self) -> None:
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            self._put(self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        return data.decode(self._font_encodings.get(self._state.font, self._encoding), "replace")

    def _put(self, text: str) -> None:
        if not self._state.left_out and not self._gone():
            self.page.pieces.append((text, self._state.bold or self._state.italic))
