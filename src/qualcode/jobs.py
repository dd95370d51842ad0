"""The units of work a run is made of, without Prefect: plan, read a batch, code a batch.

Each can be called again at any time: the database knows what has been done, and a unit that finds its work
done does nothing. Flows and commands only order these units.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from sqlalchemy.orm import Session

from qualcode.codebook.bank import bank_file
from qualcode.codebook.load import load_codebook
from qualcode.coding.coder import Coder, coder_digest
from qualcode.coding.encoder import CachedEncoder, make_encoder
from qualcode.coding.model import Model, examples_of, load_or_train, model_digest
from qualcode.coding.rules import add_rules
from qualcode.coding.ship_vectors import vectors_file
from qualcode.errors import InputError, UsageError, fault
from qualcode.ingest.copies import content_digest
from qualcode.ingest.formats import READERS, unknown_format
from qualcode.ingest.read import VERSION as READER_VERSION
from qualcode.ingest.read import Hints, parse, read_bytes
from qualcode.language.pipeline import danish
from qualcode.models import THRESHOLD, Codebook, Example, Interview, digest
from qualcode.privacy.decisions import Gate
from qualcode.privacy.findings import Certainty, Finding
from qualcode.store.codings import save_suggestions
from qualcode.store.database import DATABASE_VARIABLE, Database, chosen_url
from qualcode.store.documents import (
    alike,
    known_documents,
    load_files,
    load_interviews,
    save_interview,
    set_present,
)
from qualcode.store.learned import learned_examples
from qualcode.store.privacy import gate_of
from qualcode.store.studies import (
    forget_refusals,
    refusals,
    remember_study,
    save_refusal,
    study_codebook,
    study_settings,
)
from qualcode.study import Study, StudySettings, find_codebook

WORK_FOLDER = ".qualcode"


@dataclass(frozen=True)
class Job:
    """Where a run finds and leaves things. Only paths and names: it may be written to logs.

    Attributes:
        folder: the study folder
        codebook: file chosen instead of the study's own
        out: folder of the reports
        work: folder for models, vectors and Prefect's files
        database: SQLAlchemy URL without a password; None for the environment's or the default
        accept_changes: read tracked changes as accepted, instead of refusing the file
        allow_flagged: whether transcripts with direct identifiers are read all the same
    """

    folder: Path
    codebook: Path | None = None
    out: Path | None = None
    work: Path = Path(WORK_FOLDER)
    database: str | None = None
    accept_changes: bool = False
    allow_flagged: bool = False

    def study(self) -> Study:
        """Open the study."""
        return replace(Study.open(self.folder), accept_changes=self.accept_changes)

    def open_database(self) -> Database:
        """Open the database."""
        return Database(chosen_url(self.database))

    def out_folder(self, study: Study) -> Path:
        """Return the folder of the reports."""
        return self.out or Path("reports") / study.name


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was left out, and the one line that says why."""

    file: str
    reason: str


def files_to_read(study: Study, database: Database, *, allow_flagged: bool = False) -> dict[str, str]:
    """Return the transcripts to read: file → hash of its content.

    These are the new and the changed ones, and all when the privacy gate would judge by other rules or decisions.
    """
    with database.read() as session:
        gate = gate_of(session, study.name, allow_flagged=allow_flagged)
        before = {name: document.source_digest for name, document in known_documents(session, study.name).items()}
        before |= {name: source for name, (source, _) in refusals(session, study.name).items()}
    now = {path.name: _source_digest(path, study.hints, gate) for path in study.transcripts}
    return {name: source for name, source in now.items() if before.get(name) != source}


def read_documents(study: Study, database: Database, names: Iterable[str], *, allow_flagged: bool = False) -> None:
    """Read transcripts, pass them through the privacy gate, and store them or why they were refused."""
    with database.read() as session:
        gate = gate_of(session, study.name, allow_flagged=allow_flagged)
    for name in names:
        path = study.folder / name
        source = _source_digest(path, study.hints, gate)
        try:
            interview = _read(path, study.hints)
            direct, possible = _pass_gate(path, interview, gate)
        except InputError as error:
            with database.write() as session:
                save_refusal(session, study.name, name, source, error.reason)
        else:
            with database.write() as session:
                save_interview(session, study.name, source, interview, flagged=direct, possible=possible)
                forget_refusals(session, study.name, [name])


