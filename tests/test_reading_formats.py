"""What each format gives: the same interview from all of them, and what is peculiar to each."""

import datetime
import io
import json

import openpyxl
import pytest
from docx import Document
from docx.oxml import OxmlElement

from qualcode.errors import InputError
from qualcode.ingest.copies import content_digest
from qualcode.ingest.read import Hints, parse, understand
from qualcode.models import Interview
from tests import samples

ACCEPT = Hints(accept_changes=True)


def speech(interview: Interview) -> list[tuple[str, str]]:
    return [(turn.speaker, interview.quote(turn.start, turn.end)) for turn in interview.turns]


def times(interview: Interview) -> list[str | None]:
    return [turn.time for turn in interview.turns]


@pytest.mark.parametrize("file", samples.ALL)
def test_every_format_gives_the_same_interview(file: str) -> None:
    interview = parse(samples.ALL[file](), file)
    assert speech(interview) == list(samples.TURNS)
    assert [turn.interviewer for turn in interview.turns] == [True, False, True, False]
    assert content_digest(interview) == content_digest(parse(samples.docx(), "b.docx"))


@pytest.mark.parametrize("file", ["a.vtt", "a.srt", "a.json"])
def test_subtitles_and_speech_recognition_give_times(file: str) -> None:
    first = 5 if file == "a.srt" else 0
    expected = [f"00:00:{first + 5 * number:02}" for number in range(4)]
    assert times(parse(samples.ALL[file](), file)) == expected


# Word


def change(tag: str, text_tag: str, text: str):
    element = OxmlElement(tag)
    run = OxmlElement("w:r")
    words = OxmlElement(text_tag)
    words.text = text
    run.append(words)
    element.append(run)
    return element


def tracked() -> bytes:
    document = Document()
    document.add_paragraph("I: Hvem kom?")
    paragraph = document.add_paragraph("IP: Det gjorde")._p
    paragraph.append(change("w:del", "w:delText", " Hansen"))
    paragraph.append(change("w:ins", "w:t", " naboen"))
    paragraph.append(change("w:moveFrom", "w:t", " Jensen"))
    return samples.saved(document)


def test_word_changes_are_refused_or_accepted() -> None:
    with pytest.raises(InputError, match=r"sporede ændringer.*--accept-changes"):
        parse(tracked(), "a.docx")
    interview = parse(tracked(), "a.docx", ACCEPT)
    assert speech(interview)[1] == ("IP", "Det gjorde naboen")
    assert "Hansen" not in interview.text
    assert "Jensen" not in interview.text


def test_a_paragraph_whose_end_was_deleted_runs_on() -> None:
    document = Document()
    document.add_paragraph("I: Hvem kom?")
    paragraph = document.add_paragraph("IP: Det gjorde ")
    properties = paragraph._p.get_or_add_pPr()
    marks = OxmlElement("w:rPr")
    marks.append(OxmlElement("w:del"))
    properties.append(marks)
    document.add_paragraph("naboen.")
    assert speech(parse(samples.saved(document), "a.docx", ACCEPT))[1] == ("IP", "Det gjorde naboen.")


def test_formatting_that_was_tracked_is_no_change_of_text() -> None:
    document = Document()
    document.add_paragraph("I: Hvem kom?")
    run = document.add_paragraph().add_run("IP: Naboen.")
    run._r.get_or_add_rPr().append(OxmlElement("w:rPrChange"))
    assert len(parse(samples.saved(document), "a.docx").turns) == 2


def test_comments_notes_headers_and_hidden_styles_stay_out() -> None:
    document = Document()
    style = document.styles.add_style("Skjult", 2)
    style.font.hidden = True
    document.add_paragraph("I: Hvem kom?")
    paragraph = document.add_paragraph("IP: Naboen.")
    paragraph.add_run(" hemmelig", style="Skjult")
    document.add_comment(paragraph.runs, text="hemmelig", author="Hemmelig")
    document.sections[0].header.paragraphs[0].text = "hemmelig"
    assert "hemmelig" not in parse(samples.saved(document), "a.docx").text.lower()


def test_text_boxes_follow_their_paragraph_once() -> None:
    document = Document()
    document.add_paragraph("I: Hvem kom?")
    run = document.add_paragraph("IP: Naboen.").add_run()._r
    box, inner, text = OxmlElement("w:txbxContent"), OxmlElement("w:p"), OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = "IP: Og hans søn."
    text.append(words)
    inner.append(text)
    box.append(inner)
    holder = OxmlElement("w:drawing")
    holder.append(box)
    run.append(holder)
    assert speech(parse(samples.saved(document), "a.docx"))[1:] == [("IP", "Naboen."), ("IP", "Og hans søn.")]


