"""Coding a passage of a blind round: the passage and the codebook, neither suggestions nor colleagues."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from qualcode.agreement.rounds import answer, assigned_to, coder_named, given_by, given_on, open_passages, passages
from qualcode.errors import UsageError
from qualcode.review.web.cards import RECENT_CODES, known
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.round_view import GivenForm, as_values, interview_of, round_of, shown_passage
from qualcode.review.web.visit import Member
from qualcode.store.journal import Standing

router = APIRouter()


class AnswerForm(BaseModel):
    """A coder's whole answer on a passage."""

    model_config = ConfigDict(extra="forbid")

    passage: int
    given: list[GivenForm] = Field(max_length=50)


@router.get("/runder/{key}/kod")
def show_passage(visit: Member, key: str, nr: int = 0) -> HTMLResponse:
    """Show the coder a passage: the one asked for, or the first that is left."""
    with visit.desk.read() as session:
        of = round_of(session, visit, key)
        coder = coder_named(of, visit.analyst)
        if coder is None:
            raise UsageError(f"Du er ikke koder i runden »{of.name}«.")
        left = [] if of.closed else open_passages(session, of, coder)
        if not left:
            return visit.page("blind_done.html", of=of, last=last_event(session))
        assigned = assigned_to(session, of, coder)
        number = nr if nr in assigned else left[0].number
        passage = next(one for one in passages(session, of) if one.number == number)
        held = given_by(session, of, coder)
        open_numbers = [one.number for one in left]
        place = assigned.index(number)
        codebook = visit.desk.codebook
        return visit.page(
            "blind.html",
            of=of,
            shown=shown_passage(session, visit, passage),
            given=[as_values(one, passage) for one in given_on(held, passage)],
            place=place + 1,
            assigned=len(assigned),
            done=len(assigned) - len(left),
            is_last=open_numbers == [number],
            following=_following(open_numbers, number),
            before=assigned[place - 1] if place else None,
            recent=[known(codebook, code) for code in _recent(held)],
            codebook=codebook,
            last=last_event(session),
        )


@router.post("/runder/{key}/kod")
def take_answer(visit: Member, key: str, form: AnswerForm) -> dict[str, Any]:
    """Store an answer and tell where to go on."""
    with visit.desk.write() as session:
        of = round_of(session, visit, key)
        coder = coder_named(of, visit.analyst)
        if coder is None or form.passage not in assigned_to(session, of, coder):
            raise UsageError("Afsnittet er ikke tildelt dig.")
        if not of.closed and not open_passages(session, of, coder):
            raise UsageError("Du har svaret på alle dine afsnit i runden, så svarene kan ikke rettes mere.")
        passage = next(one for one in passages(session, of) if one.number == form.passage)
        given = [one.given() for one in form.given]
        interview = interview_of(session, visit, passage)
        answer(session, of, coder, form.passage, given, interview=interview, codebook=visit.desk.codebook)
        left = [one.number for one in open_passages(session, of, coder)]
    following = _following(left, form.passage)
    said = visit.ngettext("Gemt med %(count)s kode.", "Gemt med %(count)s koder.", len(given))
    return {
        "message": said if given else visit.gettext("Gemt: ingen kode."),
        "next": f"/runder/{key}/kod" + (f"?nr={following}" if following else ""),
    }


def _following(left: list[int], number: int) -> int | None:
    """Return the next passage left behind a number, from the start again at the end."""
    others = [one for one in left if one != number]
    return next((one for one in others if one > number), others[0] if others else None)


def _recent(held: Iterable[Standing]) -> list[str]:
    """Return the codes a coder has given lately in the round, the last first."""
    given = sorted(held, key=lambda one: one.first.at, reverse=True)
    return list(dict.fromkeys(one.code for one in given))[:RECENT_CODES]
