"""What a server does otherwise than a file: order, length, several writers at once, a first opening by several."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from qualcode.coding.coder import Coder
from qualcode.errors import UsageError
from qualcode.ingest.read import parse
from qualcode.models import Action
from qualcode.review.acts import Change, Seen, StaleError, decide
from qualcode.review.desk import Desk
from qualcode.store.codings import save_suggestions
from qualcode.store.database import Database, may_pass
from qualcode.store.documents import known_documents, load_interviews, save_interview
from qualcode.store.journal import decisions
from qualcode.store.studies import remember_study, save_refusal
from tests.conftest import CHEF, MINI_CODEBOOK
from tests.databases import Server, programs, server
from tests.reviewing import STUDY

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed (Debian: apt-get install postgresql)"),
]


@pytest.fixture(scope="module")
def postgres() -> Server:
    return server()


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.engine.dispose()


def test_all_text_sorts_as_in_a_file_and_may_be_long(database: Database) -> None:
    with database.read() as session:
        others = session.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                " AND data_type IN ('character varying', 'text') AND"
                " (collation_name IS DISTINCT FROM 'C' OR character_maximum_length IS NOT NULL)"
            )
        ).all()
    assert others == []
    names = ["aa.txt", "Z.txt", "a.txt", "å.txt", "z.txt", "Å.txt", "e" * 500 + ".txt"]
    with database.write() as session:
        for name in names:
            interview = parse(CHEF.replace("A1", Path(name).stem).encode(), name)
            save_interview(session, "s", "bytes", interview)
    with database.read() as session:
        assert list(known_documents(session, "s")) == sorted(names)
        assert [interview.file for interview in load_interviews(session, "s")] == sorted(names)


def test_several_may_open_a_new_database_at_once(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(Database, [url] * 8))
    assert len({database.id for database in opened}) == 1
    for database in opened:
        database.engine.dispose()


def test_runs_at_once_store_everything_once(database: Database, coder: Coder) -> None:
    interviews = [parse(CHEF.replace("A1", f"A{number}").encode(), f"{number}.txt") for number in range(6)]
    coded = {interview.file: coder.code(interview, "s") for interview in interviews}
    before = database.changes

    def store_all(run: int) -> None:
        for interview in interviews if run % 2 else reversed(interviews):
            with database.write() as session:
                remember_study(session, "s", Path("folder"), MINI_CODEBOOK)
                save_refusal(session, "s", "broken.txt", "bytes", "kan ikke læses")
                save_interview(session, "s", "bytes", interview)
            with database.write() as session:
                codings, units = coded[interview.file].codings, coded[interview.file].units
                save_suggestions(session, "s", interview, codings, coded_as="k", units=units)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(store_all, range(4)))
    assert database.changes == before + 4 * 6 * 3
    with database.read() as session:
        (count,) = session.execute(text("SELECT count(*) FROM suggestion")).one()
    assert count == sum(len(result.codings) for result in coded.values())


def test_of_two_analysts_who_decide_at_once_one_is_told_of_the_other(
    database: Database, coder: Coder, tmp_path: Path
) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    codings = coder.code(interview, STUDY).codings
    with database.write() as session:
        remember_study(session, STUDY, tmp_path, MINI_CODEBOOK)
        save_interview(session, STUDY, "bytes", interview)
        save_suggestions(session, STUDY, interview, codings, coded_as="k", units=3)
    desks = [Desk(Database(database.url), STUDY, tmp_path / ".qualcode") for _ in range(4)]

    def decide_all(desk: Desk) -> int:
        stale = 0
        for coding in codings:
            try:
                decide(desk, Seen(coding.id, 0), [Change(Action.ACCEPT)], f"analytiker {id(desk)}")
            except StaleError:
                stale += 1
        return stale

    with ThreadPoolExecutor(4) as pool:
        stale = sum(pool.map(decide_all, desks))
    assert stale == 3 * len(codings)
    with database.read() as session:
        assert len(list(decisions(session, STUDY))) == len(codings)
    for desk in desks:
        desk.database.engine.dispose()


def test_a_reader_sees_one_state_of_the_database(database: Database) -> None:
    interview = parse(CHEF.encode(), "a.txt")
    with database.read() as session:
        assert list(known_documents(session, "s")) == []
        with database.write() as writer:
            save_interview(writer, "s", "bytes", interview)
        assert list(load_interviews(session, "s")) == []
    with database.read() as session:
        assert list(load_interviews(session, "s")) == [interview]


def test_a_line_that_broke_may_be_mended_a_missing_table_not(database: Database) -> None:
    with pytest.raises(DBAPIError) as missing, database.read() as session:
        session.execute(text("SELECT * FROM missing"))
    assert not may_pass(missing.value)
    with pytest.raises(DBAPIError) as broken, database.read() as session:
        (own,) = session.execute(text("SELECT pg_backend_pid()")).one()
        other = create_engine(database.url, isolation_level="AUTOCOMMIT")
        with other.connect() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend({own})"))
        other.dispose()
        session.execute(text("SELECT 1"))
    assert may_pass(broken.value)


def test_the_short_form_of_an_address_does(url: str) -> None:
    short = Database(url.replace("postgresql+psycopg://", "postgresql://"))
    assert short.id == Database(url).id
    short.engine.dispose()


def test_a_server_that_is_not_there_is_one_line() -> None:
    with pytest.raises(UsageError, match="Databasen kan ikke åbnes") as caught:
        Database("postgresql://nobody@127.0.0.1:1/none")
    assert "\n" not in str(caught.value)


def test_the_codebook_comes_from_the_database_where_the_folder_is_not(
    database: Database, coder: Coder, tmp_path: Path
) -> None:
    (tmp_path / "mini.yaml").write_bytes(MINI_CODEBOOK.read_bytes())
    with database.write() as session:
        remember_study(session, STUDY, tmp_path / "elsewhere", tmp_path / "mini.yaml")
    codebook = Desk(database, STUDY, tmp_path / "one").codebook
    (tmp_path / "mini.yaml").unlink()
    assert Desk(database, STUDY, tmp_path / "other").codebook == codebook
