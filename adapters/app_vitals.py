"""What the process watches of itself: the event loop's lag, the outbox's depth, the database, the chats."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.inbound import WITHIN
from adapters.metrics import Metrics
from adapters.outbox import Outbox
from adapters.web.life import Life
from storage.database import Database

BEAT = 0.5
"""Seconds between two looks at the loop."""
TOO_LATE = 0.25
"""Seconds of the loop's lag that are worth a warning."""
QUIET = 60.0
"""Seconds between two such warnings."""
EVERY = 2.0
"""Seconds between two looks at the outbox and the chats."""
PROBE_EVERY = 5.0
"""Seconds between two tries whether the database can be written."""
PROBE_SOON = 1.0
"""The same while it cannot: what is back is used at once."""
PROBE_WAITS = 4.0
"""Seconds for one try. A server that does not even refuse leaves the thread waiting, and us knowing."""
OUTBOX = "outbox"

log = logging.getLogger(__name__)


async def feel_lag(metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
    """Measure how late the loop runs, until cancelled. Too late is also said in the log, once a minute at most."""
    quiet_until = 0.0
    while True:
        began = clock()
        await asyncio.sleep(BEAT)
        now = clock()
        lag = max(0.0, now - began - BEAT)
        metrics.lag.observe(lag)
        metrics.lag_now.set(lag)
        if lag > TOO_LATE and now >= quiet_until:
            log.warning("the event loop runs late", extra={"seconds": round(lag, 3)})
            quiet_until = now + QUIET


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Keeps what `/readyz` and `/metrics` show up to date."""

    db: Database
    outbox: Outbox
    chats: tuple[str, ...]
    life: Life
    metrics: Metrics
    probe_waits: float = PROBE_WAITS

    async def watch_outbox(self) -> None:
        """Look at the outbox and the chats, until cancelled."""
        while True:
            failing = self.outbox.degraded()
            for name in self.chats:
                self.life.chat(name, OUTBOX, "messages are not taken" if name in failing else "")
            self.metrics.tasks.set(len(asyncio.all_tasks()))
            try:
                depth, since = await self.outbox.depth()
            except Exception as fault:  # noqa: BLE001 - whatever the database raises: the probe says so
                log.debug("the outbox cannot be measured", extra={"kind": type(fault).__name__})
            else:
                self.metrics.depth.set(depth)
                self.metrics.oldest.set((datetime.now(UTC) - since).total_seconds() if since else 0)
            await asyncio.sleep(EVERY)

    async def watch_database(self) -> None:
        """Try whether the database can be written, until cancelled."""
        while True:
            before, self.life.database = self.life.database, await self._fault()
            if self.life.database and not before:
                log.error("the database cannot be written", extra={"why": self.life.database})
            if before and not self.life.database:
                log.warning("the database can be written again")
            await asyncio.sleep(PROBE_SOON if self.life.database else PROBE_EVERY)

    async def _fault(self) -> str:
        try:
            async with asyncio.timeout(self.probe_waits):
                return await asyncio.wrap_future(self.db.write(self.db.fault, within=WITHIN))
        except Exception as fault:  # noqa: BLE001 - whatever it is, it cannot be written
            return f"The database does not answer ({type(fault).__name__})."
