from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import configure_mappers

from qualcode.coding.coder import Coder
from qualcode.errors import UsageError
from qualcode.ingest.read import parse
from qualcode.models import Action, Coding, Decision, Interview, Mark, Source, Status, Valence
from qualcode.store.codings import effective_codings, orphaned, save_suggestions
from qualcode.store.database import Database
from qualcode.store.documents import known_documents, load_interviews, save_interview, set_present
from qualcode.store.journal import append, decisions, standing
from qualcode.store.schema import Base, CodebookRow
from qualcode.store.studies import remember_study, study_codebook
from tests.conftest import CHEF, MINI_CODEBOOK
from tests.databases import new_url


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(new_url(tmp_path))


@pytest.fixture
def interview() -> Interview:
    return parse(CHEF.encode(), "a.txt")


@pytest.fixture
def stored(database: Database, interview: Interview, coder: Coder) -> tuple[Coding, ...]:
    codings = coder.code(interview, "s").codings
    with database.write() as session:
        save_interview(session, "s", "bytes", interview)
        save_suggestions(session, "s", interview, codings, coded_as="k", units=3)
    return codings


def decision(coding: Coding, interview: Interview, action: Action, **changes: object) -> Decision:
    values = {
        "coding_id": coding.id,
        "action": action,
        "analyst": "mette",
        "at": "2026-11-21T10:00:00+00:00",
        "study": "s",
        "interview": interview.id,
        "document_digest": interview.digest,
        "codebook_digest": "b",
        "turn": coding.turn,
        "start": coding.start,
        "end": coding.end,
        "speaker": coding.speaker,
        "quote": interview.quote(coding.start, coding.end),
        "code": coding.code,
        "valence": coding.valence,
    }
    return Decision(**values | changes)  # type: ignore[arg-type]


def effective(database: Database) -> list[Coding]:
    with database.read() as session:
        return list(effective_codings(session, "s", list(load_interviews(session, "s"))))


def add(database: Database, event: Decision) -> None:
    with database.write() as session:
        append(session, event)


def test_migrations_give_the_tables_of_the_schema(database: Database) -> None:
    configure_mappers()
    found = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == {column.name for column in table.columns}


