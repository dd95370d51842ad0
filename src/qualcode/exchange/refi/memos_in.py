"""Notes and comments of a project on codes, interviews and passages without a code → memos of the study.

Notes on codings are part of the codings (:mod:`qualcode.exchange.refi.project_plan`). The study keeps memos on codes
and interviews; a note on a passage becomes one on its interview that quotes the passage.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from qualcode.exchange.brought import moment
from qualcode.exchange.refi.offsets import Counting, Ruler
from qualcode.exchange.refi.placing import Placed, place_all
from qualcode.exchange.refi.project import RefiNote, RefiProject, RefiSelection, RefiSource
from qualcode.exchange.refi.remarks import is_file_remark, is_turn_table
from qualcode.models import Interview
from qualcode.store.notes import add_note, all_notes

_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class MemoIn:
    """A memo to be; ``about`` as :func:`qualcode.store.notes.add_note` has it, ``user`` a GUID of the project."""

    about: str
    text: str
    user: str
    at: str | None = None


class MemoReader:
    """Finds the memos of one project and keeps account of the notes that have found a place.

    Args:
        project: the project
    """

    def __init__(self, project: RefiProject) -> None:
        self._project = project
        self._placed = {
            note
            for source in project.sources
            for selection in source.selections
            if selection.codings
            for note in (*selection.notes, *(note for coding in selection.codings for note in coding.notes))
        }

    def on_codes(self, ids: Mapping[str, str]) -> Iterator[MemoIn]:
        """Yield the notes on codes; ``ids`` are GUID → id in the codebook."""
        for code in self._project.codes:
            if code.guid in ids:
                for note in self._notes(code.notes):
                    yield MemoIn(f"code:{ids[code.guid]}", note.text.strip(), note.user, note.at)

    def on_source(
        self, source: RefiSource, ruler: Ruler, way: Counting, interview: Interview, placed: Sequence[Placed]
    ) -> Iterator[MemoIn]:
        """Yield the notes on a source and on its passages without a code, and the comments on them.

        Args:
            source: the source
            ruler: of its text
            way: how the program counts
            interview: which interview it is
            placed: where its selections stand in the interview
        """
        about = f"interview:{interview.id}"
        if source.description and not is_file_remark(source.description):
            yield MemoIn(about, source.description, source.user)
        for note in self._notes(source.notes):
            where = place_all([note.place], ruler, way, interview.text)[0] if note.place else None
            yield MemoIn(about, _quoting(interview, where, note.text), note.user, note.at)
        for selection, where in zip(source.selections, placed, strict=True):
            if not selection.codings:
                yield from self._on_passage(about, selection, interview, where)

    def _on_passage(
        self, about: str, selection: RefiSelection, interview: Interview, where: Placed
    ) -> Iterator[MemoIn]:
        notes = list(self._notes(selection.notes))
        if selection.description and all(selection.description != note.text.strip() for note in notes):
            yield MemoIn(about, _quoting(interview, where, selection.description), selection.user, selection.at)
        for note in notes:
            yield MemoIn(about, _quoting(interview, where, note.text), note.user or selection.user, note.at)

    def _notes(self, guids: Iterable[str]) -> Iterator[RefiNote]:
        for guid in dict.fromkeys(guids):
            self._placed.add(guid)
            note = self._project.notes.get(guid)
            if note and note.text.strip() and not is_turn_table(note.text):
                yield note

    def homeless(self) -> int:
        """Return how many notes are about things that the study has no memos on: the project, cases, pictures."""
        rest = (note for guid, note in self._project.notes.items() if guid not in self._placed)
        return sum(bool(note.text.strip()) and not is_turn_table(note.text) for note in rest)


def has_memo(selection: RefiSelection) -> bool:
    """Tell whether a passage without a code has a note or comment."""
    return bool(selection.description or selection.notes)


def _quoting(interview: Interview, where: Placed | None, text: str) -> str:
    if where is None or where.span is None:
        return text.strip()
    start, end = where.span
    words = " ".join(interview.quote(start, end).split())
    shown = words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE].rstrip()} …"
    turn = next((turn.number for turn in interview.turns if turn.start < end and start < turn.end), None)
    return f"»{shown}«{f' (tur {turn})' if turn else ''}: {text.strip()}"


def new_memos(
    session: Session, study: str, memos: Iterable[MemoIn], users: Mapping[str, str], fallback: str
) -> list[tuple[str, str, str, str]]:
    """Return about, analyst, text and time of the memos that the study does not have yet.

    Args:
        session: of the study's database
        study: its name
        memos: from the project
        users: GUID → name
        fallback: who stands for a memo that names nobody
    """
    held = {(about, note.text) for about, notes in all_notes(session, study).items() for note in notes}
    found = []
    for memo in memos:
        if (memo.about, memo.text) not in held:
            held.add((memo.about, memo.text))
            found.append((memo.about, users.get(memo.user) or fallback, memo.text, moment(memo.at)))
    return found


def store_memos(session: Session, study: str, memos: Iterable[tuple[str, str, str, str]]) -> None:
    """Store what :func:`new_memos` returned."""
    for about, analyst, text, at in memos:
        add_note(session, study, about, analyst, text, at)
