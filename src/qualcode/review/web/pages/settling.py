"""Adjudication: what the coders of a round disagree about, settled passage by passage."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.agreement.adjudicate import Answered, Settled, agreed_outcome, answered, settle, shared_outcome
from qualcode.agreement.rounds import Round
from qualcode.errors import UsageError
from qualcode.review.web.cards import known
from qualcode.review.web.pages.blind import AnswerForm
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.pages.rounds import agreed_unsettled, left_to
from qualcode.review.web.round_view import Shown, as_values, interview_of, round_of, shown_passage
from qualcode.review.web.visit import Member, Visit
from qualcode.store.schema import DocumentRow, StandingRow

router = APIRouter()


class SettleForm(AnswerForm):
    """What a passage is settled to have.

    Attributes:
        seen: how many settlings of it were on screen
    """

    reason: str = Field(default="", max_length=5000)
    seen: int = Field(ge=0)


@router.get("/runder/{key}/afgoer")
def show_disagreement(visit: Member, key: str, nr: int = 0) -> HTMLResponse:
    """Show a disagreement: the one asked for, or the first that is not settled."""
    with visit.desk.read() as session:
        of = _to_settle(session, visit, key)
        found = answered(session, of)
        differing = [one for one in found if not one.agreed]
        asked = next((one for one in found if one.passage.number == nr), None)
        on = asked or next((one for one in differing if not one.settlings), None)
        if on is None:
            return visit.page("settled.html", of=of, differing=differing, last=last_event(session))
        numbers = [one.passage.number for one in differing]
        before = [number for number in numbers if number < on.passage.number]
        codebook = visit.desk.codebook
        start = on.settlings[-1].codes if on.settlings else shared_outcome(on)
        shown = shown_passage(session, visit, on.passage)
        return visit.page(
            "settle.html",
            of=of,
            on=on,
            shown=shown,
            given=[as_values(one, on.passage) for one in start],
            answers=[
                (coder, given, [as_values(one, on.passage) for one in given]) for coder, given in on.given.items()
            ],
            common={code for code in _codes(on) if all(code in codes for codes in on.codes.values())},
            machine=_machine(session, visit, shown),
            differing=differing,
            following=_following(differing, on.passage.number),
            before=before[-1] if before else None,
            name_of=lambda code: known(codebook, code).name,
            part_of=lambda one: _part(shown, one.start, one.end),
            codebook=codebook,
            last=last_event(session),
        )


@router.post("/runder/{key}/afgoer")
def take_settling(visit: Member, key: str, form: SettleForm) -> dict[str, Any]:
    """Store what a passage was settled to have, unless a colleague has just settled it."""
    with visit.desk.write() as session:
        of = _to_settle(session, visit, key)
        found = answered(session, of)
        on = next((one for one in found if one.passage.number == form.passage), None)
        if on is None:
            raise UsageError("Afsnittet er ikke kodet færdigt af alle, der har fået det.")
        if len(on.settlings) != form.seen:
            return {"message": _meanwhile(visit, on.settlings[-1]), "refused": True}
        settle(
            session,
            of,
            on,
            [one.given() for one in form.given],
            analyst=visit.analyst,
            reason=form.reason.strip(),
            interview=interview_of(session, visit, on.passage),
            codebook=visit.desk.codebook,
        )
        following = _following([one for one in found if not one.agreed], form.passage)
    return {
        "message": visit.gettext("Afgjort."),
        "next": f"/runder/{key}/afgoer" + (f"?nr={following}" if following else ""),
    }


@router.post("/runder/{key}/enige")
def take_agreed(visit: Member, key: str) -> RedirectResponse:
    """Take over all that several coders agree about."""
    with visit.desk.write() as session:
        of = _to_settle(session, visit, key)
        for on in agreed_unsettled(answered(session, of)):
            settle(
                session,
                of,
                on,
                agreed_outcome(on),
                analyst=visit.analyst,
                reason="koderne er enige",
                interview=interview_of(session, visit, on.passage),
                codebook=visit.desk.codebook,
            )
    return RedirectResponse(f"/runder/{key}", 303)


def _to_settle(session: Session, visit: Visit, key: str) -> Round:
    of = round_of(session, visit, key)
    if left_to(session, visit, of):
        raise UsageError("Du har selv afsnit tilbage i runden. Kod dem først, så du ikke ser de andres svar.")
    return of


def _codes(on: Answered) -> set[str]:
    return {one.code for given in on.given.values() for one in given}


def _following(differing: list[Answered], number: int) -> int | None:
    """Return the next disagreement that is not settled behind a passage, from the start again at the end."""
    left = [one.passage.number for one in differing if not one.settlings and one.passage.number != number]
    return next((one for one in left if one > number), left[0] if left else None)


def _part(shown: Shown, start: int | None, end: int | None) -> str:
    """Return the words of a part of a passage; empty for all of it."""
    passage = shown.passage
    if start in (None, passage.start) and end in (None, passage.end):
        return ""
    assert start is not None  # noqa: S101 - a part has both ends
    assert end is not None  # noqa: S101
    return passage.quote[start - passage.start : end - passage.start]


def _machine(session: Session, visit: Visit, shown: Shown) -> list[StandingRow]:
    """Return the codings that the machine suggests on a passage, whatever became of them."""
    passage = shown.passage
    query = (
        select(StandingRow)
        .join(DocumentRow, DocumentRow.id == StandingRow.document_id)
        .where(
            StandingRow.study == visit.desk.study,
            DocumentRow.interview == passage.interview,
            DocumentRow.present,
            StandingRow.suggested,
            StandingRow.start < passage.end,
            StandingRow.end > passage.start,
        )
    )
    return list(session.scalars(query.order_by(StandingRow.score.desc(), StandingRow.id)))


def _meanwhile(visit: Visit, settled: Settled) -> str:
    names = [known(visit.desk.codebook, one.code).name for one in settled.codes]
    codes = ", ".join(names) or visit.gettext("ingen kode")
    return visit.gettext("Ikke gemt: %(analyst)s har afgjort afsnittet imens (%(codes)s). Genindlæs for at se det.") % {
        "analyst": settled.analyst,
        "codes": codes,
    }
