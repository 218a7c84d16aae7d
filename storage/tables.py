"""The tables. Whatever changes here needs a migration: a test compares the two."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
    literal,
    literal_column,
)

from storage.columns import Moment, Words


class State(StrEnum):
    """What has become of a row of the outbox."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    WITHHELD = "withheld"


class Lane(StrEnum):
    """What goes in order among itself, and beside everything else."""

    POST = "post"
    TOPIC = "topic"
    INVITE = "invite"
    PIN = "pin"
    ROOM = "room"


ROOM_TO_COME = ""
"""The address of a row that waits for the incident's room. Not NULL, so that the unique constraint holds for it too."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer(), "sqlite")

incidents = Table(
    "incidents",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("priority", Words, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("declared_at", Moment, nullable=False),
    Column("next_due_at", Moment, index=True),
    Column("rules", Words, nullable=False),
)
"""What incidents are found by. Everything in it can be made anew from the events."""

events = Table(
    "events",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", Words, nullable=False),
    Column("v", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Words),
    Column("data", Words, nullable=False),
)
"""Append-only. The only truth about an incident."""

inbox = Table(
    "inbox",
    metadata,
    Column("key", Words, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)
"""What was received, so that a repeated delivery has no second effect."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Integer, nullable=False),
    Column("target", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("lane", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("thread", Words, nullable=False),
    Column("order", Words, nullable=False),
    Column("reminder", Boolean, nullable=False),
    Column("due", Moment),
    Column("state", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("queued", Integer, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("next_attempt_at", Moment),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("claimed_at", Moment),
    Column("lease_until", Moment),
    Column("tried_at", Moment),
    Column("ref", Words, nullable=False),
    Column("sent_at", Moment),
    Column("ended_at", Moment),
    Column("error", Words, nullable=False),
    UniqueConstraint("incident", "address", "lane", "key", name="uq_deliveries_target"),
    Index("ix_deliveries_ready", "state", "urgency", "queued_at", "id"),
    Index("ix_deliveries_lane", "incident", "address", "lane", "state", "queued"),
    sqlite_autoincrement=True,
)
"""The outbox: one row for one message or effect, for its whole life. Of incident 0 is what concerns none."""

STATE = deliveries.c.state.concat(literal_column("''"))
"""The state, asked of rows that are named by their incident or their number.

SQLite, which keeps no statistics, would find those by the index of everything in that state: all that was ever sent.
"""
UNDER_WAY = STATE.in_([literal(State.WAITING.value), literal(State.SENDING.value)])
"""Of such a row: it waits, or is being sent. Values that are no elements are written into a statement for each call."""

addresses = Table(
    "addresses",
    metadata,
    Column("name", Words, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number")),
    Column("leads_to", Words),
)
"""What is known of an address: whose room it is, and what the chat itself calls it."""

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("same_as", Id, ForeignKey("people.id"), index=True),
    Column("name", Words, nullable=False),
    Column("zone", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("email", Words, nullable=False, index=True),
    Column("guest", Boolean, nullable=False),
    Column("bot", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("last_chat", Words, nullable=False),
    Column("profiled", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

identities = Table(
    "identities",
    metadata,
    Column("identity", Words, primary_key=True),
    Column("person", Id, ForeignKey("people.id"), nullable=False, index=True),
)

codes = Table(
    "codes",
    metadata,
    Column("identity", Words, primary_key=True),
    Column("code", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("misses", Integer, nullable=False),
)
"""What somebody types in another chat to be one person in both."""

maintenances = Table(
    "maintenances",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Words, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("services", Words, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("planned_by", Words),
    Column("called_off_at", Moment),
)
"""Work that customers are told of before it begins. It belongs to no incident."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""What people subscribed to for good: a service or a priority. Of one incident, its log says it."""

out_of_reach = Table(
    "out_of_reach",
    metadata,
    Column("person", Id, primary_key=True, autoincrement=False),
    Column("incident", Integer, primary_key=True, autoincrement=False),
)
"""Whom a chat could not reach in an incident, until they speak. The log says it; this is where it is found."""

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ticked_at", Moment, nullable=False),
    Column("replica", Words, nullable=False),
    Column("down_since", Moment),
    Column("down_until", Moment),
)
"""One row: when the clock last ran in any replica, and when it last did not for a minute."""

replicas = Table(
    "replicas",
    metadata,
    Column("name", Words, primary_key=True),
    Column("beat_at", Moment, nullable=False),
)
"""The processes that run, and when each last said so."""

pauses = Table(
    "pauses",
    metadata,
    Column("name", Words, primary_key=True),
    Column("until", Moment, nullable=False),
)
"""What a chat asked one of them not to call, which holds for all."""

meta = Table(
    "meta",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
