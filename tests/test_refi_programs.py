"""Projects as NVivo, ATLAS.ti, MAXQDA and QualCoder write them, into a study."""

from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.agreement.rounds import find_round, passages, progress
from qualcode.codebook.load import load_codebook
from qualcode.errors import UsageError
from qualcode.exchange.refi.offsets import Counting, LineEnd, Place, Ruler, choose_counting
from qualcode.exchange.refi.project_plan import import_qdpx
from qualcode.exchange.requests import ImportPlan
from qualcode.ingest.read import parse
from qualcode.models import Action, Codebook, Interview, Source, Status, Valence
from qualcode.store.database import Database
from qualcode.store.journal import decisions
from qualcode.store.studies import study_codebook
from qualcode.study import Study
from tests.databases import new_url
from tests.exchanging import Bench, bench, coding, decide, guid, qde, qdpx, read, selection, suggest, text_source

TEXT = "I: Nå 😀?\nIP: Vi falder tilbage på 👩‍👩‍👧 driften, hver gang.\n\nI: Og så?\nIP: Bænkene står og rådner."
WORDS = "driften"
USERS = f'<User guid="{guid(900)}" name="Mette"/><User guid="{guid(901)}" name="Jens"/>'


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(new_url(tmp_path_factory.mktemp("db")))


@pytest.fixture
def interview() -> Interview:
    return read(TEXT)


@pytest.fixture
def held(database: Database, codebook: Codebook, interview: Interview, tmp_path: Path) -> Bench:
    held = bench(database, codebook, [interview], tmp_path)
    held.study.folder.mkdir()
    return held


def bring(held: Bench, content: bytes, **options: str) -> ImportPlan:
    plan = import_qdpx(held.request(content, **options))
    with held.database.write() as session:
        plan.apply(session)
    return plan


def quotes(held: Bench, interview: Interview) -> list[str]:
    return [interview.quote(each.start, each.end) for each in held.codings()]


def counted(words: str, *, crlf: bool, utf16: bool) -> tuple[int, int]:
    """Return a passage's positions in TEXT as a program counts them."""

    def length(text: str) -> int:
        text = text.replace("\n", "\r\n") if crlf else text
        return len(text.encode("utf-16-le")) // 2 if utf16 else len(text)

    start = TEXT.index(words)
    return length(TEXT[:start]), length(TEXT[: start + len(words)])


@pytest.mark.parametrize("crlf_in_file", [True, False])
@pytest.mark.parametrize("crlf", [True, False])
@pytest.mark.parametrize("utf16", [True, False])
@pytest.mark.parametrize("label", ["", WORDS, "driften, hver gang..."])
@pytest.mark.parametrize("origin", ["NVivo for Windows 12.6", "ATLAS.ti Windows 23", "MAXQDA 24", "QualCoder 3.6"])
def test_every_way_of_counting_is_found_out(
    crlf_in_file: bool, crlf: bool, utf16: bool, label: str, origin: str
) -> None:
    words = WORDS if label != "driften, hver gang..." else "driften, hver gang."
    ruler = Ruler(TEXT.replace("\n", "\r\n") if crlf_in_file else TEXT)
    places = [
        Place(*counted(passage, crlf=crlf, utf16=utf16), passage if label == WORDS else "")
        for passage in ("falder", "Bænkene står")
    ]
    places.append(Place(*counted(words, crlf=crlf, utf16=utf16), label))
    (way,) = choose_counting([(ruler, places)], origin)
    span = ruler.span(places[-1], way)
    assert span
    assert ruler.text[slice(*span)] == words


def test_whole_lines_marked_with_their_line_ends_are_no_reason_to_count_the_end() -> None:
    lines = [f"{word} siger noget om driften \n" for word in ("Anna", "I går", "Å ja", "A", "Bo")] * 8
    text = "".join(lines)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    places = [Place(start, start + len(line), "line:6") for start, line in zip(starts, lines, strict=True)]
    (way,) = choose_counting([(Ruler(text), places)], "qc 1.3.2")
    assert way == Counting()


