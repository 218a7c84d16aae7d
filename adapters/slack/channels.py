"""The channels that the policy names: looked up by name once, joined where they are public, kept by id.

A workspace may have very many channels, and listing them is dear, so our own memberships are asked first and the long
list only for what is still missing. A channel that was renamed since is found by the id that was kept. What is private
and lacks us, or is not there, is reported for `sitrep check`.
"""

import logging
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapters.sinks import SendFailed
from adapters.slack.addresses import CHAT, conversation, spot
from adapters.slack.client import Client
from bot.refs import Address

PAGE = 500
"""Channels in one page; Slack advises less than a thousand."""

MOST_PAGES = 40
"""Pages read at most in one look."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as Slack lists it."""

    id: str
    name: str
    private: bool = False
    member: bool = False
    """Whether Sitrep is in it."""
    creator: str = ""
    created: float = 0.0
    """Seconds since 1970."""


class Memory(Protocol):
    """What is stored of addresses that the policy writes by name."""

    async def recall(self, name: str) -> Address | None:
        """What the chat called that address (`slack:#incidents`) when it was last looked up."""

    async def keep(self, name: str, address: Address) -> None:
        """Keep what the chat calls it."""


@dataclass(slots=True, kw_only=True)
class Channels:
    """Which channels stand behind the names in the policy."""

    client: Client
    names: tuple[str, ...]
    """Without `#`."""
    memory: Memory | None = None
    ids: tuple[str, ...] = ()
    """Of channels that the policy names so."""
    entered: set[str] = field(default_factory=set[str])
    """Those of `ids` that Sitrep is in."""
    found: dict[str, Channel] = field(default_factory=dict[str, Channel])
    trouble: dict[str, str] = field(default_factory=dict[str, str])
    """By name or id, why messages there will not arrive: a sentence for the operator."""
    _stored: dict[str, str] = field(default_factory=dict[str, str])
    """By name, the ids that are kept."""

    def id_of(self, name: str) -> str:
        """The id of a channel; empty where it is not known."""
        known = self.found.get(name)
        return known.id if known else ""

    def missing(self) -> tuple[str, ...]:
        """Names still without a channel that Sitrep is in."""
        return tuple(name for name in self.names if not (name in self.found and self.found[name].member))

    def unknown(self, channel: str) -> bool:
        """Whether the policy names that id, and Slack has not been asked about it yet."""
        return channel in self.ids and channel not in self.entered and channel not in self.trouble

    async def look_up(self, team: str) -> None:
        """Find and join what is missing. Raises SendFailed where Slack does not answer; what was found stays."""
        if self.missing():
            try:
                await self._read("users.conversations")
            except SendFailed as failed:
                log.info("our own channels cannot be listed", extra={"why": failed.reason})
        if self.missing():
            await self._read("conversations.list")
        for name in self.missing():
            await self._join(name)
        for channel in self.ids:
            if channel not in self.entered:
                await self._enter(channel)
        await self._keep(team)

    async def _keep(self, team: str) -> None:
        """Keep the ids that are not kept yet, whichever way they were found. Raises what the memory raises."""
        there = {name: channel.id for name, channel in self.found.items() if channel.member}
        for name, channel in there.items():
            if self.memory is not None and self._stored.get(name) != channel:
                await self.memory.keep(f"{CHAT}:#{name}", conversation(team, channel))
                self._stored[name] = channel

    async def _read(self, source: str) -> None:
        wanted = set(self.missing())
        async for channel in listed(self.client, source):
            if channel.name in wanted:
                self.found[channel.name] = channel
                wanted.discard(channel.name)
            if not wanted:
                return

    async def _join(self, name: str) -> None:
        channel = self.found.get(name) or await self._kept(name)
        trouble = await self._gone_in(channel, f"#{name}")
        if trouble or channel is None:
            self.trouble[name] = trouble
        else:
            self.note(channel.id, name)

    async def _enter(self, channel: str) -> None:
        trouble = await self._gone_in(await self._seen(channel), channel)
        if trouble:
            self.trouble[channel] = trouble
            return
        self.entered.add(channel)
        self.trouble.pop(channel, None)

    async def _gone_in(self, channel: Channel | None, shown: str) -> str:
        """Why Sitrep is not in the channel, having tried; empty: it is. Raises SendFailed where that may change."""
        if channel is None:
            return f"there is no channel {shown} that Sitrep can see: if it is private, invite Sitrep"
        if channel.member:
            return ""
        if channel.private:
            return f"Sitrep is not in {shown}: invite it there"
        try:
            await self.client.call("conversations.join", channel=channel.id)
        except SendFailed as failed:
            if not failed.permanent:
                raise
            return f"Sitrep cannot join {shown}: {failed.reason}"
        return ""

    async def _kept(self, name: str) -> Channel | None:
        """The channel that had this name when it was last looked up, if it is still there."""
        kept = await self.memory.recall(f"{CHAT}:#{name}") if self.memory is not None else None
        place = spot(kept or "")
        return await self._seen(place.channel) if place else None

    async def _seen(self, channel: str) -> Channel | None:
        """The channel of that id; None for one that is gone, or private without Sitrep in it."""
        answer = await self.client.call("conversations.info", expect=("channel_not_found",), channel=channel)
        return next((channel_of(item) for item in _items([answer.get("channel")]) if not item.get("is_archived")), None)

    async def joined(self, channel: str) -> None:
        """Sitrep came into a channel: it may be one that was missing. Raises SendFailed."""
        if channel in self.ids:
            self.entered.add(channel)
            self.trouble.pop(channel, None)
        if self.missing():
            answer = await self.client.call("conversations.info", channel=channel)
            for item in _items([answer.get("channel")]):
                self.note(channel, str(item.get("name", "")))

    def note(self, channel: str, name: str) -> None:
        """Sitrep is in that channel: it joined, or was invited."""
        if name in self.names:
            self.found[name] = Channel(id=channel, name=name, member=True)
            self.trouble.pop(name, None)


