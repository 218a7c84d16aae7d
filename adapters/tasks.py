"""Work that an acknowledgement does not wait for: a set of tasks of our own, so that none is lost at a stop."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from adapters.inbound import where

MOST = 2_000
"""Under way at once: twice the requests that may wait. Any further answer would come too late anyway."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Tasks:
    """Tasks under way. The event loop itself keeps only a weak hold of a task; this set keeps a strong one."""

    _running: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def start(
        self, work: Coroutine[Any, Any, object], *, name: str, within: float, needed: bool = False
    ) -> asyncio.Task[None]:
        """Start it and go on. After `within` seconds it is cancelled; what it raises is logged, never lost.

        With too much under way it is left out and logged, unless it is `needed`: it is more than an answer. Gives the
        task, which raises nothing, for who wants to wait for its end.
        """
        if len(self._running) >= MOST and not needed:
            work.close()
            work = _left_out(name)
        task = asyncio.create_task(_limited(work, name, within), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def __len__(self) -> int:
        return len(self._running)

    async def finish(self, within: float) -> None:
        """Wait for all of them, at most `within` seconds, then cancel the rest."""
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _left_out(name: str) -> None:
    log.warning("too much is under way: left out", extra={"task": name})


async def _limited(work: Coroutine[Any, Any, object], name: str, within: float) -> None:
    try:
        async with asyncio.timeout(within):
            await work
    except TimeoutError:
        log.warning("a task took too long", extra={"task": name, "seconds": within})
    except Exception as fault:  # noqa: BLE001 - nobody awaits it: this is where it ends
        log.error("a task failed", extra={"task": name, "kind": type(fault).__name__, "where": where(fault)})  # noqa: TRY400
