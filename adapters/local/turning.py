"""Turning the incident's clock ahead: from one deadline to the next, so that each step fires at its own moment.

Between two steps what the first one said is sent, for a later step withholds what still waits. It may be turned ahead
only: time never runs backwards on a timeline.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from adapters.clockwork import Ticks
from adapters.incident_clock import IncidentClock
from adapters.local.across import Across
from adapters.local.kept import Reads

STEPS = 300
"""Deadlines passed in one turn at most."""
LOOKS, PAUSE = 50, 0.02
"""How often in a row to find as many messages waiting as before, with how many seconds between, until it goes on."""
FURTHEST = timedelta(days=400)


class KeepsClock(Protocol):
    """The database, as the clock sees it."""

    def turn_clock(self, offset: timedelta, now: datetime, replica: str) -> None:
        """Keep how far ahead it is. That it ran is noted: a turned clock is no downtime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turner:
    """Turns the clock."""

    clock: IncidentClock
    service: Ticks
    keeps: KeepsClock
    reads: Reads
    across: Across
    waiting: Callable[[], Awaitable[int]]
    """How many messages wait to be sent."""
    hint: Callable[[], None]
    """Tells the outbox that there may be something to send."""
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def turn(self, to: datetime | timedelta) -> None:
        """Turn it to that moment, or by so much, by way of every deadline before. What has passed changes nothing."""
        async with self._turning:
            to = min(self.clock.now() + to if isinstance(to, timedelta) else to, self.clock.real() + FURTHEST)
            await self._all_sent()
            for _ in range(STEPS):
                due = await self._next_due()
                if due is None or due >= to:
                    break
                await self._step(due)
            await self._step(to)

    async def _next_due(self) -> datetime | None:
        """The earliest deadline that is still ahead."""
        now = self.clock.now()
        rows = await self.across.read(lambda: self.reads.incidents(ended=False))
        return min((row.next_due_at for row in rows if row.next_due_at and row.next_due_at > now), default=None)

    async def _step(self, to: datetime) -> None:
        """Set the clock to that moment, fire what is due, and let it be sent."""
        ahead = max(to - self.clock.real(), self.clock.ahead)

        def work() -> None:
            self.keeps.turn_clock(ahead, self.clock.real() + ahead, "turned by hand")
            self.clock.ahead = ahead
            while self.service.tick(self.clock.now()):
                pass

        await self.across.write(work)
        await self._all_sent()

    async def _all_sent(self) -> None:
        """Until nothing waits, or nothing more is sent for a while: what cannot be must not stop the clock."""
        self.hint()
        least, looks = await self.waiting(), LOOKS
        while least and looks:
            await asyncio.sleep(PAUSE)
            now = await self.waiting()
            looks = LOOKS if now < least else looks - 1
            least = min(least, now)
