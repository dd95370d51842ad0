"""Commands for codebooks."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from qualcode.cli.app import app, put, say

if TYPE_CHECKING:
    from qualcode.evaluation.trial import Trial

codebook_app = typer.Typer(help="Work with codebooks.", no_args_is_help=True)
app.add_typer(codebook_app, name="codebook")

CodebookName = Annotated[str, typer.Argument(metavar="CODEBOOK", help="A file, or the name of a shipped codebook.")]


class PageFormat(StrEnum):
    """Formats of a printed codebook."""

    HTML = "html"
    DOCX = "docx"
    MD = "md"


@codebook_app.command("lint")
def lint(file: CodebookName) -> None:
    """Check a codebook: schema, ids, references, patterns, examples; every fault with its line."""
    from qualcode.codebook.load import load_codebook
    from qualcode.coding.lint import faults
    from qualcode.coding.rules import add_rules
    from qualcode.language.pipeline import danish
    from qualcode.study import find_codebook

    path = find_codebook(file, Path())
    book = load_codebook(path)
    found = faults(path, book, add_rules(danish(), book))
    for fault in found:
        say(str(fault))
    examples = sum(len(code.examples) for code in book.codes)
    told = f"{len(found)} fejl" if found else "ingen fejl"
    put(f"{book.id} {book.version}: {len(book.codes)} koder, {examples} eksempler, {len(book.bank)} i banken, {told}.")
    raise typer.Exit(1 if found else 0)


@codebook_app.command("test")
def test(file: CodebookName) -> None:
    """Try a codebook on its own examples: what fails, and which codes are taken for each other."""
    from qualcode import jobs
    from qualcode.evaluation.trial import try_codebook

    coder = jobs.coder_of(file)
    trial = try_codebook(coder.codebook, coder.model, coder.encoder, coder.nlp)
    _show_trial(trial)
    raise typer.Exit(1 if trial.failures else 0)


def _show_trial(trial: "Trial") -> None:
    console = Console()
    table = Table("Kode", "Eksempler", "rigtige", "uden at kende dem", "Nærved", "holdt ude", "uden at kende dem")
    for code in trial.codes:
        counts = (
            code.examples,
            code.right,
            code.right_unlearned,
            code.near_misses,
            code.held_off,
            code.held_off_unlearned,
        )
        table.add_row(code.code, *map(str, counts))
    console.print(table)
    for own, other, count in trial.confusions[:20]:
        put(f"{own} tages for {other}: {count}")
    for failure in trial.failures:
        what = "nærved-eksemplet får koden" if failure.near_miss else "eksemplet får den ikke"
        put(f"FEJL {failure.code}: {what} (bud: {', '.join(failure.instead)}): {failure.text}")
    right = sum(code.right + code.held_off for code in trial.codes)
    put(f"{right} af {right + len(trial.failures)} eksempler går, som de skal.")


@codebook_app.command("show")
def show(
    file: CodebookName,
    page_format: Annotated[PageFormat, typer.Option("--format", help="How to write it.")] = PageFormat.MD,
    out: Annotated[Path | None, typer.Option(help="File to write. Default: CODEBOOK.FORMAT in this folder.")] = None,
) -> None:
    """Write a codebook for people to read and print."""
    from qualcode.codebook.load import load_codebook
    from qualcode.files import replace_file
    from qualcode.reporting.codebook_page import PAGES
    from qualcode.study import find_codebook

    book = load_codebook(find_codebook(file, Path()))
    target = out or Path(f"{book.id}.{page_format.value}")
    replace_file(target, PAGES[page_format.value](book))
    put(str(target))
