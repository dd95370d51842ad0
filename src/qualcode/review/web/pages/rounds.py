"""Blind rounds: which there are, making one, and how far its coders agree."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.agreement.adjudicate import Answered, answered
from qualcode.agreement.compare import Comparison
from qualcode.agreement.gather import compare_round
from qualcode.agreement.page import bounded, number, share
from qualcode.agreement.rounds import Round, coder_named, make_round, open_passages, progress, rounds
from qualcode.agreement.sampling import Draw, Sample, draw_passages
from qualcode.errors import UsageError
from qualcode.language.pipeline import danish
from qualcode.review.web.cards import known
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.round_view import round_of
from qualcode.review.web.visit import Member, Visit
from qualcode.store.analysts import analyst_names
from qualcode.store.documents import load_interviews
from qualcode.store.schema import DecisionRow
from qualcode.study import Study

router = APIRouter()


@router.get("/runder")
def show_rounds(visit: Member) -> HTMLResponse:
    """Show the study's rounds and a form for a new one."""
    with visit.desk.read() as session:
        made = rounds(session, visit.desk.study)
        return visit.page(
            "rounds.html",
            rounds=[(one, progress(session, one), left_to(session, visit, one)) for one in reversed(made)],
            analysts=_analysts(session, visit),
            Draw=Draw,
            last=last_event(session),
        )


@router.post("/runder")
def take_round(
    visit: Member,
    navn: Annotated[str, Form(max_length=100)] = "",
    koder: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
    andre: Annotated[str, Form(max_length=2000)] = "",
    udvalg: Annotated[Draw, Form()] = Draw.PASSAGES,
    andel: Annotated[int, Form(ge=1, le=100)] = 20,
    overlap: Annotated[int, Form(ge=1, le=100)] = 100,
    froe: Annotated[int, Form(ge=0, le=10**6)] = 1,
) -> RedirectResponse:
    """Draw a round and assign it."""
    name = " ".join(navn.split())
    coders = list(dict.fromkeys(plain for one in (*koder, *andre.split(",")) if (plain := " ".join(one.split()))))
    if not name:
        raise UsageError("Giv runden et navn.")
    sample = Sample(udvalg, andel / 100, overlap / 100, froe)
    with visit.desk.read() as session:
        interviews = {one.id: one for one in load_interviews(session, visit.desk.study)}
    units = draw_passages(list(interviews.values()), danish(), sample)
    with visit.desk.write() as session:
        drawn = [(interviews[unit.interview], unit) for unit in units]
        made = make_round(session, visit.desk.study, name, coders, drawn, sample)
    return RedirectResponse(f"/runder/{made.id}", 303)


@router.get("/runder/{key}")
def show_round(visit: Member, key: str) -> HTMLResponse:
    """Show how far a round is and, to whoever has nothing left in it, how far its coders agree."""
    with visit.desk.read() as session:
        of = round_of(session, visit, key)
        left = left_to(session, visit, of)
        found = [] if left else answered(session, of)
        codebook = visit.desk.codebook
        coders = progress(session, of)
        return visit.page(
            "round.html",
            of=of,
            progress=coders,
            waiting=any(one.done < one.assigned for one in coders),
            left=left,
            mine=coder_named(of, visit.analyst),
            differing=[one for one in found if not one.agreed],
            unsettled=sum(not one.agreed and not one.settlings for one in found),
            agreed=len(agreed_unsettled(found)),
            settled=sum(bool(one.settlings) for one in found),
            comparisons=_comparisons(session, visit, of) if found else [],
            name_of=lambda code: known(codebook, code).name,
            number=number,
            share=share,
            bounded=bounded,
            last=last_event(session),
        )


def left_to(session: Session, visit: Visit, of: Round) -> int:
    """Return how many passages the visitor has left to code in an open round."""
    coder = coder_named(of, visit.analyst)
    return 0 if coder is None or of.closed else len(open_passages(session, of, coder))


def agreed_unsettled(found: list[Answered]) -> list[Answered]:
    """Return the passages that several coders agree about and that are not settled."""
    return [one for one in found if one.agreed and len(one.given) > 1 and not one.settlings]


def _comparisons(session: Session, visit: Visit, of: Round) -> list[Comparison]:
    found = compare_round(session, Study.open(visit.desk.folder), of, visit.desk.codebook)
    return [one for one in found if one.units]


def _analysts(session: Session, visit: Visit) -> list[str]:
    """Return who may be a coder: all that have decided something, have a password, or ask."""
    decided = session.scalars(select(DecisionRow.analyst).where(DecisionRow.study == visit.desk.study).distinct())
    return sorted({*decided, *analyst_names(session), visit.analyst}, key=str.casefold)
