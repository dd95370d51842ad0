"""Memos on codes and interviews. Like the journal they are only ever added to."""

import datetime
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.store.schema import NoteRow


@dataclass(frozen=True, slots=True)
class Note:
    """A memo: who wrote what when (UTC)."""

    analyst: str
    at: str
    text: str


def add_note(session: Session, study: str, about: str, analyst: str, text: str, at: str | None = None) -> None:
    """Add a memo.

    Args:
        session: a transaction for writing
        study: name of the study
        about: what it is about: ``code:`` or ``interview:`` and an id
        analyst: who writes
        text: what
        at: when; None for now
    """
    when = at or datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
    session.add(NoteRow(study=study, about=about, analyst=analyst, at=when, text=text))


def notes_about(session: Session, study: str, about: str) -> list[Note]:
    """Return the memos on something, oldest first."""
    query = select(NoteRow).where(NoteRow.study == study, NoteRow.about == about).order_by(NoteRow.id)
    return [Note(row.analyst, row.at, row.text) for row in session.scalars(query)]


def all_notes(session: Session, study: str) -> dict[str, list[Note]]:
    """Return the memos of a study, oldest first, by what they are about."""
    found: dict[str, list[Note]] = {}
    for row in session.scalars(select(NoteRow).where(NoteRow.study == study).order_by(NoteRow.id)):
        found.setdefault(row.about, []).append(Note(row.analyst, row.at, row.text))
    return found
