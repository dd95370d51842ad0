"""Blind rounds: made, worked on, counted.

A coder's codes are ``add`` events of the journal that carry the round's id; taking one back is an ``undo``. That a
passage has been looked at is noted in its assignment, so a passage without codes is an answer too.
Nothing here shows a coder what another coder or the machine made of a passage.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from qualcode.agreement.sampling import Sample, assign, turn_of
from qualcode.agreement.units import Unit
from qualcode.errors import UsageError
from qualcode.models import Action, Code, Codebook, Decision, Interview, Valence, digest
from qualcode.store.database import count_change
from qualcode.store.journal import Standing, append, decisions, standing
from qualcode.store.schema import AssignmentRow, DocumentRow, RoundPassageRow, RoundRow

# How the batches of settlings begin: they are settled anew, not undone.
SETTLING = "runde-"


@dataclass(frozen=True, slots=True)
class Round:
    """A blind round; ``sample`` says how its passages were drawn, ``closed`` when adjudication began."""

    id: str
    study: str
    name: str
    coders: tuple[str, ...]
    sample: dict[str, str | float | int]
    made: str
    closed: str | None


@dataclass(frozen=True, slots=True)
class RoundPassage:
    """A passage of a round as it was when the round was made; numbered from 1 in reading order."""

    number: int
    interview: str
    document_digest: str
    turn: int
    start: int
    end: int
    speaker: str
    quote: str


@dataclass(frozen=True, slots=True)
class Given:
    """A code that a coder gives a passage, or a part of it ``[start, end)`` of the interview's text."""

    code: str
    valence: Valence
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder is."""

    coder: str
    assigned: int
    done: int


def make_round(
    session: Session,
    study: str,
    name: str,
    coders: Sequence[str],
    drawn: Sequence[tuple[Interview, Unit]],
    sample: Sample,
) -> Round:
    """Store a round and its assignments.

    Raises:
        UsageError: fewer than two coders, a name that is taken, or no passages.
    """
    if len(coders) < 2 or len(set(coders)) != len(coders) or not all(coders):
        raise UsageError("En blindrunde skal have mindst to forskellige kodere.")
    if not drawn:
        raise UsageError("Der er ingen afsnit at kode.")
    if any(known.name == name for known in rounds(session, study)):
        raise UsageError(f"Studiet har allerede en runde med navnet '{name}'.")
    count_change(session)
    how = asdict(sample) | {"draw": sample.draw.value}
    made = Round(digest(study, name)[:12], study, name, tuple(coders), how, now(), None)
    session.add(RoundRow(**asdict(made) | {"coders": list(coders)}))
    session.flush()
    store_passages(session, made, drawn)
    for coder, numbers in assign(len(drawn), coders, sample).items():
        session.add_all(AssignmentRow(round=made.id, coder=coder, passage=number) for number in numbers)
    return made


def store_passages(session: Session, of: Round, drawn: Sequence[tuple[Interview, Unit]]) -> None:
    """Store the passages of a round, numbered from 1."""
    for number, (interview, unit) in enumerate(drawn, start=1):
        turn = turn_of(interview, unit)
        session.add(
            RoundPassageRow(
                round=of.id,
                number=number,
                interview=interview.id,
                document_digest=interview.digest,
                turn=turn,
                start=unit.start,
                end=unit.end,
                speaker=interview.turns[turn - 1].speaker,
                quote=interview.quote(unit.start, unit.end),
            )
        )


def rounds(session: Session, study: str) -> list[Round]:
    """Return the rounds of a study, oldest first."""
    rows = session.scalars(select(RoundRow).where(RoundRow.study == study).order_by(RoundRow.made, RoundRow.name))
    return [Round(row.id, row.study, row.name, tuple(row.coders), row.sample, row.made, row.closed) for row in rows]


def find_round(session: Session, study: str, name: str) -> Round:
    """Return the round with a name.

    Raises:
        UsageError: there is none.
    """
    known = rounds(session, study)
    for one in known:
        if name == one.name:
            return one
    told = ", ".join(one.name for one in known) or "ingen"
    raise UsageError(f"Studiet har ingen runde '{name}'. Runder: {told}.")


def progress(session: Session, of: Round) -> list[Progress]:
    """Return how many passages each coder has, and how many of them are done."""
    rows = session.execute(
        select(AssignmentRow.coder, func.count(), func.count(AssignmentRow.done))
        .where(AssignmentRow.round == of.id)
        .group_by(AssignmentRow.coder)
    )
    found = {coder: Progress(coder, assigned, done) for coder, assigned, done in rows}
    return [found.get(coder, Progress(coder, 0, 0)) for coder in of.coders]


def passages(session: Session, of: Round, coder: str | None = None) -> list[RoundPassage]:
    """Return the passages of a round, or those that a coder has left to do, in reading order."""
    query = select(RoundPassageRow).where(RoundPassageRow.round == of.id).order_by(RoundPassageRow.number)
    if coder is not None:
        left = select(AssignmentRow.passage).where(
            AssignmentRow.round == of.id, AssignmentRow.coder == coder, AssignmentRow.done.is_(None)
        )
        query = query.where(RoundPassageRow.number.in_(left))
    names = RoundPassage.__dataclass_fields__
    return [RoundPassage(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]


def open_passages(session: Session, of: Round, coder: str) -> list[RoundPassage]:
    """Return what a coder has left and can answer: a transcript that has changed ends the round for its passages."""
    present = select(DocumentRow.interview, DocumentRow.digest).where(
        DocumentRow.study == of.study, DocumentRow.present
    )
    digests = {row.interview: row.digest for row in session.execute(present)}
    left = passages(session, of, coder)
    return [passage for passage in left if digests.get(passage.interview) == passage.document_digest]


def assigned_to(session: Session, of: Round, coder: str) -> list[int]:
    """Return the numbers of a coder's passages, answered or not, in order."""
    query = select(AssignmentRow.passage).where(AssignmentRow.round == of.id, AssignmentRow.coder == coder)
    return sorted(session.scalars(query))


