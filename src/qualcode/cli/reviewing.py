"""Commands for analysts: list codings, decide on them."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from qualcode.cli.app import DatabaseUrl, app, put, without_password
from qualcode.errors import UsageError

# What can be said of a coding without seeing its page.
ACTIONS = ("accept", "reject", "recode", "showcase", "withhold", "memo", "undo")


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

    store = Job(Path(), database=without_password(database)).open_database()
    only = Study.open(study_dir).name if study_dir else None
    for interview, coding in codings_to_review(store, only):
        if coding.code == (code or coding.code) and coding.status == (status or coding.status):
            quote = " ".join(interview.quote(coding.start, coding.end).split())
            put(
                f"{coding.id}  {coding.status}  {coding.score:.2f}  {interview.id}:{coding.turn}  {coding.code}"
                f" ({coding.valence})  »{quote}«"
            )


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
