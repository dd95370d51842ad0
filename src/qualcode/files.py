"""Write files whole or not at all: aside first, then renamed.

Whoever opens a file sees the old one or the new one, never half of one, whenever the writer is killed or the disk
runs full. What a killed writer left aside is removed by the next one.
"""

import os
import re
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

# Of files that hold interviews or codings one by one: nobody but their owner reads them.
OWNER_ONLY = 0o600
_ASIDE = re.compile(r"\..+\.(\d+)\.ny")
_DAY = 86_400


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file, aside first.

    Args:
        path: the file; one that is there is replaced and keeps the permissions its owner gave it
        content: all of it
        mode: permissions of a file that was not there; None leaves them to the umask

    Raises:
        OSError: it cannot be written; the file is what it was, and nothing is left aside.
    """
    forget_leftovers(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}.ny")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode or 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            # Without this a power cut could leave the new name on an empty file.
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            aside.chmod(path.stat().st_mode & 0o777)
        aside.replace(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def forget_leftovers(path: Path) -> None:
    """Remove what killed writers of a file, or makers of a folder, left beside it."""
    with suppress(OSError):
        for aside in path.parent.glob(f".{_escaped(path.name)}.*.ny"):
            found = _ASIDE.fullmatch(aside.name)
            if found and not _at_work(int(found.group(1)), aside):
                if aside.is_dir():
                    shutil.rmtree(aside, ignore_errors=True)
                else:
                    aside.unlink(missing_ok=True)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read, unless the file is there.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def _escaped(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _at_work(process: int, aside: Path) -> bool:
    """Tell whether the process that writes a file may still be there; where none can be asked, age tells."""
    if sys.platform == "win32":
        return time.time() - aside.stat().st_mtime < _DAY
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
