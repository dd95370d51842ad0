"""Commands that show what is read of transcripts; they store nothing."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from qualcode.cli.app import AsJson, PathArgument, app, put, say
from qualcode.errors import InputError, UsageError

if TYPE_CHECKING:
    from qualcode.models import Interview
    from qualcode.study import Study


@app.command()
def ingest(path: PathArgument, as_json: AsJson = False) -> None:
    """Show how transcripts are understood; stores nothing."""
    interviews, refused, _ = read_all(path)
    if as_json:
        from qualcode.ingest.told import as_record

        record = {
            "interviews": [as_record(interview) for interview in interviews],
            "refused": [{"file": error.file, "reason": error.reason} for error in refused],
        }
        put(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        _show_interviews(interviews)
        for error in refused:
            say(f"Afvist: {error}")
    raise typer.Exit(exit_code(interviews, refused))


def read_all(path: Path) -> tuple[list["Interview"], list[InputError], "Study"]:
    """Read a transcript, or a folder of them; return what was read, what could not be, and the study.

    Raises:
        UsageError: there is nothing to read.
    """
    from qualcode.ingest.read import read_transcript
    from qualcode.study import Study

    if path.is_dir():
        study = Study.open(path)
        files, hints = study.transcripts, study.hints
    elif path.is_file():
        study = Study.open(path.parent)
        files, hints = (path,), study.hints
    else:
        raise UsageError(f"'{path}' findes ikke.")
    if not files:
        raise UsageError(f"Mappen '{path}' har ingen transskriptioner.")
    interviews, refused = [], []
    for file in files:
        try:
            interviews.append(read_transcript(file, hints))
        except InputError as error:
            refused.append(error)
    return interviews, refused, study


def exit_code(interviews: Sequence[object], refused: Sequence[object]) -> int:
    """Return 0 all well, 1 some were refused, 2 nothing could be read."""
    if not interviews:
        return 2
    return 1 if refused else 0


def _show_interviews(interviews: Iterable["Interview"]) -> None:
    from qualcode.coding.segments import count_words

    table = Table("Fil", "Interview", "Taler", "Rolle", "Niveau", "Ture", "Ord")
    for interview in interviews:
        for speaker in dict.fromkeys(turn.speaker for turn in interview.turns):
            turns = [turn for turn in interview.turns if turn.speaker == speaker]
            words = sum(count_words(interview.quote(turn.start, turn.end)) for turn in turns)
            informant = interview.informant(speaker)
            role, level = ("interviewer", "") if turns[0].interviewer else (informant.role, informant.level.value)
            table.add_row(interview.file, interview.id, speaker, role, level, str(len(turns)), str(words))
    Console().print(table)
