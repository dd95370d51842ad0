"""Commands that move codings out of qualcode and back in."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli.app import CodebookFile, DatabaseUrl, StudyDir, app, put, say, without_password
from qualcode.errors import InputError, UsageError

if TYPE_CHECKING:
    from qualcode.models import Codebook
    from qualcode.store.database import Database
    from qualcode.study import Study


@app.command("export")
def export_study(
    study_dir: StudyDir,
    kind: Annotated[str, typer.Option("--format", metavar="FORMAT", help="Format of the file, e.g. xlsx or csv.")],
    out: Annotated[Path, typer.Option(help="File to write; an older one is replaced.")],
    approved_only: Annotated[bool, typer.Option("--approved-only", help="Only what an analyst has approved.")] = False,
    originals: Annotated[
        bool, typer.Option("--originals", help="With qdpx: attach the transcripts' own Word files.")
    ] = False,
    codebook: CodebookFile = None,
    database: DatabaseUrl = None,
) -> None:
    """Write a study's codings to one file, in a format that other tools read."""
    from qualcode.exchange.formats import EXPORTS
    from qualcode.exchange.requests import ExportRequest
    from qualcode.files import OWNER_ONLY, replace_file

    if kind not in EXPORTS:
        raise UsageError(f"Formatet '{kind}' kendes ikke. Brug et af: {', '.join(EXPORTS)}.")
    study, store, book = open_study(study_dir, codebook, database)
    content = EXPORTS[kind](ExportRequest(study, store, book, approved_only, originals))
    try:
        replace_file(out, content, OWNER_ONLY)
    except OSError as error:
        raise UsageError(f"Filen '{out}' kan ikke skrives ({error.strerror}).") from None
    put(str(out))


@app.command("import")
def import_file(
    study_dir: StudyDir,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that qualcode or another tool has written.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    analyst: Annotated[str | None, typer.Option(help="Who decided. Default: the name you are logged in with.")] = None,
    coder: Annotated[
        str | None,
        typer.Option(help="Of a project with several coders the one to take, or the name its only coder goes by here."),
    ] = None,
    as_round: Annotated[
        str | None, typer.Option("--as-round", metavar="NAME", help="Take the codings as a blind round, for agreement.")
    ] = None,
    codebook: CodebookFile = None,
    database: DatabaseUrl = None,
) -> None:
    """Read a reviewed file back: show what it would do, then do all of it or nothing."""
    from qualcode.exchange.formats import IMPORTS
    from qualcode.exchange.requests import ImportRequest

    importer = IMPORTS.get(file.suffix.lower())
    if importer is None:
        raise UsageError(f"Filer med endelsen '{file.suffix}' kan ikke importeres. Brug en af: {', '.join(IMPORTS)}.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(file, f"filen kan ikke læses ({error.strerror})") from None
    study, store, book = open_study(study_dir, codebook, database)
    _read_transcripts(study_dir, codebook, study, store)
    plan = importer(
        ImportRequest(study, store, book, file.name, content, analyst or getpass.getuser(), coder, as_round)
    )
    for line in plan.lines:
        put(line)
    for fault in plan.faults:
        say(fault)
    if plan.faults:
        say("Der er ikke gemt noget. Ret fejlene i filen, og importér den igen.")
        raise typer.Exit(2)
    if dry_run:
        put("Prøvekørsel: der er ikke gemt noget.")
    elif plan.changes:
        with store.write() as session:
            plan.apply(session)
        put("Gemt.")
    else:
        put("Intet at gemme.")


def _read_transcripts(study_dir: Path, codebook: Path | None, study: "Study", store: "Database") -> None:
    """Read the transcripts of a study that has never been run, without coding them."""
    from qualcode import jobs
    from qualcode.store.studies import remember_study, study_names

    with store.read() as session:
        if study.name in study_names(session):
            return
    with store.write() as session:
        remember_study(session, study.name, study_dir.resolve(), study.codebook_file(codebook).resolve())
    jobs.read_documents(study, store, jobs.files_to_read(study, store))
    for refusal in jobs.settle_documents(study, store):
        say(f"Afvist: {refusal.file}: {refusal.reason}")


def open_study(study_dir: Path, codebook: Path | None, database: str | None) -> tuple["Study", "Database", "Codebook"]:
    """Open a study with the chosen codebook, else the one it was last run with, else its own."""
    from qualcode.codebook.load import load_codebook
    from qualcode.jobs import Job
    from qualcode.store.studies import study_codebook

    job = Job(study_dir, codebook, database=without_password(database))
    study, store = job.study(), job.open_database()
    with store.read() as session:
        last = study_codebook(session, study.name)
    file = last if codebook is None and last else study.codebook_file(codebook)
    return study, store, load_codebook(file)
