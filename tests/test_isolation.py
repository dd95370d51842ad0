"""One interview that cannot be coded must not stop the others, and only what may pass is tried again."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from qualcode import cli, jobs
from qualcode.coding.encoder import NgramEncoder, Vectors
from qualcode.jobs import Job
from qualcode.store.database import Database, may_pass
from tests.conftest import MINI_CODEBOOK
from tests.databases import choose_default


class Stumbling(NgramEncoder):
    """Fails on some words and repeats them in its message, as libraries do."""

    def __init__(self, over: str, kind: type[Exception]) -> None:
        super().__init__()
        self.over = over
        self.kind = kind

    def encode(self, texts: Sequence[str]) -> Vectors:
        for passage in texts:
            if self.over in passage:
                raise self.kind(passage)
        return super().encode(texts)


def job_with(encoder: NgramEncoder, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: encoder)
    # Each encoder is another workshop's.
    jobs._workshop.cache_clear()
    (folder / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\n", encoding="utf-8")
    return Job(folder)


def code(job: Job) -> tuple[int, list[jobs.Refusal]]:
    study, database, shop = jobs.open_study(job)
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    jobs.settle_documents(study, database)
    work = jobs.code_documents(study, database, shop.coder(), jobs.files_to_code(study, database, shop.coder_digest))
    return work.documents, jobs.settle_documents(study, database)


def test_an_interview_that_cannot_be_coded_is_told_of_and_left_out_and_tried_again(
    study_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    choose_default(monkeypatch)
    job = job_with(Stumbling("promenaden er", ValueError), study_folder, monkeypatch)
    (study_folder / "c.txt").write_text("Interview: C3\n---\nI: Nå?\nIP: Jeg synes, promenaden er hemmelig.\n", "utf-8")
    coded, refused = code(job)
    assert coded == 2
    (refusal,) = refused
    assert refusal.file == "c.txt"
    assert "kunne ikke kodes (ValueError" in refusal.reason
    assert "hemmelig" not in refusal.reason
    assert "\n" not in refusal.reason

    assert cli.main(["report", str(study_folder)]) == 1
    assert "2 interview" in capsys.readouterr().err
    assert not jobs.is_idle(*jobs.open_study(job))

    job = job_with(NgramEncoder(), study_folder, monkeypatch)
    assert code(job) == (1, [])
    assert jobs.is_idle(*jobs.open_study(job))


def test_a_disk_at_fault_is_no_interviews_fault(study_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose_default(monkeypatch)
    job = job_with(Stumbling("frie hænder", OSError), study_folder, monkeypatch)
    with pytest.raises(OSError, match="frie hænder"):
        code(job)


def test_only_a_database_that_is_locked_or_away_is_tried_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    with pytest.raises(Exception, match="no such table") as missing, database.read() as session:
        session.execute(text("SELECT * FROM missing"))
    assert not may_pass(missing.value)
    holder = sqlite3.connect(tmp_path / "q.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Exception, match="locked") as locked, database.read() as session:
        session.execute(text("PRAGMA busy_timeout=0"))
        session.execute(text("INSERT INTO meta VALUES ('x', 'y')"))
    holder.close()
    assert may_pass(locked.value)
    assert not may_pass(ValueError("locked"))
