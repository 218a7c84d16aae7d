"""The seam to the database's threads, awaited."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from adapters.carrying import Threads

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Runs work on the database's threads. Both raise what the database raises."""

    threads: Threads

    async def write(self, work: Callable[[], T]) -> T:
        """Where writing is done."""
        return await asyncio.wrap_future(self.threads.write(work))

    async def read(self, work: Callable[[], T]) -> T:
        """Where reading is done."""
        return await asyncio.wrap_future(self.threads.read(work))