def test_an_end_that_is_counted_is_found_out() -> None:
    places = [
        Place(TEXT.index(words), TEXT.index(words) + len(words) - 1) for words in ("falder", "Bænkene", "driften")
    ]
    (way,) = choose_counting([(Ruler(TEXT), places)], "et program")
    assert way.last_included


def test_without_any_evidence_the_program_decides() -> None:
    ruler = Ruler("a\r\nb")
    (nvivo,) = choose_counting([(ruler, [])], "NVivo for Windows 12.6")
    (atlas,) = choose_counting([(ruler, [])], "ATLAS.ti Mac")
    assert nvivo == Counting(utf16=True)
    assert atlas == Counting(line_end=LineEnd.ONE)


def test_nvivo_with_cases_as_codes(held: Bench, interview: Interview) -> None:
    start, end = counted("Vi falder tilbage på 👩‍👩‍👧 driften", crlf=True, utf16=True)
    turn = counted("Vi falder tilbage på 👩‍👩‍👧 driften, hver gang.", crlf=True, utf16=True)
    codes = f'<Code guid="{guid(1)}" name="Driften" isCodable="true"/><Code guid="{guid(7)}" name="Anna"/>'
    body = f'<Cases><Case guid="{guid(7)}" name="Anna"/></Cases>' + text_source(
        selection(start, end) + selection(*turn, code=7, number=300)
    )
    content = qdpx(
        qde(body, codes=codes),
        {f"{guid(100)}.txt": b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()},
        folder="Sources",
    )
    plan = bring(held, content)
    (only,) = held.codings()
    assert interview.quote(only.start, only.end) == "Vi falder tilbage på 👩‍👩‍👧 driften"
    assert (only.code, only.analyst, only.source, only.status) == (
        "styring.drift",
        "Mette",
        Source.MENNESKE,
        Status.GODKENDT,
    )
    assert "Markeringer af, hvem der taler (cases): 1" in plan.lines
    with held.database.read() as session:
        (event,) = decisions(session, held.study.name)
    assert (event.action, event.at) == (Action.ADD, "2024-05-06T07:08:09+00:00")


def test_atlas_upper_case_guids_and_links_to_notes(held: Bench, interview: Interview) -> None:
    start, end = counted("Bænkene står", crlf=False, utf16=False)
    marked = selection(start, end, name="Bænkene...").replace(guid(1), "{" + guid(1).upper() + "}")
    marked = marked.replace("</Coding>", f'<NoteRef targetGUID="{guid(70)}"/></Coding>')
    notes = (
        f'<Notes><Note guid="{guid(70)}" creatingUser="{guid(901)}" creationDateTime="2024-05-06T08:00:00Z">'
        "<PlainTextContent>Se vejchefens svar</PlainTextContent></Note></Notes>"
    )
    body = qde(text_source(marked) + notes, origin="ATLAS.ti Windows 23", users=USERS)
    bring(held, qdpx(body, {f"{guid(100)}.txt": TEXT.replace("\n", "\r\n").encode()}))
    (only,) = held.codings()
    assert interview.quote(only.start, only.end) == "Bænkene står"
    assert only.memos == ("Se vejchefens svar",)


def test_qualcoder_keeps_memos_in_the_description(held: Bench, interview: Interview) -> None:
    start, end = counted(WORDS, crlf=False, utf16=False)
    marked = selection(start, end, name=WORDS, inside="<Description>Valens: barriere\n\nMit notat</Description>")
    bring(
        held,
        qdpx(qde(text_source(marked), origin="QualCoder 3.6"), {f"{guid(100)}.txt": b"\xef\xbb\xbf" + TEXT.encode()}),
    )
    (only,) = held.codings()
    assert (only.valence, only.memos) == (Valence.BARRIERE, ("Mit notat",))


