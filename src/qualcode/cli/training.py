"""Learning from decisions."""

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from qualcode.cli.app import CodebookFile, DatabaseUrl, StudyDir, app, put, without_password
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from qualcode.coding.changes import Change
    from qualcode.evaluation.learned import BeforeAfter
    from qualcode.store.learned import Kept

_SHOWN = 20


@app.command()
def train(
    study_dir: StudyDir,
    apply: Annotated[bool, typer.Option("--apply", help="Keep the model and code anew with it.")] = False,
    show_kept: Annotated[bool, typer.Option("--list", help="List the models that are kept.")] = False,
    restore: Annotated[
        int | None, typer.Option(help="Go back to a kept model by its number; 0 is the codebook alone.")
    ] = None,
    analyst: Annotated[str | None, typer.Option(help="Who does it. Default: the name you are logged in with.")] = None,
    codebook: CodebookFile = None,
    database: DatabaseUrl = None,
) -> None:
    """Learn from the decisions on a study: show what it would change, and with --apply do it."""
    from qualcode import training
    from qualcode.jobs import Job

    job = Job(study_dir, codebook, database=without_password(database))
    if show_kept:
        _show_kept(training.kept(job))
    elif restore is not None:
        changed = training.restore(job, restore)
        put(f"Model {restore} er i brug igen; {changed} interview er kodet om.")
    else:
        lesson = training.learn(job)
        _show_figures(lesson.figures)
        _show_changes(lesson.changes)
        if apply:
            number = training.apply(job, lesson, analyst or getpass.getuser())
            put(f"Model {number} er gemt og i brug. Fortryd med 'qualcode train {study_dir} --restore {number - 1}'.")
        else:
            put("Intet er ændret. Tag det i brug med --apply.")


def _show_figures(figures: "BeforeAfter | None") -> None:
    if figures is None:
        put("Der skal være afgørelser i mindst to interview, før nytten kan måles.")
        return
    put(
        f"Målt på {figures.passages} afgjorte passager i {figures.interviews} interview, hvert bedømt af en model, "
        "der ikke har set det (95 %-interval):"
    )
    table = Table("", "Første bud rigtigt", "Præcision", "Genkaldelse", "F1")
    for name, row in (("uden at lære", figures.before), ("efter at have lært", figures.after)):
        table.add_row(name, *(str(getattr(row, figure)) for figure in asdict(row)))
    Console().print(table)


def _show_changes(changes: "tuple[Change, ...]") -> None:
    counts = {kind: sum(change.kind == kind for change in changes) for kind in ("ny", "væk", "flyttet")}
    put(f"Forslag, der ændres: {counts['ny']} nye, {counts['væk']} falder væk, {counts['flyttet']} får en anden kode.")
    for change in changes[:_SHOWN]:
        put(f"  {change.kind}: {change.told}")
    if len(changes) > _SHOWN:
        put(f"  … og {len(changes) - _SHOWN} til.")


def _show_kept(models: "list[Kept]") -> None:
    if not models:
        raise UsageError("Studiet har ingen gemte modeller; koderen kender kun kodebogen.")
    table = Table("Model", "Lavet", "Af", "Passager", "Kodebog", "F1 før", "F1 efter", "I brug")
    for model in models:
        table.add_row(
            str(model.number),
            model.made_at[:16].replace("T", " "),
            model.made_by,
            str(model.passages),
            model.codebook_version,
            str(model.card.get("f1_before", "–")),
            str(model.card.get("f1_after", "–")),
            "ja" if model.active else "",
        )
    Console().print(table)
