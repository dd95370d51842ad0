"""A new study folder: an empty one with commented files, or one with the settings and codebook of a shipped study."""

import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path

from qualcode.codebook.bank import bank_file
from qualcode.coding.ship_vectors import vectors_file
from qualcode.errors import UsageError
from qualcode.files import forget_leftovers, replace_file
from qualcode.study import SETTINGS_FILE, STUDY_TEMPLATE, find_codebook, shipped_codebooks

CODEBOOK_FILE = "codebook.yaml"
SAMPLE_FILE = "interview-00-eksempel.txt"
# Keys that are of the shipped study's own interviews or report.
_ITS_OWN = ("title", "codebook", "date", "interviews", "speakers", "interviewers", "small_cell")
_UNUSUAL = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def shipped_studies() -> list[str]:
    """Return the names of the codebooks that come with the settings of their study."""
    return [name for name in shipped_codebooks() if _template(name).is_file()]


def _template(name: str) -> Path:
    return Path(str(files("qualcode.codebooks") / f"{name}{STUDY_TEMPLATE}.yaml"))


def start_study(folder: Path, like: str | None = None) -> list[Path]:
    """Make a study folder and return the files in it.

    Args:
        folder: must not exist, or be empty
        like: name of a shipped study whose settings and codebook it gets; None makes an empty one with a sample

    Raises:
        UsageError: the folder is in use or cannot be made, or there is no such study.
    """
    if like is not None and like not in shipped_studies():
        raise UsageError(f"Der følger intet studie '{like}' med qualcode. Vælg et af: {', '.join(shipped_studies())}.")
    fill = _empty if like is None else partial(_like, like=like)
    try:
        if not folder.exists():
            return _whole(folder, fill)
        used = any(folder.iterdir())
    except OSError as error:
        raise UsageError(f"Mappen '{folder}' kan ikke laves ({error.strerror}). Vælg et andet navn.") from None
    if used:
        raise UsageError(f"Mappen '{folder}' er ikke tom. Vælg et andet navn; intet er ændret.")
    return fill(folder, _title(folder))


def _whole(folder: Path, fill: Callable[[Path, str], list[Path]]) -> list[Path]:
    """Fill a new folder aside and put it in place: a half-made study would be in the way of the next attempt."""
    forget_leftovers(folder)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.ny")
    aside.mkdir(parents=True)
    made = fill(aside, _title(folder))
    aside.rename(folder)
    return [folder / path.name for path in made]


def _title(folder: Path) -> str:
    words = re.sub(r"[-_]+", " ", folder.resolve().name).strip()
    return words[:1].upper() + words[1:] or "Studie"


def _quoted(text: str) -> str:
    """Return text as a YAML string, whatever signs it has."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _empty(folder: Path, title: str) -> list[Path]:
    starter = files("qualcode.starter")
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower().translate(_UNUSUAL)).strip("-") or "kodebog"
    made = []
    for name in (SETTINGS_FILE, CODEBOOK_FILE, SAMPLE_FILE):
        text = (starter / name).read_text(encoding="utf-8")
        text = text.replace("TITEL", _quoted(title)).replace("KODEBOG", slug)
        replace_file(folder / name, text.encode("utf-8"))
        made.append(folder / name)
    return made


def _like(folder: Path, title: str, like: str) -> list[Path]:
    """Copy a shipped study's settings and codebook, with its bank of examples and their vectors."""
    settings = folder / SETTINGS_FILE
    head = (
        f"# Indstillinger som i studiet {like}; kodebogen ligger i {CODEBOOK_FILE} og kan rettes frit.\n"
        "# Læg transskriptionerne her i mappen. Alt, hvad der kan stå her, er forklaret i docs/study.md.\n"
        f"title: {_quoted(title)}\ncodebook: {CODEBOOK_FILE}\n"
    )
    settings.write_text(head + _without(_template(like).read_text(encoding="utf-8"), _ITS_OWN), encoding="utf-8")
    source, target = find_codebook(like, folder), folder / CODEBOOK_FILE
    made = [settings]
    for file, copy in (
        (source, target),
        (bank_file(source), bank_file(target)),
        (vectors_file(source), vectors_file(target)),
    ):
        if file.is_file():
            shutil.copyfile(file, copy)
            made.append(copy)
    return made


def _without(text: str, keys: tuple[str, ...]) -> str:
    r"""Return YAML without some top-level keys, what is under them, and the comment that heads the file.

    >>> _without("# Om demoen.\ntitle: T\nanalyses:\n  scale: trin\n", ("title",))
    'analyses:\n  scale: trin\n'
    """
    kept, keep = [], False
    for line in text.splitlines(keepends=True):
        if key := re.match(r"([\w-]+)\s*:", line):
            keep = key.group(1) not in keys
        if keep:
            kept.append(line)
    return "".join(kept)
