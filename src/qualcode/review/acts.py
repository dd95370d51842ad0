"""What analysts do on the review page: checked against what stands, then added to the journal in one transaction.

Each act names the revision of the coding that the analyst looked at. Where a colleague has been there since, nothing
is stored and the analyst is told what happened; so nobody overwrites what they have not seen.
"""

import datetime
import itertools
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from qualcode.agreement.rounds import SETTLING
from qualcode.errors import QualcodeError, UsageError
from qualcode.models import Action, Coding, Decision, Interview, Source, Status, Valence, coding_name
from qualcode.review.decide import event_on
from qualcode.review.desk import Desk
from qualcode.store.journal import append, numbered, stacks, standing
from qualcode.store.schema import DecisionRow, StandingRow
from qualcode.store.standing import coding_of, record

_EVENTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """A coding as an analyst saw it."""

    coding_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to a coding; the fields that its action needs are filled in."""

    action: Action
    new_code: str | None = None
    new_valence: Valence | None = None
    span: tuple[int, int] | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an act on many codings came to: how many were changed, and which had changed meanwhile."""

    changed: int
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the events, and how many of the act could not be, for a colleague has been there since."""

    events: tuple[Decision, ...]
    held_by_others: int


class StaleError(QualcodeError):
    """A coding has changed since the analyst saw it.

    Attributes:
        coding_id: which
        since: what happened meanwhile, oldest first; empty where the suggestion itself is gone
    """

    def __init__(self, coding_id: str, since: Sequence[Decision]) -> None:
        self.coding_id = coding_id
        self.since = tuple(since)
        super().__init__("Kodningen er ændret, siden du så den.")


def decide(desk: Desk, seen: Seen, changes: Sequence[Change], analyst: str) -> None:
    """Do one or more things to a coding as one act.

    Raises:
        StaleError: it has changed since it was seen; nothing is stored.
        UsageError: a change cannot be made; nothing is stored.
    """
    batch = _new_batch() if len(changes) > 1 else None
    with desk.write() as session:
        if not _is_as_seen(session, desk.study, seen):
            raise StaleError(seen.coding_id, _since(session, desk.study, seen))
        for change in changes:
            _apply(session, desk, seen.coding_id, change, analyst, batch)


def decide_all(desk: Desk, all_seen: Iterable[Seen], change: Change, analyst: str) -> Done:
    """Do one thing to many codings as one act; those that have changed since they were seen are left alone.

    Raises:
        UsageError: the change cannot be made; nothing is stored.
    """
    batch = _new_batch()
    changed, stale = 0, []
    with desk.write() as session:
        for seen in all_seen:
            if _is_as_seen(session, desk.study, seen):
                _apply(session, desk, seen.coding_id, change, analyst, batch)
                changed += 1
            else:
                stale.append(seen.coding_id)
    return Done(changed, tuple(stale))


def add(desk: Desk, document_id: int, span: tuple[int, int], code: str, valence: Valence, analyst: str) -> str:
    """Code a passage that nobody suggested; return the coding's id. Coding it twice accepts what is there.

    Raises:
        UsageError: no such code, or the passage is not within one respondent's turn.
    """
    with desk.write() as session:
        interview = desk.interview(session, document_id)
        start, end = _within_a_turn(interview, *span)
        turn = next(turn for turn in interview.turns if turn.start <= start < turn.end)
        _known_code(desk, code)
        coding_id = _free_name(session, desk.study, document_id, interview, (start, end), code)
        coding = Coding(
            coding_id, interview.id, turn.number, start, end, turn.speaker, code, valence, 1.0, Source.MENNESKE
        )
        held = standing(event for _, event in _events(session, desk.study, coding_id)).get(coding_id)
        event = event_on(coding, interview, held, study=desk.study, codebook=desk.codebook.digest)
        record(session, replace(event, action=Action.ADD, analyst=analyst), document_id, interview)
    return coding_id


def undo(desk: Desk, analyst: str) -> Undone:
    """Take back the analyst's last act that still stands; of an act on many codings all that can be.

    What a colleague has decided on since is left to them, and the act before is taken instead.

    Raises:
        UsageError: there is nothing to take back.
    """
    batch = _new_batch()
    with desk.write() as session:
        found = _last_act(session, desk.study, analyst)
        if not found:
            raise UsageError("Du har intet at fortryde.")
        wanted = {number for number, _ in found}
        taken: list[Decision] = []
        for coding_id in dict.fromkeys(event.coding_id for _, event in found):
            stack = stacks(_events(session, desk.study, coding_id))[coding_id]
            while stack and stack[-1][0] in wanted:
                number, event = stack.pop()
                wanted.discard(number)
                _take_back(session, desk, event, analyst, batch if len(found) > 1 else None)
                taken.append(event)
        return Undone(tuple(taken), len(wanted))


def _apply(session: Session, desk: Desk, coding_id: str, change: Change, analyst: str, batch: str | None) -> None:
    row = _row(session, desk.study, coding_id)
    if row is None:
        raise StaleError(coding_id, ())
    interview = desk.interview(session, row.document_id)
    coding = coding_of(row, interview.id)
    held = standing(event for _, event in _events(session, desk.study, coding_id)).get(coding_id)
    event = replace(
        event_on(coding, interview, held, study=desk.study, codebook=desk.codebook.digest),
        action=change.action,
        analyst=analyst,
        reason=change.reason or None,
        batch=batch,
    )
    if change.action is Action.RECODE:
        event = replace(event, new_code=_known_code(desk, change.new_code))
    elif change.action is Action.VALUE:
        if change.new_valence is None:
            raise UsageError("Angiv den nye valens.")
        event = replace(event, new_valence=change.new_valence)
    elif change.action is Action.MOVE:
        if change.span is None:
            raise UsageError("Angiv det nye tekststykke.")
        start, end = _within_a_turn(interview, *change.span, turn=coding.turn)
        event = replace(event, new_start=start, new_end=end, new_quote=interview.quote(start, end))
    elif change.action is Action.MEMO and not change.reason:
        raise UsageError("Notatet er tomt.")
    record(session, event, row.document_id, interview)


def _take_back(session: Session, desk: Desk, event: Decision, analyst: str, batch: str | None) -> None:
    """Append an undoing of the last event standing on a coding."""
    back = replace(
        event,
        action=Action.UNDO,
        analyst=analyst,
        at=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        codebook_digest=desk.codebook.digest,
        new_code=None,
        new_valence=None,
        new_start=None,
        new_end=None,
        new_quote=None,
        reason=None,
        batch=batch,
    )
    row = _row(session, desk.study, event.coding_id)
    if row is None:
        # Its words are gone from the transcript: nothing stands there that could be set right.
        append(session, back)
        session.flush()
        return
    interview = desk.interview(session, row.document_id)
    record(session, replace(back, document_digest=interview.digest, turn=row.turn), row.document_id, interview)


def _last_act(session: Session, study: str, analyst: str) -> list[tuple[int, Decision]]:
    known: dict[str, list[tuple[int, Decision]]] = {}
    for number, coding_id, batch in _own_events(session, study, analyst):
        if coding_id not in known:
            known[coding_id] = stacks(_events(session, study, coding_id))[coding_id]
        stack = known[coding_id]
        if not stack or stack[-1][0] != number:
            continue
        if batch is None:
            return [stack[-1]]
        return [
            (other, event)
            for other, event in numbered(session, study, DecisionRow.batch == batch, DecisionRow.analyst == analyst)
            if event.action is not Action.UNDO and _stands(session, study, other, event, known)
        ]
    return []


def _stands(
    session: Session, study: str, number: int, event: Decision, known: dict[str, list[tuple[int, Decision]]]
) -> bool:
    if event.coding_id not in known:
        known[event.coding_id] = stacks(_events(session, study, event.coding_id))[event.coding_id]
    return any(number == other for other, _ in known[event.coding_id])


def _own_events(session: Session, study: str, analyst: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield number, coding and batch of an analyst's events but undoings, the last first."""
    before: int | None = None
    while True:
        query = select(DecisionRow.id, DecisionRow.coding_id, DecisionRow.batch).where(
            DecisionRow.study == study,
            DecisionRow.analyst == analyst,
            DecisionRow.round.is_(None),
            DecisionRow.action != Action.UNDO.value,
            # What was settled in a round is settled anew there; taken back here, the round would say otherwise.
            or_(DecisionRow.batch.is_(None), DecisionRow.batch.not_like(f"{SETTLING}%")),
        )
        if before is not None:
            query = query.where(DecisionRow.id < before)
        rows = session.execute(query.order_by(DecisionRow.id.desc()).limit(_EVENTS_AT_ONCE)).all()
        for row in rows:
            yield row.id, row.coding_id, row.batch
        if len(rows) < _EVENTS_AT_ONCE:
            return
        before = rows[-1].id


