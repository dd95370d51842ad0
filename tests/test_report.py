import datetime
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document

from qualcode.analysis.frames import CODING_COLUMNS, codings_frame, informants_frame
from qualcode.analysis.quotes import PER_PERSON, choose
from qualcode.coding.coder import Coder
from qualcode.exchange.csvfile import codings_csv
from qualcode.ingest.read import Hints, read_transcript
from qualcode.models import Interview, Level, Status
from qualcode.reporting.build_template import TARGET, build
from qualcode.reporting.context import Report, build_report
from qualcode.reporting.render import FORMATS, render_docx, render_html, render_markdown
from qualcode.reporting.source import QuoteError, SourceTexts


@pytest.fixture
def interviews(study_folder: Path) -> list[Interview]:
    return [read_transcript(study_folder / name) for name in ("a.txt", "b.md")]


@pytest.fixture
def frame(interviews: list[Interview], coder: Coder):
    codings = [coding for interview in interviews for coding in coder.code(interview, "s").codings]
    return codings_frame("s", interviews, codings, coder.codebook)


@pytest.fixture
def report(study_folder: Path, interviews: list[Interview], frame, coder: Coder) -> Report:
    sources = SourceTexts(study_folder, interviews, Hints())
    return build_report(
        "Promenaden <1> & andre",
        datetime.date(2026, 11, 21),
        coder.codebook,
        interviews,
        informants_frame(interviews),
        frame,
        units=5,
        sources=sources,
    )


class Checker(HTMLParser):
    """Collects what a browser would have to repair or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "href":
                self.links.append(str(value))
            if name in ("src", "srcset", "data") or (tag == "link" and name == "href"):
                self.fetched.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_people_are_counted_not_quotes(report: Report) -> None:
    drift = next(theme for theme in report.themes if theme.code == "styring")
    assert (drift.share.people, drift.share.of) == (1, 2)
    assert {item.level: item.share.people for item in drift.by_level} == {"chef": 1, "medarbejder": 0}
    assert drift.silent == ("medarbejdere",)


def test_rejected_codings_are_left_out(study_folder: Path, interviews: list[Interview], frame, coder: Coder) -> None:
    frame = frame.assign(status=Status.AFVIST.value)
    report = build_report(
        "T",
        datetime.date(2026, 1, 1),
        coder.codebook,
        interviews,
        informants_frame(interviews),
        frame,
        5,
        SourceTexts(study_folder, interviews, Hints()),
    )
    assert report.themes == ()
    assert report.roles == ()


def test_every_quote_is_in_its_transcript_word_for_word(report: Report, interviews: list[Interview]) -> None:
    spoken = " ".join(" ".join(interview.text.split()) for interview in interviews)
    quotes = [quote for theme in report.themes for part in theme.subthemes for quote in part.quotes]
    assert quotes
    for quote in quotes:
        assert quote.text in spoken


def test_a_quote_that_is_no_longer_there_stops_the_report(study_folder: Path, interviews: list[Interview]) -> None:
    (study_folder / "a.txt").write_text("I: Nå?\nIP: Noget helt andet.\n", encoding="utf-8")
    sources = SourceTexts(study_folder, interviews, Hints())
    with pytest.raises(QuoteError, match=r"a\.txt.*qualcode run"):
        sources.quote("A1", 120, 130, interviews[0].quote(120, 130))


def test_html_is_whole_and_self_contained(report: Report) -> None:
    html = render_html(report).decode()
    checker = Checker()
    checker.feed(html)
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids))
    assert checker.fetched == []
    assert {link.removeprefix("#") for link in checker.links} <= set(checker.ids)
    assert "Promenaden &lt;1&gt; &amp; andre" in html
    assert '<html lang="da">' in html
    assert "»Jamen det gik jo fint" in html
    assert "(chef)" in html


def test_word_has_headings_tables_and_quotes(report: Report) -> None:
    document = Document(io.BytesIO(render_docx(report)))
    headings = [item.text for item in document.paragraphs if item.style.name == "Heading 1"]
    assert headings[:4] == ["Indhold", "Resumé", "Metode", "Temaer på tværs af niveauer"]
    assert "Styring og regler" in headings
    assert any(item.style.name == "Title" and item.text == "Promenaden <1> & andre" for item in document.paragraphs)
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Tema", "I alt", "chef", "medarbejder"]
    assert len(table.rows) == 1 + len(report.themes)
    quotes = [item.text for item in document.paragraphs if item.style.name == "Quote"]
    assert all(quote.startswith("»") and quote.endswith("«") for quote in quotes)
    assert not re.search(r"\{[{%]", "\n".join(item.text for item in document.paragraphs))


def test_the_word_template_is_what_its_script_makes() -> None:
    kept, made = Document(str(TARGET)), build()
    assert [item.text for item in kept.paragraphs] == [item.text for item in made.paragraphs]
    assert [item.style.name for item in kept.paragraphs] == [item.style.name for item in made.paragraphs]


def test_markdown_escapes_what_would_be_markup(report: Report) -> None:
    text = render_markdown(report).decode()
    assert text.startswith("# Promenaden \\<1\\> & andre\n")
    assert "| Styring og regler | 1 af 2 | 1 af 1 | 0 af 1 |" in text


def test_all_formats_carry_the_same_quotes(report: Report) -> None:
    quotes = [quote.text for theme in report.themes for part in theme.subthemes for quote in part.quotes]
    html = render_html(report).decode()
    word = "\n".join(item.text for item in Document(io.BytesIO(render_docx(report))).paragraphs)
    for quote in quotes:
        assert quote in html
        assert quote in word
    assert set(FORMATS) == {"html", "docx", "md"}


def test_the_same_report_is_rendered_the_same(report: Report) -> None:
    assert render_html(report) == render_html(report)
    assert render_markdown(report) == render_markdown(report)


def test_no_more_than_two_quotes_a_person_and_none_twice(frame) -> None:
    many = frame.loc[frame.index.repeat(6)].reset_index(drop=True)
    many["start"] += many.groupby(["interview", "start"]).cumcount() * 1000
    many["end"] += many.groupby(["interview", "end"]).cumcount() * 1000
    chosen = choose(many, 10, set())
    assert chosen.groupby(["interview", "speaker"]).size().max() == PER_PERSON
    taken = {(row["interview"], row["start"], row["end"]) for _, row in many.iterrows()}
    assert len(choose(many, 10, taken)) == 0


def test_csv_as_danish_excel_expects(frame) -> None:
    data = codings_csv(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    head = data.decode("utf-8-sig").split("\r\n")[0]
    assert head == ";".join(CODING_COLUMNS)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+45", "-2+3", "@SUM(A1)"])
def test_csv_holds_no_formulas(frame, text: str) -> None:
    data = codings_csv(frame.head(1).assign(speaker=text)).decode("utf-8-sig")
    assert f";'{text};" in data


def test_unknown_levels_are_not_named_in_attributions(study_folder: Path, interviews, frame, coder: Coder) -> None:
    unknown = [
        replace(interview, informants=tuple(replace(item, level=Level.UKENDT) for item in interview.informants))
        for interview in interviews
    ]
    frame = frame.assign(level=Level.UKENDT.value)
    report = build_report(
        "T",
        datetime.date(2026, 1, 1),
        coder.codebook,
        unknown,
        informants_frame(unknown),
        frame,
        5,
        SourceTexts(study_folder, interviews, Hints()),
    )
    quotes = [quote for theme in report.themes for part in theme.subthemes for quote in part.quotes]
    assert {quote.level for quote in quotes} == {"informant"}
