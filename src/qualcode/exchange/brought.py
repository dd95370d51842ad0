"""Codings that people made elsewhere → events for the journal, none of them twice."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from qualcode.models import Action, Coding, Decision, Interview, Mark, Source, Status, Turn, Valence, digest
from qualcode.store.codings import effective_codings
from qualcode.store.journal import decisions, standing_events

_APPROVING = frozenset({Action.ACCEPT, Action.RECODE, Action.ADD})
_MARKING = {Mark.SHOWCASE: Action.SHOWCASE, Mark.WITHHOLD: Action.WITHHOLD}
_Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Memo:
    """A note on a coding, who wrote it and when; the time may be unknown."""

    text: str
    analyst: str
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A coding made elsewhere, placed in one turn of an interview; None where nothing is known."""

    interview: Interview
    turn: Turn
    start: int
    end: int
    code: str
    analyst: str
    at: str | None = None
    valence: Valence | None = None
    mark: Mark | None = None
    memos: tuple[Memo, ...] = ()

    @property
    def key(self) -> _Key:
        """What makes two codings the same: interview, code and span."""
        return self.interview.id, self.code, self.start, self.end


@dataclass
class Outcome:
    """The events that bring codings into a study, and how many of each sort, by a Danish word."""

    events: list[Decision] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def open_events(
    session: Session, study: str, interviews: Sequence[Interview], brought: Iterable[Brought], codebook_digest: str
) -> Outcome:
    """Return the events that make codings the open decisions of those who made them.

    A coding the study has already is approved by whoever made it elsewhere; one that was rejected here stays so.
    Valence and mark of a coding approved here are left as they are: what comes from outside may be older.

    Args:
        session: of the study's database
        study: name of the study
        interviews: its interviews
        brought: codings made elsewhere
        codebook_digest: of the codebook they were made with
    """
    here = {
        (coding.interview, coding.code, coding.start, coding.end): coding
        for coding in effective_codings(session, study, interviews)
    }
    stacks = standing_events(decisions(session, study))
    approvers = {key: _approvers(stacks.get(coding.id, [])) for key, coding in here.items()}
    taken = {coding.id for coding in here.values()}
    outcome = Outcome()
    for each in brought:
        event = _event(each, study, codebook_digest)
        known = here.get(each.key)
        if known is None:
            known = _added(each, _free_id(event, taken))
            here[each.key] = known
            taken.add(known.id)
            outcome.events.append(replace(event, coding_id=known.id))
            outcome.counts["nye kodninger"] += 1
        elif known.status is Status.AFVIST:
            outcome.counts["afvist i studiet, ikke ændret"] += 1
            continue
        elif each.analyst in approvers.get(each.key, set()):
            outcome.counts["allerede i studiet"] += 1
        else:
            outcome.events.append(replace(event, coding_id=known.id, action=Action.ACCEPT, valence=known.valence))
            outcome.counts["godkendelser af kodninger i studiet"] += 1
        approvers.setdefault(each.key, set()).add(each.analyst)
        outcome.events += _details(each, event, known)
        here[each.key] = _with_details(known, each)
    return outcome


def round_events(session: Session, study: str, brought: Iterable[Brought], codebook_digest: str, name: str) -> Outcome:
    """Return the events that make codings a blind round: they count for agreement only.

    Args:
        session: of the study's database
        study: name of the study
        brought: codings made elsewhere
        codebook_digest: of the codebook they were made with
        name: of the round
    """
    round_id = digest(study, name)[:12]
    held = {
        (event.analyst, event.interview, event.code, event.start, event.end)
        for stack in standing_events(decisions(session, study, round_id)).values()
        for event in stack
        if event.action is Action.ADD
    }
    outcome = Outcome()
    for each in brought:
        if (each.analyst, *each.key) in held:
            outcome.counts["allerede i runden"] += 1
            continue
        held.add((each.analyst, *each.key))
        event = _event(each, study, codebook_digest)
        # Coders of a round do not share codings, so the id holds the coder's name.
        key = digest(round_id, each.analyst, each.interview.id, each.code, event.valence, each.start, each.end)[:16]
        event = replace(event, coding_id=key, round=round_id)
        outcome.events += [event, *(_memo_event(memo, event) for memo in each.memos)]
        outcome.counts[f"kodninger i runden '{name}'"] += 1
    return outcome


