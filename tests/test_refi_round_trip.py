"""Any study → REFI-QDA → study: the same codings and decisions, whatever the text holds."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.exchange.refi.project_in import read_project
from qualcode.exchange.refi.project_out import export_qdpx
from qualcode.exchange.refi.project_plan import import_qdpx
from qualcode.models import Action, Codebook, Interview, Status, Valence
from qualcode.store.database import Database
from qualcode.store.documents import save_interview
from tests.databases import new_url
from tests.exchanging import Bench, bench, coding, decide, read, suggest

# What breaks counting: astral and combining characters, line ends of all sorts, marks that are removed on reading.
AWKWARD = [
    "😀",
    "👩‍👩‍👧",
    "e\u0301",
    "ﬁ",
    "Å",
    "\u00ad",
    "\ufeff",
    "\r\n",
    "\r",
    "\n\n",
    "\t",
    "\u2028",
    "<&>\"'",
    "\x01",
    " ",
    "ord",
]
WORDS = st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=6)), min_size=1, max_size=12).map("".join)
MEMOS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(new_url(tmp_path_factory.mktemp("db")))


def interview_of(answers: list[str]) -> Interview:
    turns = "".join(f"\nI: Hvad så?\nIP: Jamen {answer} slut" for answer in answers)
    return read(f"\ufeffInterview: A1\nRolle: chef\nForvaltning: By 😀\n---{turns}\n")


def round_trip(held: Bench, interviews: list[Interview]) -> Bench:
    back = bench(held.database, held.codebook, interviews)
    content = export_qdpx(held.export())
    assert content == export_qdpx(held.export())
    plan = import_qdpx(back.request(content))
    with back.database.write() as session:
        plan.apply(session)
    assert not import_qdpx(back.request(content)).changes
    return back


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), answers=st.lists(WORDS, min_size=1, max_size=3))
def test_codings_and_decisions_come_back(
    database: Database, codebook: Codebook, data: st.DataObject, answers: list[str]
) -> None:
    interview = interview_of(answers)
    held = bench(database, codebook, [interview])
    approved = set()
    for turn in interview.responses():
        start = data.draw(st.integers(turn.start, turn.end - 1))
        end = data.draw(st.integers(start + 1, turn.end))
        code = data.draw(st.sampled_from([code.id for code in codebook.codes]))
        one = coding(interview, start, end, code, data.draw(st.sampled_from(list(Valence))))
        suggest(held, interview, [one])
        analyst = data.draw(st.sampled_from(["mette", "Jens Ø <&>"]))
        action = data.draw(st.sampled_from([Action.ACCEPT, Action.ADD, Action.REJECT, None]))
        if action:
            decide(held, interview, one, action, analyst)
        if data.draw(st.booleans()):
            decide(held, interview, one, Action.MEMO, analyst, reason=data.draw(MEMOS))
        if data.draw(st.booleans()):
            decide(held, interview, one, Action.WITHHOLD, analyst)
        approved.add((start, end, code))
    back = round_trip(held, [interview])
    assert {row for row in held.told() if row[6] is Status.GODKENDT} == back.told()
    for each in back.codings():
        assert each.analyst in {"mette", "Jens Ø <&>"}


def test_each_analyst_is_a_user_and_the_machine_another(database: Database, codebook: Codebook) -> None:
    interview = interview_of(["vi falder tilbage på driften"])
    held = bench(database, codebook, [interview])
    start = interview.text.index("vi falder")
    spans = [(start, start + 9), (start + 10, start + 17), (start + 18, start + 27)]
    codings = [coding(interview, first, last, "styring.drift") for first, last in spans]
    suggest(held, interview, codings)
    decide(held, interview, codings[0], Action.ACCEPT, "mette", at="2026-11-22T10:00:00+01:00")
    decide(held, interview, codings[0], Action.ACCEPT, "jens")
    decide(held, interview, codings[1], Action.REJECT, "mette")
    project = read_project(export_qdpx(held.export()), "p.qdpx")
    told = {
        (project.users[coding.user], each.place.label, coding.at is None)
        for source in project.sources
        for each in source.selections
        for coding in each.codings
    }
    assert told == {("mette", "vi falder", False), ("jens", "vi falder", False), ("qualcode", "på drifte", True)}
    approved = read_project(export_qdpx(held.export(approved_only=True)), "p.qdpx")
    assert len(approved.sources[0].selections) == 2
    back = round_trip(held, [interview])
    assert len(back.codings()) == 1
    again = read_project(export_qdpx(back.export()), "p.qdpx")
    assert {again.users[coding.user] for each in again.sources[0].selections for coding in each.codings} == {
        "mette",
        "jens",
    }
    assert "2026-11-22T09:00:00Z" in {each.at for each in again.sources[0].selections}


def test_attributes_turns_and_memos_are_in_the_project(database: Database, codebook: Codebook) -> None:
    interview = interview_of(["vi falder tilbage på driften"])
    held = bench(database, codebook, [interview])
    start = interview.text.index("vi falder")
    one = coding(interview, start, start + 9, "styring.drift")
    decide(held, interview, one, Action.ADD, "mette")
    decide(held, interview, one, Action.MEMO, "jens", reason="Linje 1\nlinje 2")
    project = read_project(export_qdpx(held.export()), "p.qdpx")
    (source,) = project.sources
    assert source.variables == {"Rolle": "chef", "Niveau": "chef", "Forvaltning": "By 😀"}
    assert list(project.cases.values()) == ["A1 IP"]
    notes = [note.text for note in project.notes.values()]
    assert notes[0].splitlines()[2].split("; ")[:3] == ["2", "IP", "chef"]
    assert notes[1] == "Linje 1\nlinje 2"
    assert "Linje 1\nlinje 2" in source.selections[0].description


def test_the_original_word_file_is_attached_when_asked_for(
    database: Database, codebook: Codebook, tmp_path: Path
) -> None:
    interview = read("I: Nå?\nIP: Ja.", "a.txt")
    held = bench(database, codebook, [interview], tmp_path)
    held.study.folder.mkdir()
    word = Interview("B", "b.docx", interview.text, interview.turns, interview.informants)
    with database.write() as session:
        save_interview(session, held.study.name, "", word)
    (held.study.folder / "b.docx").write_bytes(b"word")
    with zipfile.ZipFile(BytesIO(export_qdpx(held.export(originals=True)))) as archive:
        rich = [name for name in archive.namelist() if name.endswith(".docx")]
        assert [archive.read(name) for name in rich] == [b"word"]
        assert f'richTextPath="internal://{rich[0].removeprefix("sources/")}"' in archive.read("project.qde").decode()
