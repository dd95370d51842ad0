import io
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.ingest.document import Source
from qualcode.ingest.docx import read_docx


def as_bytes(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(document) -> list[str]:
    return [block.text for block in read_docx(Source(as_bytes(document), "a.docx"))]


def change(tag: str, text_tag: str, text: str):
    element = OxmlElement(tag)
    run = OxmlElement("w:r")
    words = OxmlElement(text_tag)
    words.text = text
    run.append(words)
    element.append(run)
    return element


def test_paragraphs_and_line_breaks_become_lines() -> None:
    document = Document()
    document.add_paragraph("I: Hvad så?\nIP: Jo tak.")
    document.add_paragraph("IP: Det gik.")
    assert texts(document) == ["I: Hvad så?", "IP: Jo tak.", "IP: Det gik."]


def test_a_row_of_two_cells_is_speaker_and_speech() -> None:
    document = Document()
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "IP:", "Jo tak."
    (block,) = read_docx(Source(as_bytes(document), "a.docx"))
    assert (block.label, block.text) == ("IP", "Jo tak.")


def test_headers_footers_and_hidden_text_are_left_out() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Fortroligt"
    paragraph = document.add_paragraph("IP: Jo")
    hidden = paragraph.add_run(" skjult")
    hidden.font.hidden = True
    assert texts(document) == ["IP: Jo"]


@pytest.mark.parametrize(("tag", "text_tag"), [("w:ins", "w:t"), ("w:del", "w:delText"), ("w:moveFrom", "w:t")])
def test_unresolved_changes_are_refused(tag: str, text_tag: str) -> None:
    document = Document()
    document.add_paragraph("IP: Jo")._p.append(change(tag, text_tag, " hemmelig"))
    with pytest.raises(InputError, match=r"sporede ændringer.*Acceptér alle") as caught:
        texts(document)
    assert "hemmelig" not in str(caught.value)


def test_text_in_content_controls_is_read_in_place() -> None:
    document = Document()
    document.add_paragraph("I: Først?")
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph = document.add_paragraph("IP: Så det.")._p
    paragraph.addprevious(control)
    content.append(paragraph)
    control.append(content)
    assert texts(document) == ["I: Først?", "IP: Så det."]


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="gem den igen"):
        read_docx(Source(data, "a.docx"))


def test_a_bomb_is_refused_unopened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 51_000_000)
    with pytest.raises(InputError, match="50 MB"):
        read_docx(Source(out.getvalue(), "a.docx"))


@given(st.integers(0, 36_000), st.binary(min_size=1, max_size=40))
def test_a_damaged_word_file_never_gives_a_traceback(place: int, noise: bytes) -> None:
    document = Document()
    document.add_paragraph("IP: Jo tak.")
    data = bytearray(as_bytes(document))
    data[place : place + len(noise)] = noise
    try:
        read_docx(Source(bytes(data), "a.docx"))
    except InputError as error:
        assert "\n" not in str(error)


def test_word_marks_without_text_are_ignored() -> None:
    document = Document()
    paragraph = document.add_paragraph("IP: Jo")
    for kind in ("begin", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(mark)
    assert texts(document) == ["IP: Jo"]
