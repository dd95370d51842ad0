"""Tables of the database.

``suggestion`` is derived and replaced at will. ``decision`` is an append-only journal: nothing in qualcode
updates or deletes its rows, and it names interviews and quotes by content, not by foreign key, so that it
outlives whatever is recomputed or removed around it.

Changes to this file need a migration in ``migrations/versions``.
"""

from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all tables."""


class MetaRow(Base):
    """Facts about the database itself: ``id`` and ``changes``, a count of what runs have written."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class StudyRow(Base):
    """A study that has been run, and where its folder and codebook lay then."""

    __tablename__ = "study"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    folder: Mapped[str] = mapped_column(Text)
    codebook: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, object] | None] = mapped_column(JSON)
    codebook_state: Mapped[str | None] = mapped_column(String(64))


class CodebookRow(Base):
    """The files of a codebook as a study was last run with them, compressed: other machines may not have them."""

    __tablename__ = "codebook"

    # Hash of the contents.
    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str] = mapped_column(String(400))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    bank: Mapped[bytes | None] = mapped_column(LargeBinary)


class RefusalRow(Base):
    """A transcript that was refused when last read; it is not read again before it changes."""

    __tablename__ = "refusal"

    study: Mapped[str] = mapped_column(String(200), primary_key=True)
    file: Mapped[str] = mapped_column(String(400), primary_key=True)
    source_digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)


class DocumentRow(Base):
    """A transcript as last read."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("study", "file"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    study: Mapped[str] = mapped_column(String(200), index=True)
    file: Mapped[str] = mapped_column(String(400))
    # Names the bytes and everything else that reading depends on.
    source_digest: Mapped[str] = mapped_column(String(64))
    present: Mapped[bool] = mapped_column(Boolean, default=True)
    interview: Mapped[str] = mapped_column(String(400))
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str | None]] = mapped_column(JSON)
    informants: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # Names interview, codebook, model and coder of the suggestions; None before they are made.
    coded_as: Mapped[str | None] = mapped_column(String(64))
    units: Mapped[int] = mapped_column(Integer, default=0)
    # Findings of the privacy gate: direct ones it was told to let through, and possible ones.
    flagged: Mapped[int] = mapped_column(Integer, default=0)
    possible: Mapped[int] = mapped_column(Integer, default=0)


class TurnRow(Base):
    """A turn of a document; its words are a span of the document's text."""

    __tablename__ = "turn"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[str] = mapped_column(String(200))
    interviewer: Mapped[bool] = mapped_column(Boolean)
    time: Mapped[str | None] = mapped_column(String(40))


class SuggestionRow(Base):
    """A suggested coding."""

    __tablename__ = "suggestion"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(200), index=True)
    valence: Mapped[str] = mapped_column(String(20))
    score: Mapped[float] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[dict[str, object]] = mapped_column(JSON)


class ModelRow(Base):
    """What a study's coder learned at one time; the newest, or one that was restored, is active."""

    __tablename__ = "model"

    study: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    made_at: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str] = mapped_column(String(200))
    codebook_digest: Mapped[str] = mapped_column(String(64))
    codebook_version: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean)
    examples: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    card: Mapped[dict[str, object]] = mapped_column(JSON)


class DecisionRow(Base):
    """One event of the journal."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    coding_id: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(20))
    analyst: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(40))
    study: Mapped[str] = mapped_column(String(200), index=True)
    interview: Mapped[str] = mapped_column(String(400))
    document_digest: Mapped[str] = mapped_column(String(64))
    codebook_digest: Mapped[str] = mapped_column(String(64))
    turn: Mapped[int] = mapped_column(Integer)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[str] = mapped_column(String(200))
    quote: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(200))
    valence: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    new_code: Mapped[str | None] = mapped_column(String(200))
    new_valence: Mapped[str | None] = mapped_column(String(20))
    new_start: Mapped[int | None] = mapped_column(Integer)
    new_end: Mapped[int | None] = mapped_column(Integer)
    new_quote: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    round: Mapped[str | None] = mapped_column(String(40), index=True)
    batch: Mapped[str | None] = mapped_column(String(40))


class PrivacyDecisionRow(Base):
    """What somebody decided on a finding of the privacy gate; of the identifier only a salted hash is here."""

    __tablename__ = "privacy_decision"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    study: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    token: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(20))
    analyst: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(40))


class RoundRow(Base):
    """A blind round: coders code the same passages without seeing each other or the machine."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("study", "name"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    study: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(200))
    coders: Mapped[list[str]] = mapped_column(JSON)
    # How the passages were drawn, so that the report can tell.
    sample: Mapped[dict[str, str | float | int]] = mapped_column(JSON)
    made: Mapped[str] = mapped_column(String(40))
    # When adjudication began; after it the coders' answers stay as they are.
    closed: Mapped[str | None] = mapped_column(String(40))


