"""Merging one code into another: what it would do, and doing it as one act that can be undone."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from qualcode.models import Action, Status
from qualcode.review.acts import Change, Done, Seen, decide_all
from qualcode.review.desk import Desk
from qualcode.store.schema import StandingRow


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merger would do.

    Attributes:
        accepted: codings that analysts have accepted; they get the new code
        waiting: suggestions nobody has judged; left alone unless asked for, since a new code accepts them
        rejected: codings rejected; they stay rejected
        interviews: how many interviews the accepted codings are from
        doubled: accepted codings whose words already carry the other code
    """

    accepted: int
    waiting: int
    rejected: int
    interviews: int
    doubled: int


def preview(session: Session, study: str, source: str, target: str) -> Preview:
    """Return what merging a code into another would do."""
    of_source = (StandingRow.study == study, StandingRow.code == source)
    counts = Counter(
        {
            row.status: row.many
            for row in session.execute(
                select(StandingRow.status, func.count().label("many")).where(*of_source).group_by(StandingRow.status)
            )
        }
    )
    accepted = (*of_source, StandingRow.status == Status.GODKENDT.value)
    other = aliased(StandingRow)
    same_words = exists().where(
        other.document_id == StandingRow.document_id,
        other.turn == StandingRow.turn,
        other.code == target,
        other.status == Status.GODKENDT.value,
        other.start < StandingRow.end,
        other.end > StandingRow.start,
    )
    return Preview(
        accepted=counts[Status.GODKENDT.value],
        waiting=counts[Status.FORESLAAET.value],
        rejected=counts[Status.AFVIST.value],
        interviews=session.scalar(select(func.count(StandingRow.document_id.distinct())).where(*accepted)) or 0,
        doubled=session.scalar(select(func.count()).select_from(StandingRow).where(*accepted, same_words)) or 0,
    )


def merge(desk: Desk, source: str, target: str, analyst: str, *, upto: int, with_waiting: bool) -> Done:
    """Give the codings of one code another, as one act.

    Args:
        desk: the study
        source: the code that is given up
        target: the code they get
        analyst: who decides
        upto: the journal's last event that the analyst saw; what has changed since is left alone
        with_waiting: also suggestions that nobody has judged; they are accepted by it

    Raises:
        UsageError: no such code.
    """
    wanted = [Status.GODKENDT.value, *([Status.FORESLAAET.value] if with_waiting else [])]
    with desk.read() as session:
        rows = session.execute(
            select(StandingRow.id, StandingRow.revision, StandingRow.decided)
            .where(StandingRow.study == desk.study, StandingRow.code == source, StandingRow.status.in_(wanted))
            .order_by(StandingRow.document_id, StandingRow.start)
        ).all()
    seen = [Seen(row.id, row.revision) for row in rows if row.decided <= upto]
    done = decide_all(desk, seen, Change(Action.RECODE, new_code=target), analyst)
    return Done(done.changed, (*done.stale, *(row.id for row in rows if row.decided > upto)))
