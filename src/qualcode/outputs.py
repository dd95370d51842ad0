"""What a run leaves in its output folder: the reports, ``codings.csv`` and ``run.json``."""

import datetime
import json
import platform
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from qualcode import __version__
from qualcode.analysis.frames import CODING_COLUMNS
from qualcode.coding.segments import count_words
from qualcode.errors import UsageError
from qualcode.exchange.csvfile import codings_csv
from qualcode.files import OWNER_ONLY, replace_file
from qualcode.jobs import Refusal
from qualcode.models import Codebook, Interview, Status, digest
from qualcode.reporting.context import build_report, slots
from qualcode.reporting.custom import render_custom
from qualcode.reporting.gate import check_printed
from qualcode.reporting.html import SOURCES, render_sources
from qualcode.reporting.layout import document
from qualcode.reporting.layout_brief import brief
from qualcode.reporting.layout_compare import Side, comparison
from qualcode.reporting.material import Material
from qualcode.reporting.render import FORMATS, TEMPLATE_DIGEST, render
from qualcode.reporting.sheets import quotes_csv, quotes_xlsx, tables_csv, tables_xlsx
from qualcode.reporting.stored import stored_material
from qualcode.store.database import Database
from qualcode.store.documents import known_documents
from qualcode.study import Study

CODINGS = "codings.csv"
RUN = "run.json"
SHEETS = ("citater.xlsx", "citater.csv", "matricer.xlsx", "matricer.csv")
# What holds quotes one by one; a report is made to be passed on.
_PRIVATE = frozenset({SOURCES, "citater.xlsx", "citater.csv"})
_LIBRARIES = ("spacy", "scikit-learn", "pandas", "prefect", "jinja2", "matplotlib")


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
        possible: how many possible identifiers the interviews have
    """

    interviews: int
    read: int
    coded: int
    written: bool
    refused: tuple[Refusal, ...]
    out: Path
    possible: int = 0

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
    allow_flagged: bool = False,
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
        allow_flagged: whether this run let transcripts with direct identifiers through the privacy gate

    Raises:
        QuoteError: a transcript no longer says what a quote says.
    """
    begun = time.monotonic()
    material = stored_material(study, database, codebook, out)
    interviews, codings = material.interviews, material.codings
    with database.read() as session:
        present = [known for known in known_documents(session, study.name).values() if known.present]
    inputs = _inputs(study, material)
    out.mkdir(parents=True, exist_ok=True)
    written = bool(interviews) and not _up_to_date(out, inputs)
    if written:
        # Until all is written run.json vouches for nothing: a run that is killed midway leaves some files of each.
        _forget_inputs(out)
        write_reports(material, out, tuple(FORMATS))
        rows = _above(codings, study.settings.threshold)[list(CODING_COLUMNS)]
        replace_file(out / CODINGS, codings_csv(rows), OWNER_ONLY)
        seconds = {**seconds, "report": round(time.monotonic() - begun, 3)}
    work = {"read": read, "coded": coded, "units": material.units}
    record = _record(study, codebook, interviews, codings, refused, work) | {
        "hashes": {"codebook": codebook.digest, "coder": coder, "inputs": inputs},
        "seconds": dict(seconds),
        "privacy": {
            "allow_flagged": allow_flagged,
            "flagged": [{"file": known.file, "direct": known.flagged} for known in present if known.flagged],
            "possible": [{"file": known.file, "possible": known.possible} for known in present if known.possible],
        },
    }
    replace_file(out / RUN, json.dumps(record, ensure_ascii=False, indent=2).encode("utf-8"))
    possible = sum(known.possible for known in present)
    return Outcome(len(interviews), read, coded, written, tuple(refused), out, possible)


