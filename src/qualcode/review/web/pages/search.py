"""Search: a word, all its forms, or a meaning."""

import threading
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from qualcode.review.passages import Mark, Piece, pieces
from qualcode.review.search import Hit, by_lemma, by_word
from qualcode.review.web.pages.card import last_event
from qualcode.review.web.visit import Member, Visit

if TYPE_CHECKING:
    from qualcode.review.meanings import Meanings

router = APIRouter()
WAYS = ("ord", "former", "betydning")
# The first search by meaning reads the whole study: once is enough.
_ONE_AT_A_TIME = threading.Lock()


@router.get("/soeg")
def show_search(visit: Member, q: Annotated[str, Query(max_length=300)] = "", maade: str = "former") -> HTMLResponse:
    """Show what a search finds in what respondents say."""
    way = maade if maade in WAYS else "former"
    words = " ".join(q.split())
    with visit.desk.read() as session:
        hits: list[Hit] = []
        if words and way == "ord":
            hits = by_word(session, visit.desk, words)
        elif words and way == "former":
            hits = by_lemma(session, visit.desk, words)
        elif words:
            with _ONE_AT_A_TIME:
                hits = _meanings(visit).nearest(session, words)
        found = [(hit, hit.interview.informant(hit.turn.speaker), _text(hit)) for hit in hits]
        return visit.page("search.html", q=words, way=way, hits=found, last=last_event(session))


def _text(hit: Hit) -> list[Piece]:
    return pieces(hit.interview, hit.start, hit.end, [Mark(start, end, "hit") for start, end in hit.spans])


def _meanings(visit: Visit) -> "Meanings":
    # The encoder takes seconds to import: nobody waits for it who does not search by meaning.
    from qualcode.review.meanings import Meanings

    state = visit.request.app.state
    if not hasattr(state, "meanings"):
        state.meanings = Meanings(visit.desk)
    meanings: Meanings = state.meanings
    return meanings