def done_by(session: Session, of: Round, coder: str) -> frozenset[int]:
    """Return the numbers of the passages that a coder has answered."""
    rows = session.scalars(
        select(AssignmentRow.passage).where(
            AssignmentRow.round == of.id, AssignmentRow.coder == coder, AssignmentRow.done.is_not(None)
        )
    )
    return frozenset(rows)


def given_by(session: Session, of: Round, coder: str) -> list[Standing]:
    """Return the codes that a coder has given and not taken back."""
    theirs = [event for event in decisions(session, of.study, of.id) if event.analyst == coder]
    return list(standing(theirs).values())


def given_on(held: Iterable[Standing], passage: RoundPassage) -> list[Given]:
    """Return which of a coder's codes lie on a passage, in the order of the text."""
    found = [one for one in held if one.first.interview == passage.interview and _within(one.start, one.end, passage)]
    return [Given(one.code, one.valence, one.start, one.end) for one in sorted(found, key=lambda one: one.start)]


def coder_named(of: Round, analyst: str) -> str | None:
    """Return the coder of a round that an analyst is, whatever the case of the letters; None: none of them."""
    if analyst in of.coders:
        return analyst
    return next((coder for coder in of.coders if coder.casefold() == analyst.casefold()), None)


def unseen_turns(session: Session, study: str, analyst: str) -> frozenset[tuple[str, int]]:
    """Return (interview, turn) of what an analyst must see no codes of yet.

    These are all passages assigned to them in rounds where they have some left: an answer can be mended until the
    last one is given, so it must be as blind as the first.
    """
    hidden: set[tuple[str, int]] = set()
    for one in rounds(session, study):
        coder = coder_named(one, analyst)
        if coder is None or one.closed or not open_passages(session, one, coder):
            continue
        mine = set(assigned_to(session, one, coder))
        hidden |= {(other.interview, other.turn) for other in passages(session, one) if other.number in mine}
    return frozenset(hidden)


