"""Commands in this process, without the flow; the flow itself is run in test_flow.py."""

import ast
import json
import os
from pathlib import Path

import pytest
import yaml
from docx import Document

from qualcode import cli, jobs
from qualcode.cli.app import without_password
from qualcode.coding.encoder import NgramEncoder
from qualcode.store.database import DATABASE_VARIABLE
from qualcode.study import StudySettings
from tests.conftest import CHEF, MINI_CODEBOOK
from tests.databases import choose_default, open_default


@pytest.fixture
def workdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    choose_default(monkeypatch)
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
        "citater.csv",
        "citater.xlsx",
        "codings.csv",
        "kilder.html",
        "matricer.csv",
        "matricer.xlsx",
        "notes",
        "report.docx",
        "report.html",
        "report.md",
        "report.pdf",
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


def test_report_writes_one_format_a_brief_or_a_template(
    coded: Path, workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path("reports") / "promenaden"
    assert cli.main(["report", str(coded), "--format", "md", "--theme", "styring"]) == 0
    assert out(capsys).splitlines() == [str(folder / "tema-styring.md")]
    template = workdir / "egen.md.j2"
    template.write_text("{{ title }}: {{ people }}", encoding="utf-8")
    assert cli.main(["report", str(coded), "--template", str(template)]) == 0
    assert (folder / "report.md").read_text(encoding="utf-8") == "Promenaden: 2"
    assert cli.main(["report", str(coded), "--theme", "findes-ikke"]) == 2


def test_a_changed_note_makes_the_report_anew(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = Path("reports") / "promenaden" / "notes"
    assert cli.main(["report", str(coded)]) == 0
    assert cli.main(["report", str(coded)]) == 0
    assert "aktuel" in capsys.readouterr().err
    (notes / "resume.md").write_text("Det vigtigste er driften.", encoding="utf-8")
    assert cli.main(["report", str(coded)]) == 0
    assert "Det vigtigste er driften." in (notes.parent / "report.md").read_text(encoding="utf-8")


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


def test_ingest_reads_tracked_changes_only_on_demand(study_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rtf = rb"{\rtf1\ansi I: Hvad?\par IP: Jo {\deleted Hansen}{\revised naboen} kom.\par}"
    (study_folder / "c.rtf").write_bytes(rtf)
    assert cli.main(["ingest", str(study_folder / "c.rtf"), "--json"]) == 2
    assert "--accept-changes" in json.loads(out(capsys))["refused"][0]["reason"]
    assert cli.main(["ingest", str(study_folder / "c.rtf"), "--json", "--accept-changes"]) == 0
    assert json.loads(out(capsys))["interviews"][0]["turns"][1]["text"] == "Jo naboen kom."


def test_ingest_of_a_folder_tells_of_what_is_no_transcript_in_one_line_each(
    study_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (study_folder / "deltagere.csv").write_text("navn;rolle\nA;chef\n", encoding="utf-8")
    (study_folder / "gammel.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    for passed_by in ("README.txt", "codings.csv", "run.json", ".skjult.txt", "~$a.docx"):
        (study_folder / passed_by).write_text("I: Hvad?", encoding="utf-8")
    assert cli.main(["ingest", str(study_folder), "--json"]) == 1
    assert [refusal["file"] for refusal in json.loads(out(capsys))["refused"]] == ["deltagere.csv", "gammel.doc"]


def test_study_yaml_knows_of_one_transcript(study_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study_folder / "study.yaml").write_text(
        "interviews:\n  a.txt: {interview: N9, role: souschef, wave: 2, date: 2026-05-01}\n", encoding="utf-8"
    )
    assert cli.main(["ingest", str(study_folder / "a.txt"), "--json"]) == 0
    (told,) = json.loads(out(capsys))["interviews"]
    assert (told["interview"], told["turns"][1]["role"], told["turns"][1]["level"]) == ("N9", "souschef", "leder")
    assert (told["facts"]["wave"], told["facts"]["date"]) == ("2", "2026-05-01")


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
        (["report"], "Angiv studiets mappe"),
        (["report", ".", "--format", "odt"], "Formatet 'odt' kendes ikke"),
        (["report", "--compare", "a", "b"], "Mappen 'a' findes ikke"),
        (["report", ".", "--compare", "a", "b"], "studiemapper"),
        (["report", ".", "--compare", "a", "b", "--by", "køn"], "--by wave"),
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
    with open_default().read() as session:
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
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(DATABASE_VARIABLE, "")
    assert without_password("postgresql://a:secret@localhost/q") is None
    assert os.environ[DATABASE_VARIABLE].endswith("secret@localhost/q")
    assert without_password("sqlite:///q.db") == "sqlite:///q.db"


def test_two_files_with_one_interview_id_are_told(workdir: Path, study_folder: Path) -> None:
    (study_folder / "z.txt").write_text(CHEF.replace("fint", "godt"), encoding="utf-8")
    study, database, _ = jobs.open_study(jobs.Job(study_folder, MINI_CODEBOOK))
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    (refusal,) = jobs.settle_documents(study, database)
    assert refusal.file == "z.txt"
    assert "samme som i a.txt" in refusal.reason


def test_the_same_interview_in_another_format_is_told(
    workdir: Path, study_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Document()
    for line in CHEF.replace("Interview: A1", "Interview: X").splitlines():
        document.add_paragraph(line)
    document.save(str(study_folder / "0-kopi.docx"))
    study, database, _ = jobs.open_study(jobs.Job(study_folder, MINI_CODEBOOK))
    jobs.read_documents(study, database, jobs.files_to_read(study, database))
    (refusal,) = jobs.settle_documents(study, database)
    assert (refusal.file, refusal.reason) == ("a.txt", "samme indhold som 0-kopi.docx. Fjern den ene fil.")
    assert cli.main(["ingest", str(study_folder), "--json"]) == 1
    assert json.loads(out(capsys))["refused"][0]["reason"].startswith("samme indhold som 0-kopi.docx")


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


def test_the_deployments_name_a_flow_and_parameters_that_are_there() -> None:
    root = Path(__file__).parents[1]
    for deployment in yaml.safe_load((root / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]:
        file, name = deployment["entrypoint"].split(":")
        functions = ast.walk(ast.parse((root / file).read_text(encoding="utf-8")))
        (flow,) = [node for node in functions if isinstance(node, ast.FunctionDef) and node.name == name]
        assert deployment["parameters"].keys() <= {argument.arg for argument in flow.args.args}
        assert (root / deployment["parameters"]["folder"]).is_dir()


@pytest.mark.parametrize("options", [["--runner", "dask"], ["--address", "tcp://127.0.0.1:1"], ["--runner", "spark"]])
def test_a_runner_that_cannot_be_is_wrong_usage(coded: Path, options: list[str]) -> None:
    assert cli.main(["run", str(coded), *options]) == 2