def test_a_misplaced_quote_is_moved_and_listed(held: Bench, interview: Interview) -> None:
    wrong = selection(14, 26, name="Bænkene står") + selection(40, 55, name="ordene er borte") + selection(900, 910)
    plan = bring(held, qdpx(qde(text_source(wrong)), {f"{guid(100)}.txt": TEXT.encode()}))
    assert "Bænkene står" in quotes(held, interview)
    assert any("position 14–26" in line and "flyttet" in line for line in plan.lines)
    assert any("position 900–910" in line and "ikke fundet" in line for line in plan.lines)


def test_a_span_over_several_turns_is_cut_and_the_question_falls_away(held: Bench, interview: Interview) -> None:
    start, end = TEXT.index("hver gang"), TEXT.index(" står")
    plan = bring(
        held, qdpx(qde(text_source(selection(start, end) + selection(0, 5))), {f"{guid(100)}.txt": TEXT.encode()})
    )
    assert quotes(held, interview) == ["hver gang.", "Bænkene"]
    assert any("interviewerens ord" in line for line in plan.lines)


def test_a_changed_text_under_the_same_name_is_searched(held: Bench, interview: Interview) -> None:
    other = "Ny overskrift\n" + TEXT.replace("hver gang", "altid")
    start = other.index(WORDS)
    plan = bring(held, qdpx(qde(text_source(selection(start, start + 7))), {f"{guid(100)}.txt": other.encode()}))
    assert quotes(held, interview) == [WORDS]
    assert any("teksten er en anden" in line for line in plan.lines)


def test_two_new_sources_of_one_name_and_one_of_a_known_name(held: Bench) -> None:
    texts = [f"I: Nummer {number}, hvad siger du?\nIP: Det er driften, der driller os." for number in range(3)]
    sources = [
        text_source(selection(40, 47, number=10 + number), name=name, number=100 + number)
        for number, name in enumerate(["Interview", "Interview", "a"])
    ]
    body = "".join(sources).replace("</Sources><Sources>", "")
    bring(held, qdpx(qde(body), {f"{guid(100 + number)}.txt": text.encode() for number, text in enumerate(texts)}))
    assert sorted(file.name for file in held.study.folder.iterdir()) == ["Interview-2.txt", "Interview.txt", "a-2.txt"]
    assert sorted(each.interview for each in held.codings()) == ["Interview", "Interview-2", "a-2"]


def test_a_new_source_becomes_a_transcript_headed_by_its_variables(held: Bench) -> None:
    text = "I: Hvad mangler?\r\nIP: Tid til driften, altså.\r\n"
    value = f'<VariableValue><VariableRef targetGUID="{guid(50)}"/><TextValue>souschef</TextValue></VariableValue>'
    variables = f'<Variables><Variable guid="{guid(50)}" name="Rolle" typeOfVariable="Text"/></Variables>'
    start = text.index(WORDS)
    body = variables + text_source(selection(start, start + 7), name="Interview 7.docx", rest=value)
    dry = import_qdpx(held.request(qdpx(qde(body), {f"{guid(100)}.txt": text.encode()})))
    assert dry.changes
    assert list(held.study.folder.iterdir()) == []
    bring(held, qdpx(qde(body), {f"{guid(100)}.txt": text.encode()}))
    (file,) = held.study.folder.iterdir()
    assert file.name == "Interview 7.txt"
    assert file.read_text(encoding="utf-8").startswith("Rolle: souschef\n---\nI: Hvad mangler?\n")
    (only,) = held.codings()
    assert (only.interview, only.code) == ("Interview 7", "styring.drift")


