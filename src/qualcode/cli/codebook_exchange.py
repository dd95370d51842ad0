"""Commands that move codebooks to other programs and back."""

from pathlib import Path
from typing import Annotated

import typer

from qualcode.cli.app import put, say
from qualcode.cli.codebooks import codebook_app
from qualcode.errors import InputError, UsageError


@codebook_app.command("export")
def export_codebook(
    book: Annotated[str, typer.Argument(metavar="CODEBOOK", help="A file, or the name of a shipped codebook.")],
    kind: Annotated[str, typer.Option("--format", metavar="FORMAT", help="qdc, taguette or xlsx.")],
    out: Annotated[Path, typer.Option(help="File to write; an older one is replaced.")],
) -> None:
    """Write a codebook for another program (REFI-QDA, Taguette) or as an Excel sheet."""
    from qualcode.codebook.load import load_codebook
    from qualcode.exchange.codebook_files import WRITERS
    from qualcode.files import replace_file
    from qualcode.study import find_codebook

    if kind not in WRITERS:
        raise UsageError(f"Formatet '{kind}' kendes ikke. Brug et af: {', '.join(WRITERS)}.")
    content = WRITERS[kind](load_codebook(find_codebook(book, Path())))
    try:
        replace_file(out, content)
    except OSError as error:
        raise UsageError(f"Filen '{out}' kan ikke skrives ({error.strerror}).") from None
    put(str(out))


@codebook_app.command("import")
def import_codebook(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .qdc, .qdpx, .xlsx or Taguette .csv file.")],
    out: Annotated[Path, typer.Option(help="Codebook (YAML) to write; it must not exist.")],
) -> None:
    """Make a codebook of another program's file, checked as `codebook lint` checks it."""
    from qualcode.exchange.codebook_files import codebook_from
    from qualcode.files import replace_file

    if out.exists():
        raise UsageError(f"Filen '{out}' findes allerede. Vælg et andet navn.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(file, f"filen kan ikke læses ({error.strerror})") from None
    text, book, remarks = codebook_from(content, file.name)
    try:
        replace_file(out, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"Filen '{out}' kan ikke skrives ({error.strerror}).") from None
    for remark in remarks:
        say(remark)
    put(f"{out}: {len(book.codes)} koder, ingen fejl.")