def _new_batch() -> str:
    return uuid.uuid4().hex


def _row(session: Session, study: str, coding_id: str) -> StandingRow | None:
    return session.scalars(
        select(StandingRow).where(StandingRow.id == coding_id, StandingRow.study == study)
    ).one_or_none()


def _is_as_seen(session: Session, study: str, seen: Seen) -> bool:
    row = _row(session, study, seen.coding_id)
    return row is not None and row.revision == seen.revision


def _since(session: Session, study: str, seen: Seen) -> list[Decision]:
    return [event for _, event in _events(session, study, seen.coding_id)][seen.revision :]


def _events(session: Session, study: str, coding_id: str) -> list[tuple[int, Decision]]:
    return numbered(session, study, DecisionRow.coding_id == coding_id)


def _known_code(desk: Desk, code: str | None) -> str:
    if code not in desk.codebook.by_id:
        raise UsageError(f"Koden '{code}' findes ikke i kodebogen {desk.codebook.id}.")
    return code


def _within_a_turn(interview: Interview, start: int, end: int, *, turn: int | None = None) -> tuple[int, int]:
    """Return a span without white space at its ends, if it lies within one respondent's turn."""
    if 0 <= start < end <= len(interview.text):
        words = interview.quote(start, end)
        start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    for response in interview.responses():
        if response.start <= start < end <= response.end and turn in (None, response.number):
            return start, end
    raise UsageError("Et kodet tekststykke skal ligge inden for én respondents replik.")


def _free_name(
    session: Session, study: str, document_id: int, interview: Interview, span: tuple[int, int], code: str
) -> str:
    """Return the id of a coding of these words: that of the one already there, else one not in use."""
    standing_there = session.scalars(
        select(StandingRow.id).where(
            StandingRow.document_id == document_id,
            StandingRow.start == span[0],
            StandingRow.end == span[1],
            StandingRow.code == code,
            StandingRow.status != Status.AFVIST.value,
        )
    ).first()
    if standing_there is not None:
        return standing_there
    quote = interview.quote(*span)
    for nth in itertools.count():
        name = coding_name(study, interview.id, code, quote, nth)
        row = _row(session, study, name)
        if row is not None and (row.start, row.end) == span:
            return name
        if row is None and not any(stacks(_events(session, study, name)).values()):
            return name
    raise AssertionError("unreachable")
