"""Tables → blocks: which column holds the speaker, which the speech, which the time.

Transcripts lie in tables in a few ways, told apart by the headings, else by what the columns hold:

- a row a turn: speaker and speech, often with a time, a number or a title (``Tid | Taler | Tekst``);
- a question and its answer side by side, or a column a person (``Spørgsmål | Svar``, ``Interviewer | IP``);
- facts of the interview (``Rolle | chef``), which have the form of speaker and speech;
- one column that only frames the page.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qualcode.ingest.document import RawBlock
from qualcode.ingest.labels import label_at
from qualcode.ingest.speakers import is_usual
from qualcode.ingest.times import clock, clock_of_seconds, is_only_time

Cell = Sequence[RawBlock]

_LABEL_LENGTH = 60
_HEADINGS = {
    "time": "tid tider tidspunkt tidskode tidskoder time timestamp timespan timecode start starttid begin begyndelse "
    "fra in start_time",
    "speaker": "taler talere taler-id speaker speakers speaker_name speakername navn name deltager hvem person etiket "
    "label talernavn who participant",
    "role": "rolle role stilling titel title funktion",
    "text": "tekst text indhold content udsagn replik replikker transskription transskribering transcript "
    "transcription ytring ytringer udtalelse tale sagt utterance message besked",
}
_QUESTIONS = frozenset({"spørgsmål", "spørgsmålet", "question", "questions", "spm", "interviewspørgsmål"})
_ANSWERS = frozenset({"svar", "svaret", "answer", "answers", "besvarelse"})
_HEADING_OF = {word: name for name, words in _HEADINGS.items() for word in words.split()}
_HEADING_ROWS = 12
_SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a table; ``first`` is the first row of speech.

    Attributes:
        speech: columns with speech; of several each is a speaker's own, named in ``speakers``
        speakers: the speakers that own the columns in ``speech``, or nothing
        headed: whether headings said so
    """

    speech: tuple[int, ...]
    speakers: tuple[str, ...] = ()
    speaker: int | None = None
    time: int | None = None
    role: int | None = None
    first: int = 0
    headed: bool = False


def blocks_of_table(rows: Sequence[Sequence[Cell]]) -> Iterator[RawBlock]:
    """Yield the blocks of a table given as rows of cells, each cell its lines."""
    texts = [[_text(cell) for cell in row] for row in rows]
    used = {column for row in texts for column, text in enumerate(row) if text}
    columns = find_columns(texts)
    if columns is None and len(used) <= 1:
        for row in rows:
            for cell in row:
                yield from cell
    else:
        yield from turns_of(texts, columns)


def _text(cell: Cell) -> str:
    return "\n".join(block.text for block in cell).strip()


def turns_of(rows: Sequence[Sequence[str]], columns: Columns | None) -> Iterator[RawBlock]:
    """Yield a block for each cell of speech; rows that are none are facts or plain lines."""
    first = columns.first if columns else len(rows)
    for row in rows[: first - 1 if columns and columns.headed else first]:
        yield _fact(row)
    if columns is None:
        return
    for row in rows[first:]:
        yield from _speech(row, columns)


def _fact(row: Sequence[str]) -> RawBlock:
    cells = [cell for cell in row if cell]
    if len(cells) == 2 and len(cells[0]) <= _LABEL_LENGTH and not is_only_time(cells[0]):
        return RawBlock(cells[1], label=cells[0].rstrip(": "))
    return RawBlock("\t".join(cells))


def _speech(row: Sequence[str], columns: Columns) -> Iterator[RawBlock]:
    def cell(column: int | None) -> str:
        return row[column] if column is not None and column < len(row) else ""

    if not any(cell(column) for column in columns.speech):
        # A row across the table (a note, a heading of the guide) stands in the first column.
        rest = "\t".join(filter(None, row)).strip()
        if rest and not is_only_time(rest) and not is_usual(rest.rstrip(": ")) and not rest.isdigit():
            yield RawBlock(rest)
        return
    time, role = _time(cell(columns.time)), cell(columns.role) or None
    owners = columns.speakers or (cell(columns.speaker).rstrip(": ").replace("\n", " "),)
    for column, owner in zip(columns.speech, owners, strict=True):
        text = cell(column)
        if not text:
            continue
        inside = label_at(text)
        if inside and (not owner or columns.speakers) and is_usual(inside.text):
            # The cell has labels of its own.
            yield from (RawBlock(line, time=time) for line in text.split("\n"))
        else:
            yield RawBlock(text, label=owner or None, time=time, role=role)


