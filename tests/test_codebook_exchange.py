"""Codebooks to other programs and back, and the commands that move them."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from qualcode import cli
from qualcode.codebook.load import load_codebook
from qualcode.errors import InputError, InvalidFileError
from qualcode.exchange.codebook_files import codebook_from
from qualcode.exchange.codebook_sheet import codebook_xlsx
from qualcode.exchange.codebook_yaml import codebook_yaml
from qualcode.exchange.codes_in import UNDEFINED
from qualcode.exchange.describing import describe, parse_description
from qualcode.exchange.refi.codes_out import codebook_qdc
from qualcode.exchange.taguette import read_taguette, taguette_csv
from qualcode.models import Code, Codebook, Kind
from tests.conftest import MINI_CODEBOOK

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=20)


def without_patterns(book: Codebook) -> list[Code]:
    return [replace(code, patterns=()) for code in book.codes]


@pytest.mark.parametrize(
    ("write", "file"), [(codebook_qdc, "b.qdc"), (codebook_xlsx, "b.xlsx"), (taguette_csv, "b.csv")]
)
def test_a_codebook_comes_back(codebook: Codebook, write, file: str) -> None:  # type: ignore[no-untyped-def]
    content = write(codebook)
    assert content == write(codebook)
    _, book, _ = codebook_from(content, file)
    wanted = without_patterns(codebook)
    if file.endswith("csv"):
        wanted = [replace(code, color=None) for code in wanted]
    assert without_patterns(book) == wanted
    if file.endswith("xlsx"):
        assert (book.codes, book.uncoded, book.id, book.title) == (
            codebook.codes,
            codebook.uncoded,
            "mini",
            "Minikodebog",
        )


def test_a_codebook_as_yaml_is_the_same_codebook(codebook: Codebook, tmp_path: Path) -> None:
    file = tmp_path / "b.yaml"
    file.write_text(codebook_yaml(codebook), encoding="utf-8")
    assert load_codebook(file).codes == codebook.codes


@settings(max_examples=60, deadline=None)
@given(definition=LINES, use=st.just("") | LINES, examples=st.lists(LINES, max_size=3), kind=st.sampled_from(Kind))
def test_descriptions_come_back(definition: str, use: str, examples: list[str], kind: Kind) -> None:
    code = Code("a.b", "B", kind, definition, use_when=use, examples=tuple(examples), near_misses=(("Nær", "a.c"),))
    told = parse_description(describe(code))
    assert (told.definition, told.use_when, told.examples, told.kind, told.id) == (
        definition.strip(),
        use,
        tuple(examples),
        kind,
        "a.b",
    )
    assert told.near_misses == (("Nær", "a.c"),)


def test_codebooks_of_other_programs() -> None:
    qdc = (
        '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1:0" origin="NVivo 12 For Mac"><Codes>'
        '<Code guid="{1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294}" name="Barrierer" isCodable="true" color="#4A0">'
        "<Description>Hvad står i vejen</Description>"
        '<Code guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55295" name="Tid" isCodable="true"/></Code></Codes></CodeBook>'
    )
    text, book, remarks = codebook_from(qdc.encode(), "Min kodebog.qdc")
    assert [(code.id, code.name, code.kind, code.definition, code.color) for code in book.codes] == [
        ("barrierer", "Barrierer", Kind.BARRIERE, "Hvad står i vejen", "#44aa00"),
        ("barrierer.tid", "Tid", Kind.BARRIERE, UNDEFINED, None),
    ]
    assert text.startswith("id: min-kodebog\n")
    assert len(remarks) == 2


def test_taguettes_own_export_and_its_parents() -> None:
    table = 'tag,description,number of highlights\r\nTid.Møder,"Møder, der tager tid",3\r\nTid,Tid i alt,2\r\n'
    assert [(code.path, code.description) for code in read_taguette(table.encode(), "t.csv")] == [
        (("Tid",), "Tid i alt"),
        (("Tid", "Møder"), "Møder, der tager tid"),
    ]
    assert [code.path for code in read_taguette(b"name,parent\nA,\nB,A\n", "t.csv")] == [("A",), ("A", "B")]


def test_taguette_reads_what_is_written(codebook: Codebook) -> None:
    rows = list(csv.reader(io.StringIO(taguette_csv(codebook).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["tag", "description"]
    assert all(len(row) == 2 and row[0] for row in rows)
    assert rows[2][0] == "Den øverste ledelse.Opbakning fra toppen"


def test_the_sheet_is_one_a_researcher_can_fill_in(codebook: Codebook) -> None:
    book = load_workbook(io.BytesIO(codebook_xlsx(replace(codebook, description="=1+1"))))
    sheet = book["Koder"]
    assert [cell.value for cell in sheet[1]][:5] == ["Kode-id", "Navn", "Art", "Farve", "Definition"]
    assert [str(check.sqref) for check in sheet.data_validations.dataValidation] == ["C2:C200"]
    assert book["Kodebog"]["B5"].data_type == "s"


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("C3", "ønske", "b.xlsx, linje 3: 'kind' er 'ønske'"),
        ("A3", "topledelse", "linje 3: koden 'topledelse' står to gange"),
        ("B3", None, "linje 3: Navn er tom"),
        ("J3", "give .. .. lov (", "linje 3: mønstret kan ikke bruges"),
        ("J3", "[{", "JSON"),
        ("A1", "noget andet", "mangler kolonnerne Kode-id"),
    ],
)
def test_faults_in_a_sheet_are_told_by_row(codebook: Codebook, cell: str, value: str | None, told: str) -> None:
    book = load_workbook(io.BytesIO(codebook_xlsx(codebook)))
    book["Koder"][cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises((InputError, InvalidFileError)) as caught:
        codebook_from(buffer.getvalue(), "b.xlsx")
    assert told in str(caught.value)


@pytest.mark.parametrize("file", ["b.xlsx", "b.qdc", "b.csv", "b.docx", "b.qdpx"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff\xfe\x00", b"a;b\n1;2\n"])
def test_files_that_are_no_codebook_are_refused(file: str, content: bytes) -> None:
    with pytest.raises((InputError, InvalidFileError)):
        codebook_from(content, file)


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, book = tmp_path / "b.xlsx", tmp_path / "ny.yaml"
    assert cli.main(["codebook", "export", str(MINI_CODEBOOK), "--format", "xlsx", "--out", str(sheet)]) == 0
    assert cli.main(["codebook", "import", str(sheet), "--out", str(book)]) == 0
    assert "8 koder, ingen fejl" in capsys.readouterr().out
    assert load_codebook(book).codes == load_codebook(MINI_CODEBOOK).codes
    assert cli.main(["codebook", "import", str(sheet), "--out", str(book)]) == 2
    assert cli.main(["codebook", "export", str(MINI_CODEBOOK), "--format", "doc", "--out", str(sheet)]) == 2
    assert cli.main(["codebook", "import", str(tmp_path / "mangler.qdc"), "--out", str(tmp_path / "x")]) == 2
    assert "Traceback" not in capsys.readouterr().err
