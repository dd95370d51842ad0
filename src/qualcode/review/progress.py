"""How far a study has come, how often suggestions were right, how long a decision takes, how steady an analyst is."""

import datetime
import itertools
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from qualcode.models import Action, Status
from qualcode.store.journal import numbered, stacks
from qualcode.store.schema import DecisionRow, DocumentRow, StandingRow, SuggestionRow

Key = TypeVar("Key", str, int)
_Column = InstrumentedAttribute[Key]
_VERDICTS = (Action.ACCEPT, Action.REJECT, Action.RECODE)
# A longer wait than this is a pause, not a decision.
PAUSE = datetime.timedelta(minutes=3)
# Verdicts closer together than this are a correction, not a second look.
SECOND_LOOK = datetime.timedelta(hours=1)
_EVENTS_LOOKED_AT = 2000
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95 % interval for the share."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share in [0, 1], 0 of none."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end (Wilson 1927, without continuity correction)."""
        if not self.whole:
            return 0.0, 1.0
        spread = _Z95**2 / self.whole
        middle = (self.value + spread / 2) / (1 + spread)
        half = _Z95 / (1 + spread) * math.sqrt(self.value * (1 - self.value) / self.whole + spread / (4 * self.whole))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Judged:
    """What has become of the suggestions of one code or one interview.

    Attributes:
        accepted: accepted as suggested
        recoded: accepted with another code
        added: coded by an analyst where nothing was suggested
    """

    waiting: int = 0
    accepted: int = 0
    recoded: int = 0
    rejected: int = 0
    added: int = 0

    @property
    def judged(self) -> int:
        """Suggestions decided on."""
        return self.accepted + self.recoded + self.rejected

    @property
    def reviewed(self) -> Share:
        """Share of the suggestions decided on."""
        return Share(self.judged, self.judged + self.waiting)

    @property
    def right(self) -> Share:
        """Share of the suggestions decided on that were accepted as suggested."""
        return Share(self.accepted, self.judged)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many verdicts an analyst has given, and the median seconds between two, pauses left out."""

    analyst: str
    verdicts: int
    seconds: float | None


def by_code(session: Session, study: str) -> dict[str, Judged]:
    """Return what became of suggestions, by the code suggested (for added codings: by the code given)."""
    return _judged(_counts(session, study, SuggestionRow.code, StandingRow.code))


def by_document(session: Session, study: str) -> dict[int, Judged]:
    """Return the same by document."""
    return _judged(_counts(session, study, StandingRow.document_id, StandingRow.document_id))


def in_all(parts: Iterable[Judged]) -> Judged:
    """Return the sum."""
    rows = list(parts)
    return Judged(*(sum(getattr(row, name) for row in rows) for name in Judged.__dataclass_fields__))


def judged_of(session: Session, rows: Sequence[StandingRow]) -> Judged:
    """Return what became of some suggestions, such as a random sample."""
    codes: dict[tuple[int, str], str] = {}
    for row in rows:
        code = session.scalar(
            select(SuggestionRow.code).where(SuggestionRow.document_id == row.document_id, SuggestionRow.id == row.id)
        )
        codes[row.document_id, row.id] = code or row.code
    kinds = Counter(_kind(row.status, codes[row.document_id, row.id] == row.code) for row in rows)
    return Judged(**kinds)


def pace(session: Session, study: str) -> list[Pace]:
    """Return how quickly each analyst decides, from the latest verdicts; acts on many codings count once."""
    names = session.execute(
        select(DecisionRow.analyst, func.count().label("many"))
        .where(DecisionRow.study == study, DecisionRow.round.is_(None), DecisionRow.action.in_(_VERDICTS))
        .group_by(DecisionRow.analyst)
        .order_by(DecisionRow.analyst)
    ).all()
    return [Pace(row.analyst, row.many, _median_seconds(session, study, row.analyst)) for row in names]


