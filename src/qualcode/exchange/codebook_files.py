"""Codebooks of other programs → a codebook file of qualcode, checked as every codebook is."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml

from qualcode.codebook.load import load_codebook
from qualcode.errors import InputError, InvalidFileError
from qualcode.exchange.codebook_sheet import codebook_xlsx, read_xlsx
from qualcode.exchange.codebook_yaml import codebook_yaml
from qualcode.exchange.codes_in import ForeignCode, Matched, match_codes, slug
from qualcode.exchange.refi.codes_out import codebook_qdc
from qualcode.exchange.refi.project_codes import foreign_codes
from qualcode.exchange.refi.project_in import read_project
from qualcode.exchange.refi.qdc import read_qdc
from qualcode.exchange.taguette import read_taguette, taguette_csv
from qualcode.models import Code, Codebook

WRITERS: Mapping[str, Callable[[Codebook], bytes]] = {
    "qdc": codebook_qdc,
    "taguette": taguette_csv,
    "xlsx": codebook_xlsx,
}


def _of_project(content: bytes, file: str) -> list[ForeignCode]:
    project = read_project(content, file)
    return foreign_codes(tuple(code for code in project.codes if code.guid not in project.cases), project.sets)


READERS: Mapping[str, Callable[[bytes, str], list[ForeignCode]]] = {
    ".csv": read_taguette,
    ".qdc": read_qdc,
    ".qdpx": _of_project,
}


def codebook_from(content: bytes, file: str) -> tuple[str, Codebook, list[str]]:
    """Return a codebook file's text, the codebook in it, and what its owner should look at.

    Raises:
        InputError, InvalidFileError: the file cannot be read, or makes no valid codebook; each fault in one line.
    """
    ending = Path(file).suffix.lower()
    remarks: list[str] = []
    rows: list[int] = []
    if ending == ".xlsx":
        data, rows = read_xlsx(content, file)
        text = _yaml_of(data, file)
    elif ending in READERS:
        matched = match_codes(READERS[ending](content, file), _book(file, ()), {})
        text = codebook_yaml(_book(file, matched.new))
        remarks = _remarks(matched)
    else:
        known = ", ".join(sorted((*READERS, ".xlsx")))
        raise InputError(file, f"endelsen '{ending}' kendes ikke", mend=f"Brug en af: {known}")
    return text, _checked(text, file, rows), remarks


def _book(file: str, codes: tuple[Code, ...]) -> Codebook:
    stem = Path(file).stem
    return Codebook(slug(stem), stem, "1.0", "", f"Hentet fra {file}", codes)


def _yaml_of(data: Mapping[str, object], file: str) -> str:
    stem = Path(file).stem
    filled = {"id": slug(stem), "title": stem, "version": "1.0", **{key: value for key, value in data.items() if value}}
    return yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=110)


def _remarks(matched: Matched) -> list[str]:
    remarks = []
    if matched.guessed:
        remarks.append(
            f"{matched.guessed} koder siger ikke, om de er barriere, drivkraft, behov …: 'kind' er gættet. Ret den."
        )
    missing = sum(not code.examples for code in matched.new)
    if missing:
        remarks.append(f"{missing} koder har ingen eksempler: qualcode lærer af eksempler, så skriv gerne 4 til hver.")
    return remarks


def _checked(text: str, file: str, rows: Sequence[int]) -> Codebook:
    """Return the codebook, its faults told about the file it came from, by row where that is a sheet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kodebog.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_codebook(path)
        except InvalidFileError as error:
            told = [InputError(file, each.what, mend=each.mend, line=_row(text, each, rows)) for each in error.problems]
            raise InvalidFileError(told) from None
        except InputError as error:
            raise InputError(file, error.what, mend=error.mend) from None


def _row(text: str, problem: InputError, rows: Sequence[int]) -> int | None:
    """Return the row of the sheet that a line of the YAML was made of."""
    above = text.split("\n")[: problem.line or 0]
    number = sum(line.startswith("- id: ") for line in above)
    return rows[number - 1] if 0 < number <= len(rows) else None
