"""What a run leaves in its output folder: the reports, ``codings.csv`` and ``run.json``."""

import datetime
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from qualcode import __version__
from qualcode.analysis.frames import codings_frame, informants_frame
from qualcode.coding.segments import count_words
from qualcode.exchange.csvfile import codings_csv
from qualcode.jobs import Refusal
from qualcode.models import Codebook, Coding, Interview, Status, digest
from qualcode.reporting.context import build_report
from qualcode.reporting.render import FORMATS, TEMPLATE_DIGEST
from qualcode.reporting.source import SourceTexts
from qualcode.store.codings import effective_codings
from qualcode.store.database import Database
from qualcode.store.documents import known_documents, load_interviews
from qualcode.study import Study

CODINGS = "codings.csv"
RUN = "run.json"
_LIBRARIES = ("spacy", "scikit-learn", "pandas", "prefect", "jinja2")


@dataclass(frozen=True)
class Outcome:
    """What a run did.

    Attributes:
        interviews: how many make up the study now
        read: how many files were read in this run
        coded: how many interviews were coded in this run
        written: whether the reports were written anew
        refused: files left out
        out: folder of the reports
    """

    interviews: int
    read: int
    coded: int
    written: bool
    refused: tuple[Refusal, ...]
    out: Path

    @property
    def exit_code(self) -> int:
        """0 all well, 1 some documents were refused, 2 there was nothing to work on."""
        if not self.interviews:
            return 2
        return 1 if self.refused else 0


def write_outputs(
    study: Study,
    database: Database,
    codebook: Codebook,
    out: Path,
    refused: Sequence[Refusal],
    *,
    read: int,
    coded: int,
    seconds: Mapping[str, float],
    coder: str,
) -> Outcome:
    """Write what is not up to date, and ``run.json`` always.

    Args:
        study: the study
        database: holds interviews, suggestions and decisions
        codebook: the codes
        out: folder, made if missing
        refused: files left out, sorted by name
        read: how many files this run read
        coded: how many interviews this run coded
        seconds: time of the stages before, by name
        coder: digest of the coder

    Raises:
        QuoteError: a transcript no longer says what a quote says.
    """
    begun = time.monotonic()
    with database.read() as session:
        interviews = list(load_interviews(session, study.name))
        codings = list(effective_codings(session, study.name, interviews))
        units = sum(known.units for known in known_documents(session, study.name).values() if known.present)
    inputs = _inputs(study, codebook, interviews, codings)
    out.mkdir(parents=True, exist_ok=True)
    written = bool(interviews) and not _up_to_date(out, inputs)
    if written:
        _write_reports(study, codebook, out, interviews, codings, units)
        seconds = {**seconds, "report": round(time.monotonic() - begun, 3)}
    work = {"read": read, "coded": coded, "units": units}
    record = _record(study, codebook, interviews, codings, refused, work) | {
        "hashes": {"codebook": codebook.digest, "coder": coder, "inputs": inputs},
        "seconds": dict(seconds),
    }
    replace_file(out / RUN, json.dumps(record, ensure_ascii=False, indent=2).encode("utf-8"))
    return Outcome(len(interviews), read, coded, written, tuple(refused), out)


def _write_reports(
    study: Study,
    codebook: Codebook,
    out: Path,
    interviews: list[Interview],
    codings: list[Coding],
    units: int,
) -> None:
    frame = codings_frame(study.name, interviews, codings, codebook)
    report = build_report(
        study.title,
        _date(study),
        codebook,
        interviews,
        informants_frame(interviews),
        frame,
        units,
        SourceTexts(study.folder, interviews, study.hints),
    )
    rendered = {f"report.{ending}": render(report) for ending, render in FORMATS.items()}
    for name, content in rendered.items():
        replace_file(out / name, content)
    replace_file(out / CODINGS, codings_csv(_above(frame, study.settings.threshold)))


def _above(frame: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return the rows with the threshold's probability or more, and all that a person has decided on."""
    return frame[(frame["score"] >= threshold) | (frame["status"] != Status.FORESLAAET.value)]


def _date(study: Study) -> datetime.date:
    return study.settings.date or datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def _inputs(study: Study, codebook: Codebook, interviews: Sequence[Interview], codings: Sequence[Coding]) -> str:
    """Return what names everything the reports depend on, apart from today's date."""
    return digest(
        __version__,
        TEMPLATE_DIGEST,
        study.settings.model_dump(mode="json"),
        codebook.digest,
        [interview.digest for interview in interviews],
        [asdict(coding) for coding in codings],
    )


def _up_to_date(out: Path, inputs: str) -> bool:
    names = [*(f"report.{ending}" for ending in FORMATS), CODINGS]
    if not all((out / name).exists() for name in names):
        return False
    try:
        kept = json.loads((out / RUN).read_text(encoding="utf-8"))
        return bool(kept["hashes"]["inputs"] == inputs)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _record(
    study: Study,
    codebook: Codebook,
    interviews: Sequence[Interview],
    codings: Sequence[Coding],
    refused: Sequence[Refusal],
    work: Mapping[str, int],
) -> dict[str, object]:
    return {
        "study": study.name,
        "codebook": {"id": codebook.id, "version": codebook.version},
        "finished": datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        "versions": {"qualcode": __version__, "python": platform.python_version()}
        | {name: version(name) for name in _LIBRARIES},
        "counts": {
            "interviews": len(interviews),
            "codings": len(codings),
            "reviewed": sum(coding.status is not Status.FORESLAAET for coding in codings),
            "refused": len(refused),
            **work,
        },
        "interviews": [_told(interview) for interview in interviews],
        "refused": [asdict(refusal) for refusal in refused],
    }


def _told(interview: Interview) -> dict[str, object]:
    return {
        "interview": interview.id,
        "file": interview.file,
        "informants": [
            {"speaker": informant.speaker, "role": informant.role, "level": informant.level.value}
            for informant in interview.informants
        ],
        "turns": len(interview.turns),
        "words": sum(count_words(interview.quote(turn.start, turn.end)) for turn in interview.turns),
    }


def replace_file(path: Path, content: bytes) -> None:
    """Write aside, then rename: nobody sees half a file."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.replace(path)
