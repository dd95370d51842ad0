"""Memos on codes and interviews."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from qualcode.errors import UsageError
from qualcode.review.web.visit import Member
from qualcode.store.notes import add_note

router = APIRouter()


@router.post("/notat")
def take_note(
    visit: Member,
    slags: Annotated[Literal["code", "interview"], Form()],
    om: Annotated[str, Form(max_length=400)] = "",
    tekst: Annotated[str, Form(max_length=10000)] = "",
    nummer: Annotated[int, Form()] = 0,
) -> RedirectResponse:
    """Add a memo and go back to what it is about."""
    if slags == "code" and om not in visit.desk.codebook.by_id:
        raise UsageError("Koden findes ikke i kodebogen.")
    if slags == "interview":
        with visit.desk.read() as session:
            om = visit.desk.interview(session, nummer).id
    if text := tekst.strip():
        with visit.desk.write() as session:
            add_note(session, visit.desk.study, f"{slags}:{om}", visit.analyst, text)
    return RedirectResponse(f"/koder/{om}" if slags == "code" else f"/interview/{nummer}", 303)