def told(counts: Mapping[str, int]) -> list[str]:
    """Return the counts of an import as lines for the user."""
    return [f"{what[0].upper()}{what[1:]}: {number}" for what, number in counts.items() if number]


def _event(each: Brought, study: str, codebook_digest: str) -> Decision:
    interview = each.interview
    before, after = interview.context(each.start, each.end)
    return Decision(
        coding_id="",
        action=Action.ADD,
        analyst=each.analyst,
        at=moment(each.at),
        study=study,
        interview=interview.id,
        document_digest=interview.digest,
        codebook_digest=codebook_digest,
        turn=each.turn.number,
        start=each.start,
        end=each.end,
        speaker=each.turn.speaker,
        quote=interview.quote(each.start, each.end),
        code=each.code,
        valence=each.valence or Valence.NEUTRAL,
        before=before,
        after=after,
    )


def _free_id(event: Decision, taken: set[str]) -> str:
    """Return the id that the coder would give the coding, or the next one if other words have it."""
    content = digest(event.study, event.interview, event.code, event.quote)
    number = 0
    while (key := digest(content, number)[:16]) in taken:
        number += 1
    return key


def _added(each: Brought, key: str) -> Coding:
    return Coding(
        id=key,
        interview=each.interview.id,
        turn=each.turn.number,
        start=each.start,
        end=each.end,
        speaker=each.turn.speaker,
        code=each.code,
        valence=each.valence or Valence.NEUTRAL,
        score=1.0,
        source=Source.MENNESKE,
        status=Status.FORESLAAET,
    )


def _approvers(stack: Iterable[Decision]) -> set[str]:
    found: set[str] = set()
    for event in stack:
        if event.action in _APPROVING:
            found.add(event.analyst)
        elif event.action is Action.REJECT:
            found.discard(event.analyst)
    return found


def _details(each: Brought, event: Decision, known: Coding) -> list[Decision]:
    """Return the events for valence, mark and memos that the study does not hold yet."""
    about = replace(event, coding_id=known.id, valence=known.valence)
    events: list[Decision] = []
    if known.status is Status.FORESLAAET:
        if each.valence and each.valence is not known.valence:
            events.append(replace(about, action=Action.VALUE, new_valence=each.valence))
        if each.mark and each.mark is not known.mark:
            events.append(replace(about, action=_MARKING[each.mark]))
    return events + [_memo_event(memo, about) for memo in each.memos if memo.text not in known.memos]


def _memo_event(memo: Memo, about: Decision) -> Decision:
    return replace(about, action=Action.MEMO, reason=memo.text, analyst=memo.analyst, at=moment(memo.at))


def _with_details(known: Coding, each: Brought) -> Coding:
    """Return the coding as it stands after what was brought of it."""
    first = known.status is Status.FORESLAAET
    return replace(
        known,
        status=Status.GODKENDT,
        valence=each.valence or known.valence if first else known.valence,
        mark=each.mark or known.mark if first else known.mark,
        memos=(*known.memos, *(memo.text for memo in each.memos if memo.text not in known.memos)),
    )


def moment(at: str | None) -> str:
    """Return a time of another program as the journal keeps it; now, if there is none that makes sense."""
    now = datetime.datetime.now(tz=datetime.UTC)
    try:
        parsed = datetime.datetime.fromisoformat(at) if at else now
        known = parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)
        return known.astimezone(datetime.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return now.isoformat(timespec="seconds")