def _read(path: Path, hints: Hints) -> Interview:
    try:
        return parse(read_bytes(path), path.name, hints)
    except InputError:
        raise
    except Exception as error:
        # A fault of ours must not stop the other documents; its message might quote the transcript.
        raise InputError(
            path, f"filen gav en uventet fejl ({fault(error)})", mend="Meld fejlen med filens format"
        ) from None


def _pass_gate(path: Path, interview: Interview, gate: Gate) -> tuple[int, int]:
    """Return how many direct and possible identifiers an interview has; direct ones stop it unless they are allowed."""
    findings = gate.judge(interview)
    direct = [finding for finding in findings if finding.certainty is Certainty.DIRECT]
    if direct and not gate.allow_flagged:
        raise InputError(path, _told(direct), mend="Se dem med 'qualcode check', og erstat dem ('--replace')")
    return len(direct), len(findings) - len(direct)


def _told(findings: Sequence[Finding]) -> str:
    places = ", ".join(
        f"{finding.kind} {finding.masked} ({f'tur {finding.turn}' if finding.turn else 'uden for turene'})"
        for finding in findings[:5]
    )
    more = f" og {len(findings) - 5} til" if len(findings) > 5 else ""
    return f"personoplysninger fundet: {places}{more}"


def _source_digest(path: Path, hints: Hints, gate: Gate) -> str:
    try:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        content = ""
    own = hints.of(path.name)
    return digest(READER_VERSION, content, asdict(own), hints.accept_changes, gate.state)


def settle_documents(study: Study, database: Database) -> list[Refusal]:
    """Decide which stored documents make up the study now; return all that were refused, sorted by name.

    Files that are gone or refused are set aside; of two files with the same words or one interview id one counts.
    """
    first: dict[str, str] = {}
    names = [path.name for path in study.transcripts]
    with database.write() as session:
        known = known_documents(session, study.name)
        noted = refusals(session, study.name)
        refused = [Refusal(name, noted[name][1]) for name in names if name in noted]
        refused += [Refusal(name, unknown_format(Path(name)).reason) for name in study.passed_over]
        read = [name for name in names if name in known and name not in noted]
        # What is coded already stays; a copy beside it is the second one, whatever its name.
        read.sort(key=lambda name: (known[name].coded_as is None, name))
        copies = _copies(session, study.name, read)
        for name in sorted(read):
            interview = known[name].interview
            if name in copies:
                refused.append(Refusal(name, f"samme indhold som {copies[name]}. Fjern den ene fil."))
            elif interview in first:
                why = (
                    f"interview-id'et er det samme som i {first[interview]}. Ret 'Interview:', eller fjern den ene fil."
                )
                refused.append(Refusal(name, why))
            else:
                first[interview] = name
        set_present(session, study.name, first.values())
    return sorted(refused, key=lambda refusal: refusal.file)


def check_waves(study: Study, database: Database) -> None:
    """Check the waves that the study's analyses list against the documents that make it up.

    Raises:
        InvalidFileError: one is listed that does not occur, or occurs without being listed.
    """
    with database.read() as session:
        study.check_waves(load_interviews(session, study.name))


def _copies(session: Session, study: str, names: Sequence[str]) -> dict[str, str]:
    """Return transcripts that say the same as an earlier one of ``names``: file → that file."""
    place = {name: number for number, name in enumerate(names)}
    copies: dict[str, str] = {}
    for group in alike(session, study, names):
        first: dict[str, str] = {}
        contents = {interview.file: content_digest(interview) for interview in load_files(session, study, group)}
        for name in sorted(contents, key=place.__getitem__):
            earlier = first.setdefault(contents[name], name)
            if earlier != name:
                copies[name] = earlier
    return copies


