import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import docx
import html5lib
import openpyxl
import pandas as pd
import pytest

from qualcode.analysis.frames import CODING_COLUMNS, codings_frame, informants_frame
from qualcode.coding.coder import Coder
from qualcode.errors import InputError, UsageError
from qualcode.exchange.csvfile import codings_csv
from qualcode.ingest.read import Hints, read_transcript
from qualcode.models import Interview, Level, Mark, Status
from qualcode.reporting.blocks import Document, Heading, Quote, Table
from qualcode.reporting.context import build_report
from qualcode.reporting.custom import render_custom
from qualcode.reporting.gate import PrintedIdentifierError, check_printed
from qualcode.reporting.html import render_html, render_sources
from qualcode.reporting.layout import document
from qualcode.reporting.layout_brief import brief
from qualcode.reporting.layout_compare import Side, comparison, part_of
from qualcode.reporting.markdown import render_markdown
from qualcode.reporting.material import Material
from qualcode.reporting.pdf import render_pdf
from qualcode.reporting.prose import Notes
from qualcode.reporting.render import FORMATS, formats_named
from qualcode.reporting.sheets import quotes_csv, quotes_xlsx, tables_xlsx
from qualcode.reporting.source import QuoteError, SourceTexts
from qualcode.reporting.values import Report
from qualcode.reporting.word import render_docx


@pytest.fixture
def interviews(study_folder: Path) -> list[Interview]:
    return [read_transcript(study_folder / name) for name in ("a.txt", "b.md")]


@pytest.fixture
def material(study_folder: Path, tmp_path: Path, interviews: list[Interview], coder: Coder) -> Material:
    """Two people; nothing is hidden, so that everything is there to look at."""
    codings = [coding for interview in interviews for coding in coder.code(interview, "s").codings]
    return Material(
        title="Promenaden <1> & andre",
        study="promenaden",
        date=datetime.date(2026, 11, 21),
        codebook=coder.codebook,
        interviews=interviews,
        informants=informants_frame(interviews),
        codings=codings_frame("s", interviews, codings, coder.codebook),
        units=5,
        sources=SourceTexts(study_folder, interviews, Hints()),
        notes=Notes(tmp_path / "notes"),
        small_cell=1,
    )


@pytest.fixture
def report(material: Material) -> Report:
    return build_report(material)


@pytest.fixture
def laid_out(report: Report) -> Document:
    return document(report)


def quotes_of(laid_out: Document) -> list[Quote]:
    return [block for block in laid_out.blocks if isinstance(block, Quote)]


def words_of(word: bytes) -> Iterator[str]:
    found = docx.Document(io.BytesIO(word))
    yield from (paragraph.text for paragraph in found.paragraphs)
    for table in found.tables:
        yield from (cell.text for row in table.rows for cell in row.cells)


def test_people_are_counted_not_quotes(report: Report) -> None:
    theme = report.theme("styring")
    assert theme is not None
    assert theme.count.phrase == "1 af 2"
    assert {item.name: item.count.people for item in theme.by_group} == {"chef": 1, "medarbejder": 0}
    assert theme.silent == "Der er ikke fundet passager om temaet hos medarbejdere."
    assert theme.thin == "Temaet hviler på én interviewperson og kan ikke bære en konklusion."


def test_rejected_codings_are_left_out(material: Material) -> None:
    report = build_report(replace(material, codings=material.codings.assign(status=Status.AFVIST.value)))
    assert report.themes == ()
    assert report.across.roles == ()
    assert not report.draft
    assert "ingen hovedresultater" in render_markdown(document(report)).decode()
    for render in FORMATS.values():
        assert render(document(report))


def test_every_quote_is_in_its_transcript_word_for_word(laid_out: Document, interviews: list[Interview]) -> None:
    spoken = " ".join(" ".join(interview.text.split()) for interview in interviews)
    assert quotes_of(laid_out)
    for quote in quotes_of(laid_out):
        assert quote.text.removeprefix("[…] ").removesuffix(" […]") in spoken


def test_a_quote_that_is_no_longer_there_stops_the_report(material: Material, study_folder: Path) -> None:
    (study_folder / "a.txt").write_text("I: Nå?\nIP: Noget helt andet.\n", encoding="utf-8")
    with pytest.raises(QuoteError, match=r"a\.txt.*qualcode run"):
        build_report(material)


