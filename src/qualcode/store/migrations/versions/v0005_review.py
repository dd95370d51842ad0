"""What the review page needs: codings as they stand, who the analysts are, notes, and indexes for queues."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_QUEUES = {
    "doubt": ["study", "status", "doubt", "id"],
    "code": ["study", "status", "code", "doubt", "id"],
    "level": ["study", "status", "level", "doubt", "id"],
    "source": ["study", "status", "source", "score", "id"],
    "text": ["study", "status", "document_id", "start", "id"],
    "lot": ["study", "lot", "id"],
    "score": ["study", "status", "score", "id"],
    "analyst": ["study", "analyst", "decided"],
    "place": ["document_id", "turn"],
    "id": ["id"],
}


def upgrade() -> None:
    """Make the tables; the codings as they stand are filled in when the page first asks for them."""
    op.create_table(
        "standing",
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("study", sa.String(200), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("speaker", sa.String(200), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("code", sa.String(200), nullable=False),
        sa.Column("valence", sa.String(20), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("doubt", sa.Float, nullable=False),
        sa.Column("lot", sa.Integer, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("suggested", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("analyst", sa.String(200), nullable=False),
        sa.Column("mark", sa.String(20)),
        sa.Column("memos", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("decided", sa.Integer, nullable=False),
    )
    for name, columns in _QUEUES.items():
        op.create_index(f"ix_standing_{name}", "standing", columns)
    op.create_table(
        "standing_document",
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("study", sa.String(200), nullable=False, index=True),
        sa.Column("made_from", sa.String(64), nullable=False),
    )
    op.create_table(
        "standing_study",
        sa.Column("study", sa.String(200), primary_key=True),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("upto", sa.Integer, nullable=False),
    )
    op.create_table(
        "analyst",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("password", sa.String(300)),
    )
    op.create_table(
        "login",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("analyst", sa.String(200), nullable=False),
        sa.Column("proven", sa.Boolean, nullable=False),
        sa.Column("until", sa.String(40), nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study", sa.String(200), nullable=False),
        sa.Column("about", sa.String(440), nullable=False),
        sa.Column("analyst", sa.String(200), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_note_about", "note", ["study", "about"])
    op.create_index("ix_decision_analyst", "decision", ["study", "analyst", "id"])
    op.create_index("ix_decision_interview", "decision", ["study", "interview", "id"])
    op.create_index("ix_suggestion_turn", "suggestion", ["document_id", "turn"])
