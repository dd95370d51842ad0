"""``codings.csv``: the codings as Danish Excel opens them, semicolons and a byte order mark."""

import pandas as pd

from qualcode.analysis.frames import CODING_COLUMNS, codings_frame
from qualcode.exchange.requests import ExportRequest

# A cell that begins with one of these is run as a formula by spreadsheets.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def export_csv(request: ExportRequest) -> bytes:
    """Return the same ``codings.csv`` as a run leaves in its folder."""
    frame = codings_frame(request.study.name, request.interviews, request.codings, request.codebook)
    return codings_csv(frame[list(CODING_COLUMNS)])


def codings_csv(codings: pd.DataFrame) -> bytes:
    """Return the frame of codings as CSV.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; in ``quote`` as well, since a
    transcript is not ours to trust.
    """
    safe = codings.copy()
    for column in safe.columns[safe.dtypes.map(lambda kind: not pd.api.types.is_numeric_dtype(kind))]:
        safe[column] = safe[column].map(without_formula)
    text: str = safe.to_csv(sep=";", index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def without_formula(value: object) -> object:
    """Return text that a spreadsheet would run as a formula with an apostrophe in front, anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