def test_small_cells_hide_numbers_and_levels(material: Material) -> None:
    """Two people are too few for anything: neither numbers nor levels are told, in any format."""
    report = build_report(replace(material, small_cell=3))
    laid_out = document(report)
    assert {quote.attribution for quote in quotes_of(laid_out)} == {"interviewperson"}
    tables = [block for block in laid_out.blocks if isinstance(block, Table)]
    matrix = next(table for table in tables if table.anchor == "tabel-temaer")
    assert {cell for row in matrix.rows for cell in row.cells[1:]} <= {"•", "< 3"}
    assert report.findings == ()
    text = render_markdown(laid_out).decode()
    assert "(chef)" not in text
    assert "1 af 2" not in text


def test_marks_of_analysts_and_pins_decide_what_is_quoted(material: Material) -> None:
    first = quotes_of(document(build_report(material)))[0]
    withheld = material.codings.assign(mark=Mark.WITHHOLD.value)
    assert quotes_of(document(build_report(replace(material, codings=withheld)))) == []
    material.notes.folder.mkdir()
    (material.notes.folder / "pins.yaml").write_text(f"unpin: [{first.id}]\n", encoding="utf-8")
    fresh = replace(material, title=material.title)
    assert first.id not in {quote.id for quote in quotes_of(document(build_report(fresh)))}
    (material.notes.folder / "pins.yaml").write_text(f"pin: [{first.id}, forkert1]\n", encoding="utf-8")
    told = render_sources(build_report(replace(material, title=material.title))).decode()
    assert "som ikke er med:</strong> forkert1." in told


def test_the_writers_texts_are_merged_and_never_touched(material: Material) -> None:
    folder = material.notes.folder
    folder.mkdir()
    (folder / "styring.md").write_text("<!-- husk -->\nMin **egen** tekst & mere.\n\n- ét\n- to\n", encoding="utf-8")
    report = build_report(material)
    material.notes.make_missing({"styring": "Til temaet.", "resume": "Til resuméet."})
    assert (folder / "styring.md").read_text(encoding="utf-8").startswith("<!-- husk -->")
    assert (folder / "resume.md").read_text(encoding="utf-8").startswith("<!-- Til resuméet.")
    laid_out = document(report)
    assert "Min <strong>egen</strong> tekst &amp; mere." in render_html(laid_out).decode()
    assert "Min **egen** tekst & mere." in render_markdown(laid_out).decode()
    assert "Min egen tekst & mere." in list(words_of(render_docx(laid_out)))
    assert "husk" not in render_html(laid_out).decode()


def test_notes_that_are_not_utf8_are_told_by_name(material: Material) -> None:
    material.notes.folder.mkdir()
    (material.notes.folder / "resume.md").write_bytes("Resumé".encode("cp1252"))
    with pytest.raises(InputError, match=r"resume\.md: filen er ikke UTF-8"):
        build_report(material)


def test_the_gate_looks_at_everything_that_is_printed(material: Material) -> None:
    material.notes.folder.mkdir()
    (material.notes.folder / "styring.md").write_text("Ring på tlf. 20 12 34 56.", encoding="utf-8")
    with pytest.raises(PrintedIdentifierError, match="»Styring og regler«") as error:
        check_printed(document(build_report(material)), material.gate)
    assert "20 12 34" not in str(error.value)


def test_a_writer_may_name_people_and_places(material: Material) -> None:
    material.notes.folder.mkdir()
    (material.notes.folder / "styring.md").write_text(
        "Skrevet af Mette Jensen, Skolegade 12, Horsens.", encoding="utf-8"
    )
    check_printed(document(build_report(material)), material.gate)


def test_html_is_valid_whole_and_self_contained(laid_out: Document, report: Report) -> None:
    for page in (render_html(laid_out), render_sources(report), render_html(brief(report, report.themes[0]))):
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.decode())
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        links = [element.get("href") for element in tree.iter("a") if element.get("href")]
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
        assert not list(tree.iter("script"))
        assert not [element for element in tree.iter() if element.get("src")]
    html = render_html(laid_out).decode()
    assert "Promenaden &lt;1&gt; &amp; andre" in html
    assert '<html lang="da">' in html
    assert "»Jamen det gik jo fint" in html
    assert "(chef)" in html


def test_every_quote_links_to_its_place(laid_out: Document, report: Report) -> None:
    there = set(re.findall(r'id="(citat-[^"]+)"', render_sources(report).decode()))
    assert {quote.anchor for quote in quotes_of(laid_out)} <= there


