"""What a reader makes of a file: blocks of text, joined to the canonical text with stable offsets.

A reader knows only its file format. It hands over :class:`RawBlock` values in reading order – a line of a
text file, a paragraph or a table row of a Word file, a cue of a subtitle file – and :func:`assemble`
makes the canonical text of them. Turns are found later, alike for all formats.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Zero-width characters that word processors leave behind; they change no word and break searches.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\ufeff\u200b\u2060"))
_NEWLINES = {
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
    ord("\x0b"): "\n",
    ord("\x0c"): "\n",
    ord("\x85"): "\n",
}


@dataclass(frozen=True, slots=True)
class RawBlock:
    """Text as the file has it; ``label`` where the format itself names the speaker (a table cell, a voice)."""

    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A block's place ``[start, end)`` in the canonical text; a label given by the format lies before it."""

    start: int
    end: int
    label: str | None = None


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
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE).translate(_NEWLINES)
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
        label = canonical(block.label).strip() if block.label else None
        prefix = f"{label}: " if label else ""
        line = prefix + text
        blocks.append(Block(position + len(prefix), position + len(line), label))
        parts.append(line)
        position += len(line) + 1
    return Document("\n".join(parts), tuple(blocks))
