"""One call at a time in a conversation: Teams answers 412 to two at once (docs/teams.md)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.sinks import SendFailed

PATIENCE = 5.0
"""Seconds a call waits for those before it; longer waits are the outbox's."""
AGAIN = 1.0
"""Seconds after which to come back."""


@dataclass(slots=True)
class Place:
    """One conversation's."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0
    """Calls that have it or wait for it."""


@dataclass(slots=True, kw_only=True)
class Turns:
    """Who may call where, in the order of coming."""

    patience: float = PATIENCE
    places: dict[str, Place] = field(default_factory=dict[str, Place])

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        """Wait until nobody else is at it. Raises SendFailed where that takes too long."""
        place = self.places.setdefault(conversation, Place())
        place.wanted += 1
        try:
            await self._wait(place.lock)
            try:
                yield
            finally:
                place.lock.release()
        finally:
            place.wanted -= 1
            if not place.wanted:
                del self.places[conversation]

    async def _wait(self, lock: asyncio.Lock) -> None:
        try:
            async with asyncio.timeout(self.patience):
                await lock.acquire()
        except TimeoutError:
            raise SendFailed("other messages to the same conversation go first", retry_after=AGAIN) from None
