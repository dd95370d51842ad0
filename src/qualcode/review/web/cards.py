"""A card: one coding with all that a person needs to judge it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.models import Action, Code, Codebook, Decision, Evidence, Facts, Informant, Interview, Turn
from qualcode.review.desk import Desk
from qualcode.review.passages import Mark, Piece, pieces, sentence_marks
from qualcode.store.codings import evidence_of
from qualcode.store.journal import numbered, stacks
from qualcode.store.schema import DecisionRow, StandingRow

# Turns shown on demand on either side of the quote's.
AROUND = 3
RECENT_CODES = 9
_EVENTS_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Other:
    """Another coding that touches the same words."""

    id: str
    code: Code
    score: float
    status: str


@dataclass(frozen=True, slots=True)
class Around:
    """A turn before or after the quote's."""

    turn: Turn
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A turn within the conversation.

    Attributes:
        before, after: the turns around it, nearest last and first
        question: the interviewer's last words before it, empty where there are none
    """

    turn: Turn
    before: tuple[Around, ...]
    after: tuple[Around, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Card:
    """One coding to judge.

    Attributes:
        row: as it stands
        turn, text: the quote's turn, cut where marks begin and end
        setting: what is said around it
        history: the events that still stand, oldest first
    """

    row: StandingRow
    interview: str
    facts: Facts
    informant: Informant
    code: Code
    parent: Code | None
    setting: Setting
    turn: Turn
    text: tuple[Piece, ...]
    evidence: Evidence
    words: tuple[str, ...]
    others: tuple[Other, ...]
    history: tuple[Decision, ...]

    @property
    def memos(self) -> list[Decision]:
        """Notes on it, oldest first."""
        return [event for event in self.history if event.action is Action.MEMO]


def card_of(session: Session, desk: Desk, row: StandingRow) -> Card:
    """Return the card of a coding."""
    interview = desk.interview(session, row.document_id)
    evidence = evidence_of(session, row.document_id, row.id)
    said = setting_of(interview, row.turn)
    turn = said.turn
    marks = [Mark(row.start, row.end, "quote")]
    marks += [Mark(hit.start, hit.end, "hit") for hit in evidence.rules]
    marks += sentence_marks(interview, turn)
    code = known(desk.codebook, row.code)
    events = numbered(session, desk.study, DecisionRow.coding_id == row.id)
    return Card(
        row=row,
        interview=interview.id,
        facts=interview.facts,
        informant=interview.informant(row.speaker),
        code=code,
        parent=desk.codebook.by_id.get(code.parent or ""),
        setting=said,
        turn=turn,
        text=tuple(pieces(interview, turn.start, turn.end, marks)),
        evidence=evidence,
        words=tuple(dict.fromkeys(interview.text[hit.start : hit.end] for hit in evidence.rules)),
        others=_others(session, desk, row),
        history=tuple(event for _, event in stacks(events).get(row.id, [])),
    )


def setting_of(interview: Interview, turn: int) -> Setting:
    """Return a turn of an interview with what is said around it."""
    number = next(index for index, one in enumerate(interview.turns) if one.number == turn)
    around = [Around(other, interview.text[other.start : other.end]) for other in interview.turns]
    asked = next((other for other in reversed(around[:number]) if other.turn.interviewer), None)
    return Setting(
        turn=interview.turns[number],
        before=tuple(around[max(0, number - AROUND) : number]),
        after=tuple(around[number + 1 : number + 1 + AROUND]),
        question=asked.text if asked else "",
    )


def known(codebook: Codebook, code: str) -> Code:
    """Return a code, one with just its id for a name where the codebook has it no more."""
    found = codebook.by_id.get(code)
    return found or Code(id=code, name=code, kind=codebook.codes[0].kind, definition="")


def recent_codes(session: Session, desk: Desk, analyst: str) -> list[Code]:
    """Return the codes an analyst has chosen lately, the last first."""
    chosen = session.execute(
        select(DecisionRow.new_code, DecisionRow.code)
        .where(
            DecisionRow.study == desk.study,
            DecisionRow.analyst == analyst,
            DecisionRow.action.in_([Action.RECODE.value, Action.ADD.value]),
            DecisionRow.round.is_(None),
        )
        .order_by(DecisionRow.id.desc())
        .limit(_EVENTS_LOOKED_AT)
    )
    ids = dict.fromkeys(new_code or code for new_code, code in chosen)
    return [desk.codebook.by_id[code] for code in ids if code in desk.codebook.by_id][:RECENT_CODES]


def _others(session: Session, desk: Desk, row: StandingRow) -> tuple[Other, ...]:
    rows = session.scalars(
        select(StandingRow)
        .where(
            StandingRow.document_id == row.document_id,
            StandingRow.turn == row.turn,
            StandingRow.start < row.end,
            StandingRow.end > row.start,
            StandingRow.id != row.id,
        )
        .order_by(StandingRow.score.desc(), StandingRow.id)
    )
    return tuple(Other(other.id, known(desk.codebook, other.code), other.score, other.status) for other in rows)
