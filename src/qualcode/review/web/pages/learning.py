"""Learning: what the coder would learn from the decisions, shown before anything is replaced; models kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select

from qualcode.agreement.page import bounded
from qualcode.models import Status
from qualcode.review.web.cards import known
from qualcode.review.web.learner import Learner
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.visit import Member
from qualcode.store.learned import UNTAUGHT
from qualcode.store.schema import StandingRow

router = APIRouter()
# Changes of one kind on screen; all of them are counted.
SHOWN = 200
KINDS = ("ny", "flyttet", "væk")


@router.get("/laering")
def show_learning(visit: Member) -> HTMLResponse:
    """Show what can be learned from, what was learned, and which models are kept."""
    learner = _learner(visit.request)
    codebook = visit.desk.codebook
    with visit.desk.read() as session:
        decided, interviews = session.execute(
            select(func.count(), func.count(StandingRow.document_id.distinct())).where(
                StandingRow.study == visit.desk.study, StandingRow.status != Status.FORESLAAET.value
            )
        ).one()
        last = last_event(session)
    kept = learner.kept()
    lesson = None if learner.busy else learner.lesson
    changes = {kind: [one for one in lesson.changes if one.kind == kind] for kind in KINDS} if lesson else {}
    return visit.page(
        "learning.html",
        decided=decided,
        interviews=interviews,
        state=learner.state,
        busy=learner.busy,
        fault=learner.fault,
        lesson=lesson,
        changes=changes,
        shown=SHOWN,
        since=last - learner.upto,
        kept=list(reversed(kept)),
        active=next((one.number for one in kept if one.active), UNTAUGHT),
        bounded=bounded,
        name_of=lambda code: known(codebook, code).name,
        last=last,
    )


@router.get("/laering/tilstand")
def show_state(visit: Member) -> dict[str, Any]:
    """Return what the learner is at, for a page that waits for it."""
    return {"state": _learner(visit.request).state}


@router.post("/laering")
def take_wish(
    visit: Member, goer: Annotated[str, Form()] = "", model: Annotated[int, Form(ge=0)] = UNTAUGHT
) -> RedirectResponse:
    """Begin to learn, to use what was learned, to go back to a model; or throw away what was learned."""
    learner = _learner(visit.request)
    if goer == "laer":
        with visit.desk.read() as session:
            upto = last_event(session)
        learner.learn(upto)
    elif goer == "brug":
        learner.apply(visit.analyst)
    elif goer == "kast":
        learner.discard()
    elif goer == "tilbage":
        learner.restore(model)
    return RedirectResponse("/laering", 303)


def _learner(request: Request) -> Learner:
    learner: Learner = request.app.state.learner
    return learner
