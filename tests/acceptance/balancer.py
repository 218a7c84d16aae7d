"""What a proxy does in front of replicas: asks each whether it is ready, and tries the next where nobody listens."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from tests.acceptance.slack import Ack, Http

EVERY = 0.2
"""Seconds between two looks whether a replica is ready."""
LONG = 2.0
"""Seconds for which a request is tried at one after another."""


@dataclass(slots=True)
class Balanced(Http):
    """Signed posts to whichever replica is ready, in turn."""

    replicas: dict[str, bool] = field(default_factory=dict[str, bool])
    """Addresses, and whether each was ready when last asked."""
    turn: "itertools.count[int]" = field(default_factory=itertools.count)
    slowest: float = 0.0
    """Seconds."""

    async def raw(self, body: str, headers: dict[str, str]) -> Ack:
        """As a proxy: a connection that is refused has done nothing, so the next replica is tried."""
        began = time.monotonic()
        while True:
            try:
                ack = await Http(self.session, self._next()).raw(body, headers)
            except aiohttp.ClientConnectorError:
                if time.monotonic() - began > LONG:
                    raise
                await asyncio.sleep(0.05)
            else:
                took = time.monotonic() - began
                self.slowest = max(self.slowest, took)
                return Ack(ack.status, ack.body, took)

    def _next(self) -> str:
        ready = [url for url, is_ready in self.replicas.items() if is_ready] or list(self.replicas)
        return ready[next(self.turn) % len(ready)]

    async def watch(self) -> None:
        """Ask every replica, until cancelled."""
        while True:
            for url in tuple(self.replicas):
                self.replicas[url] = await self._ready(url)
            await asyncio.sleep(EVERY)

    async def _ready(self, url: str) -> bool:
        try:
            async with self.session.get(f"{url}/readyz", timeout=aiohttp.ClientTimeout(total=1)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


@asynccontextmanager
async def balanced(*urls: str) -> AsyncIterator[Balanced]:
    """In front of these, and of those that are added to its `replicas`."""
    connections = aiohttp.TCPConnector(force_close=True)  # one that idles may end as it is used
    async with aiohttp.ClientSession(connector=connections, timeout=aiohttp.ClientTimeout(total=30)) as session:
        made = Balanced(session, "", dict.fromkeys(urls, True))
        watching = asyncio.create_task(made.watch())
        try:
            yield made
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
