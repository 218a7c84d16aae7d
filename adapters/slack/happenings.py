"""What Slack's events mean: something happened to a room, to a person, or to our access. Pure translation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.addresses import CONVERSATION, PERSON, conversation, person
from bot.refs import Address, Identity

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomGone:
    """A conversation can no longer be written to."""

    address: Address
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBack:
    """An archived conversation was opened again."""

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNamed:
    """A conversation has another name."""

    address: Address
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMoved:
    """A conversation has another id."""

    before: Address
    after: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Somebody left a conversation."""

    address: Address
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """Sitrep came into a conversation."""

    address: Address
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged:
    """Somebody is new, a person's profile is another, or their account was switched off."""

    user: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGone:
    """The workspace refuses us from now on."""

    reason: str


Happening = RoomGone | RoomBack | RoomNamed | RoomMoved | Left | LetIn | PersonChanged | AccessGone


def happening(event: Event, team: str, bot: str) -> Happening | None:
    """What the event means; None for one that means nothing to us, or cannot be read. `bot`: our user id."""
    kind = str(event.get("type", ""))
    if kind in GONE:
        return _gone(event.get("channel"), team, GONE[kind])
    reader = READERS.get(kind)
    return reader(event, team, bot) if reader else None


def _gone(channel: object, team: str, reason: str) -> RoomGone | None:
    address = _address(channel, team)
    return RoomGone(address=address, reason=reason) if address else None


def _back(event: Event, team: str, _: str) -> RoomBack | None:
    address = _address(event.get("channel"), team)
    return RoomBack(address=address) if address else None


def _named(event: Event, team: str, _: str) -> RoomNamed | None:
    channel = event.get("channel")
    if not isinstance(channel, dict) or not isinstance(channel.get("name"), str):
        return None
    address = _address(channel.get("id"), team)
    return RoomNamed(address=address, name=channel["name"]) if address else None


def _moved(event: Event, team: str, _: str) -> RoomMoved | None:
    before, after = _address(event.get("old_channel_id"), team), _address(event.get("new_channel_id"), team)
    return RoomMoved(before=before, after=after) if before and after else None


def _left(event: Event, team: str, bot: str) -> Left | RoomGone | None:
    user = event.get("user")
    if user == bot:
        return _gone(event.get("channel"), team, REMOVED)
    address = _address(event.get("channel"), team)
    if address is None or not isinstance(user, str) or not PERSON.fullmatch(user):
        return None
    return Left(address=address, identity=person(team, user))


def _let_in(event: Event, team: str, bot: str) -> LetIn | None:
    """That other people come in means nothing to us."""
    address = _address(event.get("channel"), team)
    return LetIn(address=address, channel=str(event["channel"])) if address and event.get("user") == bot else None


def _person(event: Event, _: str, __: str) -> PersonChanged | None:
    user = event.get("user")
    return PersonChanged(user=user) if isinstance(user, dict) else None


def _revoked(event: Event, _: str, __: str) -> AccessGone | None:
    """A person's own token is no concern of ours; the bot's is."""
    tokens = event.get("tokens")
    bots = tokens.get("bot") if isinstance(tokens, dict) else None
    return AccessGone(reason="the bot token was revoked") if bots else None


def _uninstalled(_: Event, __: str, ___: str) -> AccessGone:
    return AccessGone(reason="the app was removed from the workspace")


def _address(channel: object, team: str) -> Address | None:
    if not isinstance(channel, str) or not CONVERSATION.fullmatch(channel):
        return None
    return conversation(team, channel)


REMOVED = "Sitrep was removed from it"
GONE: Mapping[str, str] = {
    "channel_archive": "it was archived",
    "group_archive": "it was archived",
    "channel_deleted": "it was deleted",
    "group_deleted": "it was deleted",
    "channel_left": REMOVED,
    "group_left": REMOVED,
}
READERS: Mapping[str, Callable[[Event, str, str], Happening | None]] = {
    "channel_unarchive": _back,
    "group_unarchive": _back,
    "channel_rename": _named,
    "group_rename": _named,
    "channel_id_changed": _moved,
    "member_joined_channel": _let_in,
    "member_left_channel": _left,
    "team_join": _person,
    "user_change": _person,
    "tokens_revoked": _revoked,
    "app_uninstalled": _uninstalled,
}
