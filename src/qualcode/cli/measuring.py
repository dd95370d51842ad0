"""Commands that measure the coder."""

from pathlib import Path
from typing import Annotated

import typer

from qualcode.cli.app import CodebookFile, StudyDir, app, put
from qualcode.errors import UsageError


@app.command()
def evaluate(
    study_dir: StudyDir,
    codebook: CodebookFile = None,
    beside: Annotated[
        str | None, typer.Option(help="Another codebook: does what its passages taught help this study?")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File for the page (Markdown). Default: print it.")] = None,
) -> None:
    """Measure the coder on interviews that people have coded (in STUDY_DIR/gold) and it has not learned from."""
    import datetime

    from qualcode import jobs
    from qualcode.evaluation.evaluate import evaluate as measure
    from qualcode.evaluation.page import evaluation_page
    from qualcode.files import replace_file

    job = jobs.Job(study_dir, codebook)
    study = job.study()
    gold = study.folder / "gold"
    if not gold.is_dir():
        raise UsageError(f"Studiet har ingen mappe 'gold' med kodede interview ({gold}).")
    shop = jobs.workshop_for(job, study)
    coder = shop.coder()
    found = measure(coder, list(study.read_all()), gold, jobs.coder_of(beside, job.work) if beside else None)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    page = evaluation_page(
        found, str(study_dir), f"{shop.codebook.id} {shop.codebook.version}", coder.encoder.identity, today
    )
    if out:
        replace_file(out, page.encode("utf-8"))
    else:
        put(page)
