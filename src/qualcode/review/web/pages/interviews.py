"""Interviews: which there are, and one whole transcript with its codings in the margin."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from qualcode.models import Code, Interview, Status, Turn
from qualcode.review.blind import unseen_places
from qualcode.review.passages import Mark, Piece, pieces
from qualcode.review.progress import Judged, by_document, interviews_of
from qualcode.review.web.cards import known
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.visit import Member, Visit
from qualcode.store.notes import notes_about
from qualcode.store.schema import StandingRow

router = APIRouter()
_REJECTED = Status.AFVIST.value


@dataclass(frozen=True, slots=True)
class Margin:
    """A coding beside its turn."""

    row: StandingRow
    code: Code


@dataclass(frozen=True, slots=True)
class Speech:
    """A turn with its codings; ``unseen``: a blind round keeps them from whoever looks."""

    turn: Turn
    text: tuple[Piece, ...]
    margin: tuple[Margin, ...]
    unseen: bool


@router.get("/interview")
def show_interviews(visit: Member) -> HTMLResponse:
    """Show the interviews of the study."""
    with visit.desk.read() as session:
        judged = by_document(session, visit.desk.study)
        found = [
            (number, visit.desk.interview(session, number), judged.get(number, Judged()))
            for number in interviews_of(session, visit.desk.study)
        ]
        return visit.page("interviews.html", interviews=found, last=last_event(session))


@router.get("/interview/{number}")
def show_interview(visit: Member, number: int, id: str = "", alle: str = "") -> HTMLResponse:
    """Show one transcript; rejected codings only when asked for."""
    with visit.desk.read() as session:
        interview = visit.desk.interview(session, number)
        query = select(StandingRow).where(StandingRow.document_id == number)
        if alle != "ja":
            query = query.where(StandingRow.status != _REJECTED)
        unseen = unseen_places(session, visit.desk.study, visit.analyst)
        by_turn: dict[int, list[StandingRow]] = {}
        for row in session.scalars(query.order_by(StandingRow.start, StandingRow.end, StandingRow.code)):
            if (number, row.turn) not in unseen:
                by_turn.setdefault(row.turn, []).append(row)
        speech = [
            _speech(visit, turn, by_turn.get(turn.number, []), interview, unseen=(number, turn.number) in unseen)
            for turn in interview.turns
        ]
        return visit.page(
            "interview.html",
            number=number,
            interview=interview,
            speech=speech,
            current=id,
            all_codings=alle == "ja",
            codebook=visit.desk.codebook,
            notes=notes_about(session, visit.desk.study, f"interview:{interview.id}"),
            last=last_event(session),
        )


def _speech(visit: Visit, turn: Turn, rows: list[StandingRow], interview: Interview, *, unseen: bool) -> Speech:
    marks = [Mark(row.start, row.end, f"c-{row.id}") for row in rows]
    marks += [Mark(row.start, row.end, "coded") for row in rows if row.status != _REJECTED]
    return Speech(
        turn=turn,
        text=tuple(pieces(interview, turn.start, turn.end, marks)) if turn.start < turn.end else (),
        margin=tuple(Margin(row, known(visit.desk.codebook, row.code)) for row in rows),
        unseen=unseen,
    )
