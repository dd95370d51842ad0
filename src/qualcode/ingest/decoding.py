"""Bytes of a text file → text, in the encodings that Danish files come in."""

import codecs

from qualcode.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DANISH = "æøåÆØÅéÉ"
_RESAVE = "Gem filen som ren tekst (UTF-8)"


def decode(data: bytes, file: str) -> str:
    """Return the text of a file in UTF-8, UTF-16, Windows-1252 or Mac Roman.

    A byte order mark decides; else many NULs mean UTF-16; else strict UTF-8; else whichever of the two
    old single-byte encodings gives more Danish letters.

    Raises:
        InputError: the bytes are no text.
    """
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _utf16_without_bom(data)
    try:
        if encoding:
            return data.decode(encoding)
        _refuse_binary(data, file)
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if encoding:
            raise InputError(file, "teksten er beskadiget", mend=_RESAVE) from None
    candidates = [data.decode(name, "replace") for name in ("cp1252", "mac_roman")]
    return max(candidates, key=lambda text: sum(map(text.count, _DANISH)))


def _utf16_without_bom(data: bytes) -> str | None:
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) >= 4 and max(even, odd) > 0.3 * len(sample) / 2 and min(even, odd) <= 0.05 * len(sample) / 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _refuse_binary(data: bytes, file: str) -> None:
    sample = data[:65536]
    control = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a\x1b" for byte in sample)
    if b"\x00" in sample or control > 0.01 * len(sample):
        raise InputError(file, "filen er ikke tekst (binært indhold)", mend=_RESAVE)
