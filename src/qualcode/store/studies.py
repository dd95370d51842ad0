"""Which studies have been run, and which of their transcripts were refused."""

import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from qualcode.codebook.bank import bank_file
from qualcode.files import OWNER_ONLY, replace_file
from qualcode.store.database import count_change
from qualcode.store.schema import CodebookRow, RefusalRow, StudyRow

KEPT_IN = Path(".qualcode") / "codebooks"


def remember_study(
    session: Session, name: str, folder: Path, codebook: Path, settings: dict[str, object] | None = None
) -> None:
    """Note where a study and its codebook lie, and keep the codebook for machines that do not have it.

    Args:
        session: a transaction for writing
        name: name of the study
        folder: where its transcripts lie
        codebook: its codebook's file
        settings: what its ``study.yaml`` says
    """
    session.merge(
        StudyRow(
            name=name,
            folder=str(folder),
            codebook=str(codebook),
            settings=settings,
            codebook_state=_kept(session, codebook) if codebook.is_file() else None,
        )
    )
    session.flush()
    used = select(StudyRow.codebook_state).where(StudyRow.codebook_state.is_not(None))
    session.execute(delete(CodebookRow).where(CodebookRow.state.not_in(used)))


def _kept(session: Session, codebook: Path) -> str:
    content, bank = codebook.read_bytes(), bank_file(codebook)
    examples = bank.read_bytes() if bank.is_file() else None
    state = hashlib.sha256(b"\0".join((codebook.name.encode(), content, examples or b""))).hexdigest()
    if session.scalar(select(CodebookRow.state).where(CodebookRow.state == state)) is None:
        packed = zlib.compress(examples) if examples is not None else None
        session.add(CodebookRow(state=state, file=codebook.name, content=zlib.compress(content), bank=packed))
    return state


def study_codebook(session: Session, name: str, kept_in: Path = KEPT_IN) -> Path | None:
    """Return the codebook that a study was last run with, None where there is no such study or codebook.

    Args:
        session: an open session
        name: name of the study
        kept_in: folder for a copy, where the file itself is not on this machine
    """
    row = session.get(StudyRow, name)
    if row is None:
        return None
    file = Path(row.codebook)
    if file.is_file() or row.codebook_state is None:
        return file if file.is_file() else None
    return _copied(session.get_one(CodebookRow, row.codebook_state), kept_in)


def _copied(row: CodebookRow, kept_in: Path) -> Path:
    folder = kept_in / row.state[:16]
    file = folder / row.file
    if not file.is_file():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if row.bank is not None:
            replace_file(bank_file(file), zlib.decompress(row.bank), OWNER_ONLY)
        # Last: where it is, the bank is too.
        replace_file(file, zlib.decompress(row.content), OWNER_ONLY)
    return file


def study_settings(session: Session, name: str) -> dict[str, object] | None:
    """Return the settings that a study was last run with, None where they are not known."""
    row = session.get(StudyRow, name)
    return row.settings if row else None


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
