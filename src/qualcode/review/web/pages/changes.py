"""What has happened since a page was shown: asked for every few seconds."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import select

from qualcode.review.web.pages.card import last_event
from qualcode.review.web.visit import Member
from qualcode.review.web.wording import told
from qualcode.store.journal import numbered
from qualcode.store.schema import DecisionRow, StandingRow

router = APIRouter()
_AT_MOST = 200


@router.get("/aendringer")
def changes(visit: Member, efter: int) -> dict[str, Any]:
    """Return the open events after one, and how the codings they concern stand now."""
    with visit.desk.database.read() as session:
        last = last_event(session)
        if last <= efter:
            return {"last": last, "events": [], "codings": {}}
    with visit.desk.read() as session:
        last = last_event(session)
        events = numbered(session, visit.desk.study, DecisionRow.id > max(efter, last - _AT_MOST))
        ids = {event.coding_id for _, event in events}
        rows = session.scalars(
            select(StandingRow).where(StandingRow.id.in_(sorted(ids)), StandingRow.study == visit.desk.study)
        )
        codebook = visit.desk.codebook
        return {
            "last": last,
            "events": [
                {"id": event.coding_id, "mine": event.analyst == visit.analyst, "told": told(visit, event, codebook)}
                for _, event in events
            ],
            "codings": {
                row.id: {"revision": row.revision, "status": row.status, "said": visit.gettext(row.status)}
                for row in rows
            },
        }
