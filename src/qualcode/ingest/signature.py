"""What a file really is, by its first bytes, whatever its name says."""

import re
from dataclasses import dataclass

from qualcode.errors import InputError

_START = 2048


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what Danes call it and the endings it may bear, the usual one first."""

    name: str
    endings: tuple[str, ...]


_WORD = Kind("en Word-fil", (".docx", ".docm"))
_EXCEL = Kind("en Excel-fil", (".xlsx", ".xlsm"))
_ODT = Kind("en OpenDocument-tekst", (".odt", ".ott"))
_OLD_OFFICE = Kind("en krypteret Office-fil eller et gammelt Office-format", (".docx", ".xlsx", ".docm", ".xlsm"))
_ZIP = Kind("en zip-fil", (".docx", ".xlsx", ".odt", ".ott", ".docm", ".xlsm"))
_BEGINNINGS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"\s{0,20}%PDF-"), Kind("en PDF-fil", (".pdf",))),
    (re.compile(rb"\s{0,20}\{\\rtf"), Kind("en RTF-fil", (".rtf",))),
    (re.compile(rb"\xd0\xcf\x11\xe0"), _OLD_OFFICE),
    (re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT"), Kind("en undertekstfil", (".vtt",))),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}\d+[ \t]*\r?\n\d{1,3}:\d\d:\d\d[,.]\d{3} *-->"),
        Kind("en undertekstfil", (".srt",)),
    ),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html)\b", re.IGNORECASE),
        Kind("en webside (HTML)", ()),
    ),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*"), Kind("et billede", ())),
    (re.compile(rb"ID3|RIFF....WAVE|OggS|fLaC|....ftyp", re.DOTALL), Kind("en lyd- eller videofil", ())),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!"), Kind("et komprimeret arkiv", ())),
)


def check_name(data: bytes, file: str, ending: str) -> None:
    """Refuse a file whose name says another format than its content.

    Raises:
        InputError: it does.
    """
    kind = _kind_of(data)
    if kind is None or ending in kind.endings:
        return
    if kind.endings and kind not in (_OLD_OFFICE, _ZIP):
        mend = f"Omdøb den, så den ender på {kind.endings[0]}"
    else:
        mend = "Åbn den i det program, der har lavet den, og gem teksten som .docx eller .txt"
    raise InputError(file, f"filen hedder {ending}, men er {kind.name}", mend=mend)


def _kind_of(data: bytes) -> Kind | None:
    if data.startswith(b"PK\x03\x04"):
        start = data[:_START]
        if b"mimetypeapplication/vnd.oasis.opendocument.text" in start:
            return _ODT
        # The names of the parts stand at the end of an archive, too.
        names = start + data[-65_536:]
        return next((kind for mark, kind in ((b"word/", _WORD), (b"xl/", _EXCEL)) if mark in names), _ZIP)
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(data[:_START])), None)
