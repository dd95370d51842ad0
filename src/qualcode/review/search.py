"""Search in what respondents say: by word, by lemma, by meaning.

Interviews are searched as they are, not through an index on disk: a study of sixty takes well under a second, and
nothing has to be kept up to date. Meaning is searched with the vectors that coding left behind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from qualcode.coding.encoder import CachedEncoder, make_encoder
from qualcode.coding.segments import units
from qualcode.coding.ship_vectors import vectors_file
from qualcode.language.lemmas import lemma
from qualcode.language.pipeline import danish
from qualcode.models import Interview, Turn
from qualcode.review.desk import Desk
from qualcode.review.progress import interviews_of

AT_MOST = 200
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Words of a query by lemma may stand this far apart.
_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: the stretch to show, the spans in it that fit, and how near it is in meaning (a cosine)."""

    document_id: int
    interview: Interview
    turn: Turn
    start: int
    end: int
    spans: tuple[tuple[int, int], ...] = ()
    nearness: float | None = None


def by_word(session: Session, desk: Desk, query: str) -> list[Hit]:
    """Find words as they are written; the query may begin in the midst of none."""
    pattern = re.compile(rf"(?<!\w){re.escape(' '.join(query.split()))}".replace(r"\ ", r"\s+"), re.IGNORECASE)
    hits: list[Hit] = []
    for document_id, interview, turn in _speech(session, desk):
        spans = [match.span() for match in pattern.finditer(interview.text, turn.start, turn.end)]
        hits += _grouped(document_id, interview, turn, spans)
        if len(hits) >= AT_MOST:
            break
    return hits[:AT_MOST]


def by_lemma(session: Session, desk: Desk, query: str) -> list[Hit]:
    """Find all forms of words; of several all must stand near one another."""
    wanted = {lemma(word) for word in _WORD.findall(query)}
    hits: list[Hit] = []
    if not wanted:
        return hits
    for document_id, interview, turn in _speech(session, desk):
        found = [word for word in _lemmas(interview.text[turn.start : turn.end]) if word[2] in wanted]
        near = [
            (turn.start + start, turn.start + end)
            for start, end, _, place in found
            if {other[2] for other in found if abs(other[3] - place) <= _WITHIN} == wanted
        ]
        hits += _grouped(document_id, interview, turn, near)
        if len(hits) >= AT_MOST:
            break
    return hits[:AT_MOST]


class Meanings:
    """The meaning units of a study and their vectors, made at the first search and again when interviews change."""

    def __init__(self, desk: Desk) -> None:
        shipped = (vectors_file(desk.codebook_file), vectors_file(desk.folder))
        self._desk = desk
        self._encoder = CachedEncoder(make_encoder(), desk.work / "vectors.db", shipped)
        self._made_from: tuple[str, ...] = ()
        self._units: list[Hit] = []
        self._vectors: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._middle: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def nearest(self, session: Session, query: str, count: int = 50) -> list[Hit]:
        """Return the meaning units nearest to a query, the nearest first.

        Vectors are centred on the study: raw cosines of this encoder lie close together, whatever the text.
        """
        self._follow(session)
        if not self._units:
            return []
        wanted = self._encoder.encode([query])[0] - self._middle
        cosines = self._vectors @ (wanted / (np.linalg.norm(wanted) or 1))
        best = np.argsort(-cosines, kind="stable")[:count]
        return [
            Hit(unit.document_id, unit.interview, unit.turn, unit.start, unit.end, (), float(cosines[row]))
            for row, unit in ((int(row), self._units[int(row)]) for row in best)
        ]

    def _follow(self, session: Session) -> None:
        turns = list(_speech(session, self._desk))
        made_from = tuple(dict.fromkeys(interview.digest for _, interview, _ in turns))
        if made_from == self._made_from:
            return
        docs = danish().pipe(interview.text[turn.start : turn.end] for _, interview, turn in turns)
        found: list[Hit] = []
        for (document_id, interview, turn), doc in zip(turns, docs, strict=True):
            for unit in units(doc):
                start = turn.start + unit.span.start_char
                found.append(Hit(document_id, interview, turn, start, start + len(unit.span.text)))
        raw = self._encoder.encode([hit.interview.text[hit.start : hit.end].strip() for hit in found])
        self._middle = raw.mean(axis=0) if len(raw) else np.zeros(raw.shape[1], dtype=np.float32)
        centred = raw - self._middle
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        self._vectors = np.asarray(centred / np.where(lengths > 0, lengths, 1), dtype=np.float32)
        self._units, self._made_from = found, made_from


def _speech(session: Session, desk: Desk) -> Iterator[tuple[int, Interview, Turn]]:
    for document_id in interviews_of(session, desk.study):
        interview = desk.interview(session, document_id)
        for turn in interview.responses():
            yield document_id, interview, turn


def _grouped(document_id: int, interview: Interview, turn: Turn, spans: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """Yield one hit a turn, with as much around the words as is needed to understand them."""
    if spans:
        start = _word_before(interview.text, max(turn.start, spans[0][0] - 160), turn.start)
        wanted = max(spans[0][1] + 240, min(spans[-1][1] + 40, spans[0][1] + 500))
        end = turn.end if wanted >= turn.end else _word_before(interview.text, wanted, spans[0][1])
        yield Hit(document_id, interview, turn, start, end, tuple(span for span in spans if span[1] <= end))


def _word_before(text: str, place: int, least: int) -> int:
    while place > least and not text[place - 1].isspace():
        place -= 1
    return place


@lru_cache(maxsize=50_000)
def _lemmas(text: str) -> tuple[tuple[int, int, str, int], ...]:
    """Return start, end, lemma and number of each word."""
    return tuple(
        (match.start(), match.end(), lemma(match.group()), number) for number, match in enumerate(_WORD.finditer(text))
    )
