"""Quotes that stand alone, coded by their writer and by a second coder: speech of another hand than all else.

``gold/quotes.csv`` in a study folder, separated by ``;``, has the columns style, code, also, valence, second_coder,
text; ``also`` holds further codes that would be right, separated by spaces.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qualcode.errors import InputError
from qualcode.models import Codebook, Valence

QUOTES = "quotes.csv"
_COLUMNS = ["style", "code", "also", "valence", "second_coder", "text"]


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote.

    Attributes:
        style: what sort of speech it is
        code: the code a careful coder would choose first
        codes: that one and the others that would be right
        second_coder: the code that a blind coder chose
    """

    style: str
    code: str
    codes: frozenset[str]
    valence: Valence
    second_coder: str
    text: str


def load_quotes(path: Path, codebook: Codebook) -> list[Quote]:
    """Return the quotes in a file, none where there is no file.

    Raises:
        InputError: a column is missing, or a row has an unknown code or valence.
    """
    if not path.exists():
        return []
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";")
    if reader.fieldnames != _COLUMNS:
        raise InputError(path, "kolonnerne er ikke dem, der skal til", mend="Brug: " + ";".join(_COLUMNS))
    return [_quote(path, reader.line_num, row, codebook) for row in reader]


def _quote(path: Path, line: int, row: Mapping[str, str], codebook: Codebook) -> Quote:
    codes = frozenset({row["code"], *row["also"].split()})
    for code in (*sorted(codes), row["second_coder"]):
        if code not in codebook.by_id:
            raise InputError(path, f"koden '{code}' findes ikke i kodebogen", line=line)
    if row["valence"] not in set(Valence):
        raise InputError(path, "valence skal være en af: " + ", ".join(Valence), line=line)
    return Quote(row["style"], row["code"], codes, Valence(row["valence"]), row["second_coder"], row["text"])
