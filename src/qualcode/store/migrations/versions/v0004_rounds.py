"""Blind rounds: who codes which passages without seeing the others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of rounds; the codes that coders give are in the journal."""
    op.create_table(
        "round",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("study", sa.String(200), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("coders", sa.JSON, nullable=False),
        sa.Column("sample", sa.JSON, nullable=False),
        sa.Column("made", sa.String(40), nullable=False),
        sa.Column("closed", sa.String(40)),
        sa.UniqueConstraint("study", "name"),
    )
    op.create_table(
        "round_passage",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("interview", sa.String(400), nullable=False),
        sa.Column("document_digest", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("speaker", sa.String(200), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
    )
    op.create_table(
        "assignment",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.id"), primary_key=True),
        sa.Column("coder", sa.String(200), primary_key=True),
        sa.Column("passage", sa.Integer, primary_key=True),
        sa.Column("done", sa.String(40)),
    )
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.id"), nullable=False, index=True),
        sa.Column("passage", sa.Integer, nullable=False),
        sa.Column("analyst", sa.String(200), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("codes", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("batch", sa.String(40), nullable=False),
    )
