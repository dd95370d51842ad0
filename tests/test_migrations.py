"""Every earlier schema, with something in every column, comes forward without loss."""

import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, LargeBinary, MetaData, create_engine, text

from qualcode.errors import UsageError
from qualcode.store.database import Database
from tests.databases import ASKED, new_url

CONFIG = Config()
CONFIG.set_main_option("script_location", str(files("qualcode.store") / "migrations"))
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions()))]
HOSTILE = "Åse sagde: »'; DROP TABLE decision; --« 😀"
Rows = dict[str, list[dict[str, object]]]


def value(column: "Column[object]", row: int) -> object:
    if column.foreign_keys or isinstance(column.type, Integer):
        return str(row) if column.foreign_keys and not isinstance(column.type, Integer) else row
    if isinstance(column.type, Boolean):
        return row == 1
    if isinstance(column.type, Float):
        return row / 8
    if isinstance(column.type, LargeBinary):
        return bytes([row, 0, 255])
    if isinstance(column.type, JSON):
        return {"navn": [HOSTILE, row]}
    # PostgreSQL holds columns to their length.
    return str(row) if column.primary_key else f"{HOSTILE} {row}"[-(getattr(column.type, "length", None) or 1000) :]


def fill(connection: Connection) -> None:
    """Put two rows into every table; rows that refer to others refer to the one with their number."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            for row in (1, 2):
                connection.execute(table.insert().values({column.name: value(column, row) for column in table.columns}))


def contents(connection: Connection) -> Rows:
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: [dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()]
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


def lost(before: Rows, after: Rows) -> list[str]:
    """Return the tables where a row, or a value of one, is not as it was."""
    return [
        table
        for table, rows in before.items()
        for row in rows
        if not any(all(kept.get(name) == value for name, value in row.items()) for kept in after.get(table, []))
    ]


@pytest.mark.parametrize("revision", REVISIONS)
def test_nothing_is_lost_on_the_way_from(revision: str, tmp_path: Path) -> None:
    url = new_url(tmp_path)
    engine = create_engine(url)
    with engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)
        fill(connection)
        before = contents(connection)
    engine.dispose()
    assert all(len(rows) == 2 for rows in before.values())

    database = Database(url)
    with database.read() as session:
        after = contents(session.connection())
    assert lost(before, after) == []
    # The newest schema was made here without going through a migration, which names a database that has no name.
    assert database.id != "0" or revision == REVISIONS[-1]

    copies = list(tmp_path.glob("q.db.bak-*"))
    if ASKED or revision == REVISIONS[-1]:
        assert copies == []
        return
    (copy,) = copies
    assert copy.name == f"q.db.bak-{revision}"
    assert copy.stat().st_mode & 0o077 == 0
    kept = create_engine(f"sqlite:///{copy}")
    with kept.connect() as connection:
        assert contents(connection) == before
    kept.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "q.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, REVISIONS[0])
        # In the way of a table that a later migration makes.
        connection.execute(text("CREATE TABLE standing (x)"))
        before = contents(connection)
    engine.dispose()
    with pytest.raises(UsageError, match="Databasen kan ikke åbnes"):
        Database(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISIONS[0],)]
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert contents(connection) == before
    engine.dispose()


def test_a_file_that_a_team_shares_stays_shared(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'q.db'}")
    (tmp_path / "q.db").chmod(0o660)
    Database(f"sqlite:///{tmp_path / 'q.db'}")
    assert (tmp_path / "q.db").stat().st_mode & 0o777 == 0o660
