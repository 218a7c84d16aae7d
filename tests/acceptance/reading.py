"""What a person sees: channels, messages with their buttons, threads, pins, topics."""

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from tests.acceptance.emulator import READING
from tests.acceptance.people import BOT, PEOPLE, Profile

Found = TypeVar("Found")
NOISE = {"channel_topic", "group_topic", "channel_join", "group_join", "channel_purpose"}
"""Lines that Slack itself writes."""


PATIENCE = 2.0
"""Times what is waited for at most. What comes, comes no later for it."""


async def until(look: Callable[[], Awaitable[Found]], *, within: float, what: str) -> Found:
    """Look again and again until there is something to see; gives it. A busy machine is given more time."""
    end = time.monotonic() + within * PATIENCE
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not seen within {within} s: {what}; last look: {found!r}")
        await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. For an entry under "More", `option` is that entry."""

    label: str
    block_id: str
    element: dict[str, Any]
    option: dict[str, Any] | None = None

    @property
    def url(self) -> str:
        return str(self.element.get("url", ""))


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now."""

    channel: str
    raw: dict[str, Any]

    @property
    def ts(self) -> str:
        return str(self.raw.get("ts", ""))

    @property
    def text(self) -> str:
        """What a screen reader says and a phone shows."""
        return str(self.raw.get("text", ""))

    @property
    def words(self) -> str:
        """What the eye sees: every text of every block, a line each; without blocks, the text."""
        blocks = self.raw.get("blocks") or []
        return "\n".join(line for block in blocks for line in _lines(block)) if blocks else self.text

    @property
    def buttons(self) -> dict[str, Button]:
        return {button.label: button for block in self.raw.get("blocks") or [] for button in _buttons(block)}

    @property
    def moments(self) -> list[int]:
        """Every moment it names, Unix seconds."""
        return [int(found) for found in re.findall(r"<!date\^(\d+)\^", str(self.raw.get("blocks") or self.text))]

    @property
    def broadcast(self) -> bool:
        return bool(self.raw.get("reply_broadcast"))


@dataclass(slots=True)
class Workspace:
    """The workspace as it stands, read past the proxy."""

    url: str
    session: aiohttp.ClientSession
    people: tuple[Profile, ...] = PEOPLE
    ids: dict[str, str] = field(default_factory=dict)
    """People's ids by name."""
    tokens: "itertools.cycle[str]" = field(default_factory=lambda: itertools.cycle(READING))

    async def call(self, method: str, *, token: str = "", **params: Any) -> dict[str, Any]:
        """Past the proxy, as the bot user sees it, or with somebody's own token."""
        headers = {"Authorization": f"Bearer {token or next(self.tokens)}"}
        async with self.session.post(f"{self.url}/api/{method}", json=params, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
        assert answer.get("ok"), f"{method} {params}: {answer}"
        return answer

    async def meet(self) -> None:
        """Learn everybody's id."""
        users = await self.call("users.list", limit=1000)
        self.ids = {user["name"]: user["id"] for user in users["members"]}

    async def channels(self) -> dict[str, dict[str, Any]]:
        """Channels by name, the archived and the private ones of the bot included; direct messages left out."""
        found = await self.call("conversations.list", limit=1000, types="public_channel,private_channel")
        return {channel["name"]: channel for channel in found["channels"]}

    async def channel(self, name: str) -> str:
        return str((await self.channels())[name]["id"])

    async def room(self, number: int, within: float = 5) -> dict[str, Any]:
        """The channel of an incident, once it is there."""

        async def look() -> dict[str, Any] | None:
            channels = await self.channels()
            return next((found for name, found in channels.items() if re.match(rf"inc-{number}(-|$)", name)), None)

        found = await until(look, within=within, what=f"the room of INC-{number}")
        assert found is not None
        return found

    async def members(self, channel: str) -> set[str]:
        """Names of who is in it."""
        ids = {value: name for name, value in self.ids.items()}
        found = await self.call("conversations.members", channel=channel)
        return {ids[member] for member in found["members"] if member in ids}

    async def messages(self, channel: str, *, noise: bool = False) -> list[Message]:
        """Oldest first, without replies; what Slack itself writes is left out unless asked for."""
        found = await self.call("conversations.history", channel=channel, limit=1000)
        kept = [message for message in reversed(found["messages"]) if noise or message.get("subtype") not in NOISE]
        return [Message(channel, message) for message in kept]

    async def thread(self, message: Message) -> list[Message]:
        """Replies, oldest first."""
        found = await self.call("conversations.replies", channel=message.channel, ts=message.ts)
        return [Message(message.channel, reply) for reply in found["messages"] if reply["ts"] != message.ts]

    async def everything(self, channel: str) -> list[Message]:
        """Messages and their replies."""
        messages = await self.messages(channel)
        threads = [await self.thread(message) for message in messages if message.raw.get("reply_count")]
        return [*messages, *(reply for thread in threads for reply in thread)]

    async def pinned(self, channel: str) -> list[Message]:
        found = await self.call("pins.list", channel=channel)
        return [Message(channel, item["message"]) for item in found["items"]]

    async def private(self, name: str) -> list[Message]:
        """What the bot wrote to a person directly, oldest first."""
        found = await self.call("conversations.list", limit=1000, types="im")
        mine = [channel["id"] for channel in found["channels"] if channel.get("user") == self.ids[name]]
        return [message for channel in mine for message in await self.messages(channel)]

    def mention(self, name: str) -> str:
        return f"<@{self.ids[name]}>"

    @property
    def bot(self) -> str:
        return f"<@{BOT}>"


def _lines(block: dict[str, Any]) -> list[str]:
    match block["type"]:
        case "header":
            return [block["text"]["text"]]
        case "section":
            return [part["text"] for part in (block.get("text"), *block.get("fields", ())) if part]
        case "context":
            return [element.get("text", "") for element in block["elements"]]
        case _:
            return []


def _buttons(block: dict[str, Any]) -> list[Button]:
    elements = (
        block.get("elements", [])
        if block["type"] == "actions"
        else [block[key] for key in ("accessory",) if key in block]
    )
    found: list[Button] = []
    for element in elements:
        if element.get("type") == "button":
            found.append(Button(element["text"]["text"], block.get("block_id", ""), element))
        if element.get("type") == "overflow":
            found += [
                Button(option["text"]["text"], block.get("block_id", ""), element, option)
                for option in element["options"]
            ]
    return found
