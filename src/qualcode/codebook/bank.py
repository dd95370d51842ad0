"""Where a codebook's bank of examples lies."""

from pathlib import Path


def bank_file(codebook_file: Path) -> Path:
    """Return where the bank of examples of a codebook lies, if it has one."""
    return codebook_file.with_suffix(".examples.yaml")
