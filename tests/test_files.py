"""Files are written whole or not at all, and what goes wrong with the machine is told in one line."""

import errno
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from qualcode.cli import faults
from qualcode.files import OWNER_ONLY, forget_leftovers, make_private, replace_file
from qualcode.store.database import Database

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions and limits of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_new_file_gets_the_mode_and_a_replaced_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    replace_file(path, b"1", OWNER_ONLY)
    assert mode(path) == 0o600
    path.chmod(0o640)
    replace_file(path, b"2", OWNER_ONLY)
    assert (mode(path), path.read_bytes()) == (0o640, b"2")
    assert os.listdir(tmp_path) == ["a.csv"]  # noqa: PTH208 - hidden ones, too


@posix
def test_what_cannot_be_written_whole_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError) as caught:
            replace_file(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handled)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
    assert "Filen er større, end disken tillader" in faults.told(caught.value)


@posix
def test_leftovers_of_the_dead_go_and_those_of_the_living_stay(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead, alive, other = (
        tmp_path / name for name in (f".a.csv.{child.pid}.ny", f".a.csv.{os.getppid()}.ny", f".b.csv.{child.pid}.ny")
    )
    for path in (dead, alive, other):
        path.write_bytes(b"half")
    forget_leftovers(tmp_path / "a.csv")
    assert [path.exists() for path in (dead, alive, other)] == [False, True, True]


@posix
def test_a_database_is_its_owners_from_the_first_byte(tmp_path: Path) -> None:
    make_private(tmp_path / "q.db")
    assert mode(tmp_path / "q.db") == 0o600
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    assert database.id != "0"
    assert {mode(path) for path in tmp_path.glob("q.db*") if not path.name.endswith(".lock")} == {0o600}
    database.engine.dispose()


def operational(cause: str) -> OperationalError:
    return OperationalError("INSERT INTO turn VALUES (?)", {"text": "Hemmeligt"}, sqlite3.OperationalError(cause))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "reports/x/report.html"), "Disken er fuld"),
        (OSError(errno.EROFS, "Read-only file system", "q.db"), "Drevet kan kun læses"),
        (OSError(errno.EACCES, "Permission denied", "x.csv"), "'x.csv' kan ikke læses eller skrives"),
        (operational("database or disk is full"), "Disken er fuld"),
        (operational("database is locked"), "Databasen er optaget"),
        (operational("attempt to write a readonly database"), "Databasen kan kun læses"),
        (sqlite3.DatabaseError("database disk image is malformed"), "Databasefilen er beskadiget"),
        (MemoryError(), "ikke hukommelse nok"),
    ],
)
def test_faults_of_the_machine_are_one_line(error: Exception, said: str) -> None:
    line = faults.told(error)
    assert said in line
    assert "kør samme kommando igen" in line
    assert "\n" not in line
    assert "Hemmeligt" not in line
    assert "INSERT" not in line


def test_an_unknown_error_is_told_by_its_place_and_not_by_its_words() -> None:
    try:
        int("Jeg hedder Gerda")
    except ValueError as error:
        line = faults.told(error)
    assert "ValueError" in line
    assert "Gerda" not in line
