"""Private answers that come after the acknowledgement, by the address a request brought along (`response_url`).

Such an address takes 5 posts within 30 minutes (docs/slack.md) and is a secret: it is kept in memory only, shown in no
`repr` and written to no log. A post is tried once, for a repeat could double it. What a crash loses here is an answer,
never an effect: then the invitation to the room is the answer.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.bounded import put, trim
from adapters.calling import proxy_for
from bot.cards import Card, Names, with_room
from bot.events import RoomOpened

LIFETIME = 30 * 60.0
"""Seconds an address is good for."""
POSTS = 5
LIMIT = 10.0
"""Seconds for one post."""
MOST = 500
"""Addresses kept at most; the oldest goes first."""

log = logging.getLogger(__name__)

Write = Callable[[Card, Names], dict[str, Any]]
"""Makes a card `{text, blocks}`."""


@dataclass(slots=True, kw_only=True)
class Way:
    """A way back to one person, good for a while. `url` empty: there is none."""

    url: str = field(repr=False)
    replaceable: bool = False
    """Whether it leads from an answer that only they see, whose place another may take; never from others' messages."""
    left: int = POSTS
    until: float = field(default_factory=lambda: time.monotonic() + LIFETIME)

    def open(self) -> bool:
        """Whether another post may go."""
        return bool(self.url) and self.left > 0 and time.monotonic() < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What replaces somebody's answer when the room exists."""

    way: Way
    card: Card
    names: Names


@dataclass(slots=True, kw_only=True)
class Answers:
    """Ways back to people, and what they still wait for."""

    session: aiohttp.ClientSession
    write: Write
    _of_views: dict[str, Way] = field(default_factory=dict[str, Way])
    _waiting: dict[int, list[Promised]] = field(default_factory=dict[int, list[Promised]])
    _rooms: dict[int, RoomOpened] = field(default_factory=dict[int, RoomOpened])

    async def say(self, way: Way, card: Card, names: Names, *, replacing: bool = False) -> bool:
        """Post the card to one person. `replacing`: in place of the answer before. Whether it was taken."""
        if not way.open():
            return False
        way.left -= 1
        message = {"response_type": "ephemeral", "replace_original": replacing, **self.write(card, names)}
        return await self._post(way, message)

    async def _post(self, way: Way, message: dict[str, Any]) -> bool:
        limit = aiohttp.ClientTimeout(total=LIMIT)
        try:
            async with self.session.post(
                way.url, json=message, timeout=limit, allow_redirects=False, proxy=proxy_for(way.url)
            ) as answer:
                good = answer.status < 300  # HTTP: anything else is a refusal
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            log.warning("a private answer did not arrive", extra={"kind": type(fault).__name__})
            return False
        if not good:
            log.warning("a private answer was refused", extra={"status": answer.status})
        return good

    def keep(self, view: str, way: Way) -> None:
        """Remember by which way the answer to a form goes, by its view's id: Slack sends none along with it."""
        if way.url:
            put(self._of_views, view, way, MOST)

    def of_view(self, view: str) -> Way:
        """The way kept for a view; one that leads nowhere if none is."""
        return self._of_views.pop(view, Way(url=""))

    def when_room(self, number: int, promised: Promised) -> RoomOpened | None:
        """Wait for the incident's room. Gives the room if it is there already: then nothing is kept."""
        if number in self._rooms:
            return self._rooms[number]
        self._waiting.setdefault(number, []).append(promised)
        trim(self._waiting, MOST)
        return None

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """The room exists: whoever waits for it is told."""
        put(self._rooms, number, room, MOST)
        for promised in self._waiting.pop(number, []):
            await self.tell_room(number, promised, room)

    async def tell_room(self, number: int, promised: Promised, room: RoomOpened) -> None:
        """Put the answer with the room in the place of the one without."""
        names = with_room(promised.names, number, room.name, room.address)
        await self.say(promised.way, promised.card, names, replacing=promised.way.replaceable)