def test_word_has_styles_headings_tables_and_captions(laid_out: Document) -> None:
    word = docx.Document(io.BytesIO(render_docx(laid_out)))
    headings = [item.text for item in word.paragraphs if item.style.name == "Heading 1"]
    assert headings[:2] == ["Resumé", "Metode"]
    assert (
        1 < headings.index("Styring og regler") < headings.index("På tværs af temaer") < headings.index("Anbefalinger")
    )
    assert [item.text for item in word.paragraphs if item.style.name == "Title"] == ["Promenaden <1> & andre"]
    quotes = [item.text for item in word.paragraphs if item.style.name == "Quote"]
    assert quotes
    assert all(quote.startswith("»") and quote.endswith("«") for quote in quotes)
    captions = [item.text for item in word.paragraphs if item.style.name == "Caption"]
    numbers = [int(re.match(r"(?:Tabel|Figur) (\d+)\.", caption)[1]) for caption in captions if "Tabel" in caption[:5]]
    assert numbers == list(range(1, len(numbers) + 1))
    matrix = next(table for table in word.tables if table.cell(0, 0).text == "Tema")
    assert [cell.text for cell in matrix.rows[0].cells] == [
        "Tema",
        "I alt (af 2)",
        "Chefer (af 1)",
        "Medarbejdere (af 1)",
    ]
    assert "w:tblHeader" in matrix.rows[0]._tr.xml
    assert "TOC \\o" in word.element.xml
    assert "PAGEREF resume" in word.element.xml
    assert "w:updateFields" in word.settings.element.xml
    assert "PAGE" in word.sections[0].footer._element.xml
    assert 'descr="' in word.element.xml


def test_pdf_is_tagged_danish_and_the_same_each_time(laid_out: Document) -> None:
    pdf = render_pdf(laid_out)
    assert pdf.startswith(b"%PDF")
    assert b"/Lang (da" in pdf or b"/Lang(da" in pdf
    assert b"/StructTreeRoot" in pdf
    assert pdf == render_pdf(laid_out)


def test_markdown_escapes_what_would_be_markup(laid_out: Document) -> None:
    text = render_markdown(laid_out).decode()
    assert text.startswith("# Promenaden \\<1\\> & andre\n")
    assert "| Styring og regler | 1 | 1 | 0 |" in text


def test_all_formats_carry_the_same_quotes_and_the_same_bytes_again(laid_out: Document) -> None:
    html, text = render_html(laid_out).decode(), render_markdown(laid_out).decode()
    word = "\n".join(words_of(render_docx(laid_out)))
    for quote in quotes_of(laid_out):
        assert quote.text in html
        assert quote.text in word
        assert quote.text.replace("[", "\\[").replace("]", "\\]") in text
    assert set(FORMATS) == {"html", "docx", "md", "pdf"}
    assert render_html(laid_out) == render_html(laid_out)


def test_headings_go_down_one_level_at_a_time(laid_out: Document) -> None:
    levels = [block.level for block in laid_out.blocks if isinstance(block, Heading)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sheets_hold_the_printed_quotes_and_no_formulas(report: Report, laid_out: Document) -> None:
    rows = list(openpyxl.load_workbook(io.BytesIO(quotes_xlsx(report))).active.values)
    assert rows[0][:4] == ("id", "tema", "kode", "citat")
    assert {row[0] for row in rows[1:]} == {quote.id for quote in quotes_of(laid_out)}
    assert quotes_csv(report).startswith(b"\xef\xbb\xbfid;tema;")
    book = openpyxl.load_workbook(io.BytesIO(tables_xlsx(laid_out)))
    numeric = [block for block in laid_out.blocks if isinstance(block, Table) and block.numeric]
    assert len(book.sheetnames) == len(numeric)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_brief_is_one_theme(report: Report) -> None:
    laid_out = brief(report, report.themes[0])
    assert laid_out.title == report.themes[0].name
    assert not [block for block in laid_out.blocks if isinstance(block, Heading) and block.text == "Metode"]
    for render in FORMATS.values():
        assert render(laid_out)


def test_two_parts_side_by_side(material: Material) -> None:
    waves = material.informants.assign(wave=["1", "2"])
    halves = [part_of(replace(material, informants=waves), "wave", name) for name in ("1", "2")]
    laid_out = comparison(*(Side(f"Bølge {place}", build_report(half)) for place, half in enumerate(halves, 1)))
    table = next(block for block in laid_out.blocks if isinstance(block, Table))
    assert table.head == ("Tema", "Bølge 1 (af 1)", "Bølge 2 (af 1)")
    assert ("Styring og regler", "1", "0") in [row.cells for row in table.rows]
    assert quotes_of(laid_out) == []
    with pytest.raises(UsageError, match=r"Ingen interview har bølge '3'\. Studiet har: '1', '2'"):
        part_of(replace(material, informants=waves), "wave", "3")
    with pytest.raises(UsageError, match="mindst 3"):
        part_of(replace(material, informants=waves, small_cell=3), "wave", "1")


def test_formats_are_told_by_name() -> None:
    assert formats_named(["HTML", ".docx", "html"]) == ("html", "docx")
    with pytest.raises(UsageError, match="'odt' kendes ikke"):
        formats_named(["odt"])


def word_template(path: Path, *lines: str) -> Path:
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    word.save(str(path))
    return path


def test_a_word_template_takes_fields_and_the_whole_report(tmp_path: Path, report: Report, laid_out: Document) -> None:
    template = word_template(tmp_path / "s.docx", "Notat: {{ title }}", "{{ rapport }}", "Med venlig hilsen")
    ending, content = render_custom(template, report, laid_out)
    texts = [item.text for item in docx.Document(io.BytesIO(content)).paragraphs]
    assert ending == "docx"
    assert texts[0] == "Notat: Promenaden <1> & andre"
    assert texts[-1] == "Med venlig hilsen"
    assert "Resumé" in texts[1:-1]
    assert "\ue000" not in "".join(texts)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{ kommune }}", r"skabelon\.docx: feltet 'kommune' kendes ikke \(afsnit 2\)"),
        ("{{ method.forkert }}", r"feltet 'forkert' kendes ikke \(afsnit 2\)"),
        ("{{ title", r"skabelon\.docx: .*(ikke skrevet rigtigt|afsnit 2)"),
        ("{{ title.__class__.__mro__ }}", r"skabelon\.docx: "),
    ],
)
def test_a_bad_word_template_names_field_and_place(
    tmp_path: Path, report: Report, laid_out: Document, line: str, told: str
) -> None:
    template = word_template(tmp_path / "skabelon.docx", "Forside", line)
    with pytest.raises(InputError, match=told):
        render_custom(template, report, laid_out)


