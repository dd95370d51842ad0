"""Files that an import leaves in the study folder: all of them or none, nothing overwritten."""

from collections.abc import Mapping
from errno import EEXIST
from os import strerror
from pathlib import Path

from qualcode.errors import UsageError
from qualcode.files import OWNER_ONLY, replace_file


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files that do not exist yet.

    Raises:
        UsageError: one cannot be written; those written before it are gone again.
    """
    written: list[Path] = []
    for path, content in files.items():
        try:
            if path.exists():
                raise FileExistsError(EEXIST, strerror(EEXIST))
            replace_file(path, content, OWNER_ONLY)
            written.append(path)
        except OSError as error:
            for one in written:
                one.unlink(missing_ok=True)
            raise UsageError(f"Filen '{path}' kan ikke skrives ({error.strerror}). Der er ikke gemt noget.") from None
