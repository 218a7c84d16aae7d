"""The try-out chat's rooms, members, messages, and how far each person has read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _rooms()
    _members()
    _messages()
    _reads()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("local_reads")
    op.drop_table("local_messages")
    op.drop_table("local_members")
    op.drop_table("local_rooms")


def _rooms() -> None:
    op.create_table(
        "local_rooms",
        sa.Column("id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("pinned", ID, nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_rooms")),
        sa.UniqueConstraint("address", name="uq_local_rooms_address"),
        sa.UniqueConstraint("token", name="uq_local_rooms_token"),
        sqlite_autoincrement=True,
    )


def _members() -> None:
    op.create_table(
        "local_members",
        sa.Column("room", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room"], ["local_rooms.id"], name=op.f("fk_local_members_room")),
        sa.PrimaryKeyConstraint("room", "person", name=op.f("pk_local_members")),
    )


def _messages() -> None:
    op.create_table(
        "local_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("room", ID, nullable=False),
        sa.Column("thread", ID, nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("only_for", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("broadcast", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["room"], ["local_rooms.id"], name=op.f("fk_local_messages_room")),
        sa.ForeignKeyConstraint(["thread"], ["local_messages.id"], name=op.f("fk_local_messages_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_messages")),
        sa.UniqueConstraint("changed", name="uq_local_messages_changed"),
        sa.UniqueConstraint("token", name="uq_local_messages_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_local_messages_shown", "local_messages", ["room", "id"], unique=False)
    op.create_index(op.f("ix_local_messages_thread"), "local_messages", ["thread"], unique=False)


def _reads() -> None:
    op.create_table(
        "local_reads",
        sa.Column("room", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("message", ID, nullable=False),
        sa.ForeignKeyConstraint(["room"], ["local_rooms.id"], name=op.f("fk_local_reads_room")),
        sa.PrimaryKeyConstraint("room", "person", name=op.f("pk_local_reads")),
    )
