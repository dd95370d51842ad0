"""A small coded study on an analyst's desk, for the tests of the review page."""

from pathlib import Path

from qualcode.coding.coder import Coder
from qualcode.ingest.read import parse
from qualcode.models import Coding
from qualcode.review.desk import Desk
from qualcode.review.queues import Selection, Walker
from qualcode.store.codings import effective_codings, save_suggestions
from qualcode.store.database import Database
from qualcode.store.documents import load_interviews, save_interview
from qualcode.store.schema import StandingRow
from qualcode.store.studies import remember_study
from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK
from tests.databases import copy_url, new_url

STUDY = "s"
# Words that would do harm if a page ever took them for markup.
HOSTILE = """Interview: C3
Rolle: <b>chef</b>
---
I: Hvad med <script>alert(1)</script>?

IP: Vi mangler opbakning oppefra, </blockquote><script>alert("af")</script> og det er bare ord 😀 fra toppen. Min leder
giver os frie hænder. Hvem slår græsset bagefter?
"""


def coded_database(folder: Path, coder: Coder) -> str:
    """Make a database with a coded study of three transcripts and return its address, to be copied."""
    study = folder / STUDY
    study.mkdir()
    (study / "study.yaml").write_text(f"threshold: 0.3\ncodebook: {MINI_CODEBOOK}\n", encoding="utf-8")
    database = Database(new_url(folder))
    for number, text in enumerate((CHEF, MEDARBEJDER, HOSTILE)):
        (study / f"{number}.txt").write_text(text, encoding="utf-8")
        store(database, coder, f"{number}.txt", text)
    with database.write() as session:
        remember_study(session, STUDY, study, MINI_CODEBOOK)
    with Desk(database, STUDY, folder).read():
        # Whoever opens a copy finds the codings as they stand already laid out.
        pass
    database.engine.dispose()
    return database.url


def desk_at(folder: Path, coded: str) -> Desk:
    """Return a desk with a copy of a coded database."""
    return Desk(Database(copy_url(coded, folder)), STUDY, folder / ".qualcode")


def store(database: Database, coder: Coder, file: str, text: str) -> None:
    """Store a transcript and its suggestions."""
    interview = parse(text.encode(), file)
    coded = coder.code(interview, STUDY)
    with database.write() as session:
        save_interview(session, STUDY, interview.digest, interview)
        save_suggestions(session, STUDY, interview, coded.codings, coded_as=interview.digest, units=coded.units)


def rows(desk: Desk) -> list[StandingRow]:
    """Return all codings as the page's table has them, by place."""
    with desk.read() as session:
        walker = Walker(session, STUDY, desk.codebook, Selection(status=None), "mette")
        found, more = walker.page(1, 1000)
        assert not more
        for row in found:
            session.expunge(row)
    return sorted(found, key=lambda row: (row.document_id, row.start, row.end, row.code, row.id))


def effective(desk: Desk) -> list[Coding]:
    """Return all codings as the journal and the suggestions say."""
    with desk.database.read() as session:
        return list(effective_codings(session, STUDY, list(load_interviews(session, STUDY))))
