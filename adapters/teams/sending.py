"""Messages: said once, then edited. One that somebody deleted is said anew: nobody silences an incident by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.sinks import Delivered, SendFailed
from adapters.teams.addresses import in_thread, is_channel, message_at, message_ref, spot, without_thread
from adapters.teams.desk import Desk
from adapters.teams.errors import To
from adapters.teams.render import message
from bot.ports import Delivery
from bot.posts import Post
from bot.routes import CARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Where a message goes."""

    conversation: str
    service: str
    to: To
    fresh: bool = False
    """It is to be a post of its own in a channel."""


async def post(desk: Desk, delivery: Delivery, order: Post, at: datetime) -> Delivered:
    """Say the card, or make the message that was said look like it. Raises SendFailed."""
    goal = await _goal(desk, delivery)
    setting = await desk.setting(delivery.names, goal.conversation, personal=goal.to == "person")
    words = message(order.card, at, delivery.names, setting)
    ref = delivery.ref or first_message(delivery)
    if ref and (await _edit(desk, ref, words) or order.only_edit):
        return Delivered(ref=ref)
    return await _say(desk, goal, words, urgent=order.reminder is not None)


def first_message(delivery: Delivery) -> str:
    """The reference of the room's first message where that is what is to be said: the card. Empty: it is another."""
    place = spot(delivery.address)
    is_card = isinstance(delivery.order, Post) and delivery.order.key == CARD
    return message_ref(place.conversation, place.root) if place and place.root and is_card else ""


async def _goal(desk: Desk, delivery: Delivery) -> Goal:
    place = spot(delivery.address)
    if place is None:
        raise SendFailed("that is no address in Teams", permanent=True)
    if place.user:
        chat = await desk.personal_chat(delivery.address)
        return Goal(conversation=chat, service=await desk.contacts.service(chat), to="person")
    service = await desk.contacts.service(place.channel)
    if place.root:
        return Goal(conversation=place.conversation, service=service, to="room")
    if await desk.contacts.is_personal(place.channel):
        return Goal(conversation=place.channel, service=service, to="person")
    root = message_at(delivery.thread_ref)[1] if is_channel(place.channel) else ""
    if root:
        return Goal(conversation=in_thread(place.channel, root), service=service, to="room")
    return Goal(conversation=place.channel, service=service, to="room", fresh=is_channel(place.channel))


async def _edit(desk: Desk, ref: str, words: Mapping[str, Any]) -> bool:
    """Whether the message was there to be edited."""
    conversation, activity = message_at(ref)
    service = await desk.contacts.service(without_thread(conversation))
    return await desk.connector.update(service, conversation, activity, words)


async def _say(desk: Desk, goal: Goal, words: Mapping[str, Any], *, urgent: bool) -> Delivered:
    if goal.fresh:
        thread, activity = await desk.connector.create_thread(
            goal.service, goal.conversation, words, desk.contacts.tenant, urgent=urgent
        )
        return Delivered(ref=message_ref(thread, activity))
    activity = await desk.connector.send(goal.service, goal.conversation, words, to=goal.to, urgent=urgent)
    return Delivered(ref=message_ref(goal.conversation, activity))
