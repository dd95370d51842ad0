"""The command line: help in English, what it tells about a study in Danish.

Exit codes: 0 all well, 1 some documents were refused, 2 wrong usage or nothing could be done.
"""

import getpass
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from qualcode import __version__
from qualcode.errors import InputError, QualcodeError, UsageError

if TYPE_CHECKING:
    # The stages are imported inside the commands, so that help and errors come at once.
    from qualcode.jobs import Job
    from qualcode.models import Interview
    from qualcode.outputs import Outcome

app = typer.Typer(
    help="Code Danish qualitative interviews and write thematic reports. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
codebook_app = typer.Typer(help="Work with codebooks.", no_args_is_help=True)
app.add_typer(codebook_app, name="codebook")

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
PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help="A transcript, or a folder of them.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; no error meant for the user shows a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app(args=arguments, prog_name="qualcode")
    except QualcodeError as error:
        _say(str(error))
        return 2
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _say(line: str) -> None:
    """Print a line for the user on stderr."""
    print(line, file=sys.stderr)  # noqa: T201


def _put(line: str) -> None:
    """Print a line of the command's result on stdout."""
    print(line)  # noqa: T201


def _version(wanted: bool) -> None:
    if wanted:
        _put(f"qualcode {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Code Danish qualitative interviews and write thematic reports. Nothing leaves this machine."""


@app.command()
def run(study_dir: StudyDir, codebook: CodebookFile = None, out: OutDir = None, database: DatabaseUrl = None) -> None:
    """Read new transcripts, code them and write the reports."""
    from qualcode import jobs

    job = jobs.Job(study_dir, codebook, out, database=_without_password(database))
    if jobs.is_idle(*jobs.open_study(job)):
        outcome = _write_stored(job)
    else:
        from qualcode.flows.code_interviews import run as run_flow

        outcome = run_flow(job)
    for refusal in outcome.refused:
        _say(f"Afvist: {refusal.file}: {refusal.reason}")
    _say(_summary(outcome))
    if outcome.interviews:
        _put(str(outcome.out / "report.html"))
    raise typer.Exit(outcome.exit_code)


def _summary(outcome: "Outcome") -> str:
    if not outcome.interviews:
        return "Ingen interview kunne bruges, så der er ingen rapport."
    if not outcome.read and not outcome.coded and not outcome.written:
        return f"Intet nyt siden sidst: {outcome.interviews} interview er læst og kodet, og rapporten er aktuel."
    told = f"{outcome.interviews} interview, heraf {outcome.coded} kodet i denne kørsel"
    if outcome.refused:
        told += f"; {len(outcome.refused)} afvist"
    return f"{told}. Rapport, kodninger og kørselsdata ligger i {outcome.out}."


@app.command()
def report(
    study_dir: StudyDir, codebook: CodebookFile = None, out: OutDir = None, database: DatabaseUrl = None
) -> None:
    """Write the reports anew from what is stored, decisions included."""
    from qualcode import jobs

    outcome = _write_stored(jobs.Job(study_dir, codebook, out, database=_without_password(database)))
    _say(_summary(outcome))
    raise typer.Exit(outcome.exit_code)


def _write_stored(job: "Job") -> "Outcome":
    """Bring the outputs up to date with what is stored, reading and coding nothing."""
    from qualcode import jobs
    from qualcode.outputs import write_outputs

    study, store, shop = jobs.open_study(job)
    refused = jobs.settle_documents(study, store)
    out, coder = job.out_folder(study), shop.coder_digest
    return write_outputs(study, store, shop.codebook, out, refused, read=0, coded=0, seconds={}, coder=coder)


@app.command()
def ingest(path: PathArgument, as_json: AsJson = False) -> None:
    """Show how transcripts are understood; stores nothing."""
    interviews, refused = _read_all(path)
    if as_json:
        from qualcode.ingest.told import as_record

        record = {
            "interviews": [as_record(interview) for interview in interviews],
            "refused": [{"file": error.file, "reason": error.reason} for error in refused],
        }
        _put(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        _show_interviews(interviews)
        for error in refused:
            _say(f"Afvist: {error}")
    raise typer.Exit(_exit_code(interviews, refused))


@app.command()
def check(path: PathArgument, as_json: AsJson = False) -> None:
    """Look for personal identifiers in transcripts; stores nothing."""
    from qualcode.ingest.privacy import find_identifiers

    interviews, refused = _read_all(path)
    found = [
        {"file": interview.file, "interview": interview.id} | asdict(finding)
        for interview in interviews
        for finding in find_identifiers(interview)
    ]
    if as_json:
        _put(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for row in found:
            place = f"tur {row['turn']}" if row["turn"] else "uden for turene"
            _put(f"{row['file']}, {place}: {row['kind']} {row['masked']}")
        if not found:
            _put(f"Ingen personoplysninger fundet i {len(interviews)} interview.")
    for error in refused:
        _say(f"Afvist: {error}")
    raise typer.Exit(1 if found and interviews else _exit_code(interviews, refused))


def _read_all(path: Path) -> tuple[list["Interview"], list[InputError]]:
    from qualcode.ingest.read import read_transcript
    from qualcode.study import Study

    if path.is_dir():
        study = Study.open(path)
        files, hints = study.transcripts, study.hints
    elif path.is_file():
        study = Study.open(path.parent)
        files, hints = (path,), study.hints
    else:
        raise UsageError(f"'{path}' findes ikke.")
    if not files:
        raise UsageError(f"Mappen '{path}' har ingen transskriptioner.")
    interviews, refused = [], []
    for file in files:
        try:
            interviews.append(read_transcript(file, hints))
        except InputError as error:
            refused.append(error)
    return interviews, refused


def _exit_code(interviews: Sequence[object], refused: Sequence[object]) -> int:
    if not interviews:
        return 2
    return 1 if refused else 0


def _show_interviews(interviews: Iterable["Interview"]) -> None:
    from qualcode.coding.segments import count_words

    table = Table("Fil", "Interview", "Taler", "Rolle", "Niveau", "Ture", "Ord")
    for interview in interviews:
        for speaker in dict.fromkeys(turn.speaker for turn in interview.turns):
            turns = [turn for turn in interview.turns if turn.speaker == speaker]
            words = sum(count_words(interview.quote(turn.start, turn.end)) for turn in turns)
            informant = interview.informant(speaker)
            role, level = ("interviewer", "") if turns[0].interviewer else (informant.role, informant.level.value)
            table.add_row(interview.file, interview.id, speaker, role, level, str(len(turns)), str(words))
    Console().print(table)


@app.command()
def review(
    study_dir: Annotated[Path | None, typer.Argument(metavar="[STUDY_DIR]", help="Only this study.")] = None,
    list_all: Annotated[bool, typer.Option("--list", help="List the codings with their ids.")] = True,
    code: Annotated[str | None, typer.Option(help="Only codings with this code.")] = None,
    status: Annotated[str | None, typer.Option(help="Only foreslået, godkendt or afvist.")] = None,
    database: DatabaseUrl = None,
) -> None:
    """List codings to decide on, the least certain first; decide with `qualcode decide ID ACTION`."""
    from qualcode.jobs import Job
    from qualcode.review.listing import codings_to_review
    from qualcode.study import Study

    store = Job(Path(), database=_without_password(database)).open_database()
    only = Study.open(study_dir).name if study_dir else None
    for interview, coding in codings_to_review(store, only):
        if coding.code == (code or coding.code) and coding.status == (status or coding.status):
            quote = " ".join(interview.quote(coding.start, coding.end).split())
            _put(
                f"{coding.id}  {coding.status}  {coding.score:.2f}  {interview.id}:{coding.turn}  {coding.code}"
                f" ({coding.valence})  »{quote}«"
            )


@app.command()
def decide(
    coding_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a coding, or its first digits.")],
    action: Annotated[str, typer.Argument(metavar="ACTION", help="accept, reject, recode or undo.")],
    code: Annotated[str | None, typer.Option(help="The new code, with recode.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the journal.")] = None,
    analyst: Annotated[str | None, typer.Option(help="Who decides. Default: the name you are logged in with.")] = None,
    database: DatabaseUrl = None,
) -> None:
    """Accept, reject or recode a coding, or undo the last decision on it; every decision is kept."""
    from qualcode.jobs import Job
    from qualcode.models import Action
    from qualcode.review.decide import decide as decide_on

    if action not in {known.value for known in Action}:
        raise UsageError(f"'{action}' kendes ikke. Brug en af: {', '.join(Action)}.")
    store = Job(Path(), database=_without_password(database)).open_database()
    decision = decide_on(store, coding_id, Action(action), analyst or getpass.getuser(), new_code=code, reason=reason)
    _put(f"{decision.coding_id}  {decision.action}  {decision.new_code or decision.code}")


@app.command()
def evaluate(
    study_dir: StudyDir,
    codebook: CodebookFile = None,
    out: Annotated[Path | None, typer.Option(help="File for the page (Markdown). Default: print it.")] = None,
) -> None:
    """Measure the coder on interviews that people have coded (in STUDY_DIR/gold) and it has not learned from."""
    import datetime

    from qualcode import jobs
    from qualcode.evaluation.evaluate import evaluate as measure
    from qualcode.evaluation.page import evaluation_page

    job = jobs.Job(study_dir, codebook)
    study = job.study()
    gold = study.folder / "gold"
    if not gold.is_dir():
        raise UsageError(f"Studiet har ingen mappe 'gold' med kodede interview ({gold}).")
    shop = jobs.workshop_for(job, study)
    coder = shop.coder()
    found = measure(shop.codebook, list(study.read_all()), gold, coder.encoder, coder.nlp)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    page = evaluation_page(
        found, str(study_dir), f"{shop.codebook.id} {shop.codebook.version}", coder.encoder.identity, today
    )
    if out:
        out.write_text(page, encoding="utf-8")
    else:
        _put(page)


@codebook_app.command("lint")
def lint(
    file: Annotated[str, typer.Argument(metavar="CODEBOOK", help="A file, or the name of a shipped codebook.")],
) -> None:
    """Check a codebook: schema, ids, references, patterns; every fault with its line."""
    from qualcode.codebook.load import load_codebook
    from qualcode.study import find_codebook

    book = load_codebook(find_codebook(file, Path()))
    examples = sum(len(code.examples) for code in book.codes)
    _put(f"{book.id} {book.version}: {len(book.codes)} koder, {examples} eksempler, ingen fejl.")


def _without_password(database: str | None) -> str | None:
    """Return the URL, unless it holds a password: that one goes by the environment, past Prefect's records."""
    if database is None:
        return None
    try:
        secret = make_url(database).password
    except ArgumentError:
        raise UsageError("Databaseadressen er ikke en gyldig SQLAlchemy-URL, fx sqlite:///qualcode.db.") from None
    if secret is None:
        return database
    from qualcode.jobs import DATABASE_VARIABLE

    os.environ[DATABASE_VARIABLE] = database
    return None
