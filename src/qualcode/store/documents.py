"""Store and fetch interviews."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from qualcode.models import Facts, Informant, Interview, Level, Turn
from qualcode.store.database import count_change
from qualcode.store.schema import DocumentRow, SuggestionRow, TurnRow


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of a transcript file without its text.

    Attributes:
        source_digest: names the bytes and settings it was read from
        digest: the interview's own hash
        coded_as: what its suggestions were made from, None before they are made
        flagged: direct identifiers that the privacy gate was told to let through
        possible: possible identifiers
    """

    file: str
    interview: str
    source_digest: str
    digest: str
    present: bool
    coded_as: str | None
    units: int
    flagged: int
    possible: int


def known_documents(session: Session, study: str, files: Iterable[str] | None = None) -> dict[str, Known]:
    """Return what is stored for a study, or for some of its files, by file name."""
    query = (
        select(
            DocumentRow.file,
            DocumentRow.interview,
            DocumentRow.source_digest,
            DocumentRow.digest,
            DocumentRow.present,
            DocumentRow.coded_as,
            DocumentRow.units,
            DocumentRow.flagged,
            DocumentRow.possible,
        )
        .where(DocumentRow.study == study)
        .order_by(DocumentRow.file)
    )
    if files is not None:
        query = query.where(DocumentRow.file.in_(sorted(files)))
    return {row.file: Known(*row) for row in session.execute(query)}


def save_interview(
    session: Session, study: str, source_digest: str, interview: Interview, *, flagged: int = 0, possible: int = 0
) -> None:
    """Store an interview as the newest version of its file; suggestions for another version go.

    Args:
        session: within a transaction
        study: name of the study
        source_digest: names the bytes and settings it was read from
        interview: the interview
        flagged: direct identifiers let through, see :class:`Known`
        possible: possible identifiers
    """
    count_change(session)
    row = session.scalar(select(DocumentRow).where(DocumentRow.study == study, DocumentRow.file == interview.file))
    if row is None:
        row = DocumentRow(study=study, file=interview.file, digest="", units=0)
        session.add(row)
    row.source_digest = source_digest
    row.present = True
    row.flagged = flagged
    row.possible = possible
    if row.digest == interview.digest:
        return
    row.interview = interview.id
    row.digest = interview.digest
    row.text = interview.text
    row.facts = asdict(interview.facts)
    row.informants = [asdict(informant) for informant in interview.informants]
    row.coded_as = None
    session.flush()
    session.execute(delete(SuggestionRow).where(SuggestionRow.document_id == row.id))
    session.execute(delete(TurnRow).where(TurnRow.document_id == row.id))
    session.add_all(TurnRow(document_id=row.id, **asdict(turn)) for turn in interview.turns)


def set_present(session: Session, study: str, files: Iterable[str]) -> None:
    """Mark just these files as part of the study; others stay stored with all decisions, but out of reports."""
    wanted = set(files)
    known = known_documents(session, study)
    changed = {file for file, document in known.items() if document.present != (file in wanted)}
    if not changed:
        return
    count_change(session)
    for file in sorted(changed):
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.study == study, DocumentRow.file == file)
            .values(present=file in wanted)
        )


def load_interviews(session: Session, study: str, files: Iterable[str] | None = None) -> Iterator[Interview]:
    """Yield the present interviews of a study in the order of their ids, or those of some files."""
    query = select(DocumentRow).where(DocumentRow.study == study, DocumentRow.present)
    if files is not None:
        query = query.where(DocumentRow.file.in_(sorted(files)))
    for row in session.scalars(query.order_by(DocumentRow.interview, DocumentRow.file)):
        turns = session.scalars(select(TurnRow).where(TurnRow.document_id == row.id).order_by(TurnRow.number))
        yield _interview(row, turns)


def load_files(session: Session, study: str, files: Iterable[str]) -> Iterator[Interview]:
    """Yield stored interviews by file, whether present or not."""
    query = select(DocumentRow).where(DocumentRow.study == study, DocumentRow.file.in_(sorted(files)))
    for row in session.scalars(query.order_by(DocumentRow.file)):
        turns = session.scalars(select(TurnRow).where(TurnRow.document_id == row.id).order_by(TurnRow.number))
        yield _interview(row, turns)


def alike(session: Session, study: str, files: Iterable[str]) -> list[list[str]]:
    """Return groups of files that may say the same: as many turns, and about as many characters spoken.

    Two formats of one interview differ in line ends and spaces only. No text is read here.
    """
    wanted = set(files)
    spoken = func.sum(TurnRow.end - TurnRow.start)
    rows = session.execute(
        select(DocumentRow.file, func.count(), spoken)
        .join(TurnRow, TurnRow.document_id == DocumentRow.id)
        .where(DocumentRow.study == study)
        .group_by(DocumentRow.file)
        .order_by(func.count(), spoken, DocumentRow.file)
    )
    groups: list[list[str]] = []
    last = (0, 0)
    for file, turns, characters in rows:
        if file not in wanted:
            continue
        if turns == last[0] and characters <= last[1] * 1.02 + 2 * turns:
            groups[-1].append(file)
        else:
            groups.append([file])
        last = (turns, characters)
    return [group for group in groups if len(group) > 1]


def load_interview(session: Session, document_id: int) -> Interview:
    """Return the interview of one stored document."""
    row = session.get_one(DocumentRow, document_id)
    turns = session.scalars(select(TurnRow).where(TurnRow.document_id == document_id).order_by(TurnRow.number))
    return _interview(row, turns)


def _interview(row: DocumentRow, turns: Iterable[TurnRow]) -> Interview:
    return Interview(
        id=row.interview,
        file=row.file,
        text=row.text,
        turns=tuple(
            Turn(turn.number, turn.start, turn.end, turn.speaker, turn.interviewer, turn.time) for turn in turns
        ),
        informants=tuple(_informant(informant) for informant in row.informants),
        facts=Facts(**row.facts),
    )


def _informant(stored: Mapping[str, str]) -> Informant:
    return Informant(stored["speaker"], stored["role"], Level(stored["level"]))
