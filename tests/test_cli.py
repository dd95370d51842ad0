"""Commands in this process, without the flow; the flow itself is run in test_flow.py."""

import json
import os
from pathlib import Path

import pytest

from qualcode import cli, jobs
from qualcode.cli.app import without_password
from qualcode.coding.encoder import NgramEncoder
from qualcode.store.database import Database
from qualcode.study import StudySettings
from tests.conftest import CHEF, MINI_CODEBOOK


@pytest.fixture
def workdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(jobs, "make_encoder", NgramEncoder)
    monkeypatch.delenv(jobs.DATABASE_VARIABLE, raising=False)
    return folder


@pytest.fixture
def coded(workdir: Path, study_folder: Path) -> Path:
    """A study that is read and coded with the mini codebook, as its study.yaml says."""
    (study_folder / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\nthreshold: 0.3\n", encoding="utf-8")
    study, database, shop = jobs.open_study(jobs.Job(study_folder))
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    jobs.settle_documents(study, database)
    jobs.code_documents(study, database, shop.coder(), jobs.files_to_code(study, database, shop.coder_digest))
    return study_folder


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_a_run_with_nothing_new_says_so_and_needs_no_prefect(
    coded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "qualcode.flows.code_interviews", None)
    assert cli.main(["run", str(coded)]) == 0
    assert "2 interview" in capsys.readouterr().err
    assert cli.main(["run", str(coded)]) == 0
    assert "Intet nyt siden sidst" in capsys.readouterr().err


def test_outputs_keep_the_contract(coded: Path, workdir: Path) -> None:
    assert cli.main(["report", str(coded)]) == 0
    folder = workdir / "reports" / "promenaden"
    assert sorted(path.name for path in folder.iterdir()) == [
        "codings.csv",
        "report.docx",
        "report.html",
        "report.md",
        "run.json",
    ]
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["interviews"][0] == {
        "interview": "A1",
        "file": "a.txt",
        "informants": [{"speaker": "IP", "role": "chef for Plan og By", "level": "chef"}],
        "turns": 4,
        "words": 67,
    }
    assert record["refused"] == []
    assert {"versions", "hashes", "counts", "seconds"} <= record.keys()


def test_ingest_prints_what_was_read_and_stores_nothing(
    workdir: Path, study_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (study_folder / "c.txt").write_text("", encoding="utf-8")
    assert cli.main(["ingest", str(study_folder), "--json"]) == 1
    told = json.loads(out(capsys))
    assert [interview["interview"] for interview in told["interviews"]] == ["A1", "B2"]
    assert told["interviews"][0]["turns"][1] | {"text": ""} == {
        "turn": 2,
        "speaker": "IP",
        "interviewer": False,
        "role": "chef for Plan og By",
        "level": "chef",
        "time": None,
        "text": "",
    }
    assert told["refused"][0]["file"] == "c.txt"
    assert list(workdir.iterdir()) == []


def test_ingest_shows_a_table(study_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ingest", str(study_folder / "a.txt")]) == 0
    assert "interviewer" in out(capsys)


def test_check_prints_masked_findings(workdir: Path, study_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study_folder / "c.txt").write_text("I: Nå?\nIP: Ring på 20 12 34 56.\n", encoding="utf-8")
    assert cli.main(["check", str(study_folder), "--json"]) == 1
    printed = out(capsys)
    (finding,) = json.loads(printed)
    assert (finding["file"], finding["turn"], finding["kind"], finding["certainty"]) == (
        "c.txt",
        2,
        "telefon",
        "direct",
    )
    assert "20 12 34 56" not in printed
    (study_folder / "c.txt").unlink()
    assert cli.main(["check", str(study_folder)]) == 0
    assert "Ingen personoplysninger fundet" in out(capsys)


def test_review_lists_and_decide_keeps(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["review", str(coded), "--list"]) == 0
    listed = out(capsys)
    first = next(line for line in listed.splitlines() if "styring.drift" in line)
    coding_id = first.split()[0]
    assert cli.main(["decide", coding_id[:8], "accept", "--analyst", "mette"]) == 0
    assert cli.main(["decide", coding_id, "recode", "--code", "ledelse.raaderum", "--reason", "lederen"]) == 0
    out(capsys)
    assert cli.main(["review", "--list", "--status", "godkendt"]) == 0
    assert "ledelse.raaderum" in out(capsys)
    assert cli.main(["decide", coding_id, "undo"]) == 0
    assert cli.main(["review", str(coded), "--list", "--code", "styring.drift"]) == 0
    assert f"{coding_id}  godkendt" in out(capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "findes-ikke"], "Mappen 'findes-ikke' findes ikke"),
        (["run", "."], "ingen transskriptioner"),
        (["report", "findes-ikke"], "findes ikke"),
        (["ingest", "findes-ikke"], "findes ikke"),
        (["decide", "abc", "accept"], "Ingen kodning"),
        (["decide", "abc", "maybe"], "accept, reject, recode, showcase, withhold, memo, undo"),
        (["codebook", "lint", "findes-ikke"], "fra-myndighed-til-partner"),
        (["review", ".", "--database", "nonsens"], "SQLAlchemy"),
        (["review", "."], "er ikke i databasen"),
        (["nonsens"], "nonsens"),
        (["run"], "STUDY_DIR"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    workdir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert cli.main(arguments) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    "arguments", [["recode"], ["recode", "--code", "findes.ikke"], ["accept", "--code", "styring"], ["undo"]]
)
def test_decisions_that_make_no_sense_are_refused(coded: Path, arguments: list[str]) -> None:
    with Database().read() as session:
        coding_id = session.connection().exec_driver_sql("SELECT id FROM suggestion ORDER BY id").scalars().first()
    assert cli.main(["decide", str(coding_id), *arguments]) == 2


def test_a_codebook_with_an_unknown_kind_stops_the_run_before_it_begins(
    workdir: Path, study_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = workdir / "bog.yaml"
    broken.write_text(MINI_CODEBOOK.read_text(encoding="utf-8").replace("kind: behov", "kind: ønske"), encoding="utf-8")
    assert cli.main(["run", str(study_folder), "--codebook", str(broken)]) == 2
    assert "bog.yaml, linje 8: 'kind' er 'ønske', som ikke kendes. Brug en af: barriere" in capsys.readouterr().err
    assert not (workdir / "reports").exists()


def test_the_database_address_with_a_password_stays_out_of_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(jobs.DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(jobs.DATABASE_VARIABLE, "")
    assert without_password("postgresql://a:secret@localhost/q") is None
    assert os.environ[jobs.DATABASE_VARIABLE].endswith("secret@localhost/q")
    assert without_password("sqlite:///q.db") == "sqlite:///q.db"


def test_two_files_with_one_interview_id_are_told(workdir: Path, study_folder: Path) -> None:
    (study_folder / "z.txt").write_text(CHEF, encoding="utf-8")
    study, database, _ = jobs.open_study(jobs.Job(study_folder, MINI_CODEBOOK))
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    (refusal,) = jobs.settle_documents(study, database)
    assert refusal.file == "z.txt"
    assert "samme som i a.txt" in refusal.reason


def test_a_refused_file_is_not_read_again_before_it_changes(workdir: Path, study_folder: Path) -> None:
    (study_folder / "c.txt").write_text("I: Nå?\nIP: 20123456\n", encoding="utf-8")
    study, database, _ = jobs.open_study(jobs.Job(study_folder, MINI_CODEBOOK))
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    assert jobs.files_to_read(study, database) == {}
    assert [refusal.file for refusal in jobs.settle_documents(study, database)] == ["c.txt"]
    (study_folder / "c.txt").write_text("I: Nå?\nIP: Ingen numre her.\n", encoding="utf-8")
    assert list(jobs.files_to_read(study, database)) == ["c.txt"]
    jobs.read_documents(study, database, ["c.txt"])
    assert jobs.settle_documents(study, database) == []


def test_every_command_is_documented() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    docs = (Path(__file__).parents[1] / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"`qualcode {name}" in docs
    assert "qualcode run" in readme


def test_every_setting_is_documented() -> None:
    docs = (Path(__file__).parents[1] / "docs" / "study.md").read_text(encoding="utf-8")
    for setting in StudySettings.model_fields:
        assert f"| `{setting}` |" in docs