async def listed(client: Client, source: str) -> AsyncIterator[Channel]:
    """Every channel that `users.conversations` (our own) or `conversations.list` gives, archived ones left out.

    Ends early where Slack does not know the method or the token may not list private channels. Raises SendFailed.
    """
    kinds = "public_channel,private_channel"
    cursor = ""
    for _ in range(MOST_PAGES):
        page: dict[str, Any] = {"cursor": cursor} if cursor else {}
        answer = await client.call(
            source, expect=("unknown_method", "missing_scope"), types=kinds, exclude_archived=True, limit=PAGE, **page
        )
        if not answer.get("ok") and kinds != "public_channel":
            kinds = "public_channel"  # without `groups:read` the public ones can be listed still
            continue
        for item in _items(answer.get("channels")):
            yield channel_of(item, member=source == "users.conversations")
        cursor = next_cursor(answer)
        if not cursor:
            return
    log.warning("there are more channels than are read", extra={"source": source, "pages": MOST_PAGES})


def channel_of(item: Mapping[str, Any], *, member: bool = False) -> Channel:
    """A channel of Slack's list. `member`: whether it is ours where Slack does not say."""
    created = item.get("created", 0)
    return Channel(
        id=str(item.get("id", "")),
        name=str(item.get("name", "")),
        private=bool(item.get("is_private")),
        member=bool(item.get("is_member", member)),
        creator=str(item.get("creator", "")),
        created=float(created) if isinstance(created, int | float) else 0.0,
    )


def next_cursor(answer: Mapping[str, Any]) -> str:
    """Where the next page begins; empty at the end."""
    metadata = answer.get("response_metadata")
    return str(metadata.get("next_cursor") or "") if isinstance(metadata, dict) else ""


def _items(found: Any) -> Collection[Mapping[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