class Workshop:
    """Makes coders: one a thread, since spaCy pipelines are not shared, all with one encoder and one model.

    Args:
        codebook_file: the codebook
        folder: the study folder, where vectors may lie and a model's path starts from
        work: folder for models and vectors
        threshold: see :class:`~qualcode.coding.coder.Coder`
        encoder: see :func:`~qualcode.coding.encoder.make_encoder`
        learned: passages that people have decided on, to learn from beside the codebook's

    Attributes:
        codebook: the codes
        examples: all that its model learns from
        coder_digest: what its coders' digest will be, known without training
    """

    def __init__(
        self,
        codebook_file: Path,
        folder: Path,
        work: Path,
        threshold: float,
        encoder: str | None = None,
        learned: tuple[Example, ...] = (),
    ) -> None:
        self.codebook = codebook_in(codebook_file)
        self.examples = (*examples_of(self.codebook), *learned)
        self._work = work
        self._threshold = threshold
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._encoder = CachedEncoder(
            make_encoder(encoder, folder), work / "vectors.db", (vectors_file(codebook_file), vectors_file(folder))
        )
        self._local = threading.local()
        self._lock = threading.Lock()
        self._trained: Model | None = None
        model = model_digest(self.codebook, self.examples, self._encoder)
        self.coder_digest = coder_digest(model, threshold)

    def coder(self) -> Coder:
        """Return this thread's coder; the first call trains the model or loads it."""
        coder = getattr(self._local, "coder", None)
        if coder is None:
            nlp = add_rules(danish(), self.codebook)
            coder = self._local.coder = Coder(self.codebook, self._model(nlp), self._encoder, nlp, self._threshold)
        return coder

    def _model(self, nlp: Language) -> Model:
        """Return the model, the same for all threads."""
        with self._lock:
            if self._trained is None:
                folder = self._work / "models"
                self._trained = load_or_train(self.codebook, self.examples, self._encoder, nlp, folder)
            return self._trained


@lru_cache(maxsize=1)
def _workshop(
    codebook_state: str,
    codebook_file: Path,
    folder: Path,
    work: Path,
    threshold: float,
    encoder: str | None,
    learned: tuple[Example, ...],
) -> Workshop:
    """Keep the last workshop, so that batches share it; the state makes a changed codebook another one."""
    return Workshop(codebook_file, folder, work, threshold, encoder, learned)


def open_study(job: Job) -> tuple[Study, Database, Workshop]:
    """Open all that a run needs, and note in the database where study and codebook lie.

    Raises:
        UsageError, InputError, InvalidFileError: something is missing or wrong.
    """
    study = job.study()
    if not study.transcripts and not study.passed_over:
        known = ", ".join(sorted(READERS))
        raise UsageError(f"Mappen '{job.folder}' har ingen transskriptioner ({known}).")
    # Faults of the codebook come before a database is made.
    codebook = codebook_in(study.codebook_file(job.codebook))
    study.check_codes(codebook)
    database = job.open_database()
    with database.write() as session:
        remember_study(
            session,
            study.name,
            study.folder.resolve(),
            study.codebook_file(job.codebook).resolve(),
            study.settings.model_dump(mode="json", exclude_unset=True),
        )
    with database.read() as session:
        learned = learned_examples(session, study.name, codebook.by_id)
    return study, database, workshop_for(job, study, learned)


def join(job: Job, database_id: str, coder: str) -> tuple[Study, Database, Workshop]:
    """Open all that a unit of coding needs, wherever it runs: the study's folder is not needed, the database is.

    Args:
        job: of the run; its paths need not be there
        database_id: of the run's database
        coder: digest of the run's coder

    Raises:
        UsageError: this is another database, or the coder would be another one here.
    """
    database = join_database(job, database_id)
    here = replace(job, work=job.work if job.work.is_dir() else Path(WORK_FOLDER))
    with database.read() as session:
        if job.folder.is_dir():
            study = job.study()
        else:
            settings = study_settings(session, Study(job.folder, StudySettings()).name)
            study = Study(job.folder, StudySettings.model_validate(settings or {}))
            here = replace(here, codebook=study_codebook(session, study.name, here.work / "codebooks"))
        codebook = codebook_in(study.codebook_file(here.codebook))
        learned = learned_examples(session, study.name, codebook.by_id)
    with _ONE_WORKSHOP:
        shop = workshop_for(here, study, learned)
    if shop.coder_digest != coder:
        raise UsageError(
            "Kodebogen, encoderen eller qualcode er en anden her end der, hvor kørslen begyndte, eller er ændret siden."
            " Kør den igen, med samme version på alle maskiner."
        )
    return study, database, shop


# Threads that ask at once get the same one.
_ONE_WORKSHOP = threading.Lock()


def join_database(job: Job, database_id: str) -> Database:
    """Open the run's database, wherever this runs.

    Raises:
        UsageError: this is another one.
    """
    return _joined(chosen_url(job.database), database_id)


@lru_cache(maxsize=2)
def _joined(url: str, database_id: str) -> Database:
    """Keep the database open, so that batches share its connections."""
    database = Database(url)
    if database.id != database_id:
        raise UsageError(
            f"Databasen er en anden her end der, hvor kørslen begyndte. Sæt {DATABASE_VARIABLE} ens på alle maskiner."
        )
    return database


