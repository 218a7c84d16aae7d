"""The calls the connector takes, as data: where, what, whom it is for, and whether it may happen twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from adapters.teams.addresses import in_thread, without_thread
from adapters.teams.budget import Kind
from adapters.teams.errors import To

CONVERSATIONS = "v3/conversations"
PAGE = 500
"""Members of a page, the most that Teams gives."""
NOT_THERE = frozenset({404, 405, 410})
"""Teams knows no such activity, or can no longer change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call."""

    name: str
    """For counting."""
    method: str
    path: str
    place: str
    """Where no other call may be under way."""
    kind: Kind = "send"
    to: To = "room"
    body: Mapping[str, Any] | None = None
    once: bool = False
    """A second time would be seen by people."""
    urgent: bool = False
    absent: frozenset[int] = frozenset()
    """Statuses that are an answer: what it is about is not there."""

    @property
    def counted(self) -> str:
        """What Teams counts it for: the channel, whatever the thread."""
        return without_thread(self.place)


def say(conversation: str, activity: Mapping[str, Any], *, to: To, urgent: bool) -> Errand:
    """A message in a conversation or thread."""
    return Errand(
        name="send",
        method="POST",
        path=f"{_conversation(conversation)}/activities",
        place=conversation,
        to=to,
        body=activity,
        once=True,
        urgent=urgent,
    )


def put(conversation: str, activity_id: str, activity: Mapping[str, Any]) -> Errand:
    """Other words in the place of a message."""
    return Errand(
        name="update",
        method="PUT",
        path=f"{_conversation(conversation)}/activities/{_quoted(activity_id)}",
        place=conversation,
        to=whose(conversation),
        body={**activity, "id": activity_id},
        absent=NOT_THERE,
    )


def delete(conversation: str, activity_id: str) -> Errand:
    """A message taken back."""
    return Errand(
        name="delete",
        method="DELETE",
        path=f"{_conversation(conversation)}/activities/{_quoted(activity_id)}",
        place=conversation,
        to=whose(conversation),
        absent=NOT_THERE,
    )


def new_thread(channel: str, activity: Mapping[str, Any], tenant: str, *, bot: str, urgent: bool) -> Errand:
    """A post of its own in a channel."""
    name = without_thread(channel)
    body = {"isGroup": True, "channelData": {"channel": {"id": name}}, "activity": activity}
    return Errand(
        name="create thread",
        method="POST",
        path=CONVERSATIONS,
        place=name,
        body=_of(tenant, bot, body),
        once=True,
        urgent=urgent,
    )


def new_chat(user: str, tenant: str, *, bot: str) -> Errand:
    """The chat with one person."""
    body = {"isGroup": False, "members": [{"id": user}]}
    return Errand(
        name="create chat",
        method="POST",
        path=CONVERSATIONS,
        place=user,
        to="person",
        body=_of(tenant, bot, body),
    )


def listing(conversation: str, token: str) -> Errand:
    """A page of the people in a conversation."""
    more = f"&continuationToken={_quoted(token)}" if token else ""
    name = without_thread(conversation)
    return Errand(
        name="members",
        method="GET",
        path=f"{_conversation(name)}/pagedmembers?pageSize={PAGE}{more}",
        place=f"members of {name}",
        kind="read",
        to=whose(name),
    )


def looking_up(conversation: str, user: str) -> Errand:
    """One person in a conversation. It is counted with the lists of people there, and waits for none of them."""
    name = without_thread(conversation)
    return Errand(
        name="member",
        method="GET",
        path=f"{_conversation(name)}/members/{_quoted(user)}",
        place=in_thread(f"members of {name}", user),
        kind="read",
        to=whose(name),
        absent=frozenset({404}),
    )


def whose(conversation: str) -> To:
    """Whom a conversation is with, as its id shows: chats with one person begin with `a:`."""
    return "person" if conversation.startswith("a:") else "room"


def _of(tenant: str, bot: str, body: dict[str, Any]) -> dict[str, Any]:
    if tenant:
        body["tenantId"] = tenant
        body["channelData"] = {**body.get("channelData", {}), "tenant": {"id": tenant}}
    if bot:
        body["bot"] = {"id": bot}
    return body


def _conversation(name: str) -> str:
    return f"{CONVERSATIONS}/{_quoted(name)}"


def _quoted(part: str) -> str:
    """Everything but letters and digits: an id holds `:`, `@`, `;` and sometimes a slash."""
    return quote(part, safe="")