def steadiness(session: Session, study: str, analyst: str) -> Share:
    """Return how many of an analyst's second verdicts, at least an hour after the first, were the same."""
    twice = session.scalars(
        select(DecisionRow.coding_id)
        .where(
            DecisionRow.study == study,
            DecisionRow.analyst == analyst,
            DecisionRow.round.is_(None),
            DecisionRow.action.in_(_VERDICTS),
        )
        .group_by(DecisionRow.coding_id)
        .having(func.count() > 1)
    ).all()
    same = pairs = 0
    for coding_id in twice:
        stack = stacks(numbered(session, study, DecisionRow.coding_id == coding_id))[coding_id]
        own = [event for _, event in stack if event.analyst == analyst and event.action in _VERDICTS]
        for first, second in itertools.pairwise(own):
            if _when(second.at) - _when(first.at) >= SECOND_LOOK:
                pairs += 1
                same += (first.action, first.new_code) == (second.action, second.new_code)
    return Share(same, pairs)


def _counts(
    session: Session, study: str, suggested_by: _Column[Key], added_by: _Column[Key]
) -> dict[tuple[Key, str], int]:
    own_code = (SuggestionRow.code == StandingRow.code).label("own_code")
    joined = (SuggestionRow.document_id == StandingRow.document_id) & (SuggestionRow.id == StandingRow.id)
    decided = session.execute(
        select(suggested_by, StandingRow.status, own_code, func.count())
        .join(StandingRow, joined)
        .where(StandingRow.study == study, StandingRow.status != Status.FORESLAAET.value)
        .group_by(suggested_by, StandingRow.status, own_code)
    ).all()
    others = session.execute(
        select(added_by, StandingRow.status, func.count())
        .where(
            StandingRow.study == study,
            (StandingRow.status == Status.FORESLAAET.value)
            | (~StandingRow.suggested & (StandingRow.status == Status.GODKENDT.value)),
        )
        .group_by(added_by, StandingRow.status)
    ).all()
    counts: Counter[tuple[Key, str]] = Counter()
    for key, status, same, count in decided:
        counts[key, _kind(status, bool(same))] += count
    for key, status, count in others:
        counts[key, "waiting" if status == Status.FORESLAAET.value else "added"] += count
    return counts


def _kind(status: str, own_code: bool) -> str:
    if status == Status.FORESLAAET.value:
        return "waiting"
    if status == Status.AFVIST.value:
        return "rejected"
    return "accepted" if own_code else "recoded"


def _judged(counts: Mapping[tuple[Key, str], int]) -> dict[Key, Judged]:
    found: dict[Key, dict[str, int]] = {}
    for (key, kind), count in counts.items():
        found.setdefault(key, {})[kind] = count
    return {key: Judged(**kinds) for key, kinds in found.items()}


def _median_seconds(session: Session, study: str, analyst: str) -> float | None:
    rows = session.execute(
        select(DecisionRow.at, DecisionRow.batch)
        .where(
            DecisionRow.study == study,
            DecisionRow.analyst == analyst,
            DecisionRow.round.is_(None),
            DecisionRow.action.in_(_VERDICTS),
        )
        .order_by(DecisionRow.id.desc())
        .limit(_EVENTS_LOOKED_AT)
    ).all()
    acts = {row.batch or number: _when(row.at) for number, row in enumerate(rows)}
    gaps = [later - earlier for later, earlier in itertools.pairwise(acts.values())]
    seconds = [gap.total_seconds() for gap in gaps if gap <= PAUSE]
    return statistics.median(seconds) if seconds else None


def _when(at: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(at)


def interviews_of(session: Session, study: str) -> dict[int, str]:
    """Return the interview of each present document."""
    query = select(DocumentRow.id, DocumentRow.interview).where(DocumentRow.study == study, DocumentRow.present)
    return {row.id: row.interview for row in session.execute(query.order_by(DocumentRow.interview))}
