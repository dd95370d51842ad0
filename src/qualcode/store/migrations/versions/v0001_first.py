"""First schema: documents, turns, suggestions, the journal of decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
    )
    op.create_table(
        "study",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("codebook", sa.Text, nullable=False),
    )
    op.create_table(
        "refusal",
        sa.Column("study", sa.String(200), primary_key=True),
        sa.Column("file", sa.String(400), primary_key=True),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study", sa.String(200), nullable=False, index=True),
        sa.Column("file", sa.String(400), nullable=False),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("interview", sa.String(400), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("informants", sa.JSON, nullable=False),
        sa.Column("coded_as", sa.String(64)),
        sa.Column("units", sa.Integer, nullable=False),
        sa.UniqueConstraint("study", "file"),
    )
    op.create_table(
        "turn",
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("speaker", sa.String(200), nullable=False),
        sa.Column("interviewer", sa.Boolean, nullable=False),
        sa.Column("time", sa.String(40)),
    )
    op.create_table(
        "suggestion",
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("speaker", sa.String(200), nullable=False),
        sa.Column("code", sa.String(200), nullable=False, index=True),
        sa.Column("valence", sa.String(20), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("coding_id", sa.String(40), nullable=False, index=True),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("analyst", sa.String(200), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("study", sa.String(200), nullable=False, index=True),
        sa.Column("interview", sa.String(400), nullable=False),
        sa.Column("document_digest", sa.String(64), nullable=False),
        sa.Column("codebook_digest", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("speaker", sa.String(200), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("code", sa.String(200), nullable=False),
        sa.Column("valence", sa.String(20), nullable=False),
        sa.Column("new_code", sa.String(200)),
        sa.Column("reason", sa.Text),
    )
