"""Commands that show what is read of transcripts; they store nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qualcode.cli.app import AcceptChanges, AsJson, PathArgument, app, put, say
from qualcode.errors import InputError, UsageError

if TYPE_CHECKING:
    from qualcode.ingest.read import Reading
    from qualcode.study import Study


@app.command()
def ingest(
    path: PathArgument,
    as_json: AsJson = False,
    accept_changes: AcceptChanges = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="What it always does: show, and store nothing.")] = True,
) -> None:
    """Show how transcripts are understood, and what to look at; stores nothing."""
    readings, refused, _ = read_all(path, accept_changes=accept_changes)
    if as_json:
        from qualcode.ingest.told import as_record

        record = {
            "interviews": [as_record(reading) for reading in readings],
            "refused": [{"file": error.file, "reason": error.reason} for error in refused],
        }
        put(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        _show(readings)
        for reading in readings:
            for warning in reading.warnings:
                say(f"Bemærk: {reading.interview.file}: {warning}.")
        for error in refused:
            say(f"Afvist: {error}")
    raise typer.Exit(exit_code(readings, refused))


def read_all(path: Path, *, accept_changes: bool = False) -> tuple[list["Reading"], list[InputError], "Study"]:
    """Read a transcript, or a folder of them; return what was read, what could not be, and the study.

    Raises:
        UsageError: there is nothing to read.
    """
    from qualcode.ingest.copies import without_copies
    from qualcode.ingest.formats import unknown_format
    from qualcode.ingest.read import read_bytes, understand
    from qualcode.study import Study

    if not path.exists():
        raise UsageError(f"'{path}' findes ikke.")
    study = replace(Study.open(path if path.is_dir() else path.parent), accept_changes=accept_changes)
    files = study.transcripts if path.is_dir() else (path,)
    refused = [unknown_format(Path(name)) for name in study.passed_over] if path.is_dir() else []
    if not files and not refused:
        raise UsageError(f"Mappen '{path}' har ingen transskriptioner.")
    readings = []
    for file in files:
        try:
            readings.append(understand(read_bytes(file), file.name, study.hints))
        except InputError as error:
            refused.append(error)
    kept, copies = without_copies(readings)
    return kept, sorted([*refused, *copies], key=lambda error: error.file), study


def exit_code(interviews: Sequence[object], refused: Sequence[object]) -> int:
    """Return 0 all well, 1 some were refused, 2 nothing could be read."""
    if not interviews:
        return 2
    return 1 if refused else 0


def _show(readings: Iterable["Reading"]) -> None:
    """Print a row for each speaker: who it is taken for, and for the interviewer why."""
    from qualcode.coding.segments import count_words

    table = Table("Fil", "Interview", "Taler", "Rolle", "Niveau", "Ture", "Ord")
    for reading in readings:
        interview = reading.interview
        for speaker in dict.fromkeys(turn.speaker for turn in interview.turns):
            turns = [turn for turn in interview.turns if turn.speaker == speaker]
            words = sum(count_words(interview.quote(turn.start, turn.end)) for turn in turns)
            informant = interview.informant(speaker)
            is_interviewer = speaker in reading.interviewers
            role = f"interviewer ({reading.why})" if is_interviewer else informant.role
            level = "" if is_interviewer else informant.level.value
            cells = (interview.file, interview.id, speaker, role, level, str(len(turns)), str(words))
            table.add_row(*map(escape, cells))
    Console().print(table)
