"""What a study's coder has learned from decisions: kept, activated, restored; never deleted.

Not the trained model is kept but the passages it learned from: the same passages give the same model on any
machine, and they are interview data, which belongs in the database.
"""

import datetime
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from qualcode.models import Codebook, Example, Valence, digest
from qualcode.store.database import count_change
from qualcode.store.schema import ModelRow

# The coder as the codebook alone made it.
UNTAUGHT = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The card of a kept model.

    Attributes:
        number: counts from 1 in each study
        passages: how many it learned from
        card: figures and circumstances, as they were told when it was made
    """

    number: int
    made_at: str
    made_by: str
    codebook_version: str
    active: bool
    passages: int
    card: Mapping[str, object]


def keep(
    session: Session,
    study: str,
    examples: Sequence[Example],
    codebook: Codebook,
    analyst: str,
    card: Mapping[str, object],
) -> int:
    """Store what was learned, make it the active model and return its number.

    What the active model has learned already is not kept again, as when a command is repeated that was broken off.
    """
    stored = [asdict(example) for example in examples]
    active = session.scalar(select(ModelRow).where(ModelRow.study == study, ModelRow.active))
    if active and active.codebook_digest == codebook.digest and digest(active.examples) == digest(stored):
        return active.number
    count_change(session)
    number = (session.scalar(select(func.max(ModelRow.number)).where(ModelRow.study == study)) or UNTAUGHT) + 1
    session.execute(update(ModelRow).where(ModelRow.study == study).values(active=False))
    session.add(
        ModelRow(
            study=study,
            number=number,
            made_at=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
            made_by=analyst,
            codebook_digest=codebook.digest,
            codebook_version=codebook.version,
            active=True,
            examples=stored,
            card=dict(card),
        )
    )
    return number


def restore(session: Session, study: str, number: int) -> bool:
    """Make a kept model, or :data:`UNTAUGHT`, the active one; return False if there is none of that number."""
    known = {kept.number for kept in kept_models(session, study)} | {UNTAUGHT}
    if number not in known:
        return False
    count_change(session)
    session.execute(update(ModelRow).where(ModelRow.study == study).values(active=ModelRow.number == number))
    return True


def kept_models(session: Session, study: str) -> list[Kept]:
    """Return the cards of a study's models, oldest first."""
    rows = session.scalars(select(ModelRow).where(ModelRow.study == study).order_by(ModelRow.number))
    return [
        Kept(row.number, row.made_at, row.made_by, row.codebook_version, row.active, len(row.examples), row.card)
        for row in rows
    ]


def learned_examples(session: Session, study: str, known: Container[str]) -> tuple[Example, ...]:
    """Return what the active model has learned; passages with codes that are not known any more are passed over."""
    row = session.scalar(select(ModelRow).where(ModelRow.study == study, ModelRow.active))
    found = [_example(stored) for stored in row.examples] if row else []
    return tuple(example for example in found if all(code in known for code in example.codes))


def _example(stored: Mapping[str, object]) -> Example:
    codes, near, valence = stored["codes"], stored["near_miss_of"], stored["valence"]
    return Example(
        text=str(stored["text"]),
        codes=tuple(codes) if isinstance(codes, list) else (),
        near_miss_of=tuple(near) if isinstance(near, list) else (),
        valence=Valence(str(valence)) if valence else None,
        group=str(stored["group"]),
        # Models kept before surroundings counted have none.
        asked=str(stored.get("asked", "")),
        around=str(stored.get("around", "")),
    )
