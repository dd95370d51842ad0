"""The journal of decisions: append, read, and what stands in the end. Nothing is ever changed or deleted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from qualcode.models import Action, Decision, Mark, Status, Valence
from qualcode.store.database import count_change
from qualcode.store.schema import DecisionRow

_FIELDS = tuple(Decision.__dataclass_fields__)
_MARKS = {Action.SHOWCASE: Mark.SHOWCASE, Action.WITHHOLD: Mark.WITHHOLD}
_VERDICTS = {
    Action.ACCEPT: Status.GODKENDT,
    Action.RECODE: Status.GODKENDT,
    Action.ADD: Status.GODKENDT,
    Action.REJECT: Status.AFVIST,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a coding after all that was decided on it.

    Attributes:
        first: the earliest event still standing; it holds the coding as suggested or added
        status: the last verdict, ``foreslået`` where it was only valued, moved, marked or noted on
        analyst: who decided last
        revision: how many events concern the coding, those taken back included
    """

    first: Decision
    status: Status
    code: str
    valence: Valence
    start: int
    end: int
    quote: str
    analyst: str
    mark: Mark | None
    memos: tuple[str, ...]
    revision: int

    @property
    def added(self) -> bool:
        """Whether a person made it, not the machine."""
        return self.first.action is Action.ADD


def append(session: Session, decision: Decision) -> None:
    """Add an event to the journal."""
    count_change(session)
    # Plain strings: a database driver may store an enumeration's name instead of its value.
    values = asdict(decision) | {
        "action": decision.action.value,
        "valence": decision.valence.value,
        "new_valence": decision.new_valence.value if decision.new_valence else None,
    }
    session.add(DecisionRow(**values))


def decisions(session: Session, study: str, blind_round: str | None = None) -> Iterator[Decision]:
    """Yield the open events of a study, or those of one blind round, in the order they were made."""
    query = select(DecisionRow).where(DecisionRow.study == study)
    query = query.where(DecisionRow.round.is_(None) if blind_round is None else DecisionRow.round == blind_round)
    for row in session.scalars(query.order_by(DecisionRow.id)):
        yield _decision(row)


def events_of(session: Session, study: str, coding_id: str) -> list[Decision]:
    """Return the open events on one coding, oldest first."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.study == study, DecisionRow.coding_id == coding_id, DecisionRow.round.is_(None))
        .order_by(DecisionRow.id)
    )
    return [_decision(row) for row in rows]


def numbered(session: Session, study: str, *chosen: ColumnElement[bool]) -> list[tuple[int, Decision]]:
    """Return open events of a study with their numbers in the journal, oldest first.

    Args:
        session: an open session
        study: name of the study
        chosen: conditions on :class:`~qualcode.store.schema.DecisionRow`
    """
    query = select(DecisionRow).where(DecisionRow.study == study, DecisionRow.round.is_(None), *chosen)
    return [(row.id, _decision(row)) for row in session.scalars(query.order_by(DecisionRow.id))]


def stacks(events: Iterable[tuple[int, Decision]]) -> dict[str, list[tuple[int, Decision]]]:
    """Return the events still standing, by coding, oldest first; codings with none left are there, empty."""
    left: dict[str, list[tuple[int, Decision]]] = {}
    for number, event in events:
        stack = left.setdefault(event.coding_id, [])
        if event.action is Action.UNDO:
            del stack[-1:]
        else:
            stack.append((number, event))
    return left


def revision(session: Session, study: str, coding_id: str) -> int:
    """Return how many open events concern a coding: it grows with each, so a stale page can be told."""
    query = select(func.count()).where(
        DecisionRow.study == study, DecisionRow.coding_id == coding_id, DecisionRow.round.is_(None)
    )
    return session.scalar(query) or 0


def standing_events(events: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Return the events that still stand, by coding, oldest first."""
    numbered = stacks(enumerate(events))
    return {coding_id: [event for _, event in stack] for coding_id, stack in numbered.items() if stack}


def standing(events: Iterable[Decision]) -> dict[str, Standing]:
    """Return what holds after all events, by coding: each ``undo`` takes back the last event still standing."""
    made = list(events)
    counts = Counter(event.coding_id for event in made)
    return {coding_id: _settle(stack, counts[coding_id]) for coding_id, stack in standing_events(made).items()}


def _settle(stack: list[Decision], count: int) -> Standing:
    first = stack[0]
    held = Standing(
        first=first,
        status=Status.FORESLAAET,
        code=first.code,
        valence=first.valence,
        start=first.start,
        end=first.end,
        quote=first.quote,
        analyst=stack[-1].analyst,
        mark=None,
        memos=(),
        revision=count,
    )
    for event in stack:
        held = _after(held, event)
    return held


def _after(held: Standing, event: Decision) -> Standing:
    if event.action in _VERDICTS:
        # Accepting or rejecting leaves an earlier new code as it is.
        return replace(held, status=_VERDICTS[event.action], code=event.new_code or held.code)
    if event.action in _MARKS:
        return replace(held, mark=_MARKS[event.action])
    if event.action is Action.VALUE and event.new_valence:
        return replace(held, valence=event.new_valence)
    if event.action is Action.MOVE and event.new_start is not None and event.new_end and event.new_quote:
        return replace(held, start=event.new_start, end=event.new_end, quote=event.new_quote)
    if event.action is Action.MEMO and event.reason:
        return replace(held, memos=(*held.memos, event.reason))
    return held


def _decision(row: DecisionRow) -> Decision:
    values = {field: getattr(row, field) for field in _FIELDS}
    return Decision(
        **values
        | {
            "action": Action(row.action),
            "valence": Valence(row.valence),
            "new_valence": Valence(row.new_valence) if row.new_valence else None,
        }
    )
