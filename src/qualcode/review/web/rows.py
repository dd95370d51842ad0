"""A coding as one row of a list or one quote of a wall."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from qualcode.models import Code, Informant
from qualcode.review.desk import Desk
from qualcode.review.passages import Mark, Piece, pieces
from qualcode.review.web.cards import known
from qualcode.store.codings import evidence_of
from qualcode.store.schema import StandingRow

# Characters: a quote with fewer is shown within so many on both sides, for nobody can judge a word alone.
SHORT = 60
CONTEXT = 90


@dataclass(frozen=True, slots=True)
class Shown:
    """A coding with its quote, cut where a rule's words begin and end; a short one with some words around it."""

    row: StandingRow
    interview: str
    informant: Informant
    code: Code
    quote: tuple[Piece, ...]


def shown(session: Session, desk: Desk, rows: Iterable[StandingRow]) -> list[Shown]:
    """Return rows as they are shown."""
    return [_shown(session, desk, row) for row in rows]


def _shown(session: Session, desk: Desk, row: StandingRow) -> Shown:
    interview = desk.interview(session, row.document_id)
    marks = [Mark(hit.start, hit.end, "hit") for hit in evidence_of(session, row.document_id, row.id).rules]
    marks.append(Mark(row.start, row.end, "quote"))
    turn = next(turn for turn in interview.turns if turn.number == row.turn)
    start, end = row.start, row.end
    if end - start < SHORT:
        start = max(turn.start, interview.text.rfind(" ", 0, max(0, start - CONTEXT)) + 1)
        end = min(turn.end, (interview.text + " ").find(" ", min(len(interview.text), end + CONTEXT)))
    return Shown(
        row=row,
        interview=interview.id,
        informant=interview.informant(row.speaker),
        code=known(desk.codebook, row.code),
        quote=tuple(pieces(interview, start, end, marks)),
    )
