"""What a reader makes of a file: blocks of text, joined to the canonical text with stable offsets.

A reader knows only its file format. It gets a :class:`Source` and hands over :class:`RawBlock` values in
reading order – a line of a text file, a paragraph or a table row of a Word file, what one voice says in a
subtitle file – and :func:`assemble` makes the canonical text of them. Turns are found later, alike for all
formats.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

# Zero-width characters that word processors leave behind; they change no word and break searches.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\ufeff\u200b\u2060"))
_NEWLINES = {
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
    ord("\x0b"): "\n",
    ord("\x0c"): "\n",
    ord("\x85"): "\n",
}
_REPLACED = _INVISIBLE | _NEWLINES


@dataclass(frozen=True, slots=True)
class Source:
    """A file as readers get it; with ``accept_changes`` tracked changes count as accepted, else they refuse it."""

    data: bytes = field(repr=False)
    file: str
    accept_changes: bool = False


@dataclass(frozen=True, slots=True)
class RawBlock:
    """Text as the file has it, and what the format itself says of it.

    Attributes:
        label: the speaker, where a table cell or a voice names one
        time: when it is said, as ``HH:MM:SS``
        role: the speaker's title, where a column gives it
        bold: how many characters at its start are set in bold or italics
        heading: whether it is a heading, and so nobody's speech
    """

    text: str
    label: str | None = None
    time: str | None = None
    role: str | None = None
    bold: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block's place ``[start, end)`` in the canonical text; a label given by the format lies before it."""

    start: int
    end: int
    label: str | None = None
    time: str | None = None
    role: str | None = None
    bold: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The canonical text of a file and the blocks it is made of."""

    text: str
    blocks: tuple[Block, ...]


def canonical(text: str) -> str:
    r"""Return text as qualcode keeps it: NFC, ``\n`` line ends, no BOM, no soft hyphens, no NUL.

    >>> canonical("\ufeffsam\u00adskabelse\r\n")
    'samskabelse\n'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_REPLACED)
    # A lone surrogate cannot be stored or printed; a NUL ends the text in C libraries.
    text = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", text)


def assemble(raw: Iterable[RawBlock]) -> Document:
    """Join blocks to one text, one block a line; labels from the format are written as ``label: text``.

    Blocks are made canonical one by one: neither a line end nor a space composes with what follows it.
    """
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for block in raw:
        text = canonical(block.text)
        label = canonical(block.label).strip() or None if block.label else None
        prefix = f"{label}: " if label else ""
        line = prefix + text
        bold = len(canonical(block.text[: block.bold])) if block.bold else 0
        start, end = position + len(prefix), position + len(line)
        blocks.append(Block(start, end, label, block.time, block.role, bold, block.heading))
        parts.append(line)
        position += len(line) + 1
    return Document("\n".join(parts), tuple(blocks))