def usual_valence(code: Code) -> Valence:
    """Return the valence a code has unless somebody says otherwise: what its kind says, else neutral."""
    kinds = {valence.value: valence for valence in Valence}
    return kinds.get(code.kind.value, Valence.NEUTRAL)


def answer(
    session: Session,
    of: Round,
    coder: str,
    number: int,
    given: Iterable[Given],
    *,
    interview: Interview,
    codebook: Codebook,
) -> None:
    """Store a coder's whole answer on a passage, none being an answer too; an earlier one is replaced, not erased.

    Raises:
        UsageError: the round is closed, the passage not the coder's, its transcript changed, or a code unknown.
    """
    passage = _passage_of(session, of, coder, number)
    if passage.document_digest != interview.digest:
        raise UsageError(f"Transskriptionen {interview.id} er ændret, siden runden blev lavet. Lav en ny runde.")
    wanted = {one.coding_id: one for one in (_added(passage, of, coder, one, interview, codebook) for one in given)}
    before = {held.first.coding_id: held.first for held in given_by(session, of, coder) if _inside(held.first, passage)}
    for coding_id, event in before.items():
        if coding_id not in wanted:
            append(session, _again(event, Action.UNDO))
    for coding_id, event in wanted.items():
        if coding_id not in before:
            append(session, event)
    session.execute(
        update(AssignmentRow)
        .where(AssignmentRow.round == of.id, AssignmentRow.coder == coder, AssignmentRow.passage == number)
        .values(done=now())
    )
    count_change(session)


def close(session: Session, of: Round) -> None:
    """Note that adjudication has begun; the coders' answers stay as they are from now on."""
    session.execute(update(RoundRow).where(RoundRow.id == of.id, RoundRow.closed.is_(None)).values(closed=now()))
    count_change(session)


def _passage_of(session: Session, of: Round, coder: str, number: int) -> RoundPassage:
    row = session.get(RoundRow, of.id)
    if row is None or row.closed:
        raise UsageError(f"Runden '{of.name}' er lukket: uenighederne er ved at blive afgjort.")
    if session.get(AssignmentRow, (of.id, coder, number)) is None:
        raise UsageError(f"Afsnit {number} i runden '{of.name}' er ikke tildelt {coder}.")
    return next(passage for passage in passages(session, of) if passage.number == number)


def _inside(event: Decision, passage: RoundPassage) -> bool:
    return event.interview == passage.interview and _within(event.start, event.end, passage)


def _within(start: int, end: int, passage: RoundPassage) -> bool:
    return passage.start <= start and end <= passage.end


def _added(
    passage: RoundPassage, of: Round, coder: str, one: Given, interview: Interview, codebook: Codebook
) -> Decision:
    start = passage.start if one.start is None else one.start
    end = passage.end if one.end is None else one.end
    if one.code not in codebook.by_id:
        raise UsageError(f"Koden '{one.code}' findes ikke i kodebogen {codebook.id}.")
    if not passage.start <= start < end <= passage.end:
        raise UsageError(f"Kodningen ligger ikke i afsnit {passage.number}.")
    before, after = interview.context(start, end)
    return Decision(
        coding_id=digest(of.id, coder, interview.id, one.code, one.valence, start, end)[:16],
        action=Action.ADD,
        analyst=coder,
        at=now(),
        study=of.study,
        interview=interview.id,
        document_digest=interview.digest,
        codebook_digest=codebook.digest,
        turn=passage.turn,
        start=start,
        end=end,
        speaker=passage.speaker,
        quote=interview.quote(start, end),
        code=one.code,
        valence=one.valence,
        before=before,
        after=after,
        round=of.id,
    )


def _again(event: Decision, action: Action) -> Decision:
    return replace(event, action=action, at=now())


def now() -> str:
    """Return the time of this moment as it is stored."""
    return datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
