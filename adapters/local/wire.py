"""What goes to the page: messages, the state of the whole chat, the words there are."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.local.addresses import place
from adapters.local.kept import Message
from adapters.local.people import EVERYBODY
from adapters.local.render import stamp
from adapters.local.world import Place, World
from bot.catalog import COMMANDS
from bot.commands.words import does, usage
from bot.refs import Address

WORDS = "words"
"""The kind of a message that a person typed."""
SITREP = "Sitrep"


def packed(value: Any) -> str:
    """Compact JSON in ASCII: whatever a string holds, it can be kept and sent."""
    return json.dumps(value, separators=(",", ":"))


def message(found: Message) -> dict[str, Any]:
    """A message as the page draws it."""
    typed = found.kind == WORDS
    data = json.loads(found.data) if found.data else None
    return {
        "id": found.id,
        "seq": found.changed,
        "place": place(found.address),
        "thread": found.thread,
        "broadcast": found.broadcast,
        "replies": found.replies,
        "author": found.author,
        "only_you": bool(found.only_for),
        "at": stamp(found.at),
        "edited": found.edited,
        "gone": found.gone,
        "kind": "text" if typed else "card",
        "text": data if typed and data else "",
        "card": None if typed else data,
    }


def messages(found: Iterable[Message]) -> list[dict[str, Any]]:
    """Messages as the page draws them."""
    return [message(one) for one in found]


def state(
    world: World, viewer: str, unread: Mapping[Address, int], *, now: datetime, ahead: timedelta
) -> dict[str, Any]:
    """Everything but the messages, as that person sees it."""
    shown = [one for one in world.places if one.seen_by(viewer)]
    return {
        "me": viewer,
        "people": [{"id": one.id, "name": one.name, "zone": one.zone} for one in EVERYBODY],
        "conversations": [_conversation(one, viewer, unread.get(one.room.address, 0)) for one in shown],
        "clock": clock(world, viewer, now=now, ahead=ahead),
        "guide": {"step": world.guide, "place": place(world.guided) or None, "practice": world.practice},
        "seq": world.seq,
    }


def clock(world: World, viewer: str, *, now: datetime, ahead: timedelta) -> dict[str, Any]:
    """The incident's clock, and the next deadline of an incident that this person may know of."""
    due = next_due(world, viewer, now)
    return {"now": stamp(now), "offset": round(ahead.total_seconds()), "next": stamp(due) if due else None}


def next_due(world: World, viewer: str, now: datetime) -> datetime | None:
    """The next moment at which something falls due in an incident that this person may know of."""
    moments = (one.due for one in world.places if one.due and one.seen_by(viewer))
    return min((moment for moment in moments if moment > now), default=None)


def words() -> list[dict[str, Any]]:
    """The words people can type, for completion."""
    return [
        {"word": spec.word, "aliases": list(spec.aliases), "usage": usage(spec), "does": does(spec)}
        for spec in COMMANDS
        if not spec.hidden
    ]


def _conversation(found: Place, viewer: str, unread: int) -> dict[str, Any]:
    room = found.room
    direct = room.name.startswith("@")
    kind = "direct" if direct else "room" if found.number is not None else "channel"
    return {
        "id": place(room.address),
        "kind": kind,
        "name": SITREP if direct else room.name,
        "topic": room.topic,
        "private": found.private,
        "joined": viewer in room.members,
        "unread": unread if viewer in room.members else 0,
        "pinned": room.pinned,
        "incident": found.number,
        "ended": found.ended,
        "members": [{"id": who, "roles": list(found.roles.get(who, ()))} for who in sorted(room.members)],
    }
