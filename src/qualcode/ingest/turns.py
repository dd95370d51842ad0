"""Blocks of text → header facts and speaker turns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qualcode.ingest.document import Document
from qualcode.ingest.speakers import Label, label_at, speakers_among
from qualcode.models import Facts

_HEADER_LINE = re.compile(r"^\s*(?P<key>[^\W\d_][\w .-]{0,40}?)\s*:\s*(?P<value>.*?)\s*$")
_HEADER_END = re.compile(r"^\s*-{3,}\s*$")
_HEADER_KEYS = {
    "interview": "interview",
    "rolle": "role",
    "forvaltning": "department",
    "dato": "date",
    "bølge": "wave",
}
_LONGEST_HEADER = 40


@dataclass(frozen=True, slots=True)
class Header:
    """The ``Key: value`` lines at the top; ``blocks`` is how many blocks they take up."""

    interview: str | None
    facts: Facts
    blocks: int
    closed: bool


@dataclass(slots=True)
class Speech:
    """A turn being built: the label it stands under and the span of what was said."""

    speaker: str
    time: str | None
    spans: list[tuple[int, int]] = field(default_factory=list)


def read_header(document: Document) -> Header:
    """Return the header of a transcript.

    A header is ``Key: value`` lines with different keys, one of them known, ended by ``---``. Without the closing
    line only the known keys at the very top are trusted: speech has colons, too.
    """
    lines = _lines(document)[:_LONGEST_HEADER]
    end = next((index for index, line in enumerate(lines) if _HEADER_END.match(line)), None)
    if end is not None:
        fields = _fields(lines[:end])
        if fields is not None and fields.keys() & _HEADER_KEYS.keys():
            return _header(fields, end + 1, closed=True)
    return _unclosed_header(lines)


def _fields(lines: Sequence[str]) -> dict[str, str] | None:
    """Return key → value of ``Key: value`` lines, None if a line is none or a key comes twice."""
    fields: dict[str, str] = {}
    for line in lines:
        match = _HEADER_LINE.match(line)
        if match and match["key"].lower() not in fields:
            fields[match["key"].lower()] = match["value"]
        elif line.strip():
            return None
    return fields


def _unclosed_header(lines: Sequence[str]) -> Header:
    fields: dict[str, str] = {}
    blocks = 0
    for index, line in enumerate(lines):
        match = _HEADER_LINE.match(line)
        key = match["key"].lower() if match else ""
        if match and key in _HEADER_KEYS and key not in fields:
            fields[key] = match["value"]
            blocks = index + 1
        elif line.strip():
            break
    return _header(fields, blocks, closed=False)


def _header(fields: dict[str, str], blocks: int, *, closed: bool) -> Header:
    values = {name: fields.get(key) or None for key, name in _HEADER_KEYS.items()}
    interview = values.pop("interview")
    return Header(interview, Facts(**values), blocks, closed)


def find_turns(document: Document, header: Header, known_labels: Sequence[str]) -> list[Speech]:
    """Return the turns after the header; text before the first label belongs to nobody."""
    lines = _lines(document)
    rest = range(header.blocks, len(lines))
    found: dict[int, Label] = {}
    for index in rest:
        given = document.blocks[index].label
        label = Label(given, 0) if given else label_at(lines[index])
        if label:
            found[index] = label
    from_format = {label.text for index, label in found.items() if document.blocks[index].label}
    speakers = speakers_among(
        (label.text for label in found.values()), (*known_labels, *from_format), lenient=header.closed
    )
    turns: list[Speech] = []
    for index in rest:
        start, end = document.blocks[index].start, document.blocks[index].end
        label = found.get(index)
        if label and label.text in speakers:
            turns.append(Speech(label.text, label.time))
            start += label.end
        if turns and document.text[start:end].strip():
            turns[-1].spans.append(_stripped(document.text, start, end))
    return [turn for turn in turns if turn.spans]


def _lines(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
