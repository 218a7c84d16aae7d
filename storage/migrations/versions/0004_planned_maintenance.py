"""Maintenance that was planned in public."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "maintenances",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("planned_by", sa.Text(), nullable=True),
        sa.Column("called_off_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_maintenances")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("maintenances")
