"""What a reviewed workbook would do to the journal, row by row, and doing it in one transaction or not at all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy.orm import Session

from qualcode.errors import UsageError
from qualcode.exchange.excel_layout import DECISIONS
from qualcode.exchange.excel_sheet import Row, read_rows
from qualcode.exchange.requests import ImportPlan, ImportRequest
from qualcode.models import Action, Coding, Decision, Interview, Status, Valence, digest
from qualcode.review.decide import event_on
from qualcode.store.codings import effective_codings
from qualcode.store.documents import load_interviews
from qualcode.store.journal import Standing, append, decisions, revision, standing

NEW, CHANGED, NOTED = "nye afgørelser", "ændrede afgørelser", "andre ændringer (valens, bemærkning)"
SAME, EMPTY = "uændrede", "uden afgørelse"
UNKNOWN_CODE, UNKNOWN_ID, STALE = "ukendt kode", "ukendt id", "afgjort i mellemtiden"
DUPLICATE, MOVED, WRONG = "samme id to gange", "flyttede celler", "andre fejl"
_SORTS = (NEW, CHANGED, NOTED, SAME, EMPTY)
_FAULTS = (UNKNOWN_CODE, UNKNOWN_ID, STALE, DUPLICATE, MOVED, WRONG)
_STATUS = {Action.ACCEPT: Status.GODKENDT, Action.RECODE: Status.GODKENDT, Action.REJECT: Status.AFVIST}
_SHOWN = 20


class _FaultError(Exception):
    """Why a row cannot be applied; never leaves this module."""

    def __init__(self, sort: str, told: str) -> None:
        super().__init__(told)
        self.sort = sort


@dataclass(frozen=True)
class _Known:
    """A coding as it stands, and all that was ever decided on it."""

    coding: Coding
    interview: Interview
    held: Standing | None
    events: Sequence[Decision]


@dataclass(frozen=True)
class _Outcome:
    """What one row comes to."""

    sort: str
    events: tuple[Decision, ...] = ()
    told: str = ""


def import_xlsx(request: ImportRequest) -> ImportPlan:
    """Return what a workbook made by ``export --format xlsx`` would do.

    A row whose coding has been decided on since the export is a fault, unless what it says holds already: so a file
    may be imported twice.

    Raises:
        InputError: it is no such workbook.
    """
    rows = read_rows(request.file, request.content)
    known = _known(request)
    repeated = {key for key, count in Counter(row.id for row in rows if row.answered).items() if count > 1}
    outcomes: list[_Outcome] = []
    faults: list[tuple[str, str]] = []
    for row in rows:
        try:
            outcomes.append(_judge(row, known, repeated, request))
        except _FaultError as fault:
            faults.append((fault.sort, f"{request.file}, række {row.number}: {fault}"))
    counts = Counter(outcome.sort for outcome in outcomes) + Counter(sort for sort, _ in faults)
    events = [event for outcome in outcomes for event in outcome.events]
    return ImportPlan(
        lines=tuple(_lines(request.file, counts, outcomes)),
        counts={sort: counts[sort] for sort in (*_SORTS, *_FAULTS)},
        faults=tuple(_shortened([told for _, told in faults])),
        changes=bool(events),
        apply=lambda session: _apply(session, events, {key: len(one.events) for key, one in known.items()}),
    )


def _known(request: ImportRequest) -> dict[str, _Known]:
    study = request.study.name
    with request.database.read() as session:
        interviews = {interview.id: interview for interview in load_interviews(session, study)}
        journal = list(decisions(session, study))
        held = standing(journal)
        by_coding: dict[str, list[Decision]] = {}
        for event in journal:
            by_coding.setdefault(event.coding_id, []).append(event)
        return {
            coding.id: _Known(
                coding, interviews[coding.interview], held.get(coding.id), tuple(by_coding.get(coding.id, ()))
            )
            for coding in effective_codings(session, study, interviews.values())
        }


def _judge(row: Row, known: Mapping[str, _Known], repeated: set[str], request: ImportRequest) -> _Outcome:
    if not row.answered:
        return _Outcome(EMPTY)
    if row.formula:
        raise _FaultError(WRONG, "en formel i de gule felter. Skriv teksten i stedet.")
    if row.id not in known:
        raise _FaultError(UNKNOWN_ID, "kodningen findes ikke (længere) i studiet. Eksportér igen.")
    if row.id in repeated:
        raise _FaultError(DUPLICATE, "den samme kodning er udfyldt i flere rækker. Lad kun den ene stå.")
    found = known[row.id]
    action, new_code = _decision(row, request)
    valence = _valence(row)
    wanted = tuple(_events(found, action, new_code, valence, row.reason, request))
    if not wanted:
        return _Outcome(SAME)
    if row.revision != str(found.coding.revision):
        who = f" af {found.coding.analyst}" if found.coding.analyst else ""
        told = f"kodningen er ændret{who} i mellemtiden (nu {found.coding.status}). Eksportér igen, og se på den."
        raise _FaultError(STALE, told)
    _check_same(row, found)
    if new_code is not None and new_code == found.coding.code:
        raise _FaultError(WRONG, f"den nye kode '{new_code}' er den, kodningen har i forvejen. Brug 'godkend'.")
    if not any(event.action in _STATUS for event in wanted):
        return _Outcome(NOTED, wanted)
    if found.coding.status is Status.FORESLAAET:
        return _Outcome(NEW, wanted)
    return _Outcome(
        CHANGED, wanted, f"række {row.number}: {found.coding.status} → {row.decision} ({found.coding.code})"
    )


def _decision(row: Row, request: ImportRequest) -> tuple[Action | None, str | None]:
    if not row.decision:
        if row.new_code:
            raise _FaultError(WRONG, "en ny kode uden afgørelsen 'omkod'.")
        return None, None
    action = DECISIONS.get(row.decision.casefold())
    if action is None:
        raise _FaultError(WRONG, f"afgørelsen kendes ikke. Brug en af: {', '.join(DECISIONS)}.")
    if (action is Action.RECODE) != bool(row.new_code):
        raise _FaultError(WRONG, "'omkod' kræver en ny kode, og kun 'omkod' kan have en.")
    if row.new_code and row.new_code not in request.codebook.by_id:
        raise _FaultError(UNKNOWN_CODE, f"den nye kode findes ikke i kodebogen {request.codebook.id}.")
    return action, row.new_code or None


def _valence(row: Row) -> Valence | None:
    try:
        return Valence(row.new_valence.casefold()) if row.new_valence else None
    except ValueError:
        raise _FaultError(WRONG, f"valensen kendes ikke. Brug en af: {', '.join(Valence)}.") from None


def _check_same(row: Row, found: _Known) -> None:
    """Tell rows whose cells have been sorted or pasted apart from each other."""
    coding = found.coding
    quote = ILLEGAL_CHARACTERS_RE.sub("�", found.interview.quote(coding.start, coding.end))
    if row.code != coding.code or row.quote.split() != quote.split():
        raise _FaultError(MOVED, "id, kode og citat hører ikke sammen. Er celler flyttet mellem rækker?")


def _events(
    found: _Known,
    action: Action | None,
    new_code: str | None,
    valence: Valence | None,
    reason: str,
    request: ImportRequest,
) -> Iterator[Decision]:
    """Yield what the row adds to what holds already."""
    coding = found.coding
    event = replace(
        event_on(coding, found.interview, found.held, study=request.study.name, codebook=request.codebook.digest),
        analyst=request.analyst,
        batch=f"excel-{digest(request.content.hex())[:12]}",
    )
    said = reason or None
    if action and not _holds(found, action, new_code):
        yield replace(event, action=action, new_code=new_code, reason=said)
        said = None
    if valence and valence is not coding.valence:
        yield replace(event, action=Action.VALUE, new_valence=valence, reason=said)
        said = None
    if said and said not in {earlier.reason for earlier in found.events}:
        yield replace(event, action=Action.MEMO, reason=said)


def _holds(found: _Known, action: Action, new_code: str | None) -> bool:
    coding = found.coding
    if coding.status is not _STATUS[action]:
        return False
    return new_code is None or (new_code == coding.code and coding.revision > 0)


def _apply(session: Session, events: Iterable[Decision], revisions: Mapping[str, int]) -> None:
    first = {event.coding_id: event.study for event in events}
    for coding_id, study in first.items():
        if revision(session, study, coding_id) != revisions[coding_id]:
            raise UsageError("En kollega har afgjort en af kodningerne i dette øjeblik. Intet er gemt. Prøv igen.")
    for event in events:
        append(session, event)


def _lines(file: str, counts: Mapping[str, int], outcomes: Iterable[_Outcome]) -> Iterator[str]:
    yield f"{file}:"
    for sort in (*_SORTS, *_FAULTS):
        if counts[sort] or sort in (NEW, CHANGED, SAME):
            yield f"  {counts[sort]:>5}  {sort}"
    yield from _shortened([f"  {outcome.told}" for outcome in outcomes if outcome.told])


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"… og {len(lines) - _SHOWN} til."