class RoundPassageRow(Base):
    """A passage of a round, in the words that the coders were shown."""

    __tablename__ = "round_passage"

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    interview: Mapped[str] = mapped_column(String(400))
    document_digest: Mapped[str] = mapped_column(String(64))
    turn: Mapped[int] = mapped_column(Integer)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[str] = mapped_column(String(200))
    quote: Mapped[str] = mapped_column(Text)


class AssignmentRow(Base):
    """A passage that a coder is to look at; done without a code in the journal means: there is none."""

    __tablename__ = "assignment"

    round: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    coder: Mapped[str] = mapped_column(String(200), primary_key=True)
    passage: Mapped[int] = mapped_column(Integer, primary_key=True)
    done: Mapped[str | None] = mapped_column(String(40))


class AdjudicationRow(Base):
    """What was settled about a passage of a round; only ever added to, the last one counts.

    What follows from it for the codings stands in the journal, under the same batch.
    """

    __tablename__ = "adjudication"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    passage: Mapped[int] = mapped_column(Integer)
    analyst: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(40))
    codes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    batch: Mapped[str] = mapped_column(String(40))


class StandingRow(Base):
    """A coding as it stands: a suggestion as the journal left it, or one that a person made. Derived, kept up to date.

    It is what :func:`qualcode.store.codings.effective_codings` yields, laid out so that the next card of any queue
    and the effect of a decision cost the same among a million codings as among a hundred.
    """

    __tablename__ = "standing"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    study: Mapped[str] = mapped_column(String(200))
    turn: Mapped[int] = mapped_column(Integer)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(200))
    valence: Mapped[str] = mapped_column(String(20))
    score: Mapped[float] = mapped_column(Float)
    # Distance of the probability from one half: the smaller, the less certain.
    doubt: Mapped[float] = mapped_column(Float)
    # A number drawn by the coding's id: codings sorted by it are in random order, the same each time.
    lot: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(20))
    suggested: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[str] = mapped_column(String(20))
    analyst: Mapped[str] = mapped_column(String(200))
    mark: Mapped[str | None] = mapped_column(String(20))
    memos: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    # Number of the last event on it in the journal, 0 where there is none.
    decided: Mapped[int] = mapped_column(Integer)


class StandingDocumentRow(Base):
    """What a document's rows in ``standing`` were made from."""

    __tablename__ = "standing_document"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    study: Mapped[str] = mapped_column(String(200), index=True)
    made_from: Mapped[str] = mapped_column(String(64))


class StandingStudyRow(Base):
    """How far a study's rows in ``standing`` have followed: the database's changes, and the journal's events."""

    __tablename__ = "standing_study"

    study: Mapped[str] = mapped_column(String(200), primary_key=True)
    changes: Mapped[int] = mapped_column(Integer)
    upto: Mapped[int] = mapped_column(Integer)


class AnalystRow(Base):
    """An analyst who may log in; without a password only from this machine."""

    __tablename__ = "analyst"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    password: Mapped[str | None] = mapped_column(String(300))


class LoginRow(Base):
    """A browser that an analyst is logged in with; of its token only a hash is kept."""

    __tablename__ = "login"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    analyst: Mapped[str] = mapped_column(String(200))
    # Whether a password was given, or just a name on this machine.
    proven: Mapped[bool] = mapped_column(Boolean)
    until: Mapped[str] = mapped_column(String(40))


class NoteRow(Base):
    """A memo on a code or an interview; memos on codings are events of the journal. Never changed."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    study: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(440))
    analyst: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
