"""The list: many codings at once, and one act on those on screen."""

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from qualcode.models import Action
from qualcode.review.acts import Change, Done, Seen, decide_all
from qualcode.review.queues import Queue, Walker
from qualcode.review.web.filters import Chosen, address
from qualcode.review.web.pages.card import documents_of, last_event
from qualcode.review.web.rows import Shown, shown
from qualcode.review.web.visit import Member, Visit

router = APIRouter()
PAGE = 50


class SeenForm(BaseModel):
    """A coding on screen."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=40)
    revision: int = Field(ge=0)


class ManyForm(BaseModel):
    """One act on exactly these codings."""

    model_config = ConfigDict(extra="forbid")

    seen: list[SeenForm] = Field(min_length=1, max_length=5000)
    action: Literal[Action.ACCEPT, Action.REJECT, Action.RECODE]
    code: str | None = Field(default=None, max_length=200)


@router.get("/liste")
def show_list(visit: Member, chosen: Chosen, side: int = 1) -> HTMLResponse:
    """Show one page of a selection."""
    with visit.desk.read() as session:
        walker = Walker(session, visit.desk.study, visit.desk.codebook, chosen, visit.analyst)
        rows, more = walker.page(max(1, side), PAGE)
        found: list[Shown] = shown(session, visit.desk, rows)
        return visit.page(
            "list.html",
            chosen=chosen,
            query=address(chosen),
            rows=found,
            number=max(1, side),
            more=more,
            documents=documents_of(session, visit.desk.study),
            codebook=visit.desk.codebook,
            Queue=Queue,
            last=last_event(session),
        )


@router.post("/afgoerelser")
def decide_on_many(visit: Member, form: ManyForm) -> dict[str, Any]:
    """Do one thing to the codings on screen as one act."""
    seen = [Seen(each.id, each.revision) for each in form.seen]
    done = decide_all(visit.desk, seen, Change(form.action, new_code=form.code), visit.analyst)
    return {"message": bulk_message(visit, form.action, done), "changed": done.changed, "stale": list(done.stale)}


def bulk_message(visit: Visit, action: Action, done: Done) -> str:
    """Return what an act on many codings came to."""
    nget = visit.ngettext
    said = {
        Action.ACCEPT: nget("%(count)s kodning godkendt.", "%(count)s kodninger godkendt.", done.changed),
        Action.REJECT: nget("%(count)s kodning afvist.", "%(count)s kodninger afvist.", done.changed),
        Action.RECODE: nget("%(count)s kodning flyttet.", "%(count)s kodninger flyttet.", done.changed),
    }[action]
    if done.stale:
        said += " " + nget(
            "%(count)s er sprunget over, for den er ændret imens.",
            "%(count)s er sprunget over, for de er ændret imens.",
            len(done.stale),
        )
    return said