def test_a_placeholder_that_was_never_filled_in_is_no_text() -> None:
    document = Document()
    for line in samples.LINES:
        document.add_paragraph(line)
    control, properties, content = (OxmlElement(name) for name in ("w:sdt", "w:sdtPr", "w:sdtContent"))
    properties.append(OxmlElement("w:showingPlcHdr"))
    paragraph = document.add_paragraph("Klik her for at skrive")._p
    paragraph.addprevious(control)
    content.append(paragraph)
    control.extend([properties, content])
    assert "Klik her" not in parse(samples.saved(document), "a.docx").text


def test_bold_labels_without_colon() -> None:
    document = Document()
    for speaker, text in samples.TURNS:
        paragraph = document.add_paragraph()
        paragraph.add_run(speaker).bold = True
        paragraph.add_run(f" {text}")
    assert speech(parse(samples.saved(document), "a.docx")) == list(samples.TURNS)


@pytest.mark.parametrize("emphasis", ["bold", "italic"])
def test_bold_questions_without_labels(emphasis: str) -> None:
    document = Document()
    document.add_paragraph("Interview på rådhuset")
    for speaker, text in samples.TURNS:
        setattr(document.add_paragraph().add_run(text), emphasis, speaker == "Interviewer")
    reading = understand(samples.saved(document), "a.docx")
    assert [text for _, text in speech(reading.interview)] == [text for _, text in samples.TURNS]
    assert (reading.interviewers, reading.why) == (("Interviewer",), "spørgsmålene står med fed eller kursiv")


def test_names_and_times_as_teams_writes_them_in_word() -> None:
    document = Document()
    for number, (_, text) in enumerate(samples.TURNS):
        paragraph = document.add_paragraph()
        paragraph.add_run("Mette Vind" if number % 2 == 0 else "Ole Bro")
        paragraph.add_run(f"   {number}:03").add_break()
        paragraph.add_run(text)
    interview = parse(samples.saved(document), "a.docx")
    assert [speaker for speaker, _ in speech(interview)] == ["Mette Vind", "Ole Bro"] * 2
    assert times(interview) == ["00:00:03", "00:01:03", "00:02:03", "00:03:03"]
    assert interview.turns[0].interviewer


def test_headings_of_the_guide_are_nobodys_speech() -> None:
    document = Document()
    document.add_paragraph(samples.LINES[0])
    document.add_paragraph(samples.LINES[1])
    document.add_heading("Tema 2: Drift", 2)
    document.add_paragraph(samples.LINES[2])
    document.add_paragraph(samples.LINES[3])
    assert speech(parse(samples.saved(document), "a.docx")) == list(samples.TURNS)


# Tables, in Word as everywhere


def test_rows_with_time_speaker_and_text() -> None:
    rows = [("Tid", "Taler", "Tekst"), ("00:01", "I", "Hvad så?"), ("01:00:09", "IP", "Jo tak.\nDet gik.")]
    interview = parse(samples.docx_table(rows), "a.docx")
    assert speech(interview) == [("I", "Hvad så?"), ("IP", "Jo tak.\nDet gik.")]
    assert times(interview) == ["00:00:01", "01:00:09"]


def test_rows_without_headings_are_understood_by_what_they_hold() -> None:
    rows = [
        ("1", "00:01", "I:", "Hvad så med det hele?"),
        ("2", "00:09", "IP:", "Jo tak, det gik."),
        ("3", "00:19", "I:", "Ja?"),
    ]
    interview = parse(samples.docx_table(rows), "a.docx")
    assert speech(interview) == [("I", "Hvad så med det hele?"), ("IP", "Jo tak, det gik."), ("I", "Ja?")]
    assert times(interview) == ["00:00:01", "00:00:09", "00:00:19"]


@pytest.mark.parametrize("headings", [("Spørgsmål", "Svar"), ("Interviewer", "Informant")])
def test_questions_and_answers_side_by_side(headings: tuple[str, str]) -> None:
    rows = [headings, ("Hvad så?", "Jo tak."), ("Og ellers?", "Ellers regnede det.")]
    interview = parse(samples.docx_table(rows), "a.docx")
    assert [text for _, text in speech(interview)] == ["Hvad så?", "Jo tak.", "Og ellers?", "Ellers regnede det."]
    assert [turn.interviewer for turn in interview.turns] == [True, False, True, False]


