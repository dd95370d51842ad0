"""Settle what the coders of a round disagree about.

The outcome is a decision of its own: a row of ``adjudication`` says what was settled, and open events of the journal
carry it out. Codings of the settled codes on the passage are accepted or added. Codings of other codes that some coder
used in the round are rejected: people looked at the passage and it has none of them. Codes that nobody used in the
round were perhaps not asked for, and stay as they are. What the coders answered stays in the round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.agreement.rounds import (
    SETTLING,
    Given,
    Round,
    RoundPassage,
    close,
    done_by,
    given_by,
    given_on,
    now,
    passages,
)
from qualcode.errors import UsageError
from qualcode.models import Action, Codebook, Coding, Decision, Interview, Source, Status, Valence, digest
from qualcode.review.decide import event_on
from qualcode.store.codings import effective_codings
from qualcode.store.journal import append, decisions, standing
from qualcode.store.schema import AdjudicationRow


@dataclass(frozen=True, slots=True)
class Settled:
    """One settling of a passage: who, when (UTC), which codes, and why."""

    analyst: str
    at: str
    codes: tuple[Given, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A passage that all the coders it was assigned to have answered.

    Attributes:
        given: coder → what they gave it, in the order of the text
        settlings: every settling so far, oldest first; the last one counts
    """

    passage: RoundPassage
    given: Mapping[str, tuple[Given, ...]]
    settlings: tuple[Settled, ...]

    @property
    def codes(self) -> dict[str, dict[str, Valence]]:
        """Coder → code → valence."""
        return {coder: {one.code: one.valence for one in given} for coder, given in self.given.items()}

    @property
    def settled(self) -> tuple[str, ...] | None:
        """The codes it was settled to have; None: not settled yet."""
        return tuple(one.code for one in self.settlings[-1].codes) if self.settlings else None

    @property
    def agreed(self) -> bool:
        """Whether all gave the same codes with the same valences; one coder alone agrees with nobody else to ask."""
        first, *others = self.codes.values()
        return all(other == first for other in others)


def answered(session: Session, of: Round) -> list[Answered]:
    """Return the passages that all the coders they were assigned to have answered, in reading order."""
    left = {passage.number for coder in of.coders for passage in passages(session, of, coder)}
    done = {coder: done_by(session, of, coder) for coder in of.coders}
    held = {coder: given_by(session, of, coder) for coder in of.coders}
    settlings = _settlings(session, of)
    found = []
    for passage in passages(session, of):
        given = {coder: tuple(given_on(held[coder], passage)) for coder in of.coders if passage.number in done[coder]}
        if given and passage.number not in left:
            found.append(Answered(passage, given, tuple(settlings.get(passage.number, ()))))
    return found


def _settlings(session: Session, of: Round) -> dict[int, list[Settled]]:
    query = select(AdjudicationRow).where(AdjudicationRow.round == of.id).order_by(AdjudicationRow.id)
    found: dict[int, list[Settled]] = {}
    for row in session.scalars(query):
        # Settlings stored before parts of passages could be had only codes and valences.
        codes = tuple(
            Given(one["code"], Valence(one["valence"]), one.get("start"), one.get("end")) for one in row.codes
        )
        found.setdefault(row.passage, []).append(Settled(row.analyst, row.at, codes, row.reason))
    return found


def settle(
    session: Session,
    of: Round,
    on: Answered,
    outcome: Sequence[Given],
    *,
    analyst: str,
    reason: str,
    interview: Interview,
    codebook: Codebook,
) -> None:
    """Store what a passage was settled to have, no code being an outcome too; the round is closed to its coders.

    Raises:
        UsageError: the transcript has changed since, or a code is unknown.
    """
    passage = on.passage
    if passage.document_digest != interview.digest:
        raise UsageError(f"Transskriptionen {interview.id} er ændret, siden runden blev lavet. Afgør i gennemsynet.")
    for one in outcome:
        if one.code not in codebook.by_id:
            raise UsageError(f"Koden '{one.code}' findes ikke i kodebogen {codebook.id}.")
    close(session, of)
    batch = f"{SETTLING}{of.id}-{passage.number}"
    session.add(
        AdjudicationRow(
            round=of.id,
            passage=passage.number,
            analyst=analyst,
            at=now(),
            codes=[asdict(one) | {"valence": one.valence.value} for one in outcome],
            reason=reason,
            batch=batch,
        )
    )
    told = f"Runde {of.name}, afsnit {passage.number}" + (f": {reason}" if reason else "")
    for event in _events(session, of, passage, outcome, interview, codebook):
        append(session, replace(event, analyst=analyst, reason=told, batch=batch))


def _events(
    session: Session,
    of: Round,
    passage: RoundPassage,
    outcome: Sequence[Given],
    interview: Interview,
    codebook: Codebook,
) -> Iterator[Decision]:
    """Yield what makes the codings on a passage what it was settled to have."""
    held = standing(decisions(session, of.study))
    here = [one for one in effective_codings(session, of.study, [interview]) if _lies_in(one, passage)]
    wanted = {one.code: one for one in outcome}
    in_play = {given.code for coder in of.coders for given in given_by(session, of, coder)}
    # What an earlier settling brought in goes out with it.
    in_play |= {one.code for settlings in _settlings(session, of).values() for past in settlings for one in past.codes}
    for coding in here:
        event = event_on(coding, interview, held.get(coding.id), study=of.study, codebook=codebook.digest)
        one = wanted.get(coding.code)
        if one is None:
            if coding.code in in_play and coding.status is not Status.AFVIST:
                yield replace(event, action=Action.REJECT)
            continue
        if coding.status is not Status.GODKENDT:
            yield replace(event, action=Action.ACCEPT)
        if coding.valence is not one.valence:
            yield replace(event, action=Action.VALUE, new_valence=one.valence)
    present = {coding.code for coding in here}
    for one in outcome:
        if one.code not in present:
            coding = _added(of.study, passage, one, interview)
            event = event_on(coding, interview, None, study=of.study, codebook=codebook.digest)
            yield replace(event, action=Action.ADD)


def _added(study: str, passage: RoundPassage, one: Given, interview: Interview) -> Coding:
    start = passage.start if one.start is None else one.start
    end = passage.end if one.end is None else one.end
    return Coding(
        id=digest("added", study, interview.id, one.code, start, end, interview.quote(start, end))[:16],
        interview=interview.id,
        turn=passage.turn,
        start=start,
        end=end,
        speaker=passage.speaker,
        code=one.code,
        valence=one.valence,
        score=1.0,
        source=Source.MENNESKE,
    )


def agreed_outcome(on: Answered) -> list[Given]:
    """Return what all gave a passage; where they marked the same part of it, that part."""
    outcome = []
    for code, valence in next(iter(on.codes.values())).items():
        spans = {(one.start, one.end) for given in on.given.values() for one in given if one.code == code}
        start, end = spans.pop() if len(spans) == 1 else (None, None)
        outcome.append(Given(code, valence, start, end))
    return outcome


def shared_outcome(on: Answered) -> list[Given]:
    """Return what coders who disagree have in common: codes that all gave, with the first coder's valence."""
    first, *others = on.given.values()
    return [one for one in first if all(one.code in {other.code for other in given} for given in others)]


def _lies_in(coding: Coding, passage: RoundPassage) -> bool:
    """Tell whether at least half of a coding lies in a passage."""
    shared = min(coding.end, passage.end) - max(coding.start, passage.start)
    return coding.interview == passage.interview and 2 * shared >= coding.end - coding.start
