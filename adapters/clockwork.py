"""The clock: one job in memory that asks what is due, twice a second, and one that clears old keys away, once an hour.

Neither holds any state (docs/architecture.md): what is due is a column, so a missed run, a restart or a second replica
costs nothing. Twice a second leaves a second for the rest of the way, so that a reminder is with the chat within 1.5 s.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.carrying import Threads
from adapters.inbound import where

EVERY = 0.5
"""Seconds between two looks at what is due."""

ROUNDS = 200
"""Looks at once at most, while each finds something: a backlog must not wait for the next run."""

WATCHED = 1.0
"""Seconds between two looks whether the scheduler still means to run."""
AHEAD = timedelta(seconds=2)
"""Further ahead than its interval and this, a run waits only because the wall clock was set back."""

KEPT = timedelta(days=3)
"""How long the keys of received requests are kept: longer than any chat repeats one."""

log = logging.getLogger(__name__)


class Ticks(Protocol):
    """The service, as the clock sees it."""

    def tick(self, now: datetime) -> int:
        """Fire what is due; how many incidents had something."""


@dataclass(slots=True, kw_only=True)
class Clockwork:
    """Drives the service's clock while it runs."""

    service: Ticks
    threads: Threads
    now: Callable[[], datetime]
    """The incident's clock, UTC."""
    clock: Callable[[], datetime]
    """Real time, UTC."""
    hint: Callable[[], None]
    """Tells the outbox that there may be something to send."""
    forget: Callable[[timedelta], object] | None = None
    """Clears away the keys of requests received longer ago than that."""
    _scheduler: AsyncIOScheduler = field(default_factory=lambda: AsyncIOScheduler(timezone="UTC"))
    _watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; call it on the running loop."""
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler.add_job(self.tick, "interval", seconds=EVERY, **once)
        if self.forget is not None:
            self._scheduler.add_job(self.clear, "interval", hours=1, **once)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(), name="the clock's watch")

    def stop(self) -> None:
        """End; a tick under way is finished by the database's thread."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch(self) -> None:
        """The scheduler counts by the wall clock: where that is set back, it would rest until the old time comes."""
        while True:
            await asyncio.sleep(WATCHED)
            at = self.clock()
            for job in self._scheduler.get_jobs():
                if job.next_run_time - at > job.trigger.interval + AHEAD:
                    log.warning("the wall clock was set back", extra={"job": job.name})
                    job.modify(next_run_time=at)

    async def tick(self) -> None:
        """Fire what is due now. What goes wrong is logged: the next run comes all the same."""
        try:
            for _ in range(ROUNDS):
                if not await asyncio.wrap_future(self.threads.write(lambda: self.service.tick(self.now()))):
                    return
                self.hint()
        except Exception as fault:  # noqa: BLE001 - the database may answer again in half a second
            log.error("the clock's tick failed", extra={"kind": type(fault).__name__, "where": where(fault)})  # noqa: TRY400 - its text may quote what somebody typed

    async def clear(self) -> None:
        """Clear away old keys."""
        forget = self.forget
        if forget is None:
            return
        try:
            await asyncio.wrap_future(self.threads.write(lambda: forget(KEPT)))
        except Exception as fault:  # noqa: BLE001 - it is tried again in an hour
            log.error("old keys are still there", extra={"kind": type(fault).__name__})  # noqa: TRY400 - as above
