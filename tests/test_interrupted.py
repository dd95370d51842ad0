"""Kill -9 at any moment: the same command then finishes the job, as if nothing had happened."""

import csv
import io
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from qualcode.flows.server import own_server

from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX"),
]
STUDY = "promenaden"
KILLED = -signal.SIGKILL
# What the journal and the suggestions say, apart from when.
_TABLES = {
    "document": "file, interview, digest, present, coded_as, units",
    "turn": "document, number, start, end, speaker",
    "suggestion": "document, id, turn, start, end, code, valence, score, source",
    "decision": "coding_id, action, analyst, code, start, end, quote, valence, reason",
    "model": "number, made_by, active, examples",
}
# Numbers of documents depend on which was stored first.
_NAMED = {"document": "(SELECT file FROM document WHERE document.id = document_id)"}


class Warm:
    """Commands in forks of one process that has everything imported."""

    def __init__(self, home: Path, api: str) -> None:
        environment = os.environ | {"PREFECT_HOME": str(home), "PREFECT_API_URL": api}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            cwd=Path(__file__).parents[1],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def command(self, folder: Path, argv: Sequence[str], kill_after: float | None = None) -> tuple[int, float]:
        """Run a command in a folder; return its exit code and the seconds it took."""
        assert self._process.stdin
        assert self._process.stdout
        print(
            json.dumps({"argv": list(argv), "cwd": str(folder), "kill_after": kill_after}),
            file=self._process.stdin,
            flush=True,
        )
        answer = json.loads(self._process.stdout.readline())
        return answer["code"], answer["seconds"]

    def end(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PREFECT_HOME", str(home))
        with own_server() as api:
            process = Warm(home, api)
            yield process
            process.end()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a study that nothing has been done with."""
    folder = tmp_path_factory.mktemp("start") / "work"
    study = folder / STUDY
    study.mkdir(parents=True)
    for number in range(6):
        chef, other = f"A{number}", f"B{number}"
        (study / f"{chef}.txt").write_text(CHEF.replace("A1", chef) + f"\nIP: Det var nummer {number}.\n", "utf-8")
        (study / f"{other}.md").write_text(MEDARBEJDER.replace("B2", other) + f"\nI: Og {number}?\n", "utf-8")
    shutil.copy(MINI_CODEBOOK, study / "codebook.yaml")
    (study / "study.yaml").write_text("encoder: ngram\ncodebook: codebook.yaml\nthreshold: 0.3\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def coded(warm: Warm, start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, run once, with a file of decisions to import."""
    folder = tmp_path_factory.mktemp("coded") / "work"
    shutil.copytree(start, folder)
    assert warm.command(folder, ["run", STUDY])[0] == 0
    codings = (folder / "reports" / STUDY / "codings.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(codings, newline=""), delimiter=";"))
    assert len(rows) > 10
    for number, row in enumerate(rows):
        row["status"] = "afvist" if number % 3 == 0 else "godkendt"
    with (folder / "decided.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def decided(warm: Warm, coded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the decisions imported."""
    folder = tmp_path_factory.mktemp("decided") / "work"
    shutil.copytree(coded, folder)
    assert warm.command(folder, ["import", STUDY, "decided.csv", "--analyst", "anna"])[0] == 0
    return folder


def rows_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with sqlite3.connect(folder / "qualcode.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = {}
        for table, columns in _TABLES.items():
            named = ", ".join(_NAMED.get(name.strip(), f'"{name.strip()}"') for name in columns.split(","))
            found[table] = sorted(connection.execute(f"SELECT {named} FROM {table}"), key=repr)  # noqa: S608
    connection.close()
    return found


def whole_files(folder: Path) -> dict[str, object]:
    """Return what every file says that people read; each must be whole."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir() or name.startswith((".qualcode/", "qualcode.db")):
            continue
        if path.suffix in (".docx", ".qdpx"):
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
            found[name] = "whole"
        elif path.suffix == ".xlsx":
            found[name] = [
                [cell.value for cell in row] for sheet in load_workbook(path).worksheets for row in sheet.iter_rows()
            ]
        elif path.suffix == ".pdf":
            assert path.read_bytes().rstrip().endswith(b"%%EOF")
            found[name] = "whole"
        elif path.name == "run.json":
            record = json.loads(path.read_text(encoding="utf-8"))
            found[name] = {key: record[key] for key in ("hashes", "interviews", "refused", "privacy")}
        else:
            found[name] = path.read_bytes()
    return found


def state(folder: Path) -> dict[str, object]:
    """Return all that must be the same in the end."""
    database = rows_of(folder) if (folder / "qualcode.db").exists() else {}
    return {**database, **whole_files(folder)}


@dataclass(frozen=True)
class Work:
    """A command that is killed: what it starts from, and how often."""

    name: str
    begins: str
    argv: tuple[str, ...]
    folders: int
    kills: int
    done: tuple[int, ...] = (0,)


WORKS = (
    Work("run", "start", ("run", STUDY), folders=6, kills=6),
    Work("recode", "decided", ("run", STUDY), folders=4, kills=6),
    Work("report", "decided", ("report", STUDY), folders=2, kills=6),
    Work("import", "coded", ("import", STUDY, "decided.csv", "--analyst", "anna"), folders=2, kills=4),
    Work("train", "decided", ("train", STUDY, "--apply", "--analyst", "anna"), folders=2, kills=4),
    Work("export", "decided", ("export", STUDY, "--format", "qdpx", "--out", "out.qdpx"), folders=2, kills=3),
    Work("replace", "start", ("check", STUDY, "--replace"), folders=1, kills=4),
    # When the kill came too late, the second attempt says that the study or codebook is there already.
    Work("init", "start", ("init", "nyt"), folders=1, kills=4, done=(0, 2)),
)


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_a_killed_command_is_finished_by_the_same_command(
    work: Work, warm: Warm, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    begins: Path = request.getfixturevalue(work.begins)
    luck = random.Random(work.name)  # noqa: S311

    def fresh(name: str) -> Path:
        folder = tmp_path / name / "work"
        shutil.copytree(begins, folder)
        if work.name == "recode":
            # Another codebook, a changed interview, one more, one gone.
            study = folder / STUDY
            book = study / "codebook.yaml"
            book.write_text(book.read_text("utf-8").replace("[drift,", "[drift, bænk,"), "utf-8")
            (study / "A0.txt").write_text(CHEF.replace("A1", "A0").replace("rådner", "råddner"), "utf-8")
            (study / "C0.txt").write_text(MEDARBEJDER.replace("B2", "C0").replace("kaffe", "te"), "utf-8")
            (study / "B5.md").unlink()
        return folder

    reference = fresh("uninterrupted")
    code, seconds = warm.command(reference, work.argv)
    assert code == 0, (reference.parent / "told.txt").read_text("utf-8")
    wanted = state(reference)
    killed = 0
    for number in range(work.folders):
        folder = fresh(f"killed-{number}")
        before = rows_of(folder)["decision"] if (folder / "qualcode.db").exists() else []
        for kill in range(work.kills):
            # Spread over the whole command, each time elsewhere.
            after = seconds * (kill + luck.random()) / work.kills
            killed += warm.command(folder, work.argv, kill_after=after)[0] == KILLED
            if (folder / "qualcode.db").exists():
                with sqlite3.connect(folder / "qualcode.db") as connection:
                    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
                connection.close()
                if "decision" in tables:
                    assert set(before) <= set(rows_of(folder)["decision"]), "a decision was lost"
        code, _ = warm.command(folder, work.argv)
        told = (folder.parent / "told.txt").read_text("utf-8")
        assert code in work.done, told
        assert "Traceback" not in told
        found = state(folder)
        assert found.keys() == wanted.keys()
        assert {key for key in wanted if found[key] != wanted[key]} == set()
        assert not list(folder.rglob(".*.ny")), "something was left aside"
    # How many kills come before the end depends on how busy the machine is; that some do does not.
    assert killed >= work.folders


def test_prefects_server_ends_with_a_run_that_is_killed(start: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    shutil.copytree(start, folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    program = (
        "import os, signal; from qualcode.flows.server import own_server\n"
        "with own_server() as address: print(address, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE
    )
    address, _ = process.communicate(timeout=300)
    assert process.returncode == KILLED
    port = int(address.strip().rsplit(":", 1)[1].split("/")[0])
    # Its port is free again as soon as it is gone: the pipe closes with the run.
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.1)
    pytest.fail("the server is still there")
