"""The Typer application, the options that commands share, and how they speak to the user."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from qualcode import __version__
from qualcode.errors import UsageError

app = typer.Typer(
    help="Code Danish qualitative interviews and write thematic reports. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

StudyDir = Annotated[
    Path, typer.Argument(metavar="STUDY_DIR", help="Folder of transcripts, with or without study.yaml.")
]
CodebookFile = Annotated[Path | None, typer.Option("--codebook", help="Codebook (YAML) to use instead of the study's.")]
OutDir = Annotated[Path | None, typer.Option("--out", help="Folder for the reports. Default: reports/STUDY.")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", help="SQLAlchemy URL. Default: QUALCODE_DATABASE_URL, else qualcode.db in this folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
AcceptChanges = Annotated[
    bool, typer.Option("--accept-changes", help="Read documents with tracked changes as if all were accepted.")
]
PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help="A transcript, or a folder of them.")]


def say(line: str) -> None:
    """Print a line for the user on stderr."""
    print(line, file=sys.stderr)  # noqa: T201


def put(line: str) -> None:
    """Print a line of the command's result on stdout."""
    print(line)  # noqa: T201


def _version(wanted: bool) -> None:
    if wanted:
        put(f"qualcode {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Code Danish qualitative interviews and write thematic reports. Nothing leaves this machine."""


def without_password(database: str | None) -> str | None:
    """Return the URL, unless it holds a password: that one goes by the environment, past Prefect's records."""
    if database is None:
        return None
    try:
        secret = make_url(database).password
    except ArgumentError:
        raise UsageError("Databaseadressen er ikke en gyldig SQLAlchemy-URL, fx sqlite:///qualcode.db.") from None
    if secret is None:
        return database
    from qualcode.store.database import DATABASE_VARIABLE

    os.environ[DATABASE_VARIABLE] = database
    return None