@pytest.mark.parametrize(
    ("text", "why"), [("I: Er der nogen?", "kun intervieweren"), ("I: Nå?\nIP: Ring 20 12 34 56.", "personoplysninger")]
)
def test_a_source_that_is_no_transcript_is_told(held: Bench, text: str, why: str) -> None:
    plan = bring(held, qdpx(qde(text_source(selection(0, 4), name="noter")), {f"{guid(100)}.txt": text.encode()}))
    assert any("'noter'" in line and why in line for line in plan.lines)
    assert "Kodninger i kilder, der ikke er interview i studiet: 1" in plan.lines
    assert not plan.changes
    assert list(held.study.folder.iterdir()) == []


def test_a_text_without_speakers_is_one_respondents_and_loses_no_coding(held: Bench) -> None:
    text = "\ufeffVi mangler tid.\r\n\r\nDet er driften, der driller.\r\nOg driften igen."
    start = text.rindex(WORDS) - 1
    content = qdpx(
        qde(text_source(selection(start, start + 7, name=WORDS), name="Svar 12"), origin="MAXQDA 24 (Release 24.7.0)"),
        {f"{guid(100)}.txt": text.encode()},
    )
    plan = bring(held, content)
    assert any("Ingen talere fundet i 'Svar 12'" in line for line in plan.lines)
    (file,) = held.study.folder.iterdir()
    written = parse(file.read_bytes(), file.name)
    (only,) = held.codings()
    assert written.quote(only.start, only.end) == WORDS
    assert only.start == written.text.rindex(WORDS)
    assert not import_qdpx(held.request(content)).changes


@pytest.mark.parametrize(
    "path",
    ["{0}.txt", "relative:///{0}.txt", "internal:///{0}.txt", "internal://Sources/{0}.txt", "relative://x/{0}.txt"],
)
def test_texts_are_found_however_the_path_is_written(held: Bench, interview: Interview, path: str) -> None:
    start = TEXT.index(WORDS)
    body = text_source(selection(start, start + 7)).replace(f"internal://{guid(100)}.txt", path.format(guid(100)))
    bring(held, qdpx(qde(body), {f"{guid(100)}.txt": TEXT.encode()}, folder="Sources"))
    assert quotes(held, interview) == [WORDS]


def test_a_text_outside_the_archive_is_told_with_its_codings(held: Bench) -> None:
    body = text_source(selection(0, 4)).replace("internal://", "absolute:///C:/data/")
    plan = bring(held, qdpx(qde(body), {}))
    assert any("'a' har ingen ren tekst" in line for line in plan.lines)
    assert "Kodninger i kilder, der ikke er interview i studiet: 1" in plan.lines


