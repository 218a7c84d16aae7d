"""Reading back whether a message is there that an earlier attempt may have sent (docs/slack.md).

Every message carries its row's token in its metadata. The look goes back to the earlier attempt, with a margin as wide
as the clocks may differ: Slack's requests would be refused beyond that.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from adapters.sinks import SendFailed, Unreadable
from adapters.slack.addresses import message_at, message_ref
from adapters.slack.channels import next_cursor
from adapters.slack.desk import Desk, Target, target
from bot.ports import Delivery

EVENT_TYPE = "sitrep"
"""Of the metadata of every message."""

SKEW = timedelta(seconds=300)
"""How far Slack's clock and ours may be apart."""

PAGE = 200
MOST_PAGES = 5

NOT_READABLE = (
    "not_in_channel",
    "channel_not_found",
    "missing_scope",
    "thread_not_found",
    "no_permission",
    "method_not_supported_for_channel_type",
)


def marked(token: str) -> dict[str, Any]:
    """The metadata of a message that carries that token."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": token}}


def token_of(message: Mapping[str, Any]) -> str:
    """The token that a message of ours carries; empty where it carries none."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return ""
    payload = metadata.get("event_payload")
    return str(payload.get("key", "")) if isinstance(payload, dict) else ""


async def find(desk: Desk, delivery: Delivery) -> str | Unreadable | None:
    """The reference of the delivery's message; None where it is not there. Raises SendFailed."""
    goal = target(desk, delivery.address)
    channel = await _conversation(desk, goal)
    if isinstance(channel, Unreadable):
        return channel
    thread = goal.thread or _thread_in(delivery.thread_ref, channel)
    since = (delivery.tried_at or delivery.queued_at) - SKEW
    arguments: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
    method = "conversations.history"
    if thread:
        method, arguments = "conversations.replies", {**arguments, "ts": thread}
    cursor = ""
    for _ in range(MOST_PAGES):
        page: dict[str, Any] = {"cursor": cursor} if cursor else {}
        answer = await desk.client.call(method, expect=NOT_READABLE, include_all_metadata=True, **arguments, **page)
        if not answer.get("ok"):
            return Unreadable(reason=str(answer.get("error", "")))
        found = _with_token(answer.get("messages"), delivery.token)
        if found:
            return message_ref(channel, found)
        cursor = next_cursor(answer)
        if not cursor:
            return None
    return Unreadable(reason="too much was said since")


async def _conversation(desk: Desk, goal: Target) -> str | Unreadable:
    """The conversation's id; that with a person is opened where it is not known, which writes nothing."""
    if not goal.person:
        return goal.channel
    known = desk.directory.rooms_of_people.get(goal.person)
    if known:
        return known
    try:
        answer = await desk.client.call("conversations.open", users=goal.person)
    except SendFailed as failed:
        if not failed.permanent:
            raise
        return Unreadable(reason=failed.reason)
    channel = answer.get("channel")
    found = str(channel.get("id", "")) if isinstance(channel, dict) else ""
    if not found:
        return Unreadable(reason="no conversation was named")
    desk.directory.found_room(goal.person, found)
    return found


def _thread_in(ref: str, channel: str) -> str:
    where, ts = message_at(ref)
    return ts if where == channel else ""


def _with_token(messages: Any, token: str) -> str:
    read: Iterable[Any] = messages if isinstance(messages, list) else ()
    for message in read:
        if isinstance(message, dict) and token_of(message) == token:
            return str(message.get("ts", ""))
    return ""
