"""Files on their way into a folder: when has everything arrived?"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

# Looks at an unchanged file that does not seem whole, before it is taken for what it is: broken.
PATIENCE = 20
_TAIL = 2048

# Name, size, time of the last change of content and of the file itself.
State = frozenset[tuple[str, int, int, int]]


def state_of(folder: Path) -> State:
    """Return what names the files of a folder as they are now, hidden ones and Office's lock files left out."""
    found = set()
    for path in folder.iterdir():
        if path.name.startswith((".", "~$")):
            continue
        try:
            facts = path.stat()
        except FileNotFoundError:
            # Moved between two glances.
            continue
        if path.is_file():
            found.add((path.name, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns))
    return frozenset(found)


def is_whole(path: Path) -> bool:
    """Tell whether a file can be opened and has the end that its beginning promises; any text has one."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            file.seek(max(0, path.stat().st_size - _TAIL))
            tail = file.read()
    except OSError:
        return False
    if head.startswith(b"PK\x03\x04"):
        return zipfile.is_zipfile(path)
    if head.startswith(b"%PDF"):
        return b"%%EOF" in tail
    # Programs that copy may set the size first and fill in the content afterwards.
    return bool(head) and not (head.strip(b"\0") == b"" or tail.endswith(b"\0" * 16))


@dataclass
class Arrivals:
    """Looks at a folder now and then, and tells when there is something new and all of it has arrived.

    Attributes:
        folder: the folder
        seen: as it was at the last look
        done: as it was when its content was last taken care of
        looks: how often it has been the same since it changed
    """

    folder: Path
    seen: State | None = None
    done: State | None = None
    looks: int = 0

    def look(self) -> bool:
        """Tell whether the folder has changed since it was taken care of, but not since the last look.

        Raises:
            OSError: the folder is gone.
        """
        now = state_of(self.folder)
        self.looks = self.looks + 1 if now == self.seen else 0
        self.seen = now
        if now == self.done or not self.looks:
            return False
        return self.looks >= PATIENCE or all(is_whole(self.folder / name) for name, *_ in now - (self.done or set()))

    def take(self) -> None:
        """Note that the folder as last seen is taken care of."""
        self.done = self.seen
