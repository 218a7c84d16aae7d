"""What arrived is written down: of several deliveries that ended in the same moment with one transaction."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.ports import Arrival

AT_ONCE = 50
"""Written down together at most."""

Waiting = tuple[Arrival, asyncio.Future[bool]]
"""With what its sender is told by."""

Write = Callable[[Sequence[Arrival]], Awaitable[Sequence[bool]]]
"""Writes them down; of each whether its claim still held. Raises what the database raises."""


@dataclass(slots=True, kw_only=True)
class Arrivals:
    """Owns what waits to be written down. While some of it is being written, what comes meanwhile gathers."""

    _waiting: deque[Waiting] = field(default_factory=deque[Waiting])
    _writing: asyncio.Task[None] | None = None

    async def written(self, arrival: Arrival, write: Write) -> bool:
        """Whether its claim still held. Raises what the database raises, then also for those beside it."""
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, told))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(write), name="what arrived")
        return await told

    async def _write(self, write: Write) -> None:
        some: list[Waiting] = []
        try:
            await asyncio.sleep(0)  # others that ended in this moment come along
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
                await _page(some, write)
        finally:
            self._writing = None
            for _, told in (*some, *self._waiting):  # where it was cancelled: what nobody writes is waited for no more
                told.cancel()
            self._waiting.clear()


async def _page(some: Sequence[Waiting], write: Write) -> None:
    try:
        ours = await write([arrival for arrival, _ in some])
    except Exception as fault:  # noqa: BLE001 - it goes to whoever waits for the answer
        for _, told in some:
            if not told.done():
                told.set_exception(fault)
    else:
        for (_, told), held in zip(some, ours, strict=True):
            if not told.done():
                told.set_result(held)
