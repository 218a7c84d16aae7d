"""The try-out chat's own tables: what a chat's servers would keep."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.columns import Moment, Words
from storage.tables import Id
from storage.tables import metadata as metadata  # noqa: PLC0414 - with these tables in it

rooms = Table(
    "local_rooms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("pinned", Id),
    Column("token", Words),
    UniqueConstraint("address", name="uq_local_rooms_address"),
    UniqueConstraint("token", name="uq_local_rooms_token"),
    sqlite_autoincrement=True,
)
"""Channels, incidents' rooms, and each person's conversation with Sitrep."""

members = Table(
    "local_members",
    metadata,
    Column("room", Id, ForeignKey("local_rooms.id"), primary_key=True),
    Column("person", Words, primary_key=True),
)

messages = Table(
    "local_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("room", Id, ForeignKey("local_rooms.id"), nullable=False),
    Column("thread", Id, ForeignKey("local_messages.id"), index=True),
    Column("author", Words, nullable=False),
    Column("only_for", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("data", Words, nullable=False),
    Column("broadcast", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("edited", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("token", Words),
    UniqueConstraint("changed", name="uq_local_messages_changed"),
    UniqueConstraint("token", name="uq_local_messages_token"),
    Index("ix_local_messages_shown", "room", "id"),
    sqlite_autoincrement=True,
)
"""`changed` counts every message and every edit: whoever has seen it up to a number asks for what came after."""

reads = Table(
    "local_reads",
    metadata,
    Column("room", Id, ForeignKey("local_rooms.id"), primary_key=True),
    Column("person", Words, primary_key=True),
    Column("message", Id, nullable=False),
)
"""Up to which message somebody has read."""
