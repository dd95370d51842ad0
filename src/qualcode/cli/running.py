"""Commands for the main job: code a study and write its reports."""

from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli.app import AcceptChanges, CodebookFile, DatabaseUrl, OutDir, StudyDir, app, put, say, without_password

if TYPE_CHECKING:
    from qualcode.jobs import Job
    from qualcode.outputs import Outcome


@app.command()
def run(
    study_dir: StudyDir,
    codebook: CodebookFile = None,
    out: OutDir = None,
    database: DatabaseUrl = None,
    accept_changes: AcceptChanges = False,
    allow_flagged: Annotated[
        bool, typer.Option("--allow-flagged", help="Read transcripts with direct identifiers too; run.json tells it.")
    ] = False,
) -> None:
    """Read new transcripts, code them and write the reports."""
    from qualcode import jobs

    job = jobs.Job(
        study_dir,
        codebook,
        out,
        database=without_password(database),
        accept_changes=accept_changes,
        allow_flagged=allow_flagged,
    )
    if jobs.is_idle(*jobs.open_study(job), allow_flagged=allow_flagged):
        outcome = _write_stored(job)
    else:
        from qualcode.flows.code_interviews import run as run_flow

        outcome = run_flow(job)
    for refusal in outcome.refused:
        say(f"Afvist: {refusal.file}: {refusal.reason}")
    say(_summary(outcome))
    if outcome.possible:
        say(f"{outcome.possible} mulige personoplysninger i interviewene. Se dem med 'qualcode check {study_dir}'.")
    if outcome.interviews:
        put(str(outcome.out / "report.html"))
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

    outcome = _write_stored(jobs.Job(study_dir, codebook, out, database=without_password(database)))
    say(_summary(outcome))
    raise typer.Exit(outcome.exit_code)


def _write_stored(job: "Job") -> "Outcome":
    """Bring the outputs up to date with what is stored, reading and coding nothing."""
    from qualcode import jobs
    from qualcode.outputs import write_outputs

    study, store, shop = jobs.open_study(job)
    refused = jobs.settle_documents(study, store)
    out, coder = job.out_folder(study), shop.coder_digest
    return write_outputs(
        study,
        store,
        shop.codebook,
        out,
        refused,
        read=0,
        coded=0,
        seconds={},
        coder=coder,
        allow_flagged=job.allow_flagged,
    )
