"""Which studies have been run, and which of their transcripts were refused."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from qualcode.store.database import count_change
from qualcode.store.schema import RefusalRow, StudyRow


def remember_study(session: Session, name: str, folder: Path, codebook: Path) -> None:
    """Note where a study and its codebook lie."""
    session.merge(StudyRow(name=name, folder=str(folder), codebook=str(codebook)))


def study_codebook(session: Session, name: str) -> Path | None:
    """Return the codebook that a study was last run with."""
    row = session.get(StudyRow, name)
    return Path(row.codebook) if row else None


def study_folder(session: Session, name: str) -> Path | None:
    """Return where a study's transcripts lay when it was last run."""
    row = session.get(StudyRow, name)
    return Path(row.folder) if row else None


def study_names(session: Session) -> list[str]:
    """Return the studies that have been run."""
    return list(session.scalars(select(StudyRow.name).order_by(StudyRow.name)))


def save_refusal(session: Session, study: str, file: str, source_digest: str, reason: str) -> None:
    """Note that a transcript was refused as it is now."""
    count_change(session)
    session.merge(RefusalRow(study=study, file=file, source_digest=source_digest, reason=reason))


def forget_refusals(session: Session, study: str, files: Iterable[str]) -> None:
    """Drop what was noted of transcripts that are accepted now."""
    session.execute(delete(RefusalRow).where(RefusalRow.study == study, RefusalRow.file.in_(sorted(files))))


def refusals(session: Session, study: str) -> dict[str, tuple[str, str]]:
    """Return file → (source digest, reason) of the transcripts that were refused."""
    rows = session.scalars(select(RefusalRow).where(RefusalRow.study == study))
    return {row.file: (row.source_digest, row.reason) for row in rows}
