"""One study on threads, on processes, and on a Dask cluster that loses a worker: the same codings."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK

QUALCODE = str(Path(sys.executable).parent / "qualcode")
PATIENCE = 400


def environment(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "QUALCODE", "DASK"))}
    return plain | more


def run(folder: Path, *options: str, out: str, database: str) -> tuple[int, str]:
    command = [QUALCODE, "run", "studie", "--codebook", str(MINI_CODEBOOK), "--out", out, *options]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(QUALCODE_DATABASE_URL=database),
        text=True,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a study of twelve interviews and one file that must be refused."""
    study = tmp_path / "studie"
    study.mkdir()
    # The encoder is beside the point, and this one is quick.
    (study / "study.yaml").write_text("encoder: ngram\n", encoding="utf-8")
    for number in range(6):
        chef, other = CHEF.replace("A1", f"A{number}"), MEDARBEJDER.replace("B2", f"B{number}")
        turns = f"\nI: Og nummer {number}?\n\nIP: Det er {number} år siden, og vi mangler stadig tid nummer {number}.\n"
        (study / f"a{number}.txt").write_text(chef + turns, encoding="utf-8")
        (study / f"b{number}.txt").write_text(other + turns, encoding="utf-8")
    (study / "broken.docx").write_bytes(b"PK\x03\x04 not word")
    return tmp_path


def wait_for(true: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"never came: {what}"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def cluster(folder: Path, database: str) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A Dask scheduler and two workers, each a process and a folder of its own, on this machine only."""
    address = f"tcp://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", address, "--no-dashboard"]
    worker = [*dask, "worker", address, "--nthreads=1", "--host=127.0.0.1", "--no-nanny", "--no-dashboard"]
    worker += ["--preload", "qualcode.flows"]
    processes = []
    try:
        for number, command in enumerate([scheduler, worker, worker]):
            place = folder / f"dask{number}"
            place.mkdir()
            with (place / "log").open("w") as log:
                surroundings = environment(QUALCODE_DATABASE_URL=database)
                processes.append(subprocess.Popen(command, cwd=place, env=surroundings, stdout=log, stderr=log))
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def coded(file: Path) -> int:
    """Return how many interviews a database has coded, 0 while it has no tables."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=60)) as database:
        try:
            (count,) = database.execute("SELECT count(*) FROM document WHERE coded_as IS NOT NULL").fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(count)


@pytest.mark.slow
def test_processes_code_as_threads_do(folder: Path) -> None:
    results = {
        name: run(folder, "--runner", name, out=name, database=f"sqlite:///{folder / name}.db")
        for name in ("threads", "processes")
    }
    for code, err in results.values():
        assert (code, "Traceback" in err) == (1, False), err
    one, two = ((folder / name / "codings.csv").read_bytes() for name in results)
    assert one == two


@pytest.mark.dask
def test_a_cluster_that_loses_a_worker_ends_complete_and_as_one_machine_would(folder: Path) -> None:
    code, err = run(folder, out="local", database=f"sqlite:///{folder / 'local.db'}")
    assert code == 1, err
    shared = folder / "shared.db"
    url = f"sqlite:///{shared}"
    with cluster(folder, url) as (address, workers):
        command = [QUALCODE, "run", "studie", "--codebook", str(MINI_CODEBOOK), "--out", "cluster"]
        running = subprocess.Popen(
            [*command, "--runner", "dask", "--address", address],
            cwd=folder,
            env=environment(QUALCODE_DATABASE_URL=url),
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        wait_for(lambda: running.poll() is not None or (shared.exists() and coded(shared) > 0), "first interview")
        assert running.poll() is None, running.communicate()[1]
        workers[0].send_signal(signal.SIGKILL)
        _, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, "Traceback" in err) == (1, False), err
    record = json.loads((folder / "cluster" / "run.json").read_text(encoding="utf-8"))
    assert record["counts"]["coded"] == 12
    assert [item["file"] for item in record["refused"]] == ["broken.docx"]
    assert (folder / "cluster/codings.csv").read_bytes() == (folder / "local/codings.csv").read_bytes()
