"""The codebook and the settings that a study was last run with, for machines that do not have its folder."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and two columns, empty until the study is run again."""
    op.create_table(
        "codebook",
        sa.Column("state", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(400), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("bank", sa.LargeBinary),
    )
    with op.batch_alter_table("study") as table:
        table.add_column(sa.Column("settings", sa.JSON))
        table.add_column(sa.Column("codebook_state", sa.String(64)))
