"""Codings as they stand, kept in a table of their own, so that queues need not fold the journal.

:func:`refresh` brings the table up to date with whatever was run, decided or imported since; it looks at documents
whose suggestions or decisions changed and at no others. :func:`record` appends an event to the journal and sets the
turn it concerns right in the same transaction, which is all that a decision on the page costs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from qualcode.models import Coding, Decision, Interview, Mark, Source, Status, Valence, digest
from qualcode.store.codings import settled, suggestions_of
from qualcode.store.database import change_count, claim_changes
from qualcode.store.documents import load_interview
from qualcode.store.journal import append, numbered, standing
from qualcode.store.schema import DecisionRow, DocumentRow, StandingDocumentRow, StandingRow, StandingStudyRow

_IDS_AT_ONCE = 500


def is_fresh(session: Session, study: str) -> bool:
    """Tell whether the table has followed all that was written to the database."""
    state = session.get(StandingStudyRow, study)
    return state is not None and state.changes == change_count(session)


def refresh(session: Session, study: str) -> None:
    """Bring a study's rows up to date, in a transaction for writing."""
    changes = claim_changes(session)
    state = session.get(StandingStudyRow, study)
    if state is None:
        state = StandingStudyRow(study=study, changes=-1, upto=0)
        session.add(state)
    if state.changes == changes:
        return
    present = {
        row.id: (row.interview, digest(row.digest, row.coded_as))
        for row in session.execute(
            select(DocumentRow.id, DocumentRow.interview, DocumentRow.digest, DocumentRow.coded_as)
            .where(DocumentRow.study == study, DocumentRow.present)
            .order_by(DocumentRow.id)
        )
    }
    made = _made_from(session, study)
    _drop(session, made.keys() - present.keys())
    touched = _touched(session, study, state.upto)
    stale = [
        (document_id, made_from)
        for document_id, (interview, made_from) in present.items()
        if made.get(document_id) != made_from or interview in touched
    ]
    for document_id, made_from in stale:
        _rebuild(session, study, document_id)
        session.merge(StandingDocumentRow(document_id=document_id, study=study, made_from=made_from))
    if stale:
        _count_values(session)
    state.changes = changes
    state.upto = _last_event(session)


def record(session: Session, decision: Decision, document_id: int, interview: Interview) -> None:
    """Append an event to the journal and bring its turn up to date; the table must have been fresh before.

    Args:
        session: a transaction for writing
        decision: the event
        document_id: the document it concerns
        interview: the same, as stored
    """
    append(session, decision)
    session.flush()
    place = (StandingRow.document_id == document_id, StandingRow.turn == decision.turn)
    ids = {*session.scalars(select(StandingRow.id).where(*place)), decision.coding_id}
    events = _events(session, decision.study, ids)
    suggested = list(suggestions_of(session, document_id, interview.id, decision.turn))
    session.execute(delete(StandingRow).where(*place))
    _insert(session, decision.study, document_id, interview, suggested, events)
    state = session.get_one(StandingStudyRow, decision.study)
    state.changes = change_count(session)
    state.upto = _last_event(session)


def coding_of(row: StandingRow, interview: str) -> Coding:
    """Return a row as a coding, without evidence and memos."""
    return Coding(
        id=row.id,
        interview=interview,
        turn=row.turn,
        start=row.start,
        end=row.end,
        speaker=row.speaker,
        code=row.code,
        valence=Valence(row.valence),
        score=row.score,
        source=Source(row.source),
        status=Status(row.status),
        analyst=row.analyst,
        mark=Mark(row.mark) if row.mark else None,
        revision=row.revision,
    )


def _made_from(session: Session, study: str) -> Mapping[int, str]:
    rows = session.scalars(select(StandingDocumentRow).where(StandingDocumentRow.study == study))
    return {row.document_id: row.made_from for row in rows}


def _touched(session: Session, study: str, upto: int) -> set[str]:
    """Return the interviews that have had open decisions since an event; what is said in a blind round changes none."""
    query = select(DecisionRow.interview).where(
        DecisionRow.study == study, DecisionRow.id > upto, DecisionRow.round.is_(None)
    )
    return set(session.scalars(query.distinct()))


def _last_event(session: Session) -> int:
    return session.scalar(select(func.max(DecisionRow.id))) or 0


def _drop(session: Session, documents: Iterable[int]) -> None:
    for document_id in documents:
        session.execute(delete(StandingRow).where(StandingRow.document_id == document_id))
        session.execute(delete(StandingDocumentRow).where(StandingDocumentRow.document_id == document_id))


def _rebuild(session: Session, study: str, document_id: int) -> None:
    interview = load_interview(session, document_id)
    suggested = list(suggestions_of(session, document_id, interview.id))
    events = numbered(session, study, DecisionRow.interview == interview.id)
    session.execute(delete(StandingRow).where(StandingRow.document_id == document_id))
    _insert(session, study, document_id, interview, suggested, events)


def _count_values(session: Session) -> None:
    """Let the database count how many values each index has: without, it may walk a million rows for one interview."""
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit=1000"))
    session.execute(text("ANALYZE standing"))
    session.execute(text("ANALYZE decision"))


def _events(session: Session, study: str, ids: set[str]) -> list[tuple[int, Decision]]:
    wanted = sorted(ids)
    found = []
    for first in range(0, len(wanted), _IDS_AT_ONCE):
        found += numbered(session, study, DecisionRow.coding_id.in_(wanted[first : first + _IDS_AT_ONCE]))
    return sorted(found, key=lambda pair: pair[0])


def _insert(
    session: Session,
    study: str,
    document_id: int,
    interview: Interview,
    suggested: list[Coding],
    events: list[tuple[int, Decision]],
) -> None:
    last = {event.coding_id: number for number, event in events}
    revisions = Counter(event.coding_id for _, event in events)
    ids = {coding.id for coding in suggested}
    decided = standing(event for _, event in events)
    rows = [
        {
            "document_id": document_id,
            "id": coding.id,
            "study": study,
            "turn": coding.turn,
            "start": coding.start,
            "end": coding.end,
            "speaker": coding.speaker,
            "level": interview.informant(coding.speaker).level.value,
            "code": coding.code,
            "valence": coding.valence.value,
            "score": coding.score,
            "doubt": round(abs(coding.score - 0.5), 4),
            "lot": lot(coding.id),
            "source": coding.source.value,
            "suggested": coding.id in ids,
            "status": coding.status.value,
            "analyst": coding.analyst,
            "mark": coding.mark.value if coding.mark else None,
            "memos": len(coding.memos),
            "revision": revisions[coding.id],
            "decided": last.get(coding.id, 0),
        }
        for coding in settled(suggested, decided, interview)
    ]
    if rows:
        session.execute(insert(StandingRow), rows)


def lot(coding_id: str) -> int:
    """Return the number that a coding draws in a random order, in [0, 2³¹); ids are hashes already."""
    return int(digest(coding_id)[:8], 16) >> 1
