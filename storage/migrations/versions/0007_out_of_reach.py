"""Whom a chat could not reach, and in which incidents. Deadlines computed anew fill it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "out_of_reach",
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "incident", name=op.f("pk_out_of_reach")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("out_of_reach")
