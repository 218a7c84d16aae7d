"""What processes of one installation have together on a database server: one time, and hints of what is to send."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from adapters.carrying import Threads
from adapters.server_clock import EVERY, ServerClock
from storage.database import Database
from storage.fleet import LOOKED

log = logging.getLogger(__name__)


async def keep_in_step(db: Database, clock: ServerClock, hint: Callable[[], None]) -> None:
    """Hear the others, and look at the server's clock now and then, until cancelled."""
    loop = asyncio.get_running_loop()

    def heard() -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(hint)

    db.listen(heard)
    while True:
        await asyncio.sleep(EVERY)
        try:
            await asyncio.wrap_future(db.read(clock.measure))
        except Exception as fault:  # noqa: BLE001 - the steady clock goes on; the database may answer again
            log.debug("the database's clock cannot be seen", extra={"kind": type(fault).__name__})


async def keep_moving(threads: Threads, send_away: Callable[[], int], every: timedelta = LOOKED) -> None:
    """Send away processes that stand still with rows locked, until cancelled: reminders would wait for them."""
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            gone = await asyncio.wrap_future(threads.read(send_away))
        except Exception as fault:  # noqa: BLE001 - the database may answer again in half a second
            log.debug("who stands still cannot be seen", extra={"kind": type(fault).__name__})
            continue
        if gone:
            log.warning("a process stood still with rows locked: it was sent away", extra={"connections": gone})
