"""Commands for the main job: code a study and write its reports."""

import signal
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli.app import AcceptChanges, CodebookFile, DatabaseUrl, OutDir, StudyDir, app, put, say, without_password
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from qualcode.jobs import Job
    from qualcode.outputs import Outcome
    from qualcode.reporting.material import Material


class Runner(StrEnum):
    """Where the work of a run is done."""

    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


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
    runner: Annotated[
        Runner, typer.Option(help="Where the work is done: threads or processes of this machine, or a Dask cluster.")
    ] = Runner.THREADS,
    address: Annotated[
        str | None, typer.Option(help="The Dask scheduler, such as tcp://127.0.0.1:8786. See docs/operations.md.")
    ] = None,
) -> None:
    """Read new transcripts, code them and write the reports."""
    from qualcode import jobs

    if (runner is Runner.DASK) != (address is not None):
        raise UsageError("Til --runner dask hører --address, fx tcp://127.0.0.1:8786, og kun til den.")

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

        outcome = run_flow(job, runner.value, address)
    _tell(outcome)
    if outcome.possible:
        say(f"{outcome.possible} mulige personoplysninger i interviewene. Se dem med 'qualcode check {study_dir}'.")
    if outcome.interviews:
        put(str(outcome.out / "report.html"))
    raise typer.Exit(outcome.exit_code)


def _tell(outcome: "Outcome") -> None:
    for refusal in outcome.refused:
        say(f"Afvist: {refusal.file}: {refusal.reason}")
    say(_summary(outcome))


@app.command()
def watch(
    study_dir: StudyDir,
    codebook: CodebookFile = None,
    out: OutDir = None,
    database: DatabaseUrl = None,
    accept_changes: AcceptChanges = False,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds between two looks at the folder.")] = 10,
) -> None:
    """Wait for new files in a study's folder and run it each time they have arrived whole; Ctrl-C ends it."""
    from qualcode.jobs import Job

    job = Job(study_dir, codebook, out, database=without_password(database), accept_changes=accept_changes)
    if not study_dir.is_dir():
        raise UsageError(f"Mappen '{study_dir}' findes ikke.")
    from qualcode.flows.watch import watch as watch_folder

    say(f"Holder øje med {study_dir}. Stop med Ctrl-C.")
    # Here Ctrl-C is the way to end, and no break in the work.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        watch_folder(job, _tell, say, every=every)
    say("Stoppet.")


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
    study_dir: Annotated[
        Path | None, typer.Argument(metavar="[STUDY_DIR]", help="The study; left out when --compare names two.")
    ] = None,
    codebook: CodebookFile = None,
    out: OutDir = None,
    database: DatabaseUrl = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, docx, md or pdf; may be given several times. Default: all."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Own template: .docx (docxtpl), or .html, .md, .txt (Jinja).")
    ] = None,
    theme: Annotated[str | None, typer.Option(help="Only this theme, as a brief of about two pages.")] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", metavar="A B", help="Two study folders, or two waves or departments (--by)."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="What A and B of --compare are: wave or department.")] = None,
) -> None:
    """Write the reports anew from what is stored, decisions included."""
    from qualcode import jobs
    from qualcode.reporting.render import formats_named

    store = without_password(database)
    chosen = formats_named(formats or ())
    if compare is not None:
        _say_written(
            _compare(study_dir, compare, by, jobs.Job(study_dir or Path(), codebook, out, database=store), chosen)
        )
        return
    if study_dir is None or by is not None:
        raise UsageError("Angiv studiets mappe, eller to med --compare A B; --by hører til --compare.")
    job = jobs.Job(study_dir, codebook, out, database=store)
    if theme is not None or template is not None or formats:
        _say_written(_special(job, theme, template, chosen))
        return
    outcome = _write_stored(job)
    say(_summary(outcome))
    raise typer.Exit(outcome.exit_code)


def _special(job: "Job", theme: str | None, template: Path | None, formats: Sequence[str]) -> list[Path]:
    """Write some formats, one theme, or what a user's template makes of the report."""
    from qualcode import outputs

    material, out = _material(job)
    if theme is not None:
        return outputs.write_brief(material, out, theme, formats)
    if template is not None:
        return outputs.write_custom(material, out, template)
    return outputs.write_reports(material, out, formats)


def _compare(
    study_dir: Path | None, compare: tuple[str, str], by: str | None, job: "Job", formats: Sequence[str]
) -> list[Path]:
    """Write two studies, or two waves or departments of one, side by side."""
    from dataclasses import replace

    from qualcode import outputs
    from qualcode.reporting.layout_compare import COLUMNS, part_of

    if by is not None:
        if study_dir is None or by not in COLUMNS:
            raise UsageError("Skriv: qualcode report STUDY_DIR --compare A B --by wave (eller department).")
        whole, out = _material(job)
        sides = [(name, part_of(whole, by, name)) for name in compare]
    else:
        if study_dir is not None:
            raise UsageError(
                "Med --compare A B er A og B to studiemapper; tilføj --by for to bølger eller forvaltninger."
            )
        found = [_material(replace(job, folder=Path(name), out=None)) for name in compare]
        sides = [(material.title, material) for material, _ in found]
        if sides[0][0] == sides[1][0]:
            sides = [(material.study, material) for _, material in sides]
        out = job.out or found[0][1]
    return outputs.write_comparison(sides, out, formats)


def _material(job: "Job") -> "tuple[Material, Path]":
    from qualcode import jobs
    from qualcode.reporting.stored import stored_material

    study, store, shop = jobs.open_study(job)
    jobs.settle_documents(study, store)
    jobs.check_waves(study, store)
    out = job.out_folder(study)
    material = stored_material(study, store, shop.codebook, out)
    if not material.interviews:
        raise UsageError(f"Studiet '{study.name}' har ingen læste interview. Kør 'qualcode run' på det først.")
    return material, out


def _say_written(files: Sequence[Path]) -> None:
    for file in files:
        put(str(file))


def _write_stored(job: "Job") -> "Outcome":
    """Bring the outputs up to date with what is stored, reading and coding nothing."""
    from qualcode import jobs
    from qualcode.outputs import write_outputs

    study, store, shop = jobs.open_study(job)
    refused = jobs.settle_documents(study, store)
    jobs.check_waves(study, store)
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
