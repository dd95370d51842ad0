"""Decisions on the privacy gate's findings; what was let through it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
# Made beside 0006, merged after it: a database that has that one is still to get this one.
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and two counts."""
    op.create_table(
        "privacy_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study", sa.String(200), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("analyst", sa.String(200), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("flagged", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("possible", sa.Integer, nullable=False, server_default="0"))
