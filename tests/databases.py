"""Databases for the tests: SQLite files, or PostgreSQL where ``QUALCODE_TEST_DATABASE`` asks for it.

``QUALCODE_TEST_DATABASE=postgresql`` starts a server of its own from the installed programs, on a socket only;
an SQLAlchemy URL names one that runs already, with a user who may create databases.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from qualcode.store.database import DATABASE_VARIABLE, Database, chosen_url

ASKED = os.environ.get("QUALCODE_TEST_DATABASE", "")
_numbers = count()


def new_url(folder: Path) -> str:
    """Return the address of a database that is new and empty."""
    return server().new() if ASKED else f"sqlite:///{folder / 'q.db'}"


def copy_url(url: str, folder: Path) -> str:
    """Return the address of a copy of a database that nobody has open."""
    if ASKED:
        return server().new(make_url(url).database)
    return f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), folder / 'q.db')}"


def choose_default(patch: pytest.MonkeyPatch, made_from: str | None = None) -> None:
    """Let commands use the file in the working folder, or a database on the server asked for.

    Args:
        patch: sets the environment
        made_from: address of a database to copy; a file is copied with its folder
    """
    if ASKED:
        patch.setenv(DATABASE_VARIABLE, server().new(make_url(made_from).database if made_from else None))
    else:
        patch.delenv(DATABASE_VARIABLE, raising=False)


def open_default() -> Database:
    """Open the database that commands use."""
    return Database(chosen_url(None))


class Server:
    """A PostgreSQL server, by the address of a database that new ones can be made from."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)

    def new(self, template: str | None = None) -> str:
        """Make a database and return its address."""
        name = f"qualcode_test_{os.getpid()}_{next(_numbers)}"
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}"))
        engine.dispose()
        return self.url.set(database=name).render_as_string(hide_password=False)


@lru_cache(maxsize=1)
def server() -> Server:
    """Return the server that is asked for; where none is, one of our own."""
    return Server(ASKED) if "://" in ASKED else Server(_started())


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest ones, None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _started() -> str:
    """Start a server in a folder of its own and return its address; it goes when the tests end.

    Its collation is Danish, which sorts otherwise than SQLite does: 'aa' after 'z', capitals among small letters.
    """
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="qc-pg-"))
    # PostgreSQL refuses to run as root.
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data, log = folder / "data", folder / "log"
    danish = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=da-DK"]
    initdb = [bin_folder / "initdb", "--pgdata", data, "--username=qualcode", "--auth=trust", "--no-sync", *danish]
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=200"
    pg_ctl = [bin_folder / "pg_ctl", "--pgdata", data, "--log", log]
    subprocess.run([*as_user, *initdb], check=True, cwd=folder, capture_output=True)

    def stop() -> None:
        subprocess.run([*as_user, *pg_ctl, "stop", "--mode=immediate"], check=False, cwd=folder, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    start = [*as_user, *pg_ctl, "--options", options, "--wait", "start"]
    subprocess.run(start, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return f"postgresql+psycopg://qualcode@/postgres?host={folder}"
