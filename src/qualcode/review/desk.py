"""What reviewing a study needs at hand: its database, its codebook as it is now, interviews already read."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.codebook.bank import bank_file
from qualcode.codebook.load import load_codebook
from qualcode.errors import UsageError
from qualcode.models import Codebook, Interview
from qualcode.store.database import Database
from qualcode.store.documents import load_interview
from qualcode.store.schema import DocumentRow
from qualcode.store.standing import is_fresh, refresh
from qualcode.store.studies import study_codebook, study_folder

# Interviews kept in memory: as many as a study has, and little beside what the coder needs.
_INTERVIEWS = 100


class Desk:
    """One study under review.

    Args:
        database: where it is
        study: its name
        work: folder for vectors, as of a run

    Raises:
        UsageError: the study has not been run with this database, or its codebook is gone.
    """

    def __init__(self, database: Database, study: str, work: Path) -> None:
        self.database = database
        self.study = study
        self.work = work
        with database.read() as session:
            file = study_codebook(session, study, work / "codebooks")
            folder = study_folder(session, study)
        if folder is None:
            raise UsageError(f"Studiet '{study}' er ikke i databasen. Kør 'qualcode run' på det først.")
        if file is None:
            raise UsageError(f"Kodebogen for studiet '{study}' er flyttet. Kør 'qualcode run' på studiet igen.")
        self.codebook_file = file
        self.folder = folder
        self._codebook = lru_cache(maxsize=2)(lambda _state: load_codebook(file))
        self._interview = lru_cache(maxsize=_INTERVIEWS)(self._load)

    @property
    def codebook(self) -> Codebook:
        """The codebook, read again when its file has changed."""
        files = (self.codebook_file, bank_file(self.codebook_file))
        return self._codebook(tuple(file.stat().st_mtime_ns for file in files if file.exists()))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session for reading, with the codings as they stand up to date."""
        with self.database.read() as session:
            fresh = is_fresh(session, self.study)
        if not fresh:
            with self.database.write() as session:
                refresh(session, self.study)
            # SQLite's connections look at what it has counted when they are opened.
            self.database.engine.dispose()
        with self.database.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session in one transaction for writing, with the codings as they stand up to date."""
        with self.database.write() as session:
            refresh(session, self.study)
            yield session

    def interview(self, session: Session, document_id: int) -> Interview:
        """Return the interview of a document of the study."""
        query = select(DocumentRow.digest).where(DocumentRow.id == document_id, DocumentRow.study == self.study)
        digest = session.scalar(query)
        if digest is None:
            raise UsageError("Interviewet findes ikke længere.")
        return self._interview(document_id, digest)

    def _load(self, document_id: int, _digest: str) -> Interview:
        with self.database.read() as session:
            return load_interview(session, document_id)
