"""Coders of a blind round who worked in another program: their interviews are noted as answered.

Their codings come in as events of the round; here the round gets its coders and assignments. Who codes in another
program codes whole interviews, so each passage of the round in an interview that they coded counts as looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.agreement.rounds import Round, RoundPassage, now, passages, rounds, store_passages
from qualcode.agreement.sampling import Draw, Sample, draw_passages
from qualcode.errors import UsageError
from qualcode.language.pipeline import danish
from qualcode.models import Decision, Interview, digest
from qualcode.store.schema import AssignmentRow, RoundRow

_WHOLE = Sample(Draw.INTERVIEWS, share=1.0)


def join_round(
    session: Session, study: str, name: str, events: Iterable[Decision], interviews: Sequence[Interview]
) -> None:
    """Enter those who made events into a round, which is made if there is none of that name.

    Args:
        session: within a transaction
        study: name of the study
        name: of the round
        events: the round's, made elsewhere
        interviews: the study's

    Raises:
        UsageError: adjudication of the round has begun.
    """
    known = next((one for one in rounds(session, study) if one.name == name), None)
    if known is not None and known.closed:
        raise UsageError(f"Runden '{name}' er lukket, fordi den er ved at blive afgjort. Vælg et andet navn.")
    coded: dict[str, set[str]] = {}
    for event in events:
        coded.setdefault(event.analyst, set()).add(event.interview)
    touched = {interview for ids in coded.values() for interview in ids}
    joined = known or _made(session, study, name, [one for one in interviews if one.id in touched])
    row = session.get_one(RoundRow, joined.id)
    row.coders = [*row.coders, *(coder for coder in sorted(coded) if coder not in row.coders)]
    for coder, ids in coded.items():
        _assign(session, joined, coder, [one for one in passages(session, joined) if one.interview in ids])


def _made(session: Session, study: str, name: str, interviews: Sequence[Interview]) -> Round:
    by_id = {interview.id: interview for interview in interviews}
    how = asdict(_WHOLE) | {"draw": _WHOLE.draw.value}
    made = Round(digest(study, name)[:12], study, name, (), how, now(), None)
    session.add(RoundRow(**asdict(made) | {"coders": []}))
    session.flush()
    drawn = draw_passages(interviews, danish(), _WHOLE)
    store_passages(session, made, [(by_id[unit.interview], unit) for unit in drawn])
    session.flush()
    return made


def _assign(session: Session, joined: Round, coder: str, theirs: Sequence[RoundPassage]) -> None:
    query = select(AssignmentRow).where(AssignmentRow.round == joined.id, AssignmentRow.coder == coder)
    assigned = {row.passage: row for row in session.scalars(query)}
    for passage in theirs:
        row = assigned.get(passage.number)
        if row is None:
            session.add(AssignmentRow(round=joined.id, coder=coder, passage=passage.number, done=now()))
        else:
            row.done = row.done or now()
