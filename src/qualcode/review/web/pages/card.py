"""The card: one coding at a time, one key a decision."""

from dataclasses import replace
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qualcode.agreement.rounds import usual_valence
from qualcode.errors import UsageError
from qualcode.models import Action, Status, Valence
from qualcode.review.acts import Change, Seen, StaleError, add, decide, undo
from qualcode.review.blind import unseen_places
from qualcode.review.queues import Queue, Selection, Walker
from qualcode.review.web.cards import card_of, recent_codes
from qualcode.review.web.filters import Chosen, address
from qualcode.review.web.visit import Member, Visit
from qualcode.review.web.wording import happened, meanwhile
from qualcode.store.schema import DecisionRow, DocumentRow, StandingRow

router = APIRouter()

_VERDICTS = frozenset({Action.ACCEPT, Action.REJECT, Action.RECODE})


class OneChange(BaseModel):
    """One thing to do to a coding."""

    model_config = ConfigDict(extra="forbid")

    action: Literal[
        Action.ACCEPT,
        Action.REJECT,
        Action.RECODE,
        Action.VALUE,
        Action.MOVE,
        Action.SHOWCASE,
        Action.WITHHOLD,
        Action.MEMO,
    ]
    code: str | None = Field(default=None, max_length=200)
    valence: Valence | None = None
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    reason: str | None = Field(default=None, max_length=5000)

    def change(self) -> Change:
        """Return it as the journal's part of the program knows it."""
        span = (self.start, self.end) if self.start is not None and self.end is not None else None
        return Change(self.action, self.code, self.valence, span, self.reason)


class DecisionForm(BaseModel):
    """What the card posts."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=40)
    revision: int = Field(ge=0)
    changes: list[OneChange] = Field(min_length=1, max_length=4)


class AddForm(BaseModel):
    """A passage to code."""

    model_config = ConfigDict(extra="forbid")

    document: int
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    code: str = Field(max_length=200)
    valence: Valence | None = None


@router.get("/kort")
def show_card(visit: Member, chosen: Chosen, id: str = "") -> HTMLResponse:
    """Show the next card of a queue, or the one asked for."""
    with visit.desk.read() as session:
        chosen = _bounded(session, chosen)
        row = _row(session, visit, id) or _walker(session, visit, chosen).next()
        return visit.page(
            "card.html",
            chosen=chosen,
            query=address(chosen),
            documents=documents_of(session, visit.desk.study),
            codebook=visit.desk.codebook,
            Queue=Queue,
            last=last_event(session),
            **_values(session, visit, chosen, row),
        )


@router.get("/kort/del")
def show_part(visit: Member, chosen: Chosen, id: str = "", efter: str = "") -> dict[str, Any]:
    """Return the card asked for, or the first behind another."""
    with visit.desk.read() as session:
        if id:
            return _part(session, visit, chosen, _row(session, visit, id))
        return _part(session, visit, chosen, _walker(session, visit, chosen).next(_row(session, visit, efter)))


@router.get("/kort/tilbage")
def count_left(visit: Member, chosen: Chosen) -> dict[str, Any]:
    """Return how many codings of a queue wait: asked for beside the card, which need not wait for it."""
    with visit.desk.read() as session:
        left = _walker(session, visit, chosen).left()
    return {"count": left.count, "more": left.more}


@router.post("/kort")
def decide_on_card(visit: Member, chosen: Chosen, form: DecisionForm) -> dict[str, Any]:
    """Store a decision and return the next card; the same card after what is no verdict."""
    with visit.desk.read() as session:
        before = _row(session, visit, form.id)
        asked_again = chosen.queue is Queue.ANDET_KIG and before is not None
        earlier = (before.status, before.code) if before is not None else None
        if before is not None:
            session.expunge(before)
    try:
        decide(visit.desk, Seen(form.id, form.revision), [each.change() for each in form.changes], visit.analyst)
    except StaleError as error:
        with visit.desk.read() as session:
            part = _part(session, visit, chosen, _row(session, visit, form.id))
        return part | {"message": meanwhile(visit, error, visit.desk.codebook), "refused": True}
    with visit.desk.read() as session:
        now = _row(session, visit, form.id)
        verdict = any(change.action in _VERDICTS for change in form.changes)
        after = _walker(session, visit, chosen).next(before) if verdict else now
        event = session.scalars(
            select(DecisionRow).where(DecisionRow.coding_id == form.id).order_by(DecisionRow.id.desc()).limit(1)
        ).one()
        message = _said(visit, event, form)
        if asked_again and verdict and now is not None and earlier is not None:
            message += " " + _compared(visit, earlier, (now.status, now.code))
        return _part(session, visit, chosen, after) | {"message": message}


@router.post("/kort/tilfoej")
def add_coding(visit: Member, form: AddForm) -> dict[str, Any]:
    """Code a passage that nobody suggested."""
    code = visit.desk.codebook.by_id.get(form.code)
    if code is None:
        raise UsageError("Koden findes ikke i kodebogen.")
    valence = form.valence or usual_valence(code)
    coding_id = add(visit.desk, form.document, (form.start, form.end), code.id, valence, visit.analyst)
    return {"id": coding_id, "message": visit.gettext("Tilføjet: %s.") % code.name}


@router.post("/fortryd")
def undo_last(visit: Member, chosen: Chosen) -> dict[str, Any]:
    """Take back the analyst's last act and show its card."""
    undone = undo(visit.desk, visit.analyst)
    codebook = visit.desk.codebook
    if len({event.coding_id for event in undone.events}) == 1:
        what = ", ".join(happened(visit, event, codebook) for event in undone.events)
        message = visit.gettext("Taget tilbage: %s.") % what
    else:
        message = visit.ngettext(
            "Taget tilbage: %(count)s afgørelse.", "Taget tilbage: %(count)s afgørelser.", len(undone.events)
        )
    if undone.held_by_others:
        message += " " + visit.ngettext(
            "%(count)s er ladt i fred, for en kollega har afgjort den siden.",
            "%(count)s er ladt i fred, for en kollega har afgjort dem siden.",
            undone.held_by_others,
        )
    with visit.desk.read() as session:
        row = _row(session, visit, undone.events[0].coding_id)
        part = _part(session, visit, chosen, row or _walker(session, visit, chosen).next())
    # How many of them wait for a decision again, for the page's count.
    waiting = len({event.coding_id for event in undone.events if event.action in _VERDICTS})
    return part | {"message": message, "waiting": waiting}


