"""The journal of decisions: append, read, and what stands in the end. Nothing is ever changed or deleted."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.models import Action, Decision, Valence
from qualcode.store.database import count_change
from qualcode.store.schema import DecisionRow

_FIELDS = tuple(Decision.__dataclass_fields__)


def append(session: Session, decision: Decision) -> None:
    """Add an event to the journal."""
    count_change(session)
    # Plain strings: a database driver may store an enumeration's name instead of its value.
    values = asdict(decision) | {"action": decision.action.value, "valence": decision.valence.value}
    session.add(DecisionRow(**values))


def decisions(session: Session, study: str) -> Iterator[Decision]:
    """Yield the events of a study in the order they were made."""
    for row in session.scalars(select(DecisionRow).where(DecisionRow.study == study).order_by(DecisionRow.id)):
        values = {field: getattr(row, field) for field in _FIELDS}
        yield Decision(**values | {"action": Action(row.action), "valence": Valence(row.valence)})


def standing(events: Iterable[Decision]) -> dict[str, Decision]:
    """Return what holds after all events, by coding: each ``undo`` takes back the last event still standing."""
    stacks: dict[str, list[Decision]] = {}
    for event in events:
        stack = stacks.setdefault(event.coding_id, [])
        if event.action is Action.UNDO:
            del stack[-1:]
        else:
            stack.append(event)
    return {coding_id: stack[-1] for coding_id, stack in stacks.items() if stack}
