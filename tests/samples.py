"""Transcripts in every format, made by code; the same short interview wherever nothing else is said."""

import io
import json
import zipfile
from collections.abc import Sequence

import openpyxl
import typst
from docx import Document

TURNS = (
    ("Interviewer", "Hvad gjorde forskellen på øen?"),
    ("IP", "Jamen altså, det var naboerne, der kom og hjalp til."),
    ("Interviewer", "Hvordan det?"),
    ("IP", "De slog græsset, og så blev det stående."),
)
LINES = tuple(f"{speaker}: {text}" for speaker, text in TURNS)

ODT_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("draw", "drawing"),
    )
)


def docx(lines: Sequence[str] = LINES) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def docx_table(rows: Sequence[Sequence[str]]) -> bytes:
    document = Document()
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return saved(document)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            # Programs store the first part of an OpenDocument file uncompressed, so that its kind can be seen.
            target.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def odt(body: str | None = None, styles: str = "", prolog: str = "") -> bytes:
    if body is None:
        body = "".join(f"<text:p>{line}</text:p>" for line in LINES)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {ODT_NAMESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def rtf(body: str | None = None) -> bytes:
    if body is None:
        body = "".join(f"{line}\\par\n" for line in LINES)
    escaped = "".join(character if ord(character) < 128 else f"\\u{ord(character)}?" for character in body)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Calibri;}}}}\n{escaped}}}".encode("ascii")


def pdf(source: str | None = None) -> bytes:
    if source is None:
        source = "\n\n".join(LINES)
    return typst.compile(source.encode())


def stamp(seconds: int, mark: str) -> str:
    return f"00:00:{seconds:02}{mark}000"


def vtt() -> bytes:
    cues = [
        f"{number}\n{stamp(number * 5, '.')} --> {stamp(number * 5 + 4, '.')}\n<v {speaker}>{text}</v>\n"
        for number, (speaker, text) in enumerate(TURNS)
    ]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def srt() -> bytes:
    cues = [
        f"{number}\n{stamp(number * 5, ',')} --> {stamp(number * 5 + 4, ',')}\n[{speaker}]: {text}\n"
        for number, (speaker, text) in enumerate(TURNS, start=1)
    ]
    return "\n".join(cues).encode()


def whisper() -> bytes:
    segments = [
        {"start": number * 5.0, "end": number * 5.0 + 4, "text": f" {text}", "speaker": speaker}
        for number, (speaker, text) in enumerate(TURNS)
    ]
    return json.dumps({"segments": segments, "language": "da"}).encode()


def xlsx(rows: Sequence[Sequence[object]] = (("Taler", "Tekst"), *TURNS)) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def csv(delimiter: str = ";") -> bytes:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in (("Taler", "Tekst"), *TURNS)).encode()


# One file of each format, all of the same interview.
ALL = {
    "a.docx": docx,
    "a.odt": odt,
    "a.rtf": rtf,
    "a.pdf": pdf,
    "a.vtt": vtt,
    "a.srt": srt,
    "a.json": whisper,
    "a.xlsx": xlsx,
    "a.csv": csv,
    "a.txt": lambda: "\n".join(LINES).encode("cp1252"),
    "a.md": lambda: "\n\n".join(f"**{speaker}:** {text}" for speaker, text in TURNS).encode(),
}