def test_what_is_no_word_file_is_told(tmp_path: Path, report: Report, laid_out: Document) -> None:
    (tmp_path / "s.docx").write_text("Hej", encoding="utf-8")
    with pytest.raises(InputError, match="ikke et Word-dokument"):
        render_custom(tmp_path / "s.docx", report, laid_out)
    with ZipFile(tmp_path / "t.docx", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(InputError, match="ikke et Word-dokument"):
        render_custom(tmp_path / "t.docx", report, laid_out)


def test_a_text_template_is_escaped_and_sandboxed(tmp_path: Path, report: Report, laid_out: Document) -> None:
    template = tmp_path / "egen.html.j2"
    template.write_text("<h1>{{ title }}</h1>\n{{ figures['figur-balance'] }}", encoding="utf-8")
    ending, content = render_custom(template, report, laid_out)
    assert ending == "html"
    assert content.startswith(b"<h1>Promenaden &lt;1&gt; &amp; andre</h1>\n<svg")
    template.write_text("\n{{ tittel }}", encoding="utf-8")
    with pytest.raises(InputError, match=r"egen\.html\.j2, linje 2: feltet 'tittel' kendes ikke"):
        render_custom(template, report, laid_out)
    template.write_text("{{ title.__class__.__base__.__subclasses__() }}", encoding="utf-8")
    with pytest.raises(InputError):
        render_custom(template, report, laid_out)


def test_levels_that_are_unknown_are_not_named(material: Material) -> None:
    unknown = [
        replace(interview, informants=tuple(replace(item, level=Level.UKENDT) for item in interview.informants))
        for interview in material.interviews
    ]
    codings = material.codings.assign(level=Level.UKENDT.value)
    report = build_report(replace(material, interviews=unknown, informants=informants_frame(unknown), codings=codings))
    assert {quote.attribution for quote in quotes_of(document(report))} == {"interviewperson"}


def test_csv_as_danish_excel_expects(material: Material) -> None:
    data = codings_csv(material.codings[list(CODING_COLUMNS)])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n")[0] == ";".join(CODING_COLUMNS)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+45", "-2+3", "@SUM(A1)"])
def test_csv_holds_no_formulas(material: Material, text: str) -> None:
    data = codings_csv(pd.DataFrame(material.codings.head(1)).assign(speaker=text)).decode("utf-8-sig")
    assert f";'{text};" in data


def test_no_english_is_left_over(laid_out: Document) -> None:
    printed = render_markdown(laid_out).decode().lower()
    assert not re.findall(r"\b(?:the|and|theme|quote|quotes|people|barrier|driver|needs?|none|true|false)\b", printed)
