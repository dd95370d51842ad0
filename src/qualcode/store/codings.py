"""Suggestions in, effective codings out: what was suggested, as the journal of decisions left it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from qualcode.models import (
    Action,
    Coding,
    Decision,
    Evidence,
    Interview,
    Neighbour,
    RuleHit,
    Source,
    Status,
    Valence,
)
from qualcode.store.database import count_change
from qualcode.store.journal import decisions, standing
from qualcode.store.schema import DocumentRow, SuggestionRow


def save_suggestions(
    session: Session,
    study: str,
    interview: Interview,
    codings: Iterable[Coding],
    *,
    coded_as: str,
    units: int,
) -> bool:
    """Replace the suggestions of an interview; decisions are not touched.

    Returns:
        False if the interview has changed meanwhile and nothing was stored.
    """
    row_id = session.scalar(
        select(DocumentRow.id).where(
            DocumentRow.study == study,
            DocumentRow.file == interview.file,
            DocumentRow.digest == interview.digest,
        )
    )
    if row_id is None:
        return False
    count_change(session)
    session.execute(delete(SuggestionRow).where(SuggestionRow.document_id == row_id))
    session.add_all(_row(row_id, coding) for coding in codings)
    session.execute(update(DocumentRow).where(DocumentRow.id == row_id).values(coded_as=coded_as, units=units))
    return True


def effective_codings(session: Session, study: str, interviews: Iterable[Interview]) -> Iterator[Coding]:
    """Yield the codings of interviews, sorted by place: suggestions, with what analysts decided of them.

    A decision holds even when its coding is no longer suggested, as long as its quote is found in the
    transcript; a fresh suggestion of the same code on words already decided upon is not shown again.
    """
    decided = standing(decisions(session, study))
    for interview in interviews:
        mine = {key: decision for key, decision in decided.items() if decision.interview == interview.id}
        yield from sorted(
            _effective(_suggested(session, study, interview), mine, interview),
            key=lambda coding: (coding.start, coding.end, coding.code, coding.id),
        )


def _effective(suggested: Iterable[Coding], decided: Mapping[str, Decision], interview: Interview) -> Iterator[Coding]:
    kept: list[Coding] = []
    for decision in decided.values():
        place = _place(decision, interview)
        if place is not None:
            kept.append(_decided(decision, place))
    by_id = {coding.id: coding for coding in kept}
    for suggestion in suggested:
        if suggestion.id in by_id:
            by_id[suggestion.id] = _with_evidence(by_id[suggestion.id], suggestion)
        elif not any(_about_the_same(suggestion, decided[coding.id], coding) for coding in kept):
            yield suggestion
    yield from by_id.values()


def _with_evidence(decided: Coding, suggestion: Coding) -> Coding:
    """Return the decided coding with the score and reasons that the machine now gives for it."""
    source = decided.source if decided.source is Source.MENNESKE else suggestion.source
    return replace(decided, score=suggestion.score, source=source, evidence=suggestion.evidence)


def _about_the_same(suggestion: Coding, decision: Decision, coding: Coding) -> bool:
    return (
        suggestion.code in (decision.code, coding.code)
        and suggestion.start < coding.end
        and coding.start < suggestion.end
    )


def _place(decision: Decision, interview: Interview) -> tuple[int, int, int] | None:
    """Return (turn, start, end) of a decision's quote in the transcript of today, None if it is gone."""
    if interview.text[decision.start : decision.end] == decision.quote:
        start = decision.start
    else:
        start = interview.text.find(decision.quote)
        if start < 0 or interview.text.find(decision.quote, start + 1) >= 0:
            return None
    end = start + len(decision.quote)
    turn = next((turn.number for turn in interview.turns if turn.start <= start and end <= turn.end), None)
    return (turn, start, end) if turn else None


def _decided(decision: Decision, place: tuple[int, int, int]) -> Coding:
    turn, start, end = place
    recoded = decision.action is Action.RECODE and decision.new_code
    return Coding(
        id=decision.coding_id,
        interview=decision.interview,
        turn=turn,
        start=start,
        end=end,
        speaker=decision.speaker,
        code=decision.new_code if recoded and decision.new_code else decision.code,
        valence=decision.valence,
        score=1.0,
        source=Source.MENNESKE,
        status=Status.AFVIST if decision.action is Action.REJECT else Status.GODKENDT,
    )


def _suggested(session: Session, study: str, interview: Interview) -> list[Coding]:
    rows = session.scalars(
        select(SuggestionRow)
        .join(DocumentRow, DocumentRow.id == SuggestionRow.document_id)
        .where(DocumentRow.study == study, DocumentRow.file == interview.file)
        .order_by(SuggestionRow.start, SuggestionRow.id)
    )
    return [_coding(row, interview.id) for row in rows]


def _row(document_id: int, coding: Coding) -> SuggestionRow:
    return SuggestionRow(
        document_id=document_id,
        id=coding.id,
        turn=coding.turn,
        start=coding.start,
        end=coding.end,
        speaker=coding.speaker,
        code=coding.code,
        valence=coding.valence.value,
        score=coding.score,
        source=coding.source.value,
        evidence=asdict(coding.evidence),
    )


def _coding(row: SuggestionRow, interview: str) -> Coding:
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
        evidence=_evidence(row.evidence),
    )


def _evidence(stored: Mapping[str, object]) -> Evidence:
    rules, neighbours, cue = stored["rules"], stored["neighbours"], stored["valence_cue"]
    return Evidence(
        rules=tuple(RuleHit(**rule) for rule in rules) if isinstance(rules, list) else (),
        neighbours=tuple(Neighbour(**item) for item in neighbours) if isinstance(neighbours, list) else (),
        valence_cue=str(cue) if cue is not None else None,
    )
