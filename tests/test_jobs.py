"""Units of work on a machine that has nothing but the database."""

from dataclasses import replace
from pathlib import Path

import pytest

from qualcode import jobs
from qualcode.coding.encoder import NgramEncoder
from qualcode.errors import UsageError
from qualcode.jobs import Job
from qualcode.store.codings import suggestions
from qualcode.store.database import Database, chosen_url, lasting_url
from qualcode.store.documents import load_interviews
from tests.conftest import MINI_CODEBOOK
from tests.databases import choose_default


@pytest.fixture
def job(study_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A study that is read, not coded."""
    monkeypatch.chdir(tmp_path)
    choose_default(monkeypatch)
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    (study_folder / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\nthreshold: 0.3\n", encoding="utf-8")
    made = Job(study_folder)
    study, database, _ = jobs.open_study(made)
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    jobs.settle_documents(study, database)
    return replace(made, database=lasting_url(None) or chosen_url(None))


def coded(database: Database) -> list[object]:
    with database.read() as session:
        return [suggestions(session, "promenaden", one) for one in load_interviews(session, "promenaden")]


def test_the_database_is_enough_to_code(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, database, shop = jobs.open_study(job)
    jobs.code_documents(study, database, shop.coder(), ["a.txt", "b.md"])
    before = coded(database)
    assert all(before)

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    study.folder.rename(study.folder.with_name("other"))
    away = replace(job, work=tmp_path / "missing" / "work")
    there, joined, workshop = jobs.join(away, database.id, shop.coder_digest)
    assert (there.name, there.settings) == (study.name, study.settings)
    with joined.write() as session:
        for interview in list(load_interviews(session, study.name)):
            jobs.save_suggestions(session, study.name, interview, [], coded_as="", units=0)
    assert jobs.code_documents(there, joined, workshop.coder(), ["a.txt", "b.md"]).documents == 2
    assert coded(database) == before


def test_what_another_worker_did_is_not_done_again(job: Job) -> None:
    study, database, shop = jobs.open_study(job)
    once = jobs.code_documents(study, database, shop.coder(), ["a.txt", "b.md"])
    changes = database.changes
    assert jobs.code_documents(study, database, shop.coder(), ["a.txt", "b.md"]) == once
    assert database.changes == changes


def test_another_database_or_another_coder_is_told_of(job: Job) -> None:
    _, database, shop = jobs.open_study(job)
    with pytest.raises(UsageError, match="QUALCODE_DATABASE_URL"):
        jobs.join(job, "another", shop.coder_digest)
    with pytest.raises(UsageError, match="Kør den igen"):
        jobs.join(job, database.id, "another")


def test_an_address_holds_in_any_folder_and_keeps_its_password_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lasting_url("sqlite:///q.db") == f"sqlite:///{tmp_path / 'q.db'}"
    assert lasting_url("postgresql://analyse@db/q") == "postgresql://analyse@db/q"
    assert lasting_url("postgresql://analyse:hemmelig@db/q") is None
