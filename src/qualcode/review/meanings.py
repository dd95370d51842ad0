"""Search in what respondents say, by meaning: with the sentence vectors that coding left behind."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from qualcode.coding.encoder import CachedEncoder, make_encoder
from qualcode.coding.segments import units
from qualcode.coding.ship_vectors import vectors_file
from qualcode.language.pipeline import danish
from qualcode.review.desk import Desk
from qualcode.review.search import Hit, speech


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
        turns = list(speech(session, self._desk))
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