def workshop_for(job: Job, study: Study, learned: tuple[Example, ...] = ()) -> Workshop:
    """Return the workshop of a study, taught by its codebook and what was learned from decisions.

    Raises:
        UsageError, InputError, InvalidFileError: the codebook is missing or wrong.
    """
    file = study.codebook_file(job.codebook).resolve()
    settings = study.settings
    return _workshop(
        _state(file, bank_file(file)),
        file,
        study.folder.resolve(),
        job.work.resolve(),
        settings.threshold,
        settings.encoder,
        learned,
    )


def coder_of(codebook: str, work: Path = Path(WORK_FOLDER)) -> Coder:
    """Return a coder that knows nothing but a codebook, given as a file or the name of a shipped one.

    Raises:
        UsageError, InputError, InvalidFileError: the codebook is missing or wrong.
    """
    path = find_codebook(codebook, Path()).resolve()
    return Workshop(path, path.parent, work, THRESHOLD).coder()


def codebook_in(file: Path) -> Codebook:
    """Return the codebook in a file; read anew only when the file or its bank has changed.

    Raises:
        InputError, InvalidFileError: it is wrong.
    """
    return _codebook(file.resolve(), _state(file, bank_file(file)))


@lru_cache(maxsize=1)
def _codebook(file: Path, _state: str) -> Codebook:
    return load_codebook(file)


def _state(*paths: Path) -> str:
    """Return a hash of files' bytes; a missing file counts as empty."""
    contents = (path.read_bytes() if path.exists() else b"" for path in paths)
    return digest([hashlib.sha256(content).hexdigest() for content in contents])


def files_to_code(study: Study, database: Database, coded_by: str) -> dict[str, str]:
    """Return present documents whose suggestions are missing or out of date: file → what they will be coded as."""
    with database.read() as session:
        known = known_documents(session, study.name)
    wanted = {file: digest(document.digest, coded_by) for file, document in known.items() if document.present}
    return {file: coded_as for file, coded_as in wanted.items() if known[file].coded_as != coded_as}


class Work(NamedTuple):
    """How much a unit of work did: documents, and the meaning units in them."""

    documents: int
    units: int


def code_documents(study: Study, database: Database, coder: Coder, names: Collection[str]) -> Work:
    """Code stored documents, each in a transaction of its own; return what was coded.

    A document whose coding fails is noted as refused; the next run reads and codes it again.

    Raises:
        OSError, sqlite3.Error: a disk or a cache is at fault, not the document.
    """
    coded = units = 0
    with database.read() as session:
        interviews = list(load_interviews(session, study.name, names))
        known = known_documents(session, study.name, names)
    for interview in interviews:
        coded_as = digest(interview.digest, coder.digest)
        if known[interview.file].coded_as == coded_as:
            # By another run, or by a worker that died before it could say so.
            coded += 1
            units += known[interview.file].units
            continue
        try:
            result = coder.code(interview, study.name)
        except (OSError, sqlite3.Error):
            raise
        except Exception as error:
            _refuse_uncoded(study, database, interview.file, error)
            continue
        with database.write() as session:
            coded += save_suggestions(
                session, study.name, interview, result.codings, coded_as=coded_as, units=result.units
            )
        units += result.units
    return Work(coded, units)


def _refuse_uncoded(study: Study, database: Database, file: str, error: Exception) -> None:
    # The error's own words might be the interview's.
    reason = InputError(file, f"interviewet kunne ikke kodes ({fault(error)})", mend="Meld fejlen").reason
    with database.write() as session:
        # No source has this digest: the next run tries again.
        save_refusal(session, study.name, file, "", reason)


def is_idle(study: Study, database: Database, shop: Workshop, *, allow_flagged: bool = False) -> bool:
    """Tell whether there is nothing to read and nothing to code."""
    if files_to_read(study, database, allow_flagged=allow_flagged):
        return False
    settle_documents(study, database)
    return not files_to_code(study, database, shop.coder_digest)


def batches(names: Sequence[str], workers: int = 2) -> Iterator[list[str]]:
    """Cut work into batches: few enough that orchestration is cheap, enough that workers end together."""
    size = max(1, min(25, len(names) // (workers * 4)))
    for first in range(0, len(names), size):
        yield list(names[first : first + size])
