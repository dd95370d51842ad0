"""Decisions whose words are no longer in their transcript: they count nowhere, are kept, and are shown."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from qualcode.models import Status
from qualcode.store.journal import Standing, numbered, standing
from qualcode.store.schema import DecisionRow, StandingRow

AT_MOST = 200


def orphans(session: Session, study: str) -> list[Standing]:
    """Return verdicts that still stand and have no coding among those as they stand, at most :data:`AT_MOST`."""
    placed = exists().where(StandingRow.study == study, StandingRow.id == DecisionRow.coding_id)
    query = select(DecisionRow.coding_id).where(DecisionRow.study == study, DecisionRow.round.is_(None), ~placed)
    ids = session.scalars(query.distinct().order_by(DecisionRow.coding_id).limit(AT_MOST)).all()
    events = numbered(session, study, DecisionRow.coding_id.in_(ids))
    held = standing(event for _, event in events).values()
    return [one for one in held if one.status is not Status.FORESLAAET]