def test_qualcoders_doubled_carriage_returns_count_one(held: Bench, interview: Interview) -> None:
    start, end = counted("Bænkene står", crlf=False, utf16=False)
    body = qde(text_source(selection(start, end)), origin="QualCoder 3.8")
    bring(held, qdpx(body, {f"{guid(100)}.txt": b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\r\n").encode()}))
    assert quotes(held, interview) == ["Bænkene står"]


def test_what_programs_write_wrongly_in_xml_is_read(held: Bench, interview: Interview) -> None:
    start = TEXT.index(WORDS)
    marked = selection(start, start + 7, inside="<Description>Børn & Unge <3 &#x1F; &amp; \x0c ja</Description>")
    bring(held, qdpx(qde(text_source(marked)), {f"{guid(100)}.txt": TEXT.encode()}))
    (only,) = held.codings()
    assert " ".join(only.memos[0].split()) == "Børn & Unge <3 & ja"


def value(variable: int, text: str) -> str:
    return f'<VariableValue><VariableRef targetGUID="{guid(variable)}"/><TextValue>{text}</TextValue></VariableValue>'


VARIABLES = (
    f'<Variables><Variable guid="{guid(50)}" name="Person:Stilling" typeOfVariable="Text"/>'
    f'<Variable guid="{guid(51)}" name="Bølge" typeOfVariable="Integer"/></Variables>'
)


@pytest.mark.parametrize("program", ["MAXQDA", "NVivo"])
def test_variables_of_the_one_case_that_a_source_is_head_the_transcript(held: Bench, program: str) -> None:
    text = "I: Hvad mangler?\nIP: Tid til driften, altså."
    start = text.index(WORDS)
    marked = selection(start, start + 7)
    codes = f'<Code guid="{guid(1)}" name="Driften"/>'
    values = value(50, "souschef") + value(51, "2").replace("TextValue", "IntegerValue")
    if program == "MAXQDA":
        cases = f'<Cases><Case guid="{guid(8)}">{values}<SourceRef targetGUID="{guid(100)}"/></Case></Cases>'
    else:
        cases = f'<Cases><Case guid="{guid(8)}" name="Anna">{values}</Case><Case guid="{guid(9)}" name="Ude"/></Cases>'
        codes += f'<Code guid="{guid(8)}" name="Anna"/>'
        marked += selection(17, len(text), code=8, number=400)
    content = qdpx(
        qde(VARIABLES + cases + text_source(marked, name="Anna"), codes=codes, origin=program),
        {f"{guid(100)}.txt": text.encode()},
    )
    bring(held, content)
    (file,) = held.study.folder.iterdir()
    assert file.read_text(encoding="utf-8").startswith("Rolle: souschef\nBølge: 2\n---\nI: Hvad")
    (only,) = held.codings()
    assert only.code == "styring.drift"
    assert not import_qdpx(held.request(content)).changes


def test_variables_that_the_study_lacks_are_told(held: Bench) -> None:
    body = VARIABLES + text_source("", rest=value(50, "vejchef") + value(51, "1"))
    plan = import_qdpx(held.request(qdpx(qde(body), {f"{guid(100)}.txt": TEXT.encode()})))
    assert any("interviewet a: Rolle: vejchef; Bølge: 1." in line for line in plan.lines)
    assert not plan.changes


def test_unknown_codes_go_to_a_new_codebook(held: Bench, codebook: Codebook, interview: Interview) -> None:
    codes = (
        f'<Code guid="{guid(2)}" name="Den øverste ledelse"><Code guid="{guid(3)}" name="Åbne døre" color="#0f0">'
        f'<Description>Om nogen lytter.</Description></Code></Code><Code guid="{guid(4)}" name="Barrierer">'
        f'<Code guid="{guid(5)}" name="Åbne døre"/></Code>'
    )
    start = TEXT.index(WORDS)
    body = qde(text_source(selection(start, start + 7, code=3)), codes=codes)
    content = qdpx(body, {f"{guid(100)}.txt": TEXT.encode()})
    plan = bring(held, content)
    assert any("3 koder findes ikke" in line for line in plan.lines)
    (only,) = held.codings()
    assert only.code == "topledelse.aabne-doere"
    file = held.study.folder / "mini-med-import.yaml"
    assert {path.name for path in held.study.folder.iterdir()} == {file.name, "study.yaml"}
    assert Study.open(held.study.folder).codebook_file() == file
    book = load_codebook(file)
    with held.database.read() as session:
        assert study_codebook(session, held.study.name) == file.resolve()
    with_it = replace(held, codebook=book)
    assert not import_qdpx(with_it.request(content)).changes
    assert [each.code for each in with_it.export().codings] == ["topledelse.aabne-doere"]
    assert book.by_id["topledelse.aabne-doere"].definition == "Om nogen lytter."
    assert book.by_id["topledelse.aabne-doere"].color == "#00ff00"
    assert book.by_id["barrierer.aabne-doere"].kind == "barriere"
    assert set(codebook.by_id) < set(book.by_id)
    assert not import_qdpx(held.request(content)).changes
    file.write_text("min egen", encoding="utf-8")
    bring(held, content)
    assert file.read_text(encoding="utf-8") == "min egen"


def test_media_and_areas_are_told_of_and_transcripts_read(held: Bench, interview: Interview) -> None:
    start, end = counted("Bænkene står", crlf=False, utf16=False)
    body = (
        f'<Sources><AudioSource guid="{guid(101)}" name="lyd" path="internal://lyd.m4a"><Transcript guid="{guid(100)}" '
        f'plainTextPath="internal://{guid(100)}.txt"><SyncPoint guid="{guid(41)}" position="{start}"/>'
        f'<SyncPoint guid="{guid(42)}" position="{end}"/><TranscriptSelection guid="{guid(43)}" '
        f'fromSyncPoint="{guid(41)}" toSyncPoint="{guid(42)}"><Coding guid="{guid(44)}" creatingUser="{guid(900)}">'
        f'<CodeRef targetGUID="{guid(1)}"/></Coding></TranscriptSelection></Transcript></AudioSource>'
        f'<PDFSource guid="{guid(102)}" name="bilag.pdf" path="internal://b.pdf"><PDFSelection guid="{guid(45)}" '
        f'page="1" firstX="0" firstY="0" secondX="9" secondY="9"><Coding guid="{guid(46)}">'
        f'<CodeRef targetGUID="{guid(1)}"/></Coding></PDFSelection></PDFSource></Sources>'
    )
    plan = bring(held, qdpx(qde(body), {f"{guid(100)}.txt": TEXT.encode()}))
    assert quotes(held, interview) == ["Bænkene står"]
    assert any("lyd, bilag.pdf" in line for line in plan.lines)
    assert any("Kodninger på billeder" in line for line in plan.lines)


def two_coders() -> bytes:
    start = TEXT.index(WORDS)
    second = selection(start - 4, start + 7, number=300).replace(guid(900), guid(901))
    machine = selection(start - 1, start + 7, number=400).replace(guid(900), guid(902))
    users = USERS + f'<User guid="{guid(902)}" name="qualcode"/>'
    marked = selection(start, start + 7) + second + machine
    return qdpx(qde(text_source(marked), users=users), {f"{guid(100)}.txt": TEXT.encode()})


def test_a_colleagues_project_as_a_blind_round(held: Bench) -> None:
    plan = bring(held, two_coders(), round="runde 1", coder="Jens")
    assert held.codings() == []
    assert "Kodninger i runden 'runde 1': 1" in plan.lines
    with held.database.read() as session:
        joined = find_round(session, held.study.name, "runde 1")
        assert joined.coders == ("Jens",)
        (theirs,) = progress(session, joined)
        assert theirs.assigned == theirs.done == len(passages(session, joined)) > 0
    assert not import_qdpx(held.request(two_coders(), round="runde 1", coder="Jens")).changes
    with pytest.raises(UsageError, match="Jens, Mette"):
        import_qdpx(held.request(two_coders(), coder="Søren"))


def test_the_machines_own_suggestions_are_nobodys_decision(held: Bench) -> None:
    bring(held, two_coders())
    assert {each.analyst for each in held.codings()} == {"Mette", "Jens"}


def test_decisions_here_are_not_overruled(held: Bench, interview: Interview) -> None:
    start = TEXT.index(WORDS)
    mine = coding(interview, start, start + 7, "styring.drift", Valence.BEHOV)
    suggest(held, interview, [mine])
    content = qdpx(qde(text_source(selection(start, start + 7))), {f"{guid(100)}.txt": TEXT.encode()})
    decide(held, interview, mine, Action.REJECT, "søren")
    plan = bring(held, content)
    assert "Afvist i studiet, ikke ændret: 1" in plan.lines
    assert [each.status for each in held.codings()] == [Status.AFVIST]
    decide(held, interview, mine, Action.UNDO, "søren")
    bring(held, content)
    (only,) = held.codings()
    assert (only.id, only.status, only.valence, only.source) == (mine.id, Status.GODKENDT, Valence.BEHOV, Source.MODEL)
