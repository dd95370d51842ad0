"""The command that makes a new study."""

from pathlib import Path
from typing import Annotated

import typer

from qualcode.cli.app import app, put, say


@app.command()
def init(
    name: Annotated[Path, typer.Argument(metavar="NAME", help="Folder to make for the study.")],
    like: Annotated[
        str | None, typer.Option("--from", metavar="STUDY", help="Take settings and codebook of this shipped study.")
    ] = None,
) -> None:
    """Make a new study folder: settings, codebook and a sample transcript, all with comments."""
    from qualcode.starting import SAMPLE_FILE, start_study

    made = start_study(name, like)
    for file in made:
        put(str(file))
    lay = "læg transskriptionerne i mappen" + (f" (og slet {SAMPLE_FILE})" if like is None else "")
    say(f"Næste skridt: {lay}, se hvordan de læses med 'qualcode ingest {name}', og kør 'qualcode run {name}'.")