def _time(cell: str) -> str | None:
    """Return a cell's time; a plain number counts seconds, as speech recognition writes them."""
    seconds = cell.replace(",", ".")
    return clock_of_seconds(float(seconds)) if _SECONDS.fullmatch(seconds) else clock(cell)


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return where speaker and speech stand, None if the table is no transcript."""
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        columns = _headed(row, number + 1, rows)
        if columns:
            return columns
    return _by_content(rows)


def _headed(row: Sequence[str], first: int, rows: Sequence[Sequence[str]]) -> Columns | None:
    names = [cell.strip(" :*").lower() for cell in row]
    question = next((column for column, name in enumerate(names) if name in _QUESTIONS), None)
    answer = next((column for column, name in enumerate(names) if name in _ANSWERS), None)
    where: dict[str, int] = {}
    for column, name in enumerate(names):
        where.setdefault(_heading(name), column)
    if question is not None and answer is not None:
        speakers = (row[question].strip(" :*"), row[answer].strip(" :*"))
        return Columns((question, answer), speakers, time=where.get("time"), first=first, headed=True)
    if "text" in where and ("speaker" in where or "role" in where):
        speaker = where.get("speaker", where.get("role"))
        role = where.get("role") if "speaker" in where else None
        return Columns((where["text"],), (), speaker, where.get("time"), role, first, headed=True)
    if "text" in where and _has_labels(
        cell for line in rows[first:] for cell in line[where["text"] : where["text"] + 1]
    ):
        return Columns((where["text"],), (), None, where.get("time"), None, first, headed=True)
    return _a_column_each(row, first, rows)


def _heading(name: str) -> str:
    """Return what a heading stands for; ``Start (s)`` counts as ``start``."""
    bare = name.split("(")[0].strip()
    return _HEADING_OF.get(bare) or _HEADING_OF.get(bare.replace(" ", "_"), "")


def _a_column_each(row: Sequence[str], first: int, rows: Sequence[Sequence[str]]) -> Columns | None:
    """Take headings that are all usual labels for speakers with a column each; speech then is longer than a label."""
    filled = [(column, cell.strip(" :*")) for column, cell in enumerate(row) if cell.strip()]
    if len(filled) < 2 or first >= len(rows) or not all(is_usual(cell) for _, cell in filled):
        return None
    columns = tuple(column for column, _ in filled)
    below = [line[columns[0]] for line in rows[first:] if columns[0] < len(line) and line[columns[0]]]
    if not below or any(is_usual(cell.strip(" :*")) for cell in below):
        return None
    return Columns(columns, tuple(cell for _, cell in filled), first=first, headed=True)


def _by_content(rows: Sequence[Sequence[str]]) -> Columns | None:
    width = max(map(len, rows), default=0)
    filled = {column: [row[column] for row in rows if column < len(row) and row[column]] for column in range(width)}
    filled = {column: cells for column, cells in filled.items() if cells}
    time = next((column for column, cells in filled.items() if _mostly(is_only_time, cells)), None)
    rest = [column for column, cells in filled.items() if column != time and not _mostly(str.isdigit, cells)]
    if not rest:
        return None
    speech = max(rest, key=lambda column: sum(map(len, filled[column])))
    others = [column for column in rest if column != speech]
    if not others:
        return (
            Columns((speech,), time=time)
            if time is not None or (len(filled) > 1 and _has_labels(filled[speech]))
            else None
        )
    asked = others[0]
    if len(others) == 1 and asked < speech and _mostly(lambda cell: "?" in cell, filled[asked]):
        return Columns((asked, speech), ("Spørgsmål", "Svar"), time=time)
    speaker = min(others, key=lambda column: (not _are_labels(filled[column]), column))
    return Columns((speech,), speaker=speaker, time=time) if _are_labels(filled[speaker]) else None


def _mostly(test: object, cells: Sequence[str]) -> bool:
    return callable(test) and sum(bool(test(cell)) for cell in cells) >= 0.8 * len(cells)


def _has_labels(cells: Iterator[str] | Sequence[str]) -> bool:
    found = [label_at(cell) for cell in cells if cell]
    return sum(label is not None and is_usual(label.text) for label in found) >= 0.4 * max(1, len(found))


def _are_labels(cells: Sequence[str]) -> bool:
    """Tell a column of speakers: short cells that recur, or usual labels."""
    names = [cell.rstrip(": ") for cell in cells]
    short = all(len(name) <= _LABEL_LENGTH and "?" not in name and not name.isdigit() for name in names)
    recurring = len(set(names)) <= max(1, len(names) / 2)
    return short and (recurring or sum(map(is_usual, names)) >= len(names) / 2)
