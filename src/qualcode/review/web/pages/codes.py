"""Codes: how many quotes each has, all quotes of one side by side, moving some or all of them to another."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, select

from qualcode.errors import UsageError
from qualcode.models import Action
from qualcode.review.merging import merge, preview
from qualcode.review.queues import Queue, Selection, Walker
from qualcode.review.web.cards import known
from qualcode.review.web.filters import Chosen, address
from qualcode.review.web.pages.card import documents_of, last_event
from qualcode.review.web.pages.lists import bulk_message
from qualcode.review.web.rows import shown
from qualcode.review.web.visit import Member
from qualcode.store.notes import notes_about
from qualcode.store.schema import StandingRow

router = APIRouter()
PAGE = 60


@router.get("/koder")
def show_codes(visit: Member) -> HTMLResponse:
    """Show the codebook with counts."""
    codebook = visit.desk.codebook
    with visit.desk.read() as session:
        counts: dict[str, dict[str, int]] = {}
        query = select(StandingRow.code, StandingRow.status, func.count()).where(StandingRow.study == visit.desk.study)
        for code, status, count in session.execute(query.group_by(StandingRow.code, StandingRow.status)):
            counts.setdefault(code, {})[status] = count
        unknown = [known(codebook, code) for code in sorted(counts.keys() - codebook.by_id.keys())]
        return visit.page("codes.html", codes=[*codebook.codes, *unknown], counts=counts, last=last_event(session))


@router.get("/koder/{code}")
def show_code(visit: Member, code: str, chosen: Chosen, side: int = 1) -> Response:
    """Show the quotes of one code side by side."""
    codebook = visit.desk.codebook
    selection = _of_code(chosen, code)
    with visit.desk.read() as session:
        walker = Walker(session, visit.desk.study, codebook, selection, visit.analyst, with_children=False)
        rows, more = walker.page(max(1, side), PAGE)
        if code not in codebook.by_id and not rows:
            raise UsageError("Koden findes ikke i kodebogen.")
        return visit.page(
            "code.html",
            code=known(codebook, code),
            codebook=codebook,
            chosen=selection,
            query=address(selection, code=""),
            rows=shown(session, visit.desk, rows),
            number=max(1, side),
            more=more,
            documents=documents_of(session, visit.desk.study),
            notes=notes_about(session, visit.desk.study, f"code:{code}"),
            last=last_event(session),
        )


@router.get("/koder/{code}/saml")
def show_merger(visit: Member, code: str, til: str = "") -> Response:
    """Show what merging a code into another would do."""
    codebook = visit.desk.codebook
    with visit.desk.read() as session:
        target = codebook.by_id.get(til) if til != code else None
        return visit.page(
            "merge.html",
            code=known(codebook, code),
            target=target,
            codebook=codebook,
            preview=preview(session, visit.desk.study, code, target.id) if target else None,
            last=last_event(session),
        )


@router.post("/koder/{code}/saml")
def merge_codes(
    visit: Member,
    code: str,
    til: Annotated[str, Form(max_length=200)],
    set_til: Annotated[int, Form(ge=0)],
    ogsaa_forslag: Annotated[str, Form()] = "",
) -> Response:
    """Merge a code into another as one act."""
    if til not in visit.desk.codebook.by_id or til == code:
        raise UsageError("Vælg en anden kode at samle i.")
    done = merge(visit.desk, code, til, visit.analyst, upto=set_til, with_waiting=ogsaa_forslag == "ja")
    with visit.desk.read() as session:
        return visit.page(
            "merged.html",
            message=bulk_message(visit, Action.RECODE, done),
            code=known(visit.desk.codebook, code),
            target=visit.desk.codebook.by_id[til],
            last=last_event(session),
        )


def _of_code(chosen: Selection, code: str) -> Selection:
    """Return the selection for one code, in order of reading unless asked otherwise."""
    return replace(chosen, code=code, queue=Queue.TEKST if chosen.queue is Queue.USIKRE else chosen.queue)
