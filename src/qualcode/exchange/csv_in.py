"""``codings.csv`` back in: what a person changed in it, and codings that the study does not have.

Needed columns: interview, start, end, code, quote. With ``status`` only approved rows are a person's; without it
(a coder's own list) all are. A row whose ``coding_id`` the study knows says what became of that coding.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from qualcode.agreement.elsewhere import join_round
from qualcode.errors import InputError
from qualcode.exchange.brought import Brought, open_events, round_events, told
from qualcode.exchange.csvfile import FORMULA_SIGNS
from qualcode.exchange.requests import ImportPlan, ImportRequest
from qualcode.ingest.decoding import decode
from qualcode.ingest.document import canonical
from qualcode.models import Action, Coding, Decision, Interview, Status, Valence
from qualcode.review.decide import event_on
from qualcode.store.codings import effective_codings
from qualcode.store.documents import load_interviews
from qualcode.store.journal import append, decisions, standing

_NEEDED = frozenset({"interview", "start", "end", "code", "quote"})
_VERDICTS = {Status.GODKENDT: Action.ACCEPT, Status.AFVIST: Action.REJECT}
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    interview: Interview
    start: int
    end: int
    code: str
    coding_id: str
    status: Status
    valence: Valence | None


def import_csv(request: ImportRequest) -> ImportPlan:
    """Return what a table of codings would bring into the study; nothing is stored.

    Raises:
        InputError: it is no such table.
    """
    rows = _table(request)
    with request.database.read() as session:
        interviews = {interview.id: interview for interview in load_interviews(session, request.study.name)}
    read, faults = _read(rows, interviews, request)
    with request.database.read() as session:
        events, counts = _events(session, read, list(interviews.values()), request)

    def apply(session: Session) -> None:
        events, _ = _events(session, read, list(interviews.values()), request)
        for event in events:
            append(session, event)
        if request.round:
            join_round(session, request.study.name, request.round, events, list(interviews.values()))

    return ImportPlan(
        lines=(f"Rækker i {request.file}: {len(rows)}", *told(counts)),
        counts=dict(counts),
        faults=_first(faults),
        changes=bool(events),
        apply=apply,
    )


def _first(faults: Sequence[str]) -> tuple[str, ...]:
    more = [f"… og {len(faults) - _MOST_FAULTS} fejl til"] if len(faults) > _MOST_FAULTS else []
    return (*faults[:_MOST_FAULTS], *more)


def _table(request: ImportRequest) -> list[tuple[int, Mapping[str, str]]]:
    text = decode(request.content, request.file)
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        rows: list[tuple[int, Mapping[str, str]]] = [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise InputError(request.file, "tabellen kan ikke læses som CSV", mend="Gem den som CSV med UTF-8") from None
    missing = sorted(_NEEDED - set(names))
    if missing:
        raise InputError(request.file, f"kolonnerne {', '.join(missing)} mangler", mend="Brug kolonnerne i codings.csv")
    return rows


def _read(
    rows: Sequence[tuple[int, Mapping[str, str]]], interviews: Mapping[str, Interview], request: ImportRequest
) -> tuple[list[_Row], list[str]]:
    found, faults = [], []
    for line, row in rows:
        if not any(isinstance(cell, str) and cell.strip() for cell in row.values()):
            # Spreadsheets leave empty rows behind.
            continue
        try:
            found.append(_row(line, row, interviews, request))
        except InputError as error:
            faults.append(str(error))
    return found, faults


def _row(line: int, row: Mapping[str, str], interviews: Mapping[str, Interview], request: ImportRequest) -> _Row:
    cells = {name: _plain(value) for name, value in row.items() if isinstance(value, str)}

    def fault(what: str, mend: str = "") -> InputError:
        return InputError(request.file, what, mend=mend, line=line)

    interview = interviews.get(cells.get("interview", ""))
    if interview is None:
        raise fault(f"interviewet '{cells.get('interview', '')}' er ikke i studiet", "Ret id'et")
    code, status, valence = cells.get("code", ""), cells.get("status", ""), cells.get("valence", "")
    if code not in request.codebook.by_id:
        raise fault(f"koden '{code}' findes ikke i kodebogen", "Ret koden")
    if status not in {"", *Status}:
        raise fault(f"status er '{status}'", f"Brug en af: {', '.join(Status)}")
    if valence not in {"", *Valence}:
        raise fault(f"valensen er '{valence}'", f"Brug en af: {', '.join(Valence)}")
    numbers = cells.get("start", ""), cells.get("end", "")
    if not all(number.isdecimal() and len(number) < 10 for number in numbers):
        raise fault("'start' og 'end' skal være hele tal", "Lad dem stå, som qualcode skrev dem")
    start, end = map(int, numbers)
    if _flat(interview.text[start:end]) != _flat(cells.get("quote", "")) or start >= end:
        raise fault("citatet står ikke på den angivne plads", "Skriv citatet nøjagtigt, eller ret 'start' og 'end'")
    return _Row(
        line,
        interview,
        start,
        end,
        code,
        cells.get("coding_id", ""),
        Status(status or Status.GODKENDT),
        Valence(valence) if valence else None,
    )


def _plain(value: str) -> str:
    """Return a cell without the apostrophe that guards it from being run as a formula."""
    guarded = value[:1] == "'" and value[1:].startswith(FORMULA_SIGNS)
    return value[1:] if guarded else value


def _flat(text: str) -> str:
    return " ".join(canonical(text).split())


def _events(
    session: Session, rows: Sequence[_Row], interviews: Sequence[Interview], request: ImportRequest
) -> tuple[list[Decision], Counter[str]]:
    study, analyst = request.study.name, request.coder or request.analyst
    codings = {coding.id: coding for coding in effective_codings(session, study, interviews)}
    known = [row for row in rows if row.coding_id in codings and request.round is None]
    brought = [
        Brought(row.interview, turn, row.start, row.end, row.code, analyst, valence=row.valence)
        for row in rows
        if row not in known and row.status is Status.GODKENDT
        for turn in row.interview.turns
        if turn.start <= row.start and row.end <= turn.end
    ]
    if request.round:
        outcome = round_events(session, study, brought, request.codebook.digest, request.round)
    else:
        outcome = open_events(session, study, interviews, brought, request.codebook.digest)
    held = standing(decisions(session, study))
    changed = [
        replace(event, analyst=analyst)
        for row in known
        for event in _changes(
            row,
            codings[row.coding_id],
            event_on(
                codings[row.coding_id],
                row.interview,
                held.get(row.coding_id),
                study=study,
                codebook=request.codebook.digest,
            ),
        )
    ]
    outcome.counts["afgørelser om kodninger i studiet"] += len(changed)
    outcome.counts["forslag og afviste, som studiet ikke har"] += len(rows) - len(known) - len(brought)
    return [*changed, *outcome.events], +outcome.counts


def _changes(row: _Row, coding: Coding, event: Decision) -> Iterator[Decision]:
    """Yield what a row says of a coding that the study says otherwise."""
    if row.code != coding.code:
        yield replace(event, action=Action.RECODE, new_code=row.code)
    elif row.status is not coding.status and row.status in _VERDICTS:
        yield replace(event, action=_VERDICTS[row.status])
    if row.valence and row.valence is not coding.valence:
        yield replace(event, action=Action.VALUE, new_valence=row.valence)
