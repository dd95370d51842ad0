"""Commands for codebooks."""

from pathlib import Path
from typing import Annotated

import typer

from qualcode.cli.app import app, put

codebook_app = typer.Typer(help="Work with codebooks.", no_args_is_help=True)
app.add_typer(codebook_app, name="codebook")


@codebook_app.command("lint")
def lint(
    file: Annotated[str, typer.Argument(metavar="CODEBOOK", help="A file, or the name of a shipped codebook.")],
) -> None:
    """Check a codebook: schema, ids, references, patterns; every fault with its line."""
    from qualcode.codebook.load import load_codebook
    from qualcode.study import find_codebook

    book = load_codebook(find_codebook(file, Path()))
    examples = sum(len(code.examples) for code in book.codes)
    put(f"{book.id} {book.version}: {len(book.codes)} koder, {examples} eksempler, ingen fejl.")
