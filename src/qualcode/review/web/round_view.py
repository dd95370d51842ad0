"""A passage of a blind round as a page shows it, and what both its pages post."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from qualcode.agreement.rounds import Given, Round, RoundPassage, rounds
from qualcode.errors import UsageError
from qualcode.models import Informant, Interview, Valence
from qualcode.review.passages import Mark, Piece, pieces
from qualcode.review.web.cards import Setting, setting_of
from qualcode.review.web.visit import Visit
from qualcode.store.schema import DocumentRow


class GivenForm(BaseModel):
    """A code on a passage, or on a part of it."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=200)
    valence: Valence
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)

    def given(self) -> Given:
        """Return it as a round knows it."""
        return Given(self.code, self.valence, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage within its turn."""

    passage: RoundPassage
    informant: Informant
    setting: Setting
    text: tuple[Piece, ...]


def round_of(session: Session, visit: Visit, key: str) -> Round:
    """Return the round with an id.

    Raises:
        UsageError: the study has none.
    """
    found = next((one for one in rounds(session, visit.desk.study) if one.id == key), None)
    if found is None:
        raise UsageError("Runden findes ikke.")
    return found


def interview_of(session: Session, visit: Visit, passage: RoundPassage) -> Interview:
    """Return the interview that a passage lies in.

    Raises:
        UsageError: it is gone, or its words are not those of the round any more.
    """
    number = session.scalar(
        select(DocumentRow.id).where(
            DocumentRow.study == visit.desk.study,
            DocumentRow.interview == passage.interview,
            DocumentRow.digest == passage.document_digest,
            DocumentRow.present,
        )
    )
    if number is None:
        raise UsageError(f"Transskriptionen {passage.interview} er ændret, siden runden blev lavet.")
    return visit.desk.interview(session, number)


def shown_passage(session: Session, visit: Visit, passage: RoundPassage) -> Shown:
    """Return a passage with what is said around it."""
    interview = interview_of(session, visit, passage)
    setting = setting_of(interview, passage.turn)
    mark = Mark(passage.start, passage.end, "quote")
    return Shown(
        passage=passage,
        informant=interview.informant(passage.speaker),
        setting=setting,
        text=tuple(pieces(interview, setting.turn.start, setting.turn.end, [mark])),
    )


def as_values(given: Given, passage: RoundPassage) -> dict[str, str | int | None]:
    """Return a code on a passage for the page's script; the whole passage is told as no part."""
    whole = given.start in (None, passage.start) and given.end in (None, passage.end)
    return {
        "code": given.code,
        "valence": given.valence.value,
        "start": None if whole else given.start,
        "end": None if whole else given.end,
    }
