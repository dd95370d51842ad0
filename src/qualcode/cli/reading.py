"""Commands that show what is read of transcripts; they store nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from qualcode.cli.app import AsJson, PathArgument, app, put, say
from qualcode.errors import InputError, UsageError

if TYPE_CHECKING:
    from qualcode.models import Interview


@app.command()
def ingest(path: PathArgument, as_json: AsJson = False) -> None:
    """Show how transcripts are understood; stores nothing."""
    interviews, refused = _read_all(path)
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
    raise typer.Exit(_exit_code(interviews, refused))


@app.command()
def check(path: PathArgument, as_json: AsJson = False) -> None:
    """Look for personal identifiers in transcripts; stores nothing."""
    from qualcode.ingest.privacy import find_identifiers

    interviews, refused = _read_all(path)
    found = [
        {"file": interview.file, "interview": interview.id} | asdict(finding)
        for interview in interviews
        for finding in find_identifiers(interview)
    ]
    if as_json:
        put(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for row in found:
            place = f"tur {row['turn']}" if row["turn"] else "uden for turene"
            put(f"{row['file']}, {place}: {row['kind']} {row['masked']}")
        if not found:
            put(f"Ingen personoplysninger fundet i {len(interviews)} interview.")
    for error in refused:
        say(f"Afvist: {error}")
    raise typer.Exit(1 if found and interviews else _exit_code(interviews, refused))


def _read_all(path: Path) -> tuple[list["Interview"], list[InputError]]:
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
    return interviews, refused


def _exit_code(interviews: Sequence[object], refused: Sequence[object]) -> int:
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
