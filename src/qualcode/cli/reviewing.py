"""Commands for analysts: the review page and who may log in to it, a list of codings, decisions."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli.app import DatabaseUrl, app, put, say, without_password
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from qualcode.jobs import Job

# What can be said of a coding without seeing its page.
ACTIONS = ("accept", "reject", "recode", "showcase", "withhold", "memo", "undo")
SHORTEST_PASSWORD = 10


analyst_app = typer.Typer(help="Analysts who may log in to the review page from other machines.", no_args_is_help=True)
app.add_typer(analyst_app, name="analyst")


@app.command()
def review(
    study_dir: Annotated[Path | None, typer.Argument(metavar="[STUDY_DIR]", help="The study to review.")] = None,
    list_all: Annotated[bool, typer.Option("--list", help="List the codings with their ids; no page.")] = False,
    code: Annotated[str | None, typer.Option(help="With --list: only codings with this code.")] = None,
    status: Annotated[str | None, typer.Option(help="With --list: only foreslået, godkendt or afvist.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on. Others than this machine's need passwords.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any that is free.")] = 8470,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    database: DatabaseUrl = None,
) -> None:
    """Start the review page of a study and print its address, or list the codings."""
    from qualcode.jobs import Job

    job = Job(study_dir or Path(), database=without_password(database))
    if list_all:
        _list(job, only_study=study_dir is not None, code=code, status=status)
    else:
        _serve(job, named=study_dir is not None, host=host, port=port, browser=browser)


def _list(job: "Job", *, only_study: bool, code: str | None, status: str | None) -> None:
    from qualcode.review.listing import codings_to_review

    only = job.study().name if only_study else None
    for interview, coding in codings_to_review(job.open_database(), only):
        if coding.code == (code or coding.code) and coding.status == (status or coding.status):
            quote = " ".join(interview.quote(coding.start, coding.end).split())
            put(
                f"{coding.id}  {coding.status}  {coding.score:.2f}  {interview.id}:{coding.turn}  {coding.code}"
                f" ({coding.valence})  »{quote}«"
            )


def _serve(job: "Job", *, named: bool, host: str, port: int, browser: bool) -> None:
    from qualcode.review.desk import Desk
    from qualcode.review.web.serve import serve
    from qualcode.store.studies import study_names

    database = job.open_database()
    if named:
        study = job.study().name
    else:
        with database.read() as session:
            names = study_names(session)
        if len(names) != 1:
            raise UsageError("Angiv studiets mappe: 'qualcode review STUDY_DIR'.")
        study = names[0]
    serve(Desk(database, study, job.work), host, port, browser=browser, tell=say)


@analyst_app.command("add")
def add_analyst(
    name: Annotated[str, typer.Argument(help="The name that will stand by the decisions.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
    ],
    database: DatabaseUrl = None,
) -> None:
    """Let an analyst log in with a password, or give a new one."""
    from pwdlib import PasswordHash

    from qualcode.jobs import Job
    from qualcode.store.analysts import set_password

    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        raise UsageError("Navnet er tomt eller har tegn, der ikke kan vises.")
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"Kodeordet er for kort. Brug mindst {SHORTEST_PASSWORD} tegn.")
    hashed = PasswordHash.recommended().hash(password)
    with Job(Path(), database=without_password(database)).open_database().write() as session:
        set_password(session, plain, hashed)
    say(f"{plain} kan nu logge ind.")


@analyst_app.command("remove")
def remove_analyst(name: str, database: DatabaseUrl = None) -> None:
    """Let an analyst log in no more; the decisions stay."""
    from qualcode.jobs import Job
    from qualcode.store.analysts import remove_analyst as remove

    with Job(Path(), database=without_password(database)).open_database().write() as session:
        if not remove(session, name):
            raise UsageError(f"Der er ingen analytiker med navnet '{name}'.")
    say(f"{name} kan ikke længere logge ind.")


@analyst_app.command("list")
def list_analysts(database: DatabaseUrl = None) -> None:
    """Name the analysts who can log in with a password."""
    from qualcode.jobs import Job
    from qualcode.store.analysts import analyst_names

    with Job(Path(), database=without_password(database)).open_database().read() as session:
        for name in analyst_names(session):
            put(name)


@app.command()
def decide(
    coding_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a coding, or its first digits.")],
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="accept, reject, recode, showcase, withhold, memo or undo.")
    ],
    code: Annotated[str | None, typer.Option(help="The new code, with recode.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the journal.")] = None,
    analyst: Annotated[str | None, typer.Option(help="Who decides. Default: the name you are logged in with.")] = None,
    database: DatabaseUrl = None,
) -> None:
    """Decide on a coding, say how its quote may be used, note something, or undo the last; every event is kept."""
    from qualcode.jobs import Job
    from qualcode.models import Action
    from qualcode.review.decide import decide as decide_on

    if action not in ACTIONS:
        raise UsageError(f"'{action}' kendes ikke. Brug en af: {', '.join(ACTIONS)}.")
    if action == "memo" and not reason:
        raise UsageError("Skriv notatet med --reason.")
    store = Job(Path(), database=without_password(database)).open_database()
    decision = decide_on(store, coding_id, Action(action), analyst or getpass.getuser(), new_code=code, reason=reason)
    put(f"{decision.coding_id}  {decision.action}  {decision.new_code or decision.code}")
