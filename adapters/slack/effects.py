"""What is done to a room besides talking in it: its topic, its people, its pin. A room that is a thread has none."""

from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from adapters.cutting import cut
from adapters.sinks import Delivered, SendFailed
from adapters.slack.addresses import message_at, spot
from adapters.slack.desk import Desk, Target, target
from adapters.slack.limits import TOPIC
from adapters.slack.text import escape, escaped_length
from adapters.visible import one_line
from bot.ports import Delivery
from bot.posts import Invite, Pin, SetTopic

AT_ONCE = 100
"""People in one invitation."""

COULD_NOT = frozenset(
    {
        "already_in_channel",
        "cant_invite_self",
        "cant_invite",
        "user_not_found",
        "user_disabled",
        "user_is_restricted",
        "ura_max_channels",
        "user_is_ultra_restricted",
        "user_team_not_in_channel",
    }
)
"""Said of single people. Whether they can be reached shows when they are written to."""

NO_NAME = frozenset({"name_taken", "not_authorized", "not_in_channel", "restricted_action", "unknown_method"})
"""Why a room keeps the name it has."""

THERE_ALREADY = frozenset({"already_in_channel", "cant_invite_self"})


async def set_topic(desk: Desk, delivery: Delivery, order: SetTopic) -> Delivered:
    """Set the room's topic. Each change prints a line there: an uncertain one is compared first. Raises SendFailed.

    A name that it may not have, or cannot get, is no trouble: people find it by the card.
    """
    goal = target(desk, delivery.address)
    if order.name and not goal.thread:
        await desk.client.call("conversations.rename", expect=NO_NAME, channel=goal.channel, name=order.name)
    words = escape(cut(one_line(order.text), TOPIC, escaped_length))
    if not goal.thread and not (delivery.tried_at and await _stands(desk, goal, words)):
        await desk.client.call("conversations.setTopic", channel=goal.channel, topic=words)
    return Delivered(ref=goal.channel)


async def _stands(desk: Desk, goal: Target, words: str) -> bool:
    answer = await desk.client.call("conversations.info", channel=goal.channel)
    channel = answer.get("channel")
    topic = channel.get("topic") if isinstance(channel, dict) else None
    value = topic.get("value") if isinstance(topic, dict) else None
    return unescape(str(value)) == unescape(words)


async def invite(desk: Desk, delivery: Delivery, order: Invite) -> Delivered:
    """Bring people and groups in. A group that cannot be read keeps nobody else out. Raises SendFailed."""
    goal = target(desk, delivery.address)
    if goal.thread:
        return Delivered(ref=goal.channel)
    users, trouble = await _users(desk, delivery, order)
    wanted = list(users)
    for start in range(0, len(wanted), AT_ONCE):
        await _invite(desk, goal.channel, wanted[start : start + AT_ONCE])
    if trouble is not None:
        raise trouble
    return Delivered(ref=goal.channel)


async def _users(desk: Desk, delivery: Delivery, order: Invite) -> tuple[dict[str, None], SendFailed | None]:
    """Everybody to invite, once each and never Sitrep itself, and what went wrong over a group."""
    me = desk.directory.required()
    found = dict.fromkeys(_people(delivery, order, me.team))
    trouble = None
    for group in order.groups:
        place = spot(group)
        if place is None:  # of another chat
            continue
        try:
            found |= dict.fromkeys([place.user] if place.user else await desk.directory.groups.people(group))
        except SendFailed as failed:
            trouble = failed
    found.pop(me.user, None)
    return found, trouble


def _people(delivery: Delivery, order: Invite, team: str) -> Iterator[str]:
    for person in order.people:
        places = map(spot, delivery.names.identities.get(person, ()))
        yield from [place.user for place in places if place and place.user and place.team == team]


async def _invite(desk: Desk, channel: str, users: list[str]) -> None:
    answer = await _ask(desk, channel, users)
    refused = dict(_refusals(answer))
    others = [user for user in users if user not in refused]
    if refused and others and not answer.get("ok"):
        answer = await _ask(desk, channel, others)
    elif not answer.get("ok") and not refused and len(users) > 1:  # Slack does not say who: one keeps out nobody else
        for user in users:
            await _ask(desk, channel, [user])
    code = str(answer.get("error", ""))
    if answer.get("ok") or code in THERE_ALREADY or len(users) > 1:
        return
    raise SendFailed(f"Slack does not let them into the room ({code})", permanent=True, gone="person")


async def _ask(desk: Desk, channel: str, users: list[str]) -> Mapping[str, Any]:
    return await desk.client.call(
        "conversations.invite", expect=COULD_NOT, channel=channel, users=",".join(users), force=True
    )


def _refusals(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    errors = answer.get("errors")
    for one in errors if isinstance(errors, list) else ():
        if isinstance(one, dict) and one.get("user"):
            yield str(one["user"]), str(one.get("error", ""))


async def pin(desk: Desk, delivery: Delivery, order: Pin) -> Delivered:
    """Pin a message of the room. Raises SendFailed."""
    goal = target(desk, delivery.address)
    channel, ts = message_at(delivery.thread_ref)
    if not ts:
        raise SendFailed(f"there is no message to pin: {order.of}", permanent=True)
    if not goal.thread:
        await desk.client.call("pins.add", expect=("already_pinned",), channel=channel, timestamp=ts)
    return Delivered(ref=delivery.thread_ref)
