"""Search in what respondents say, by word and by lemma.

Interviews are searched as they are, not through an index on disk: a study of sixty takes well under a second, and
nothing has to be kept up to date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from qualcode.language.lemmas import lemma
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
    for document_id, interview, turn in speech(session, desk):
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
    for document_id, interview, turn in speech(session, desk):
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


def speech(session: Session, desk: Desk) -> Iterator[tuple[int, Interview, Turn]]:
    """Yield all respondents' turns of the study with document and interview."""
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
