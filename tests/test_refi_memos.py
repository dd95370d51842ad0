"""Notes and comments of projects: on codes, sources and passages, out of a study and into one."""

from pathlib import Path

import pytest

from qualcode.exchange.refi.project_in import read_project
from qualcode.exchange.refi.project_out import export_qdpx
from qualcode.exchange.refi.project_plan import import_qdpx
from qualcode.models import Action, Codebook
from qualcode.store.database import Database
from qualcode.store.notes import add_note, all_notes
from tests.exchanging import Bench, bench, coding, decide, guid, qde, qdpx, read, selection, text_source

TEXT = "I: Nå 😀?\nIP: Vi falder tilbage på driften, hver gang.\nI: Og så?\nIP: Bænkene står og rådner."
USERS = f'<User guid="{guid(900)}" name="Mette"/><User guid="{guid(901)}" name="Jens"/>'


@pytest.fixture
def held(tmp_path: Path, codebook: Codebook) -> Bench:
    held = bench(Database(f"sqlite:///{tmp_path / 'q.db'}"), codebook, [read(TEXT)], tmp_path)
    held.study.folder.mkdir()
    return held


def memos(held: Bench) -> set[tuple[str, str, str]]:
    with held.database.read() as session:
        notes = all_notes(session, held.study.name)
    return {(about, note.analyst, note.text) for about, those in notes.items() for note in those}


def bring(held: Bench, body: str, **options: str) -> list[str]:
    request = held.request(qdpx(body, {f"{guid(100)}.txt": TEXT.encode()}), **options)
    plan = import_qdpx(request)
    with held.database.write() as session:
        plan.apply(session)
    assert not import_qdpx(request).changes
    return list(plan.lines)


def note(number: int, text: str, user: int = 901, inside: str = "") -> str:
    return (
        f'<Note guid="{guid(number)}" creatingUser="{guid(user)}" creationDateTime="2024-05-06T08:00:00Z">'
        f"<PlainTextContent>{text}</PlainTextContent>{inside}</Note>"
    )


def ref(number: int) -> str:
    return f'<NoteRef targetGUID="{guid(number)}"/>'


def test_notes_on_codes_sources_and_passages_become_memos(held: Bench) -> None:
    start = TEXT.index("Bænkene")
    bare = selection(start, start + 12).partition("<Coding")[0]
    annotated = f"{bare}{ref(72)}</PlainTextSelection>"
    commented = (
        bare.replace(guid(200 + start), guid(60)) + "<Description>Se billedet</Description></PlainTextSelection>"
    )
    linked = bare.replace(guid(200 + start), guid(61)) + "</PlainTextSelection>"
    inner = f'<PlainTextSelection guid="{guid(62)}" startPosition="{start}" endPosition="{start + 7}"/>'
    body = (
        text_source(f"<Description>Optaget ude</Description>{annotated}{commented}{linked}", rest=ref(71) + ref(74))
        + f"<Notes>{note(70, 'Kun om drift')}{note(71, 'Træt interviewer')}{note(72, 'Husk det')}{note(73, 'Bundet')}"
        + note(74, "QualCoders", inside=inner)
        + note(75, "Om projektet")
        + f'</Notes><Links><Link guid="{guid(80)}" originGUID="{guid(73)}" targetGUID="{guid(61)}"/>'
        + f'<Link guid="{guid(81)}" originGUID="{guid(1)}" targetGUID="{guid(100)}"/></Links>'
    )
    codes = f'<Code guid="{guid(1)}" name="Driften">{ref(70)}</Code>'
    lines = bring(held, qde(body, codes=codes, users=USERS))
    passage = "»Bænkene står« (tur 4): "
    assert memos(held) == {
        ("code:styring.drift", "Jens", "Kun om drift"),
        ("interview:a", "logget-ind", "Optaget ude"),
        ("interview:a", "Jens", "Træt interviewer"),
        ("interview:a", "Jens", f"{passage}Husk det"),
        ("interview:a", "Mette", f"{passage}Se billedet"),
        ("interview:a", "Jens", f"{passage}Bundet"),
        ("interview:a", "Jens", "»Bænkene« (tur 4): QualCoders"),
    }
    assert "Notater om koder og interview: 7" in lines
    assert "Notater om andet end koder, interview og kodninger, som ikke kan overføres: 1" in lines
    assert "Forbindelser og diagrammer, som ikke kan overføres: 1" in lines
    with held.database.read() as session:
        (on_code,) = all_notes(session, held.study.name)["code:styring.drift"]
    assert on_code.at == "2024-05-06T08:00:00+00:00"


def test_a_blind_round_brings_no_memos_that_others_would_see(held: Bench) -> None:
    start = TEXT.index("driften")
    codes = f'<Code guid="{guid(1)}" name="Driften">{ref(70)}</Code>'
    body = qde(text_source(selection(start, start + 7)) + f"<Notes>{note(70, 'Kun om drift')}</Notes>", codes=codes)
    bring(held, body, round="runde 1", coder="Mette")
    assert memos(held) == set()


def test_memos_go_out_as_notes_and_come_back_once(held: Bench) -> None:
    with held.database.write() as session:
        add_note(session, held.study.name, "code:styring.drift", "jens", "Om <drift> & vedligehold 😀\nlinje 2")
        add_note(session, held.study.name, "interview:a", "mette", "Interviewet var kort")
        add_note(session, held.study.name, "code:findes-ikke", "mette", "Gammel kode")
    interview = read(TEXT)
    start = TEXT.index("driften")
    decide(held, interview, coding(interview, start, start + 7, "styring.drift"), Action.ADD, "mette")
    content = export_qdpx(held.export())
    assert content == export_qdpx(held.export())
    project = read_project(content, "p.qdpx")
    assert list(project.users.values()) == ["jens", "mette", "qualcode"]
    assert not import_qdpx(held.request(content)).changes
    back = bench(held.database, held.codebook, [interview], held.study.folder)
    with back.database.write() as session:
        import_qdpx(back.request(content)).apply(session)
    assert memos(back) == {one for one in memos(held) if one[0] != "code:findes-ikke"}
