"""The incident's room: made, or found again where an earlier answer was lost, or a thread where none may be made.

A name stays taken by archived channels and by private ones that nobody shows us. A channel of that name is adopted only
if it is ours: made by our own user, not before we first tried, and no other incident's. Else the next free name is
taken, `inc-42-checkout-2`.
"""

import re
from typing import Any

from adapters.sinks import Delivered, SendFailed
from adapters.slack.addresses import conversation, message_at, message_ref
from adapters.slack.channels import Channel, channel_of, listed
from adapters.slack.desk import Desk, target
from adapters.slack.directory import Me
from adapters.slack.limits import CHANNEL_NAME
from adapters.slack.linked_rooms import open_linked
from adapters.slack.readback import SKEW
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import OpenRoom

MOST_NAMES = 20

WAIT = 3.0
"""Seconds between two looks for the announcement that the room is to be a thread of."""

NOT_ALLOWED = ("restricted_action", "missing_scope", "cannot_create_channel", "no_permission", "user_is_restricted")
"""No channel may be made: the room becomes a thread."""

NUMBERED = re.compile(r"[a-z]+-\d+")


async def open_room(desk: Desk, delivery: Delivery, order: OpenRoom) -> Delivered:
    """Make the room. Raises SendFailed."""
    if order.at:
        return await open_linked(desk, delivery, order)
    me = desk.directory.required()
    if delivery.address.partition(":")[2] not in ("", me.team):
        raise SendFailed("that is another Slack workspace", permanent=True)
    names = proposals(order)
    answer = await _create(desk, names[0], private=order.private)
    if answer.get("error") == "name_taken":
        ours = await _ours(desk, delivery, names, me)
        if ours is not None:
            return _opened(me, ours)
        answer = await _first_free(desk, names[1:], private=order.private)
    if answer.get("error") in NOT_ALLOWED:
        return await _thread_instead(desk, delivery, me)
    return _opened(me, channel_of(_channel_in(answer)))


def proposals(order: OpenRoom) -> tuple[str, ...]:
    """The names to try, in order. A private incident's has the number and nothing of the title."""
    name = order.name
    if order.private:
        numbered = NUMBERED.match(name)
        name = numbered[0] if numbered else name
    suffixes = ("", *(f"-{count}" for count in range(2, MOST_NAMES + 1)))
    return tuple(f"{name[: CHANNEL_NAME - len(suffix)].rstrip('-_')}{suffix}" for suffix in suffixes)


async def _create(desk: Desk, name: str, *, private: bool) -> dict[str, Any]:
    expect = ("name_taken", *NOT_ALLOWED)
    return dict(await desk.client.call("conversations.create", expect=expect, name=name, is_private=private))


async def _first_free(desk: Desk, names: tuple[str, ...], *, private: bool) -> dict[str, Any]:
    for name in names:
        answer = await _create(desk, name, private=private)
        if answer.get("error") != "name_taken":
            return answer
    raise SendFailed("every name for the room is taken in Slack", permanent=True)


async def _ours(desk: Desk, delivery: Delivery, names: tuple[str, ...], me: Me) -> Channel | None:
    """The channel that an earlier attempt of this delivery made."""
    since = ((delivery.tried_at or delivery.queued_at) - SKEW).timestamp()
    async for channel in listed(desk.client, "users.conversations"):
        if channel.name not in names or channel.creator != me.user or channel.created < since:
            continue
        owner = await desk.incidents.owner(conversation(me.team, channel.id))
        if owner in (None, delivery.incident):
            return channel
    return None


async def _thread_instead(desk: Desk, delivery: Delivery, me: Me) -> Delivered:
    found = await desk.incidents.announcement(delivery.incident)
    if found is None:
        raise SendFailed(
            "Sitrep may not make channels in Slack, and there is no announcement to reply to", permanent=True
        )
    address, ref = found
    if not ref:
        raise SendFailed("Sitrep may not make channels in Slack: its announcement is waited for", retry_after=WAIT)
    channel, ts = message_at(ref)
    place = target(desk, address)
    name = _name_of(desk, place.channel) or "announcement"
    room = RoomOpened(address=conversation(me.team, channel, ts), name=name, url=me.page(channel, ts), own=False)
    return Delivered(ref=message_ref(channel, ts), room=room)


def _name_of(desk: Desk, channel: str) -> str:
    return next((one.name for one in desk.directory.channels.found.values() if one.id == channel), "")


def _opened(me: Me, channel: Channel) -> Delivered:
    address = conversation(me.team, channel.id)
    return Delivered(ref=channel.id, room=RoomOpened(address=address, name=channel.name, url=me.page(channel.id)))


def _channel_in(answer: dict[str, Any]) -> dict[str, Any]:
    channel = answer.get("channel")
    if not isinstance(channel, dict) or not channel.get("id"):
        raise SendFailed("Slack made a channel and did not name it", outcome_unknown=True)
    return channel
