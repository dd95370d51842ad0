"""What writers and readers of exchange files are given, and what they give back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from qualcode.errors import UsageError
from qualcode.models import Codebook, Coding, Interview, Status
from qualcode.store.codings import effective_codings
from qualcode.store.database import Database
from qualcode.store.documents import load_interviews
from qualcode.store.studies import study_names
from qualcode.study import Study


@dataclass(frozen=True)
class ExportRequest:
    """A study to be written to one file; what is in the database is read when it is first asked for."""

    study: Study
    database: Database
    codebook: Codebook

    @cached_property
    def interviews(self) -> tuple[Interview, ...]:
        """The study's interviews, in the order of their ids.

        Raises:
            UsageError: the study has not been run with this database.
        """
        with self.database.read() as session:
            if self.study.name not in study_names(session):
                raise UsageError(f"Studiet '{self.study.name}' er ikke i databasen. Kør 'qualcode run' på det først.")
            return tuple(load_interviews(session, self.study.name))

    @cached_property
    def codings(self) -> tuple[Coding, ...]:
        """What analysts have decided on and the suggestions above the study's threshold, sorted by place.

        Codings whose code the codebook no longer has are left out, as in the reports.
        """
        interviews = self.interviews
        with self.database.read() as session:
            return tuple(
                coding
                for coding in effective_codings(session, self.study.name, interviews)
                if coding.code in self.codebook.by_id
                and (coding.status is not Status.FORESLAAET or coding.score >= self.study.settings.threshold)
            )


@dataclass(frozen=True)
class ImportRequest:
    """A file to be read into a study.

    Attributes:
        file: its name, for messages
        content: its bytes
        analyst: who stands for what is imported
    """

    study: Study
    database: Database
    codebook: Codebook
    file: str
    content: bytes
    analyst: str


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do; nothing has been stored yet.

    Attributes:
        lines: for the user, in Danish, without interview text
        counts: how many of each sort, by a Danish word
        faults: why it cannot be applied, a line each; empty if it can
        changes: whether applying it would store anything
        apply: stores all of it in the caller's transaction; raises
            :class:`~qualcode.errors.QualcodeError` if the database has changed in the meantime
    """

    lines: tuple[str, ...]
    counts: Mapping[str, int]
    faults: tuple[str, ...]
    changes: bool
    apply: Callable[[Session], None]


Exporter = Callable[[ExportRequest], bytes]
# Raises InputError when the file is not what its ending says.
Importer = Callable[[ImportRequest], ImportPlan]
