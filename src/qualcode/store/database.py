"""Open the database: SQLite by default, PostgreSQL for teams; migrated to the current schema at opening."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from qualcode.errors import UsageError
from qualcode.files import make_private
from qualcode.store.schema import MetaRow

DEFAULT_URL = "sqlite:///qualcode.db"
DATABASE_VARIABLE = "QUALCODE_DATABASE_URL"
_WRITES = "qualcode_writes"


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
            _protect(url)
            self.engine = _engine(url)
            self._migrate()
        except (ArgumentError, NoSuchModuleError):
            raise UsageError("Databaseadressen er ikke en gyldig SQLAlchemy-URL, fx sqlite:///qualcode.db.") from None
        except CommandError:
            raise UsageError("Databasen er fra en nyere qualcode. Opdatér qualcode.") from None
        except (DBAPIError, OSError) as error:
            # Only the driver's own words: SQLAlchemy's message repeats statements and their data.
            cause = error.orig if isinstance(error, DBAPIError) else error.strerror
            raise UsageError(f"Databasen kan ikke åbnes ({cause}).") from None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session for reading."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session in one transaction: all of it is stored, or nothing."""
        with (
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            Session(connection) as session,
            session.begin(),
        ):
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

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(files("qualcode.store") / "migrations"))
        newest = ScriptDirectory.from_config(config).get_current_head()
        with self.engine.connect() as connection:
            if _version(connection) == newest:
                return
        with (
            _alone(self.url),
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            if _version(connection) != newest:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                _name_it(connection)


def chosen_url(given: str | None) -> str:
    """Return the URL of the database: the one given, else the environment's, else the default."""
    return given or os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL


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


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _name_it(connection: Connection) -> None:
    """Give a new database its id, in the transaction that makes it: without one no change would be counted."""
    with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
        if session.get(MetaRow, "id") is None:
            session.add_all([MetaRow(key="id", value=uuid.uuid4().hex), MetaRow(key="changes", value="0")])


def _protect(url: str) -> None:
    """Have a new database file readable by its owner only from the first byte: it will hold interviews."""
    path = _sqlite_file(url)
    if path:
        make_private(path)


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name.startswith((":memory:", "file:")):
        return None
    return Path(name)


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Let one process at a time migrate a database file."""
    path = _sqlite_file(url)
    if path is None:
        yield
        return
    with FileLock(f"{path}.lock", timeout=120):
        yield


def _engine(url: str) -> Engine:
    # An error must not carry a transcript into logs or Prefect's records.
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
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
            writes = connection.get_execution_options().get(_WRITES)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
