"""Which codings an analyst goes through, and in what order.

A selection is what the address of a page says; every query it makes walks an index in the order of the queue, so that
the next card comes as quickly from a million codings as from a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from qualcode.models import Code, Codebook, Kind, Level, Mark, Source, Status, Valence
from qualcode.review.blind import unseen_places
from qualcode.store.schema import StandingRow
from qualcode.store.standing import lot

# Counting stops here: "10.000+" says enough to somebody who has them ahead.
MANY = 10_000


class Queue(StrEnum):
    """In what order, and which codings at all.

    ``usikre`` the least certain first, ``sikre`` the most certain first, ``tekst`` in order of reading, ``oversete``
    what the model finds and no rule does, ``stikprøve`` a random sample, ``andet kig`` one's own earlier verdicts,
    the oldest first.
    """

    USIKRE = "usikre"
    SIKRE = "sikre"
    TEKST = "tekst"
    OVERSETE = "oversete"
    STIKPROEVE = "stikproeve"
    ANDET_KIG = "andet-kig"


@dataclass(frozen=True, slots=True)
class Selection:
    """A queue and the filters that narrow it; None or the empty string: no such filter.

    Attributes:
        code: id of a code; codes under it are meant too
        kind: kind of code
        themes: every kind but roles
        document: number of an interview's document
        status: codings to list; a queue of cards always takes those that wait for a decision
        at_least, at_most: probability in per cent
        seed: which random sample
        size: how many codings it has
        until: event of the journal before which a second look ends
    """

    queue: Queue = Queue.USIKRE
    code: str = ""
    kind: Kind | None = None
    themes: bool = False
    document: int | None = None
    level: Level | None = None
    source: Source | None = None
    valence: Valence | None = None
    status: Status | None = Status.FORESLAAET
    mark: Mark | None = None
    at_least: int | None = None
    at_most: int | None = None
    seed: int = 1
    size: int = 100
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """How many codings are left; ``more`` when counting stopped before the end."""

    count: int
    more: bool


class Walker:
    """Walks a selection of a study's codings, past those that a blind round keeps from the analyst.

    Args:
        session: an open session, with the codings as they stand up to date
        study: name of the study
        codebook: to know which codes lie under another
        selection: what to walk
        analyst: who looks, and whose second look it is
        with_children: whether a code means the codes under it, too
    """

    def __init__(
        self,
        session: Session,
        study: str,
        codebook: Codebook,
        selection: Selection,
        analyst: str,
        *,
        with_children: bool = True,
    ) -> None:
        self._session = session
        self._study = study
        self._codebook = codebook
        self._selection = selection
        self._analyst = analyst
        self._with_children = with_children
        self._unseen = sorted(unseen_places(session, study, analyst))

    def next(self, after: StandingRow | None = None) -> StandingRow | None:
        """Return the first coding that waits for a decision, or the first behind another."""
        if self._selection.queue is Queue.STIKPROEVE:
            return self._next_of_sample(after)
        query = self._ordered(self._waiting())
        if after is not None:
            query = query.where(self._behind(after))
        return self._session.scalars(query.limit(1)).first()

    def left(self) -> Left:
        """Return how many codings wait for a decision."""
        if self._selection.queue is Queue.STIKPROEVE:
            waiting = [row for row in self.sample() if row.status == Status.FORESLAAET.value]
            return Left(len(waiting), more=False)
        some = self._waiting().with_only_columns(StandingRow.id).limit(MANY + 1).subquery()
        count = self._session.scalar(select(func.count()).select_from(some)) or 0
        return Left(min(count, MANY), count > MANY)

    def page(self, number: int, size: int) -> tuple[Sequence[StandingRow], bool]:
        """Return one page of the selection, whatever the status asked for, and whether more follow.

        Args:
            number: of the page, from 1
            size: codings a page
        """
        if self._selection.queue is Queue.STIKPROEVE:
            wanted = self._selection.status
            rows = [row for row in self.sample() if wanted is None or row.status == wanted.value]
            first = (number - 1) * size
            return rows[first : first + size], len(rows) > first + size
        query = self._ordered(self._listed()).offset((number - 1) * size).limit(size + 1)
        found = self._session.scalars(query).all()
        return found[:size], len(found) > size

    def sample(self) -> list[StandingRow]:
        """Return the random sample: suggestions in the order of their lots, from a place that the seed decides.

        A lot is drawn by a coding's id, so the sample stays the same while it is worked through, and any stretch of
        lots is a simple random sample of the suggestions that the filters leave.
        """
        first = lot(f"seed {self._selection.seed}")
        query = self._filtered().where(StandingRow.suggested).order_by(StandingRow.lot, StandingRow.id)
        rows = list(self._session.scalars(query.where(StandingRow.lot >= first).limit(self._selection.size)))
        if len(rows) < self._selection.size:
            query = query.where(StandingRow.lot < first).limit(self._selection.size - len(rows))
            rows += self._session.scalars(query)
        return rows

    def _next_of_sample(self, after: StandingRow | None) -> StandingRow | None:
        rows = self.sample()
        ids = [row.id for row in rows]
        first = ids.index(after.id) + 1 if after is not None and after.id in ids else 0
        return next((row for row in rows[first:] if row.status == Status.FORESLAAET.value), None)

    def _waiting(self) -> Select[Any]:
        query = self._filtered()
        if self._selection.queue is Queue.ANDET_KIG:
            query = query.where(StandingRow.analyst == self._analyst, StandingRow.status != Status.FORESLAAET.value)
            if self._selection.until is not None:
                query = query.where(StandingRow.decided <= self._selection.until)
            return query
        return query.where(StandingRow.status == Status.FORESLAAET.value)

    def _listed(self) -> Select[Any]:
        if self._selection.queue is Queue.ANDET_KIG:
            return self._waiting()
        query = self._filtered()
        if self._selection.status is not None:
            query = query.where(StandingRow.status == self._selection.status.value)
        return query

    def _filtered(self) -> Select[Any]:
        chosen = self._selection
        query = select(StandingRow).where(StandingRow.study == self._study)
        if self._unseen:
            query = query.where(tuple_(StandingRow.document_id, StandingRow.turn).not_in(self._unseen))
        if chosen.code:
            below = [code.id for code in self._codebook.codes if code.id.startswith(f"{chosen.code}.")]
            below = below if self._with_children else []
            query = query.where(StandingRow.code.in_([chosen.code, *below]))
        if chosen.kind is not None or chosen.themes:
            query = query.where(
                StandingRow.code.in_([code.id for code in self._codebook.codes if self._is_meant(code)])
            )
        if chosen.document is not None:
            query = query.where(StandingRow.document_id == chosen.document)
        source = Source.MODEL if chosen.queue is Queue.OVERSETE else chosen.source
        for column, value in (
            (StandingRow.level, chosen.level),
            (StandingRow.source, source),
            (StandingRow.valence, chosen.valence),
            (StandingRow.mark, chosen.mark),
        ):
            if value is not None:
                query = query.where(column == value.value)
        if chosen.at_least is not None:
            query = query.where(StandingRow.score >= chosen.at_least / 100)
        if chosen.at_most is not None:
            query = query.where(StandingRow.score <= chosen.at_most / 100)
        return query

    def _is_meant(self, code: Code) -> bool:
        if self._selection.kind is not None:
            return code.kind is self._selection.kind
        return code.kind is not Kind.ROLLE

    def _ordered(self, query: Select[Any]) -> Select[Any]:
        match self._selection.queue:
            case Queue.SIKRE | Queue.OVERSETE:
                return query.order_by(StandingRow.score.desc(), StandingRow.id.desc())
            case Queue.TEKST:
                return query.order_by(StandingRow.document_id, StandingRow.start, StandingRow.id)
            case Queue.ANDET_KIG:
                return query.order_by(StandingRow.decided, StandingRow.id)
            case _:
                return query.order_by(StandingRow.doubt, StandingRow.id)

    def _behind(self, row: StandingRow) -> ColumnElement[bool]:
        match self._selection.queue:
            case Queue.SIKRE | Queue.OVERSETE:
                return tuple_(StandingRow.score, StandingRow.id) < tuple_(row.score, row.id)
            case Queue.TEKST if self._selection.document is not None:
                return tuple_(StandingRow.start, StandingRow.id) > tuple_(row.start, row.id)
            case Queue.TEKST:
                return tuple_(StandingRow.document_id, StandingRow.start, StandingRow.id) > tuple_(
                    row.document_id, row.start, row.id
                )
            case Queue.ANDET_KIG:
                return tuple_(StandingRow.decided, StandingRow.id) > tuple_(row.decided, row.id)
            case _:
                return tuple_(StandingRow.doubt, StandingRow.id) > tuple_(row.doubt, row.id)
