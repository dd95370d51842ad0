"""Decisions say more: added codings, valence, span, blind rounds, acts on many codings at once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the journal; what is in it stays as it is."""
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("before", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("after", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("new_valence", sa.String(20)))
        table.add_column(sa.Column("new_start", sa.Integer))
        table.add_column(sa.Column("new_end", sa.Integer))
        table.add_column(sa.Column("new_quote", sa.Text))
        table.add_column(sa.Column("round", sa.String(40)))
        table.add_column(sa.Column("batch", sa.String(40)))
        table.create_index("ix_decision_round", ["round"])
