"""What the pages keep from a coder who has passages of a blind round left: every coding on the turns they lie in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.agreement.rounds import unseen_turns
from qualcode.store.schema import DocumentRow

Place = tuple[int, int]


def unseen_places(session: Session, study: str, analyst: str) -> frozenset[Place]:
    """Return (document, turn) of what an analyst must see no codes of."""
    unseen = unseen_turns(session, study, analyst)
    if not unseen:
        return frozenset()
    rows = session.execute(
        select(DocumentRow.id, DocumentRow.interview).where(DocumentRow.study == study, DocumentRow.present)
    )
    documents = {row.interview: row.id for row in rows}
    return frozenset((documents[interview], turn) for interview, turn in unseen if interview in documents)