def write_reports(material: Material, out: Path, formats: Sequence[str]) -> list[Path]:
    """Write the report in some formats, its sources and sheets, and the writer's files that are missing.

    Returns:
        what was written, the report first

    Raises:
        QuoteError: a transcript no longer says what a quote says.
        PrintedIdentifierError: the report would print something that identifies a person.
        InputError, InvalidFileError: one of the writer's files cannot be read.
    """
    report = build_report(material)
    laid_out = document(report)
    check_printed(laid_out, material.gate)
    sheets = (quotes_xlsx(report), quotes_csv(report), tables_xlsx(laid_out), tables_csv(laid_out))
    contents = render(laid_out, "report", formats)
    contents |= {SOURCES: render_sources(report), **dict(zip(SHEETS, sheets, strict=True))}
    written = write_files(out, contents)
    material.notes.make_missing(slots(report.themes, report.recommendations))
    return written


def write_brief(material: Material, out: Path, code: str, formats: Sequence[str]) -> list[Path]:
    """Write one theme as a brief: ``tema-<code>``; raises as :func:`write_reports`.

    Raises:
        UsageError: the codebook has no such theme, or nobody speaks of it.
    """
    report = build_report(material)
    theme = report.theme(code)
    if theme is None:
        there = ", ".join(theme.code for theme in report.themes)
        raise UsageError(f"Temaet '{code}' er ikke i rapporten. Temaerne er: {there}.")
    laid_out = brief(report, theme)
    check_printed(laid_out, material.gate)
    return write_files(out, render(laid_out, f"tema-{code}", formats))


def write_custom(material: Material, out: Path, template: Path) -> list[Path]:
    """Write the report as a user's template lays it out: ``report.<ending>``; raises as :func:`write_reports`.

    Raises:
        UsageError, InputError: the template is missing or wrong.
    """
    report = build_report(material)
    laid_out = document(report)
    check_printed(laid_out, material.gate)
    ending, content = render_custom(template, report, laid_out)
    _forget_inputs(out)
    return write_files(out, {f"report.{ending}": content})


def write_comparison(sides: Sequence[tuple[str, Material]], out: Path, formats: Sequence[str]) -> list[Path]:
    """Write two materials side by side: ``sammenligning``; raises as :func:`write_reports`."""
    first, second = (Side(name, build_report(material)) for name, material in sides)
    laid_out = comparison(first, second)
    check_printed(laid_out, sides[0][1].gate)
    return write_files(out, render(laid_out, "sammenligning", formats))


def write_files(out: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, made if missing, each whole or not at all; return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        replace_file(out / name, content, OWNER_ONLY if name in _PRIVATE else None)
    return [out / name for name in contents]


def _above(frame: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return the rows with the threshold's probability or more, and all that a person has decided on."""
    return frame[(frame["score"] >= threshold) | (frame["status"] != Status.FORESLAAET.value)]


def _inputs(study: Study, material: Material) -> str:
    """Return what names everything the reports depend on, apart from today's date."""
    rows = material.codings.to_csv(index=False)
    return digest(
        __version__,
        TEMPLATE_DIGEST,
        study.settings.model_dump(mode="json"),
        material.codebook.digest,
        [interview.digest for interview in material.interviews],
        rows,
        material.notes.state(),
        material.agreement,
    )


def _up_to_date(out: Path, inputs: str) -> bool:
    names = [*(f"report.{ending}" for ending in FORMATS), CODINGS, SOURCES, *SHEETS]
    if not all((out / name).exists() for name in names):
        return False
    try:
        kept = json.loads((out / RUN).read_text(encoding="utf-8"))
        return bool(kept["hashes"]["inputs"] == inputs)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _forget_inputs(out: Path) -> None:
    """Have the next run write the reports anew: one of them is about to be replaced by something else."""
    with suppress(OSError, ValueError, KeyError):
        record = json.loads((out / RUN).read_text(encoding="utf-8"))
        del record["hashes"]["inputs"]
        replace_file(out / RUN, json.dumps(record, ensure_ascii=False, indent=2).encode("utf-8"))


def _record(
    study: Study,
    codebook: Codebook,
    interviews: Sequence[Interview],
    codings: pd.DataFrame,
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
            "reviewed": int((codings["status"] != Status.FORESLAAET.value).sum()),
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
