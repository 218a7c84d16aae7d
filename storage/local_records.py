"""What the try-out chat remembers, as its readers get it: conversations and messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.refs import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRoom:
    """A conversation."""

    address: Address
    name: str
    topic: str
    private: bool
    """Only its members see it."""
    pinned: int | None
    """The message at its top."""
    members: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalMessage:
    """A message as it stands now."""

    id: int
    changed: int
    """Its place in the count of everything that happened."""
    address: Address
    thread: int | None
    """The message it replies to."""
    author: str
    """A person; empty: Sitrep."""
    only_for: str
    """The one person who sees it; empty: everybody in the room."""
    kind: str
    data: str
    broadcast: bool
    at: datetime
    edited: bool
    gone: bool
    replies: int = 0
    """Of its thread, whether it is the first message or a reply."""


def room_of(row: Row[Any], within: frozenset[str]) -> LocalRoom:
    """The conversation that a row tells of, with those who are in it."""
    return LocalRoom(
        address=Address(row.address),
        name=row.name,
        topic=row.topic,
        private=row.private,
        pinned=row.pinned,
        members=within,
    )


def message_of(row: Row[Any]) -> LocalMessage:
    """The message that a row tells of."""
    return LocalMessage(
        id=row.id,
        changed=row.changed,
        address=Address(row.address),
        thread=row.thread,
        author=row.author,
        only_for=row.only_for,
        kind=row.kind,
        data=row.data,
        broadcast=row.broadcast,
        at=row.at,
        edited=row.edited,
        gone=row.gone,
        replies=row.replies,
    )
