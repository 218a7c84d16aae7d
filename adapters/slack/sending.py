"""Messages: said once, then edited. One that somebody deleted is said anew: nobody silences an incident by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.sinks import Delivered, SendFailed
from adapters.slack.addresses import message_at, message_ref
from adapters.slack.budget import Haste
from adapters.slack.desk import Desk, Target, target
from adapters.slack.readback import find, marked
from adapters.slack.render import message
from bot.ports import Delivery
from bot.posts import Post

NOT_THERE = ("message_not_found", "cant_update_message", "edit_window_closed")
"""An edit's message was deleted, or is not ours to change any more."""

NO_THREAD = ("thread_not_found", "invalid_thread_ts", "cannot_reply_to_message")
"""A reply whose thread is gone is said on its own."""


async def post(desk: Desk, delivery: Delivery, order: Post, at: datetime) -> Delivered:
    """Say the card, or make the message that was said look like it. Raises SendFailed."""
    words = message(order.card, at, delivery.names, desk.workspace())
    haste = _haste(order)
    if not delivery.ref:
        return await _say(desk, delivery, order, words, haste=haste)
    if await _edit(desk, delivery.ref, words, haste=haste) or order.only_edit:
        return Delivered(ref=delivery.ref)
    if delivery.tried_at is not None:
        said = await find(desk, replace(delivery, ref=""))
        if isinstance(said, str) and await _edit(desk, said, words, haste=haste):
            return Delivered(ref=said)
    return await _say(desk, delivery, order, words, haste=haste)


def _haste(order: Post) -> Haste:
    if order.reminder is None:
        return Haste.NEWS
    return Haste.FIRST if order.rank <= 0 else Haste.REMINDER


async def _edit(desk: Desk, ref: str, words: Mapping[str, Any], *, haste: Haste) -> bool:
    """Whether the message was there to be edited."""
    channel, ts = message_at(ref)
    answer = await desk.client.call(
        "chat.update",
        haste=haste,
        expect=NOT_THERE,
        channel=channel,
        ts=ts,
        parse="none",  # unlike a post, an edit makes mentions of plain words unless told not to
        link_names=False,
        **words,
    )
    return bool(answer.get("ok"))


async def _say(desk: Desk, delivery: Delivery, order: Post, words: Mapping[str, Any], *, haste: Haste) -> Delivered:
    goal = target(desk, delivery.address)
    arguments: dict[str, Any] = {
        "channel": goal.channel,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": marked(delivery.token),
        **words,
    }
    thread = _thread(goal, delivery)
    expect = NO_THREAD if thread and not goal.thread else ()
    reply = {"thread_ts": thread, "reply_broadcast": order.broadcast} if thread else {}
    answer = await _call_for(goal, desk, arguments | reply, expect, haste=haste)
    if not answer.get("ok"):
        answer = await _call_for(goal, desk, arguments, (), haste=haste)
    channel, ts = str(answer.get("channel", "")), str(answer.get("ts", ""))
    if goal.person:
        desk.directory.found_room(goal.person, channel)
    return Delivered(ref=message_ref(channel, ts))


def _thread(goal: Target, delivery: Delivery) -> str:
    """Slack's threads have no threads: within one, everything replies to its first message."""
    return goal.thread or message_at(delivery.thread_ref)[1]


async def _call_for(
    goal: Target, desk: Desk, arguments: Mapping[str, Any], expect: tuple[str, ...], *, haste: Haste
) -> Mapping[str, Any]:
    try:
        return await desk.client.call("chat.postMessage", haste=haste, expect=expect, **arguments)
    except SendFailed as failed:
        if failed.gone and goal.person:
            failed.gone = "person"  # whichever way Slack puts it, it is they who cannot be reached
        raise
