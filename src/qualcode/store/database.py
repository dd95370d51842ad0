"""Open the database: SQLite by default, PostgreSQL for teams; migrated to the current schema at opening."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from qualcode.errors import UsageError
from qualcode.store.migrate import WRITING, migrate, take_turn
from qualcode.store.schema import MetaRow

DEFAULT_URL = "sqlite:///qualcode.db"
DATABASE_VARIABLE = "QUALCODE_DATABASE_URL"
# PostgreSQL's names for a transaction that lost against another, and for a server that is full, stopping or starting.
_PASSING_STATES = ("40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03")
_PASSING_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Database:
    """A migrated database.

    Args:
        url: any SQLAlchemy URL

    Raises:
        UsageError: the URL is none, or the database cannot be opened or belongs to a newer qualcode.
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        self.url = url
        try:
            self.engine = _engine(url)
            self._reader = self.engine
            if self.engine.dialect.name == "postgresql":
                # All statements of a session see the database as it was at the first, as they do in SQLite.
                self._reader = self.engine.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            migrate(self.engine, _sqlite_file(url))
        except ModuleNotFoundError:
            raise UsageError("Til PostgreSQL hører pakken psycopg: pip install 'qualcode[postgres]'.") from None
        except (ArgumentError, NoSuchModuleError):
            raise UsageError("Databaseadressen er ikke en gyldig SQLAlchemy-URL, fx sqlite:///qualcode.db.") from None
        except CommandError:
            raise UsageError("Databasen er fra en nyere qualcode. Opdatér qualcode.") from None
        except (DBAPIError, OSError) as error:
            # Only the driver's own words: SQLAlchemy's message repeats statements and their data.
            cause = error.orig if isinstance(error, DBAPIError) else error.strerror
            raise UsageError(f"Databasen kan ikke åbnes ({' '.join(str(cause).split())}).") from None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session for reading."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session in one transaction: all of it is stored, or nothing."""
        with (
            self.engine.connect().execution_options(**WRITING) as connection,
            Session(connection) as session,
            session.begin(),
        ):
            take_turn(session.connection())
            yield session

    @cached_property
    def id(self) -> str:
        """Name of this database, made when it was."""
        return self._meta("id")

    @property
    def changes(self) -> int:
        """How often runs have written to it; part of cache keys, so that an old result is not taken for a new."""
        return int(self._meta("changes"))

    def _meta(self, key: str) -> str:
        with self.read() as session:
            row = session.get(MetaRow, key)
            return row.value if row else "0"


def chosen_url(given: str | None) -> str:
    """Return the URL of the database: the one given, else the environment's, else the default."""
    return given or os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL


def lasting_url(given: str | None) -> str | None:
    """Return the URL that names the same database in any working folder; None if it holds a password.

    A password stays in the environment.
    """
    address = make_url(chosen_url(given))
    if address.password is not None:
        return None
    file = _sqlite_file(chosen_url(given))
    if file:
        address = address.set(database=str(file.absolute()))
    return address.render_as_string()


def exists(url: str) -> bool:
    """Tell whether there is a database to open; one on a server is taken to be there.

    Raises:
        UsageError: the URL is none.
    """
    try:
        path = _sqlite_file(url)
    except ArgumentError:
        raise UsageError("Databaseadressen er ikke en gyldig SQLAlchemy-URL, fx sqlite:///qualcode.db.") from None
    return path is None or path.exists()


def may_pass(error: object) -> bool:
    """Tell whether an error may be gone on another try: a database that was locked, or away for a moment."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _PASSING_CODES
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # The server was not reached, or the line to it broke.
        return error.connection_invalidated or isinstance(error, OperationalError)
    return state.startswith("08") or state in _PASSING_STATES


def change_count(session: Session) -> int:
    """Return the database's count of changes as this transaction sees it."""
    row = session.get(MetaRow, "changes")
    return int(row.value) if row else 0


def claim_changes(session: Session) -> int:
    """Return the same in a transaction for writing, which other writers now wait for."""
    row = session.get(MetaRow, "changes", with_for_update=True)
    return int(row.value) if row else 0


def count_change(session: Session) -> None:
    """Raise the database's count of changes, within a transaction."""
    row = session.get(MetaRow, "changes", with_for_update=True)
    if row:
        row.value = str(int(row.value) + 1)


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name.startswith((":memory:", "file:")):
        return None
    return Path(name)


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    # An error must not carry a transcript into logs or Prefect's records.
    engine = create_engine(address, pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=60000")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            # 64 MB instead of 2: the indexes of a large study do not fit otherwise.
            cursor.execute("PRAGMA cache_size=-65536")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # A writer asks for the lock at once: SQLite refuses to wait for it in the midst of a transaction.
            writes = WRITING.items() <= connection.get_execution_options().items()
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
