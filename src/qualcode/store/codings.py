"""Suggestions in, effective codings out: what was suggested, as the journal of decisions left it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from qualcode.models import (
    Coding,
    Evidence,
    Interview,
    Neighbour,
    RuleHit,
    Source,
    Status,
    Valence,
)
from qualcode.store.database import count_change
from qualcode.store.journal import Standing, decisions, standing
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
    decided = _by_interview(standing(decisions(session, study)))
    for interview in interviews:
        yield from sorted(
            settled(suggestions(session, study, interview), decided.get(interview.id, {}), interview),
            key=lambda coding: (coding.start, coding.end, coding.code, coding.id),
        )


def orphaned(session: Session, study: str, interviews: Iterable[Interview]) -> list[Standing]:
    """Return what was decided on quotes that their transcript no longer has; they count nowhere and are kept."""
    texts = {interview.id: interview for interview in interviews}
    return [
        held
        for held in standing(decisions(session, study)).values()
        if held.first.interview not in texts or _place(held, texts[held.first.interview]) is None
    ]


def _by_interview(decided: Mapping[str, Standing]) -> dict[str, dict[str, Standing]]:
    sorted_out: dict[str, dict[str, Standing]] = {}
    for key, held in decided.items():
        sorted_out.setdefault(held.first.interview, {})[key] = held
    return sorted_out


def settled(suggested: Iterable[Coding], decided: Mapping[str, Standing], interview: Interview) -> Iterator[Coding]:
    """Yield an interview's suggestions as decisions left them, and what was decided on words no longer suggested.

    Args:
        suggested: suggestions for the interview, or for one turn of it
        decided: what stands, by coding, of the same interview or turn
        interview: as it is now
    """
    suggestions = list(suggested)
    ids = {suggestion.id for suggestion in suggestions}
    kept: dict[str, Coding] = {}
    for key, held in decided.items():
        place = _place(held, interview)
        # A note on something that is no longer suggested makes no coding of it.
        if place is not None and (held.status is not Status.FORESLAAET or key in ids):
            kept[key] = _decided(held, place)
    for suggestion in suggestions:
        if suggestion.id in kept:
            yield _with_evidence(kept[suggestion.id], suggestion)
        elif not any(_about_the_same(suggestion, decided[key], coding) for key, coding in kept.items()):
            yield suggestion
    yield from (coding for key, coding in kept.items() if key not in ids)


def _with_evidence(decided: Coding, suggestion: Coding) -> Coding:
    """Return the decided coding with the reasons that the machine now gives; another code is the analyst's own."""
    if decided.code != suggestion.code:
        return replace(decided, evidence=suggestion.evidence)
    return replace(decided, score=suggestion.score, source=suggestion.source, evidence=suggestion.evidence)


def _about_the_same(suggestion: Coding, held: Standing, coding: Coding) -> bool:
    return (
        suggestion.code in (held.first.code, coding.code)
        and suggestion.start < coding.end
        and coding.start < suggestion.end
    )


def _place(held: Standing, interview: Interview) -> tuple[int, int, int] | None:
    """Return (turn, start, end) of a decision's quote in the transcript of today, None if it is gone.

    Of several places with the same words the one whose surroundings are the same counts, if there is just one.
    """
    quote, first = held.quote, held.first
    start = held.start
    if interview.text[start : start + len(quote)] != quote:
        starts = [match.start() for match in re.finditer(re.escape(quote), interview.text)]
        if len(starts) > 1:
            around = (first.before, first.after)
            starts = [place for place in starts if interview.context(place, place + len(quote)) == around]
        if len(starts) != 1:
            return None
        start = starts[0]
    end = start + len(quote)
    turn = next((turn.number for turn in interview.turns if turn.start <= start and end <= turn.end), None)
    return (turn, start, end) if turn else None


def _decided(held: Standing, place: tuple[int, int, int]) -> Coding:
    turn, start, end = place
    return Coding(
        id=held.first.coding_id,
        interview=held.first.interview,
        turn=turn,
        start=start,
        end=end,
        speaker=held.first.speaker,
        code=held.code,
        valence=held.valence,
        score=1.0,
        source=Source.MENNESKE,
        status=held.status,
        analyst=held.analyst,
        mark=held.mark,
        memos=held.memos,
        revision=held.revision,
    )


def suggestions_of(session: Session, document_id: int, interview: str, turn: int | None = None) -> Iterator[Coding]:
    """Yield the suggestions of a document, or of one turn of it, without their evidence, in order of place."""
    columns = (
        SuggestionRow.id,
        SuggestionRow.turn,
        SuggestionRow.start,
        SuggestionRow.end,
        SuggestionRow.speaker,
        SuggestionRow.code,
        SuggestionRow.valence,
        SuggestionRow.score,
        SuggestionRow.source,
    )
    query = select(*columns).where(SuggestionRow.document_id == document_id)
    if turn is not None:
        query = query.where(SuggestionRow.turn == turn)
    for row in session.execute(query.order_by(SuggestionRow.start, SuggestionRow.id)):
        yield _suggestion(row, interview)


def evidence_of(session: Session, document_id: int, coding_id: str) -> Evidence:
    """Return why the machine suggests a coding; empty where it does not."""
    row = session.get(SuggestionRow, (document_id, coding_id))
    return _evidence(row.evidence) if row else Evidence()


def suggestions(session: Session, study: str, interview: Interview) -> list[Coding]:
    """Return what the machine suggests for an interview, whatever was decided on it, in the order of the text."""
    rows = session.scalars(
        select(SuggestionRow)
        .join(DocumentRow, DocumentRow.id == SuggestionRow.document_id)
        .where(DocumentRow.study == study, DocumentRow.file == interview.file)
        .order_by(SuggestionRow.start, SuggestionRow.id)
    )
    return [replace(_suggestion(row, interview.id), evidence=_evidence(row.evidence)) for row in rows]


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


def _suggestion(row: "SuggestionRow | Row[*tuple[Any, ...]]", interview: str) -> Coding:
    """Return a suggestion as stored, without its evidence."""
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
    )


def _evidence(stored: Mapping[str, object]) -> Evidence:
    rules, neighbours, cue = stored["rules"], stored["neighbours"], stored["valence_cue"]
    return Evidence(
        rules=tuple(RuleHit(**rule) for rule in rules) if isinstance(rules, list) else (),
        neighbours=tuple(Neighbour(**item) for item in neighbours) if isinstance(neighbours, list) else (),
        valence_cue=str(cue) if cue is not None else None,
    )
