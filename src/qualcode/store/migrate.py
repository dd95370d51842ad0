"""Bring a database's schema up to date: one process at a time, all or nothing, a file copied first."""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from qualcode.files import forget_leftovers, make_private
from qualcode.store.schema import MetaRow

# Execution option of connections that are going to write.
WRITING = {"qualcode_writes": True}
# Number of the advisory lock that writers hold: any, as long as it stays the same.
_TURN = 7_120_326


def migrate(engine: Engine, file: Path | None) -> None:
    """Migrate a database to the newest schema.

    Args:
        engine: of the database
        file: where it lies, None on a server or in memory

    Raises:
        CommandError: it is from a newer qualcode.
        DBAPIError, OSError: it cannot be opened or written.
    """
    config = Config()
    config.set_main_option("script_location", str(files("qualcode.store") / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    if file:
        make_private(file)
    with engine.connect() as connection:
        if _version(connection) == newest:
            return
    with _alone(file), engine.connect().execution_options(**WRITING) as connection, connection.begin():
        take_turn(connection)
        version = _version(connection)
        if version == newest:
            return
        if version:
            # Raises before anything is done, where the version is none that we know.
            scripts.get_revision(version)
        if file and version:
            back_up(file, version)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _name_it(connection)
        if engine.dialect.name == "postgresql":
            _order_by_code_points(connection)


def take_turn(connection: Connection) -> None:
    """Let one transaction at a time write, on a server as SQLite does of itself; they are short."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def back_up(file: Path, version: str) -> Path:
    """Copy a database file to ``<file>.bak-<version>``, whole or not at all, and return the copy."""
    copy = file.with_name(f"{file.name}.bak-{version}")
    forget_leftovers(copy)
    aside = copy.with_name(f".{copy.name}.{os.getpid()}.ny")
    make_private(aside)
    source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(aside)) as target:
        source.backup(target)
    return aside.replace(copy)


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _name_it(connection: Connection) -> None:
    """Give a new database its id, in the transaction that makes it: without one no change would be counted."""
    with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
        if session.get(MetaRow, "id") is None:
            session.add_all([MetaRow(key="id", value=uuid.uuid4().hex), MetaRow(key="changes", value="0")])


def _order_by_code_points(connection: Connection) -> None:
    """Give all text columns of a server the order of SQLite and Python, and their freedom of length.

    The server's own collation would put interviews, codes and quotes in another order on each machine.
    """
    columns = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'"
            " ORDER BY table_name, ordinal_position"
        )
    ).all()
    for table, column in columns:
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"'))


@contextmanager
def _alone(file: Path | None) -> Iterator[None]:
    """Let one process at a time migrate a database file; writers on a server take turns."""
    if file is None:
        yield
        return
    with FileLock(f"{file}.lock", timeout=120):
        yield
