"""What the try-out chat keeps: rooms, who is in them, messages, how far each person has read.

A message and each edit of it get the next number of one count, so that a page that was away asks for what came after
the number it has seen, and misses nothing. Methods that write say so; they belong on the writer.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select, update

from bot.refs import Address
from storage.local_records import LocalMessage, LocalRoom, message_of, room_of
from storage.local_tables import members, messages, reads, rooms
from storage.sessions import Sessions
from storage.upserts import insert_new

LOCK = 5_170_714
"""The advisory lock of the count on PostgreSQL; on SQLite whoever writes is alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalChat:
    """The chat's memory."""

    sessions: Sessions

    def rooms(self) -> tuple[LocalRoom, ...]:
        """Every conversation, oldest first."""
        with self.sessions.reading() as connection:
            within: dict[int, set[str]] = {}
            for row in connection.execute(select(members)):
                within.setdefault(row.room, set()).add(row.person)
            found = connection.execute(select(rooms).order_by(rooms.c.id)).all()
        return tuple(room_of(row, frozenset(within.get(row.id, ()))) for row in found)

    def make_room(self, names: Iterable[str], *, private: bool, token: str) -> LocalRoom:
        """Make a room with the first of these names that is free; the one made earlier for that token. Writes.

        Raises LookupError where all are taken.
        """
        with self.sessions.writing() as connection:
            if connection.scalar(select(rooms.c.id).where(rooms.c.token == token)) is None:
                _first_free(connection, names, private=private, token=token)
            found = connection.execute(select(rooms).where(rooms.c.token == token)).one()
            within = connection.scalars(select(members.c.person).where(members.c.room == found.id))
            return room_of(found, frozenset(within))

    def set_topic(self, address: Address, topic: str, name: str = "") -> bool:
        """Write its topic, and its name where there is one: its address stays. Whether there is such a room. Writes."""
        values = {"topic": topic, **({"name": name} if name else {})}
        with self.sessions.writing() as connection:
            return connection.execute(update(rooms).where(_at(address)).values(values)).rowcount > 0

    def pin(self, address: Address, message: int) -> bool:
        """Put that message at its top; whether there is such a room. Writes."""
        with self.sessions.writing() as connection:
            return connection.execute(update(rooms).where(_at(address)).values(pinned=message)).rowcount > 0

    def join(self, address: Address, people: Iterable[str]) -> tuple[str, ...]:
        """Bring people in. Gives those who were not there before. Writes."""
        with self.sessions.writing() as connection:
            room = _id_of(connection, address)
            return tuple(
                person for person in people if insert_new(connection, members, {"room": room, "person": person})
            )

    def leave(self, address: Address, person: str) -> bool:
        """Take somebody out; whether they were there. Writes."""
        with self.sessions.writing() as connection:
            there = (members.c.room == _id_of(connection, address), members.c.person == person)
            return connection.execute(delete(members).where(*there)).rowcount > 0

    def say(
        self,
        address: Address,
        *,
        kind: str,
        data: str,
        at: datetime,
        author: str = "",
        only_for: str = "",
        thread: int | None = None,
        broadcast: bool = False,
        token: str | None = None,
    ) -> int:
        """Say something; the message's id. A token says it once: the id of the message that was said then. Writes.

        Raises LookupError where there is no such room.
        """
        with self.sessions.writing() as connection:
            room = _id_of(connection, address)
            known = connection.scalar(select(messages.c.id).where(messages.c.token == token)) if token else None
            if known is not None:
                return int(known)
            values = {
                "room": room,
                "thread": _root(connection, thread, room),
                "author": author,
                "only_for": only_for,
                "kind": kind,
                "data": data,
                "broadcast": broadcast,
                "at": at,
                "edited": False,
                "gone": False,
                "changed": _next(connection),
                "token": token,
            }
            made = connection.execute(insert(messages).values(values)).inserted_primary_key
            assert made is not None
            return int(made[0])

    def edit(self, message: int, data: str) -> bool:
        """Put other words in its place; whether it is still there. Writes where they are others."""
        with self.sessions.writing() as connection:
            found = connection.execute(select(messages).where(messages.c.id == message)).first()
            if found is None or found.gone:
                return False
            if found.data != data:
                values = {"data": data, "edited": True, "changed": _next(connection)}
                connection.execute(update(messages).where(messages.c.id == message).values(values))
            return True

    def take_away(self, message: int, person: str) -> bool:
        """Take away what only that person sees; whether it was there. Writes."""
        with self.sessions.writing() as connection:
            theirs = (messages.c.id == message, messages.c.only_for == person, messages.c.gone.is_(False))
            values = {"gone": True, "data": "", "changed": _next(connection)}
            return connection.execute(update(messages).where(*theirs).values(values)).rowcount > 0

    def said_with(self, token: str) -> int | None:
        """The message said with that token."""
        with self.sessions.reading() as connection:
            return connection.scalar(select(messages.c.id).where(messages.c.token == token))

    def last_change(self) -> int:
        """The number of the newest message or edit."""
        with self.sessions.reading() as connection:
            return connection.scalar(select(func.max(messages.c.changed))) or 0

    def changes(self, after: int, limit: int) -> tuple[LocalMessage, ...]:
        """What was said or edited after that number, in order."""
        wanted = _shown().where(messages.c.changed > after).order_by(messages.c.changed).limit(limit)
        return self._messages(wanted)

    def messages(self, address: Address, viewer: str, before: int | None, limit: int) -> tuple[LocalMessage, ...]:
        """The newest messages of a room that this person sees, less replies that stay in their thread; oldest first."""
        inside = (rooms.c.address == address, or_(messages.c.thread.is_(None), messages.c.broadcast))
        wanted = _shown().where(*inside, *_seen_by(viewer)).order_by(messages.c.id.desc()).limit(limit)
        found = self._messages(wanted if before is None else wanted.where(messages.c.id < before))
        return tuple(reversed(found))

    def thread(self, root: int, viewer: str) -> tuple[LocalMessage, ...]:
        """A message and its replies, as this person sees them, oldest first."""
        inside = or_(messages.c.id == root, messages.c.thread == root)
        return self._messages(_shown().where(inside, *_seen_by(viewer)).order_by(messages.c.id))

    def unread(self, viewer: str) -> tuple[int, Mapping[Address, int]]:
        """The newest message there is, and of those up to it how many of others' this person has not read, by room."""
        seen = func.coalesce(reads.c.message, 0)
        joined = messages.join(rooms, rooms.c.id == messages.c.room).outerjoin(
            reads, (reads.c.room == messages.c.room) & (reads.c.person == viewer)
        )
        theirs = (messages.c.author != viewer, messages.c.only_for == "", messages.c.gone.is_(False))
        top = or_(messages.c.thread.is_(None), messages.c.broadcast)
        wanted = select(rooms.c.address, func.count().label("many")).select_from(joined)
        wanted = wanted.where(messages.c.id > seen, top, *theirs).group_by(rooms.c.address)
        with self.sessions.reading() as connection:
            newest = connection.scalar(select(func.max(messages.c.id))) or 0
            return newest, {Address(row.address): row.many for row in connection.execute(wanted)}

    def read_to(self, address: Address, person: str, message: int) -> None:
        """Note how far somebody has read; it never goes back, nor beyond what was said. Writes."""
        with self.sessions.writing() as connection:
            room = _id_of(connection, address)
            newest = min(message, connection.scalar(select(func.max(messages.c.id))) or 0)
            if insert_new(connection, reads, {"room": room, "person": person, "message": newest}):
                return
            row = (reads.c.room == room, reads.c.person == person, reads.c.message < newest)
            connection.execute(update(reads).where(*row).values(message=newest))

    def _messages(self, wanted: Select[Any]) -> tuple[LocalMessage, ...]:
        with self.sessions.reading() as connection:
            return tuple(message_of(row) for row in connection.execute(wanted))


