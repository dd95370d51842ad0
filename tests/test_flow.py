"""The main job as a user starts it: the real flow, in a process of its own, with the real encoder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK

QUALCODE = str(Path(sys.executable).parent / "qualcode")
FLOW = str(Path(__file__).parents[1] / "flows" / "code_interviews.py")


def start(command: list[str], folder: Path) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "QUALCODE"))}
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a study of two good transcripts and four that must be refused."""
    study = tmp_path / "studie"
    study.mkdir()
    (study / "a.txt").write_text(CHEF, encoding="utf-8")
    (study / "b.md").write_text(MEDARBEJDER, encoding="utf-8")
    (study / "binary.txt").write_bytes(bytes(range(256)) * 50)
    (study / "broken.docx").write_bytes(b"PK\x03\x04 not word")
    (study / "cpr.txt").write_text("I: Nå?\nIP: Mit nummer er 010190-1234.\n", encoding="utf-8")
    (study / "empty.txt").write_bytes(b"")
    return tmp_path


@pytest.mark.slow
def test_run_refuse_repeat(folder: Path) -> None:
    command = [QUALCODE, "run", "studie", "--codebook", str(MINI_CODEBOOK), "--out", "ud"]
    code, out, err = finish(start(command, folder))
    assert code == 1, err
    assert out.strip() == str(Path("ud") / "report.html")
    assert "Traceback" not in err
    for name in ("binary.txt", "broken.docx", "cpr.txt", "empty.txt"):
        assert sum(line.startswith(f"Afvist: {name}:") for line in err.splitlines()) == 1
    assert "010190-1234" not in err

    record = json.loads((folder / "ud" / "run.json").read_text(encoding="utf-8"))
    assert [item["file"] for item in record["refused"]] == [
        "binary.txt",
        "broken.docx",
        "cpr.txt",
        "empty.txt",
    ]
    assert [item["interview"] for item in record["interviews"]] == ["A1", "B2"]
    assert {"read", "code", "report"} == record["seconds"].keys()
    assert record["counts"]["coded"] == 2
    codings = pd.read_csv(folder / "ud" / "codings.csv", sep=";", encoding="utf-8-sig")
    assert "rolle.politiker" in set(codings["code"])
    for _, row in codings[codings["interview"] == "A1"].iterrows():
        assert CHEF[row["start"] : row["end"]] == row["quote"]
    assert "010190-1234" not in "".join(
        path.read_text(encoding="utf-8", errors="ignore")
        for path in folder.rglob("*")
        if path.is_file() and "studie" not in str(path)
    )

    report = (folder / "ud" / "report.html").read_bytes()
    code, _, err = finish(start(command, folder))
    assert code == 1
    assert "Intet nyt siden sidst: 2 interview" in err
    assert (folder / "ud" / "report.html").read_bytes() == report
    assert json.loads((folder / "ud" / "run.json").read_text(encoding="utf-8"))["counts"]["coded"] == 0


@pytest.mark.slow
def test_the_flow_file_runs_by_itself_and_beside_another_run(folder: Path) -> None:
    options = ["--codebook", str(MINI_CODEBOOK)]
    first = start([sys.executable, FLOW, "studie", *options], folder)
    second = start([QUALCODE, "run", "studie", *options, "--out", "to", "--database", "sqlite:///to.db"], folder)
    results = [finish(process) for process in (first, second)]
    for code, _, err in results:
        assert code == 1, err
        assert "Traceback" not in err
    one, two = (folder / name / "codings.csv" for name in ("reports/studie", "to"))
    assert one.read_bytes() == two.read_bytes()
    assert not list((folder / ".qualcode").glob("prefect-*"))


@pytest.mark.slow
def test_two_runs_of_one_study_at_once_end_as_one_would(folder: Path) -> None:
    command = [QUALCODE, "run", "studie", "--codebook", str(MINI_CODEBOOK)]
    results = [finish(process) for process in [start(command, folder), start(command, folder)]]
    for code, _, err in results:
        assert code == 1, err
        assert "Traceback" not in err
    codings = pd.read_csv(folder / "reports/studie/codings.csv", sep=";", encoding="utf-8-sig")
    assert codings["coding_id"].is_unique
    assert len(codings)


def test_the_library_imports_without_prefect() -> None:
    check = (
        "import sys; sys.modules['prefect'] = None; import qualcode.cli, qualcode.jobs, qualcode.outputs; "
        "assert not any(name.startswith('prefect.') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_nothing_but_the_empty_prefect_variables_is_needed_for_silence(folder: Path) -> None:
    check = (
        "import qualcode.flows, os; print(os.environ['DO_NOT_TRACK'], os.environ['PREFECT_SERVER_ANALYTICS_ENABLED'])"
    )
    code, out, _ = finish(start([sys.executable, "-c", check], folder))
    assert (code, out.strip()) == (0, "1 false")
