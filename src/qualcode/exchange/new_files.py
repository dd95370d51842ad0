"""Files that an import leaves in the study folder: all of them or none, nothing overwritten."""

from collections.abc import Mapping
from pathlib import Path

from qualcode.errors import UsageError


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files that do not exist yet.

    Raises:
        UsageError: one cannot be written; those written before it are gone again.
    """
    written: list[Path] = []
    for path, content in files.items():
        try:
            with path.open("xb") as file:
                written.append(path)
                file.write(content)
        except OSError as error:
            for one in written:
                one.unlink(missing_ok=True)
            raise UsageError(f"Filen '{path}' kan ikke skrives ({error.strerror}). Der er ikke gemt noget.") from None