def forget(connection: Connection, people: Collection[str]) -> None:
    """Nothing of these people is left: where they were, how far they read, what they wrote, what was for them alone."""
    own = select(rooms.c.id).where(rooms.c.address.in_([f"local:@{person}" for person in people]))
    alone = or_(messages.c.only_for.in_(people), messages.c.room.in_(own))
    replies = select(messages.c.id).where(alone)
    connection.execute(delete(messages).where(or_(alone, messages.c.thread.in_(replies))))
    written = update(messages).where(messages.c.author.in_(people))
    connection.execute(written.values(author="", data="", gone=True, token=None))
    connection.execute(delete(members).where(members.c.person.in_(people)))
    connection.execute(delete(reads).where(reads.c.person.in_(people)))


def _shown() -> Select[Any]:
    replies = messages.alias()
    count = (
        select(func.count())
        .where(replies.c.thread == func.coalesce(messages.c.thread, messages.c.id), replies.c.only_for == "")
        .scalar_subquery()
    )
    joined = messages.join(rooms, rooms.c.id == messages.c.room)
    return select(messages, rooms.c.address, count.label("replies")).select_from(joined)


def _seen_by(viewer: str) -> tuple[ColumnElement[bool], ...]:
    return or_(messages.c.only_for == "", messages.c.only_for == viewer), messages.c.gone.is_(False)


def _first_free(connection: Connection, names: Iterable[str], *, private: bool, token: str) -> None:
    for name in names:
        values = {"address": f"local:{name}", "name": name, "topic": "", "private": private, "token": token}
        if insert_new(connection, rooms, values):
            return
    raise LookupError("every name for the room is taken")


def _id_of(connection: Connection, address: Address) -> int:
    found = connection.scalar(select(rooms.c.id).where(_at(address)))
    if found is None:
        raise LookupError(f"there is no {address}")
    return int(found)


def _root(connection: Connection, thread: int | None, room: int) -> int | None:
    """The first message of a thread; threads have no threads. None where it is in another room, or not there."""
    if thread is None:
        return None
    found = connection.execute(select(messages).where(messages.c.id == thread, messages.c.room == room)).first()
    return None if found is None else int(found.thread or found.id)


def _next(connection: Connection) -> int:
    """The next number of the count. Nobody else is given one until the transaction ends: order is order of commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    return (connection.scalar(select(func.max(messages.c.changed))) or 0) + 1


def _at(address: Address) -> ColumnElement[bool]:
    return rooms.c.address == address
