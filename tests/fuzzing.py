"""What is fuzzed, by hypothesis in the tests and by atheris (``python -m tests.fuzz_atheris``): every reader of files.

A *target* is a valid file and a function that reads such files. Damage is done to the valid file, within the members of
archives, too, for a reader that only ever sees noise gets no further than its first line.
"""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from qualcode.codebook.load import load_codebook
from qualcode.errors import QualcodeError
from qualcode.exchange.codebook_files import WRITERS, codebook_from
from qualcode.exchange.formats import EXPORTS, IMPORTS
from qualcode.ingest.read import parse
from qualcode.models import Action
from qualcode.reporting.prose import Notes
from qualcode.store.database import Database
from qualcode.study import Study
from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK
from tests.exchanging import Bench, bench, coding, decide, read, suggest
from tests.samples import ALL

SETTINGS = """title: Promenaden
codebook: codebook.yaml
date: 2026-03-04
interviewers: [I, "Interviewer 2"]
speakers:
  IP: chef for Plan og By
threshold: 0.4
small_cell: 5
"""
# Pieces that parsers trip over.
PIECES = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n---\n",
    b"I: ",
    b"-1",
    b"1e309",
    b"9" * 400,
    b"NaN",
    b"{",
    b"}}",
    b"<",
    b"&a;",
    b"<![CDATA[",
    b"]]>",
    b'"',
    b"';",
    b"\\u",
    b"{\\rtf1",
    b"\\bin99999999 ",
    b"!!python/object:os.system",
    b"&x [*x]",
    b"0001-00-00T99:99:99Z",
    b"internal://../../x",
    "\u202e\u0301æ".encode(),
    b"=1+1",
    b"%PDF",
    b"PK\x03\x04",
)


@dataclass(frozen=True)
class Edit:
    """One piece of damage: where (a share of the length), how many bytes go, and what comes instead."""

    place: float
    gone: int
    piece: bytes


@dataclass(frozen=True)
class Target:
    """A valid file and its reader."""

    valid: bytes
    reader: Callable[[bytes], object]


def damaged(content: bytes, edits: Sequence[Edit], member: int | None = None) -> bytes:
    """Return a file with edits, in one member if it is an archive and one is named."""
    if member is not None and content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        hit = sorted(parts)[member % len(parts)]
        parts[hit] = damaged(parts[hit], edits)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        return out.getvalue()
    for edit in edits:
        start = int(edit.place * len(content))
        content = content[:start] + edit.piece + content[start + edit.gone :]
    return content


def attempt(target: Target, content: bytes) -> None:
    """Read a file; the one thing that may be raised is an error in one clear line for each fault."""
    with suppress(QualcodeError):
        target.reader(content)


@cache
def targets() -> Mapping[str, Target]:
    """Return all targets by name."""
    folder = Path(tempfile.mkdtemp(prefix="qualcode-fuzz-"))
    found = {f"read {name}": Target(make(), partial(_parse, name=name)) for name, make in ALL.items()}
    held = _bench(folder)
    for ending, importer in IMPORTS.items():
        kind = ending.removeprefix(".")
        valid = EXPORTS[kind](held.export())
        found[f"import {kind}"] = Target(valid, partial(_import, importer, held, f"x{ending}"))
    book = load_codebook(MINI_CODEBOOK)
    for kind, writer in WRITERS.items():
        name = "x.csv" if kind == "taguette" else f"x.{kind}"
        found[f"codebook {kind}"] = Target(writer(book), partial(_codebook_from, name=name))
    found["codebook yaml"] = Target(MINI_CODEBOOK.read_bytes(), partial(_codebook_in, folder / "fuzzed.yaml"))
    found["study.yaml"] = Target(SETTINGS.encode(), partial(_settings, folder / "fuzzed"))
    found["pins"] = Target(b"pin:\n  - a1\nunpin: []\n", partial(_pins, folder / "notes"))
    return found


def _parse(content: bytes, name: str) -> object:
    return parse(content, name)


def _codebook_from(content: bytes, name: str) -> object:
    return codebook_from(content, name)


def _codebook_in(path: Path, content: bytes) -> object:
    path.write_bytes(content)
    return load_codebook(path)


def _settings(folder: Path, content: bytes) -> object:
    folder.mkdir(exist_ok=True)
    (folder / "study.yaml").write_bytes(content)
    return Study.open(folder)


def _pins(folder: Path, content: bytes) -> object:
    folder.mkdir(exist_ok=True)
    (folder / "pins.yaml").write_bytes(content)
    return Notes(folder).pins()


def _import(importer: Callable[..., object], held: Bench, file: str, content: bytes) -> object:
    return importer(held.request(content, file))


def _bench(folder: Path) -> Bench:
    interviews = [read(CHEF, "a.txt"), read(MEDARBEJDER, "b.md")]
    held = bench(Database(f"sqlite:///{folder / 'q.db'}"), load_codebook(MINI_CODEBOOK), interviews, folder)
    for interview in interviews:
        turns = [turn for turn in interview.turns if not turn.interviewer]
        made = [coding(interview, turn.start, turn.start + 20, "styring.drift") for turn in turns]
        suggest(held, interview, made)
        decide(held, interview, made[0], Action.ACCEPT, "mette")
    return held
