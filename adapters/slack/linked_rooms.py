"""A second room in a channel that is there already: a thread of its own, so that nobody's channel is taken over."""

from typing import Any

from adapters.sinks import Delivered, SendFailed
from adapters.slack.addresses import Spot, conversation, message_ref, spot
from adapters.slack.channels import Channel, channel_of, listed
from adapters.slack.desk import Desk
from adapters.slack.readback import marked
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import OpenRoom
from bot.refs import reference


async def open_linked(desk: Desk, delivery: Delivery, order: OpenRoom) -> Delivered:
    """Begin a thread there. Raises SendFailed: permanent where there is no such channel, or others read it."""
    me = desk.directory.required()
    place = spot(order.at)
    if place is None or not (place.channel or place.name) or place.team not in ("", me.team):
        raise SendFailed(f"{order.at} is no channel of this Slack workspace", permanent=True)
    channel = await _channel(desk, place)
    if order.private and not channel.private:
        raise SendFailed("the incident is private, and others read that channel", permanent=True)
    await _enter(desk, channel)
    words = f"{reference(delivery.incident)} is worked on in this thread too."
    answer = await desk.client.call(
        "chat.postMessage",
        channel=channel.id,
        text=words,
        metadata=marked(delivery.token),
    )
    ts = str(answer.get("ts", ""))
    room = RoomOpened(
        address=conversation(me.team, channel.id, ts), name=channel.name, url=me.page(channel.id, ts), own=False
    )
    return Delivered(ref=message_ref(channel.id, ts), room=room)


async def _channel(desk: Desk, place: Spot) -> Channel:
    if place.channel:
        found = await desk.client.call("conversations.info", expect=("channel_not_found",), channel=place.channel)
        item: Any = found.get("channel")
        if isinstance(item, dict) and item.get("id"):
            return channel_of(item, member=bool(item.get("is_member")))
        raise SendFailed(f"there is no channel {place.channel} that Sitrep can see", permanent=True)
    for source in ("users.conversations", "conversations.list"):
        async for channel in listed(desk.client, source):
            if channel.name == place.name:
                return channel
    raise SendFailed(f"there is no channel #{place.name} that Sitrep can see", permanent=True)


async def _enter(desk: Desk, channel: Channel) -> None:
    if channel.member:
        return
    if channel.private:
        raise SendFailed(f"Sitrep is not in #{channel.name}: invite it there", permanent=True)
    await desk.client.call("conversations.join", channel=channel.id)
