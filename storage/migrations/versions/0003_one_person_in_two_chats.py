"""Codes by which people are one in two chats, people found by e-mail address, messages that concern no incident."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CONCERNS = "fk_deliveries_incident"


def upgrade() -> None:
    """Make the table and the index; a delivery no longer needs an incident."""
    op.create_table(
        "codes",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_codes")),
    )
    op.execute("UPDATE people SET profiled = false WHERE email = ''")  # asked about again, for their address
    op.create_index(op.f("ix_people_email"), "people", ["email"], unique=False)
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f(CONCERNS), type_="foreignkey")


def downgrade() -> None:
    """Undo it; what concerns no incident goes."""
    op.execute("DELETE FROM deliveries WHERE incident = 0")
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.create_foreign_key(op.f(CONCERNS), "incidents", ["incident"], ["number"])
    op.drop_index(op.f("ix_people_email"), table_name="people")
    op.drop_table("codes")
