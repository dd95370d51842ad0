"""The one table of transcript formats: file ending → reader. A new format is one module and one line here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from qualcode.errors import InputError
from qualcode.ingest.document import RawBlock
from qualcode.ingest.docx import read_docx
from qualcode.ingest.plain import read_plain

Reader = Callable[[bytes, str], list[RawBlock]]

READERS: Mapping[str, Reader] = {
    ".docx": read_docx,
    ".md": read_plain,
    ".txt": read_plain,
}


def is_transcript(path: Path) -> bool:
    """Tell whether a file name looks like a transcript; Office lock files (``~$…``) and hidden ones do not."""
    return path.suffix.lower() in READERS and not path.name.startswith((".", "~$"))


def reader_for(path: Path) -> Reader:
    """Return the reader for a file by its ending.

    Raises:
        InputError: no reader knows the ending.
    """
    try:
        return READERS[path.suffix.lower()]
    except KeyError:
        known = ", ".join(sorted(READERS))
        raise InputError(path, f"formatet '{path.suffix}' kendes ikke", mend=f"Brug et af: {known}") from None
