"""Interviews that people have coded: read from CSV, checked against the transcripts, cut into items to judge.

``gold/`` in a study folder holds ``coder-a.csv`` and ``coder-b.csv`` (two coders who did not see each other's work),
``adjudicated.csv`` (what they settled on) and ``held-out.txt`` (ids of the interviews that nothing is learned
or tuned from, one a line). Columns, separated by ``;``: interview, turn, start, end, code, valence, quote.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from qualcode.agreement.units import UnitKind, cut
from qualcode.errors import InputError
from qualcode.models import Codebook, Interview, Valence

_COLUMNS = ["interview", "turn", "start", "end", "code", "valence", "quote"]


@dataclass(frozen=True, slots=True)
class GoldCoding:
    """One code that a person put on one passage."""

    interview: str
    start: int
    end: int
    code: str
    valence: Valence

    def overlaps(self, interview: str, start: int, end: int) -> bool:
        """Tell whether the passage shares characters with a span."""
        return self.interview == interview and self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Item:
    """A passage to judge: one that people coded, or a meaning unit that nobody put a code on."""

    interview: str
    start: int
    end: int
    text: str
    codes: frozenset[str]
    valences: Mapping[str, Valence]


def load_gold(path: Path, interviews: Mapping[str, Interview], codebook: Codebook) -> list[GoldCoding]:
    """Return the codings in a gold file.

    Raises:
        InputError: a column is missing, or a row names an unknown interview or code or misquotes its transcript.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(path, "filen er ikke UTF-8", mend="Gem den som 'CSV UTF-8'") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    if reader.fieldnames != _COLUMNS:
        raise InputError(path, "kolonnerne er ikke dem, der skal til", mend="Brug: " + ";".join(_COLUMNS))
    return [_coding(path, reader.line_num, row, interviews, codebook) for row in reader]


def _coding(
    path: Path, line: int, row: Mapping[str, str], interviews: Mapping[str, Interview], codebook: Codebook
) -> GoldCoding:
    interview = interviews.get(row["interview"])
    if interview is None:
        raise InputError(path, f"interview '{row['interview']}' findes ikke", line=line)
    if row["code"] not in codebook.by_id:
        raise InputError(path, f"koden '{row['code']}' findes ikke i kodebogen", line=line)
    try:
        start, end, valence = int(row["start"]), int(row["end"]), Valence(row["valence"])
    except (TypeError, ValueError):
        known = ", ".join(Valence)
        raise InputError(path, "start og end skal være hele tal, valence en af: " + known, line=line) from None
    if not 0 <= start < end or interview.text[start:end] != row["quote"]:
        raise InputError(path, "citatet står ikke på den angivne plads i transskriptionen", line=line)
    return GoldCoding(interview.id, start, end, row["code"], valence)


def items(gold: Sequence[GoldCoding], interviews: Iterable[Interview], nlp: Language) -> list[Item]:
    """Return the coded passages of interviews, and the meaning units that no coded passage touches."""
    found: list[Item] = []
    for interview in interviews:
        mine = [coding for coding in gold if coding.interview == interview.id]
        for start, end in sorted({(coding.start, coding.end) for coding in mine}):
            here = [coding for coding in mine if (coding.start, coding.end) == (start, end)]
            valences = {coding.code: coding.valence for coding in here}
            found.append(Item(interview.id, start, end, interview.quote(start, end), frozenset(valences), valences))
        for unit in cut(interview, nlp, UnitKind.MEANING):
            if not any(coding.overlaps(interview.id, unit.start, unit.end) for coding in mine):
                text = interview.quote(unit.start, unit.end)
                found.append(Item(interview.id, unit.start, unit.end, text, frozenset(), {}))
    return found
