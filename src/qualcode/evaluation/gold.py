"""Interviews that people have coded: read from CSV, checked against the transcripts, cut into items to judge.

``gold/`` in a study folder holds ``coder-a.csv`` and ``coder-b.csv`` (two coders who did not see each other's work),
``adjudicated.csv`` (what they settled on) and ``held-out.txt`` (ids of the interviews that nothing is learned
or tuned from, one a line). Columns, separated by ``;``: interview, turn, start, end, code, valence, quote.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from qualcode.coding.segments import trimmed, units
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
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter=";")
        if reader.fieldnames != _COLUMNS:
            raise InputError(path, "kolonnerne er ikke dem, der skal til", mend="Brug: " + ";".join(_COLUMNS))
        return [_coding(path, number, row, interviews, codebook) for number, row in enumerate(reader, start=2)]


def _coding(
    path: Path, line: int, row: Mapping[str, str], interviews: Mapping[str, Interview], codebook: Codebook
) -> GoldCoding:
    interview = interviews.get(row["interview"])
    if interview is None:
        raise InputError(path, f"interview '{row['interview']}' findes ikke", line=line)
    if row["code"] not in codebook.by_id:
        raise InputError(path, f"koden '{row['code']}' findes ikke i kodebogen", line=line)
    start, end = int(row["start"]), int(row["end"])
    if interview.text[start:end] != row["quote"]:
        raise InputError(path, "citatet står ikke på den angivne plads i transskriptionen", line=line)
    return GoldCoding(interview.id, start, end, row["code"], Valence(row["valence"]))


def items(gold: Sequence[GoldCoding], interviews: Iterable[Interview], nlp: Language) -> list[Item]:
    """Return the coded passages of interviews, and the meaning units that no coded passage touches."""
    found: list[Item] = []
    for interview in interviews:
        mine = [coding for coding in gold if coding.interview == interview.id]
        for start, end in sorted({(coding.start, coding.end) for coding in mine}):
            here = [coding for coding in mine if (coding.start, coding.end) == (start, end)]
            valences = {coding.code: coding.valence for coding in here}
            found.append(Item(interview.id, start, end, interview.quote(start, end), frozenset(valences), valences))
        for start, end in _units(interview, nlp):
            if not any(coding.overlaps(interview.id, start, end) for coding in mine):
                found.append(Item(interview.id, start, end, interview.quote(start, end), frozenset(), {}))
    return found


def _units(interview: Interview, nlp: Language) -> Iterable[tuple[int, int]]:
    for turn in interview.responses():
        for unit in units(nlp(interview.quote(turn.start, turn.end))):
            start, end = trimmed(unit)
            yield turn.start + start, turn.start + end
