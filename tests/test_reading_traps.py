"""Files that are broken, hostile or not what they are called: one clear line each, never a traceback."""

import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.ingest import archive
from qualcode.ingest.formats import READERS
from qualcode.ingest.read import Hints, parse
from tests import samples

DATA = {file: make() for file, make in samples.ALL.items()}
ACCEPT = Hints(accept_changes=True)


def survives(data: bytes, file: str) -> None:
    for hints in (Hints(), ACCEPT):
        try:
            parse(data, file, hints)
        except InputError as error:
            assert "\n" not in str(error)
            assert str(error).startswith(file)


@pytest.mark.parametrize("ending", READERS)
@given(data=st.binary(max_size=300))
@settings(max_examples=25)
def test_any_bytes_are_read_or_refused(ending: str, data: bytes) -> None:
    survives(data, f"a{ending}")


@pytest.mark.parametrize("file", DATA)
@given(place=st.floats(0, 1), noise=st.binary(min_size=1, max_size=20), cut=st.booleans())
@settings(max_examples=15, deadline=None)
def test_damaged_files_are_read_or_refused(file: str, place: float, noise: bytes, cut: bool) -> None:
    data = bytearray(DATA[file])
    at = int(place * len(data))
    data[at : at + len(noise)] = noise
    survives(bytes(data[:at] if cut else data), file)


def damaged_parts(data: bytes, chance: random.Random) -> bytes:
    """Damage the XML inside an archive, which checksums would otherwise hide from the parser."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            content = bytearray(source.read(entry))
            for _ in range(chance.randrange(3)):
                at = chance.randrange(len(content)) if content else 0
                content[at : at + chance.randrange(1, 9)] = chance.randbytes(chance.randrange(0, 9))
            target.writestr(entry.filename, bytes(content))
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("file", DATA)
def test_fuzz(file: str) -> None:
    chance = random.Random(f"qualcode {file}")  # noqa: S311
    for _ in range(400):
        data = bytearray(DATA[file])
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(0, 30)] = chance.randbytes(chance.randrange(0, 30))
        survives(bytes(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data), file)
        if data[:2] == b"PK":
            survives(damaged_parts(DATA[file], chance), file)


PARTS = {"a.docx": "word/document.xml", "a.odt": "content.xml", "a.xlsx": "xl/worksheets/sheet1.xml"}


def with_part(file: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DATA[file])) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, content if entry.filename == PARTS[file] else source.read(entry))
    return out.getvalue()


def original(file: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(DATA[file])) as source:
        return source.read(PARTS[file])


@pytest.mark.parametrize("file", PARTS)
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_xml_with_entities_is_refused(file: str, doctype: str) -> None:
    content = original(file)
    end = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    with pytest.raises(InputError, match=r"XML-entiteter|kan ikke læses"):
        parse(with_part(file, content[:end] + doctype.encode() + content[end:]), file)


@pytest.mark.parametrize("file", PARTS)
def test_an_archive_that_unpacks_to_too_much_is_refused(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_PART", 1_000_000)
    with pytest.raises(InputError, match="pakker ud til over 1 MB"):
        parse(with_part(file, b" " * 1_000_001), file)


def test_archives_in_archives_are_not_opened() -> None:
    data = samples.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": DATA["a.odt"]})
    with pytest.raises(InputError, match="kan ikke læses"):
        parse(data, "a.odt")


@pytest.mark.parametrize(
    ("file", "name", "told"),
    [
        ("a.docx", "a.txt", r"er en Word-fil\. Omdøb den.*\.docx"),
        ("a.odt", "a.docx", r"OpenDocument.*\.odt"),
        ("a.xlsx", "a.csv", r"er en Excel-fil.*\.xlsx"),
        ("a.rtf", "a.docx", r"er en RTF-fil.*\.rtf"),
        ("a.pdf", "a.txt", r"er en PDF-fil.*\.pdf"),
        ("a.vtt", "a.txt", r"undertekstfil.*\.vtt"),
        ("a.srt", "a.txt", r"undertekstfil.*\.srt"),
    ],
)
def test_files_under_a_wrong_name_are_told_what_they_are(file: str, name: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse(DATA[file], name)


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"<!DOCTYPE html><html>I: Hej</html>", "a.txt", "webside"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\x00" * 600, "a.docx", "krypteret eller"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\x00" * 600, "a.txt", "gammelt Office-format"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "billede"),
        (b"ID3\x04", "a.txt", "lyd"),
        (b"I: Hej", "a.doc", r"'\.doc' læses ikke"),
        (b"I: Hej", "a", "ingen endelse"),
        (b"", "a.pdf", "filen er tom"),
        (b"%PDF-1.7\n", "a.pdf", "kan ikke læses"),
        (b"WEBVTT\n", "a.vtt", "ingen undertekster"),
    ],
)
def test_other_files_are_told(data: bytes, name: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse(data, name)


@pytest.mark.parametrize("filling", ["ord ", " ", "*", "1:", "[", "#", "a=", "(", "\t", "- ", "12:30 "])
def test_long_lines_cost_no_more_than_their_length(filling: str) -> None:
    """Would take minutes if a pattern tried every beginning with every end."""
    parse(f"I: Hvad?\nIP: Ja.\n{filling * 20_000}x\n".encode(), "a.txt")
    survives(f"{filling * 20_000}x\n{filling * 20_000}x\n".encode(), "a.txt")