def test_facts_in_a_table_above_the_conversation() -> None:
    document = Document()
    table = document.add_table(rows=0, cols=2)
    for key, value in (("Rolle", "chef for Plan"), ("Dato", "2026-03-01"), ("Interviewer", "Mette Vind")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = key, value
    for line in samples.LINES:
        document.add_paragraph(line)
    interview = parse(samples.saved(document), "a.docx")
    assert (interview.facts.role, interview.facts.date, interview.informants[0].level) == (
        "chef for Plan",
        "2026-03-01",
        "chef",
    )
    assert speech(interview) == list(samples.TURNS)


def test_a_transcript_in_a_frame_of_one_cell() -> None:
    assert speech(parse(samples.docx_table([("\n".join(samples.LINES),)]), "a.docx")) == list(samples.TURNS)


# OpenDocument


def test_odt_changes_are_refused_or_accepted() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Hansen</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>I: Hvem kom?</text:p>"
        '<text:p>IP: Det gjorde<text:change text:change-id="1"/><text:change-start/> naboen<text:change-end/>.</text:p>'
    )
    with pytest.raises(InputError, match=r"sporede ændringer.*--accept-changes"):
        parse(samples.odt(body), "a.odt")
    interview = parse(samples.odt(body), "a.odt", ACCEPT)
    assert speech(interview)[1] == ("IP", "Det gjorde naboen.")
    assert "Hansen" not in interview.text