def test_opening_again_keeps_everything(database: Database, stored: tuple[Coding, ...]) -> None:
    again = Database(database.url)
    assert again.id == database.id
    assert effective(again) == effective(database)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'q.db'}")
    assert (tmp_path / "q.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["ikke en url", "sqlite:////findes/ikke/q.db", "ukendt://x"])
def test_a_database_that_cannot_be_opened_is_one_line(url: str) -> None:
    with pytest.raises(UsageError, match="Database") as caught:
        Database(url)
    assert "\n" not in str(caught.value)


def test_database_errors_do_not_quote_interviews(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.write() as session:
        session.execute(text("INSERT INTO meta VALUES ('id', :words)"), {"words": "hemmelige ord"})
    assert "hemmelige ord" not in str(caught.value)


def test_a_newer_database_is_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UsageError, match="nyere"):
        Database(database.url)


def test_interviews_come_back_as_they_were(database: Database, interview: Interview, stored: object) -> None:
    with database.read() as session:
        assert list(load_interviews(session, "s")) == [interview]
        assert known_documents(session, "s")["a.txt"].units == 3


def test_suggestions_come_back_as_they_were(database: Database, stored: tuple[Coding, ...]) -> None:
    assert effective(database) == sorted(stored, key=lambda coding: (coding.start, coding.end, coding.code, coding.id))


def test_suggestions_for_a_version_that_is_gone_are_not_stored(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    other = parse(CHEF.replace("fint", "skidt").encode(), "a.txt")
    with database.write() as session:
        assert not save_suggestions(session, "s", other, stored[:1], coded_as="x", units=1)
    assert len(effective(database)) == len(stored)


def test_decisions_show_in_the_codings(database: Database, interview: Interview, stored: tuple[Coding, ...]) -> None:
    first, second, third = stored[:3]
    add(database, decision(first, interview, Action.ACCEPT))
    add(database, decision(second, interview, Action.REJECT))
    add(database, decision(third, interview, Action.RECODE, new_code="styring"))
    by_id = {coding.id: coding for coding in effective(database)}
    assert by_id[first.id].status is Status.GODKENDT
    assert by_id[first.id].evidence == first.evidence
    assert by_id[second.id].status is Status.AFVIST
    assert (by_id[third.id].status, by_id[third.id].code) == (Status.GODKENDT, "styring")


def test_undo_is_another_event(database: Database, interview: Interview, stored: tuple[Coding, ...]) -> None:
    for action in (Action.ACCEPT, Action.REJECT, Action.UNDO):
        add(database, decision(stored[0], interview, action))
    with database.read() as session:
        events = list(decisions(session, "s"))
    assert [event.action for event in events] == [Action.ACCEPT, Action.REJECT, Action.UNDO]
    assert standing(events)[stored[0].id].status is Status.GODKENDT


def test_an_added_coding_is_a_persons_own(database: Database, interview: Interview, stored: tuple[Coding, ...]) -> None:
    add(database, decision(replace(stored[0], id="own", code="styring"), interview, Action.ADD))
    (own,) = [coding for coding in effective(database) if coding.id == "own"]
    assert (own.status, own.source, own.code, own.analyst) == (Status.GODKENDT, Source.MENNESKE, "styring", "mette")


def test_valence_span_marks_and_memos_leave_the_verdict_open(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    first = stored[0]
    shorter = interview.quote(first.start, first.end - 3)
    span = {"new_start": first.start, "new_end": first.end - 3, "new_quote": shorter}
    add(database, decision(first, interview, Action.VALUE, new_valence=Valence.BEHOV))
    add(database, decision(first, interview, Action.MOVE, **span))
    add(database, decision(first, interview, Action.SHOWCASE))
    add(database, decision(first, interview, Action.MEMO, reason="spørg igen"))
    (now,) = [coding for coding in effective(database) if coding.id == first.id]
    assert interview.quote(now.start, now.end) == shorter
    assert (now.status, now.valence, now.mark, now.memos, now.revision) == (
        Status.FORESLAAET,
        Valence.BEHOV,
        Mark.SHOWCASE,
        ("spørg igen",),
        4,
    )
    add(database, decision(first, interview, Action.UNDO))
    assert next(coding for coding in effective(database) if coding.id == first.id).memos == ()


def test_decisions_of_a_blind_round_are_not_open_decisions(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    add(database, decision(stored[0], interview, Action.REJECT, round="r1"))
    assert {coding.status for coding in effective(database)} == {Status.FORESLAAET}
    with database.read() as session:
        assert [event.action for event in decisions(session, "s", "r1")] == [Action.REJECT]


def test_a_quote_that_occurs_twice_is_found_again_by_what_stands_around_it(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    words = "Ja, det gør vi."
    text = f"Interview: A1\n---\nI: Hører I efter?\nIP: {words} Altid.\nI: Og handler?\nIP: {words} Aldrig.\n"
    before = parse(text.encode(), "a.txt")
    start = before.text.rindex(words)
    around = dict(zip(("before", "after"), before.context(start, start + len(words)), strict=True))
    coding = replace(stored[0], id="twice", turn=4, start=start, end=start + len(words))
    add(database, decision(coding, before, Action.ADD, **around))
    after = parse(text.replace("---", "Dato: 2026-01-02\n---").encode(), "a.txt")
    with database.write() as session:
        save_interview(session, "s", "other bytes", after)
    (found,) = effective(database)
    assert (found.turn, after.text[found.end :]) == (4, " Aldrig.\n")


def test_decisions_outlive_recomputed_suggestions(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    add(database, decision(stored[0], interview, Action.ACCEPT))
    with database.write() as session:
        save_suggestions(session, "s", interview, [], coded_as="k2", units=3)
    (left,) = effective(database)
    assert (left.id, left.status, left.source) == (stored[0].id, Status.GODKENDT, Source.MENNESKE)


def test_decisions_follow_their_quote_when_the_transcript_is_mended(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    add(database, decision(stored[0], interview, Action.ACCEPT))
    mended = parse(CHEF.replace("Hvordan gik det så med promenaden?", "Og promenaden?").encode(), "a.txt")
    with database.write() as session:
        save_interview(session, "s", "other bytes", mended)
    (left,) = effective(database)
    assert mended.quote(left.start, left.end) == interview.quote(stored[0].start, stored[0].end)
    assert left.start != stored[0].start


def test_a_decision_whose_quote_is_gone_is_kept_in_the_journal_only(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    add(database, decision(stored[0], interview, Action.ACCEPT))
    other = parse(b"Interview: A1\n---\nI: N\xc3\xa5?\nIP: Det er en helt anden snak.\n", "a.txt")
    with database.write() as session:
        save_interview(session, "s", "other bytes", other)
    assert effective(database) == []
    with database.read() as session:
        assert len(list(decisions(session, "s"))) == 1
        assert [held.quote for held in orphaned(session, "s", [other])] == [
            interview.quote(stored[0].start, stored[0].end)
        ]


def test_a_new_suggestion_on_words_already_decided_is_not_shown_again(
    database: Database, interview: Interview, stored: tuple[Coding, ...]
) -> None:
    drift = next(coding for coding in stored if coding.code == "styring.drift")
    add(database, decision(drift, interview, Action.REJECT))
    wider = Coding(
        "new",
        interview.id,
        drift.turn,
        drift.start,
        drift.end - 2,
        "IP",
        drift.code,
        Valence.BARRIERE,
        0.9,
        Source.MODEL,
    )
    with database.write() as session:
        save_suggestions(session, "s", interview, [wider], coded_as="k2", units=3)
    assert [coding.status for coding in effective(database)] == [Status.AFVIST]


def test_documents_that_are_gone_are_set_aside_and_come_back(database: Database, stored: tuple[Coding, ...]) -> None:
    with database.write() as session:
        set_present(session, "s", [])
    assert effective(database) == []
    with database.write() as session:
        set_present(session, "s", ["a.txt"])
    assert len(effective(database)) == len(stored)


def test_writes_are_counted(database: Database, interview: Interview) -> None:
    before = database.changes
    with database.write() as session:
        save_interview(session, "s", "bytes", interview)
    assert database.changes == before + 1


def test_the_codebook_is_kept_for_machines_that_do_not_have_it(database: Database, tmp_path: Path) -> None:
    book, bank = tmp_path / "bog.yaml", tmp_path / "bog.examples.yaml"
    for content in (MINI_CODEBOOK.read_bytes(), MINI_CODEBOOK.read_bytes() + b"# newer"):
        book.write_bytes(content)
        bank.write_bytes(b"passages: []")
        with database.write() as session:
            remember_study(session, "s", tmp_path, book)
    with database.read() as session:
        assert study_codebook(session, "s") == book
        assert len(list(session.scalars(select(CodebookRow.state)))) == 1
    book.unlink()
    with database.read() as session:
        copy = study_codebook(session, "s", tmp_path / "kept")
    assert copy is not None
    assert copy.read_bytes().endswith(b"# newer")
    assert copy.with_suffix(".examples.yaml").read_bytes() == bank.read_bytes()