def documents_of(session: Session, study: str) -> list[tuple[int, str]]:
    """Return number and interview of a study's documents."""
    query = select(DocumentRow.id, DocumentRow.interview).where(DocumentRow.study == study, DocumentRow.present)
    return [(row.id, row.interview) for row in session.execute(query.order_by(DocumentRow.interview))]


def last_event(session: Session) -> int:
    """Return the number of the journal's last event."""
    return session.scalar(select(func.max(DecisionRow.id))) or 0


def _bounded(session: Session, chosen: Selection) -> Selection:
    """Return the selection; a second look ends where it began, not with the decisions made in it."""
    if chosen.queue is not Queue.ANDET_KIG or chosen.until is not None:
        return chosen
    return replace(chosen, until=last_event(session))


def _walker(session: Session, visit: Visit, chosen: Selection) -> Walker:
    return Walker(session, visit.desk.study, visit.desk.codebook, chosen, visit.analyst)


def _row(session: Session, visit: Visit, coding_id: str) -> StandingRow | None:
    query = select(StandingRow).where(StandingRow.id == coding_id, StandingRow.study == visit.desk.study)
    row = session.scalars(query).first()
    if row is not None and (row.document_id, row.turn) in unseen_places(session, visit.desk.study, visit.analyst):
        return None
    return row


def _values(session: Session, visit: Visit, chosen: Selection, row: StandingRow | None) -> dict[str, Any]:
    return {
        "card": card_of(session, visit.desk, row) if row is not None else None,
        "recent": recent_codes(session, visit.desk, visit.analyst),
        "names": {code.id: code.name for code in visit.desk.codebook.codes},
        "blind": chosen.queue is Queue.ANDET_KIG,
    }


def _part(session: Session, visit: Visit, chosen: Selection, row: StandingRow | None) -> dict[str, Any]:
    values = _values(session, visit, chosen, row)
    html = visit.fragment("_card.html", query=address(chosen), **values)
    return {"html": html, "id": row.id if row is not None else "", "query": address(chosen)}


def _said(visit: Visit, event: DecisionRow, form: DecisionForm) -> str:
    _ = visit.gettext
    name = visit.desk.codebook.by_id[event.new_code].name if event.new_code in visit.desk.codebook.by_id else ""
    said = {
        Action.ACCEPT: _("Godkendt."),
        Action.REJECT: _("Afvist."),
        Action.RECODE: _("Omkodet til %s.") % name,
        Action.VALUE: _("Valensen er ændret."),
        Action.MOVE: _("Tekststykket er rettet."),
        Action.SHOWCASE: _("Fremhævet til rapporten."),
        Action.WITHHOLD: _("Bliver ikke citeret."),
        Action.MEMO: _("Notatet er gemt."),
    }
    return said.get(form.changes[-1].action, "")


def _compared(visit: Visit, earlier: tuple[str, str], now: tuple[str, str]) -> str:
    if earlier == now:
        return visit.gettext("Det samme sagde du sidst.")
    if earlier[0] == Status.AFVIST.value:
        return visit.gettext("Sidst afviste du den.")
    code = visit.desk.codebook.by_id.get(earlier[1])
    return visit.gettext("Sidst godkendte du den som %s.") % (code.name if code else earlier[1])