def test_odt_spaces_tabs_notes_hidden_text_and_frames() -> None:
    styles = (
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    body = (
        '<text:p>I: Hvem<text:s text:c="2"/>kom?<text:line-break/>Nå?</text:p>'
        '<text:p><text:span text:style-name="B">IP:</text:span> Naboen<text:note><text:note-body><text:p>hemmelig'
        '</text:p></text:note-body></text:note><text:span text:style-name="H">hemmelig</text:span>.'
        "<office:annotation><text:p>hemmelig</text:p></office:annotation></text:p>"
        '<text:section text:display="none"><text:p>hemmelig</text:p></text:section>'
        "<text:p>Og<draw:frame><draw:text-box><text:p>hans søn.</text:p></draw:text-box></draw:frame></text:p>"
    )
    assert speech(parse(samples.odt(body, styles), "a.odt")) == [
        ("I", "Hvem  kom?\nNå?"),
        ("IP", "Naboen.\nOg\nhans søn."),
    ]


def test_an_encrypted_odt_is_told() -> None:
    manifest = '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    with pytest.raises(InputError, match="krypteret"):
        parse(
            samples.archive({"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest}),
            "a.odt",
        )


# RTF


def test_rtf_changes_are_refused_or_accepted() -> None:
    data = samples.rtf(r"I: Hvem kom?\par IP: Det gjorde {\deleted\revauthdel1\plain Hansen}{\revised naboen}.\par")
    with pytest.raises(InputError, match=r"sporede ændringer.*--accept-changes"):
        parse(data, "a.rtf")
    assert speech(parse(data, "a.rtf", ACCEPT))[1] == ("IP", "Det gjorde naboen.")


def test_rtf_leaves_out_what_is_not_on_the_page() -> None:
    body = (
        r"{\info{\author Hemmelig}}{\header hemmelig\par}{\*\ukendt hemmelig}"
        r"I: Hvem{\footnote hemmelig} kom?\par IP: Naboen{\v hemmelig}{\*\annotation hemmelig}"
        r"{\field{\*\fldinst HYPERLINK hemmelig}{\fldrslt  og s\'f8nnen}}.\par"
    )
    assert speech(parse(samples.rtf(body), "a.rtf")) == [("I", "Hvem kom?"), ("IP", "Naboen og sønnen.")]


def test_rtf_letters_in_old_code_pages_and_beyond() -> None:
    data = rb"{\rtf1\mac{\fonttbl{\f0\fcharset77 Geneva;}}I: Hvad s\'8c?\par IP: \'bf\uc1\u-10179?\u-8704?.\par}"
    assert speech(parse(data, "a.rtf")) == [("I", "Hvad så?"), ("IP", "ø😀.")]


def test_rtf_tables_are_turns() -> None:
    rows = "".join(
        rf"\trowd\cellx1\cellx2\pard\intbl {speaker}\cell {text}\cell\row" for speaker, text in samples.TURNS
    )
    assert speech(parse(samples.rtf(rows + r"\pard\par"), "a.rtf")) == list(samples.TURNS)


@pytest.mark.parametrize("data", [b"{\\rtf1 I: Hej\\par IP: Ja", b"{\\rtf1 {{{{"])
def test_a_truncated_rtf_is_told(data: bytes) -> None:
    with pytest.raises(InputError, match="afkortet"):
        parse(data, "a.rtf")


# PDF

LONG = " ".join(
    f"Det {verb} jo forvaltningsmedarbejderne, der {other} foreningssamarbejdet i {place}."
    for verb, other in (("er", "understøtter"), ("var", "bærer"), ("bliver", "holder sammen på"))
    for place in ("lokalområderne", "oplandet", "havnebyerne", "landsbyernes forsamlingshuse")
)
PDF_BODY = f"*I:* Hvordan oplever I det?\n\n*IP:* {LONG}\n\n*I:* Hvad så?\n\n*IP:* {LONG}"


@pytest.mark.parametrize(
    "page",
    [
        "#set page(width: 12cm, height: 14cm, header: [Interview 4], footer: context [Side #counter(page).display()])",
        "#set page(columns: 2)",
        '#set page(width: 12cm, height: 14cm, numbering: "1")\n#set par.line(numbering: "1")',
    ],
    ids=["running heads", "columns", "numbers of pages and lines"],
)
def test_pdf_paragraphs_are_put_together_again(page: str) -> None:
    source = f'{page}\n#set text(lang: "da", hyphenate: true)\n#set par(justify: true)\n{PDF_BODY}'
    interview = parse(samples.pdf(source), "a.pdf")
    assert speech(interview) == [
        ("I", "Hvordan oplever I det?"),
        ("IP", LONG.strip()),
        ("I", "Hvad så?"),
        ("IP", LONG.strip()),
    ]


def test_pdf_tables_are_turns() -> None:
    cells = ", ".join(f"[{cell}]" for row in (("Taler", "Tekst"), *samples.TURNS) for cell in row)
    interview = parse(samples.pdf(f"#table(columns: (4cm, auto), stroke: none, {cells})"), "a.pdf")
    assert speech(interview) == list(samples.TURNS)


def test_a_pdf_without_text_is_told() -> None:
    with pytest.raises(InputError, match="skannet"):
        parse(samples.pdf("#rect(width: 5cm, height: 5cm)"), "a.pdf")


# Subtitles and speech recognition


def test_a_voice_goes_on_over_cues() -> None:
    text = (
        "WEBVTT\n\nNOTE lavet af Teams\n\na/1-0\n00:00:01.000 --> 00:00:02.000\n<v Ole>Hvad\ngjorde</v>\n\n"
        "a/1-1\n00:00:02.000 --> 00:00:03.000\n<v Ole>I?</v>\n\n"
        "a/2-0\n00:01:02.000 --> 00:01:03.000\n<v Eva>Vi gik hjem &amp; <i>sov</i>.</v>\n"
    )
    interview = parse(text.encode(), "a.vtt")
    assert speech(interview) == [("Ole", "Hvad gjorde I?"), ("Eva", "Vi gik hjem & sov.")]
    assert times(interview) == ["00:00:01", "00:01:02"]


def test_zoom_writes_the_name_into_the_cue() -> None:
    cues = [("Ole Bro", "Hvad så?"), ("Eva Vind", "Vi gik,"), ("Eva Vind", "og det var godt."), ("Ole Bro", "Ja?")]
    text = "WEBVTT\n\n" + "\n".join(
        f"{number}\n00:00:0{number}.000 --> 00:00:0{number}.900\n{name}: {said}\n"
        for number, (name, said) in enumerate(cues)
    )
    assert speech(parse(text.encode(), "a.vtt")) == [
        ("Ole Bro", "Hvad så?"),
        ("Eva Vind", "Vi gik, og det var godt."),
        ("Ole Bro", "Ja?"),
    ]


def test_speech_recognition_without_speakers_is_told() -> None:
    data = json.dumps({"segments": [{"start": 0, "text": "Hvad så?"}, {"start": 3, "text": "Jo."}]}).encode()
    with pytest.raises(InputError, match=r"ingen talere fundet.*talergenkendelse"):
        parse(data, "a.json")


def test_whisperx_may_change_speaker_within_a_segment() -> None:
    words = [
        {"word": "Hvad", "start": 0, "speaker": "S1"},
        {"word": "så?", "start": 1},
        {"word": "Jo.", "start": 2, "speaker": "S2"},
    ]
    data = json.dumps({"segments": [{"start": 0, "text": "Hvad så? Jo.", "words": words}]}).encode()
    interview = parse(data, "a.json")
    assert speech(interview) == [("S1", "Hvad så?"), ("S2", "Jo.")]
    assert times(interview) == ["00:00:00", "00:00:02"]


def test_whisper_cpp_counts_milliseconds() -> None:
    segments = [
        {"offsets": {"from": 61000, "to": 62000}, "text": " I: Hvad så?"},
        {"offsets": {"from": 63000, "to": 64000}, "text": " IP: Jo."},
    ]
    interview = parse(json.dumps({"transcription": segments}).encode(), "a.json")
    assert speech(interview) == [("I", "Hvad så?"), ("IP", "Jo.")]
    assert times(interview) == ["00:01:01", "00:01:03"]


@pytest.mark.parametrize("data", [b'{"a": 1}', b"[1, 2]", b'"I: hej"', b"[" * 50_000, b'{"segments": [{"text": 3}]}'])
def test_other_json_is_told(data: bytes) -> None:
    with pytest.raises(InputError, match="JSON"):
        parse(data, "a.json")


# Spreadsheets


def test_a_sheet_with_titles_times_and_facts() -> None:
    rows = [
        ("Dato", datetime.date(2026, 3, 1)),
        ("Tid", "Taler", "Rolle", "Tekst"),
        (datetime.time(0, 0, 3), "Interviewer", None, "Hvad så?"),
        (datetime.timedelta(hours=1, seconds=13), "A", "pædagog", "Jo, det går."),
        ("01:02", "B", "souschef", "Ja."),
    ]
    interview = parse(samples.xlsx(rows), "a.xlsx")
    assert interview.facts.date == "2026-03-01"
    assert [(one.speaker, one.role, one.level) for one in interview.informants] == [
        ("A", "pædagog", "medarbejder"),
        ("B", "souschef", "leder"),
    ]
    assert times(interview) == ["00:00:03", "01:00:13", "00:01:02"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_its_dialects(delimiter: str) -> None:
    assert speech(parse(samples.csv(delimiter), "a.csv")) == list(samples.TURNS)
    assert speech(parse(b"sep=" + delimiter.encode() + b"\r\n" + samples.csv(delimiter), "a.csv")) == list(
        samples.TURNS
    )


def test_an_unquoted_delimiter_in_speech_loses_no_words() -> None:
    interview = parse("Taler;Tekst\nI;Hvad så?\nIP;Jo; det gik; vel\n".encode(), "a.csv")
    assert speech(interview)[1] == ("IP", "Jo; det gik; vel")


@pytest.mark.parametrize(
    "rows", [(("Navn", "Rolle"), ("A", "chef"), ("B", "leder")), (("x", 1), ("y", 2)), (("Navn", "Telefon", "By"),)]
)
def test_sheets_that_are_no_transcripts_are_told(rows: tuple[tuple[object, ...], ...]) -> None:
    with pytest.raises(InputError, match="er ikke en transskription"):
        parse(samples.xlsx(rows), "a.xlsx")
    text = "\n".join(";".join(map(str, row)) for row in rows)
    with pytest.raises(InputError, match="er ikke en transskription"):
        parse(text.encode(), "a.csv")


def test_hidden_rows_columns_and_sheets_stay_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(samples.xlsx((("Taler", "Tekst", "Note"), *samples.TURNS))))
    sheet = book.active
    sheet.append(("IP", "hemmelig", ""))
    sheet.row_dimensions[6].hidden = True
    sheet["C2"] = "hemmelig"
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("Skjult", 0).append(("Taler", "hemmelig"))
    book["Skjult"].sheet_state = "hidden"
    interview = parse(samples.saved(book), "a.xlsx")
    assert speech(interview) == list(samples.TURNS)
    assert "hemmelig" not in interview.text


def test_questions_in_italics_in_rtf() -> None:
    body = "".join(
        rf"\pard {{\i {text}}}\par " if speaker == "Interviewer" else rf"\pard {text}\par "
        for speaker, text in (
            ("Interviewer", "Hvad hjalp?"),
            ("IP", "Tid."),
            ("Interviewer", "Hvem gav den?"),
            ("IP", "Hun."),
        )
    )
    interview = parse(rf"{{\rtf1\ansi {body}}}".encode(), "a.rtf")
    assert [turn.interviewer for turn in interview.turns] == [True, False, True, False]


def test_a_table_of_several_interviews_is_refused_instead_of_mixed() -> None:
    rows = [
        ("Interview", "Taler", "Tekst"),
        *((f"{1 + number // 2}", *turn) for number, turn in enumerate(samples.TURNS)),
    ]
    with pytest.raises(InputError, match="kolonnen 'Interview' nævner 2 interview"):
        parse(samples.xlsx(rows), "a.xlsx")


def test_a_column_may_name_the_interview() -> None:
    rows = [("Replik", "Interviewnr.", "Hvem"), *((text, "07", speaker) for speaker, text in samples.TURNS)]
    interview = parse(samples.xlsx(rows), "a.xlsx")
    assert interview.id == "07"
    assert speech(interview) == list(samples.TURNS)
