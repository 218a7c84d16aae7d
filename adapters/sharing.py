"""The limits of a chat's API, shared by all processes of one installation: how many of us there are, and what any of
us was asked not to call for a while.

Both are rows that each process writes and all read, once a second: a hint among equals, with no leader. A process that
does not read them for a while keeps the share it had.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from adapters.carrying import Threads

EVERY = 1.0
"""Seconds between two looks at the others."""
BEAT = 5.0
"""Seconds after which we say again that we live."""
HAIR = 0.5
"""Seconds. A pause that ends so little later than the one we told is the same."""

log = logging.getLogger(__name__)


class Shared(Protocol):
    """A chat's budget."""

    def share(self, among: int) -> None:
        """So many processes have the limits together from now on."""

    def pauses(self, now: float) -> dict[str, float]:
        """What the chat asked us not to call, with the seconds that are left."""

    def pause(self, what: str, seconds: float, now: float) -> None:
        """Another process was asked not to call that for so long."""


class Fleet(Protocol):
    """All processes of the installation, as the database knows them."""

    def beat(self, replica: str, pauses: Mapping[str, float]) -> None:
        """That process lives, and was asked these pauses, in seconds. Writes."""

    def leave(self, replica: str) -> None:
        """That process is no more. Writes."""

    def replicas(self) -> int:
        """How many live, as far as they said so."""

    def pauses(self) -> Mapping[str, float]:
        """What any of them was asked not to call, with the seconds that are left."""


def replica_name() -> str:
    """What this process is called among those on the database: hosts are cloned, and containers all count from 1."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(3)}"


@dataclass(slots=True, kw_only=True)
class Sharing:
    """Keeps each chat's budget in step with the other processes."""

    replica: str
    fleet: Fleet
    threads: Threads
    budgets: Mapping[str, Shared]
    """By chat."""
    clock: Callable[[], float] = time.monotonic
    _told: dict[str, float] = field(default_factory=dict[str, float])
    """When the pauses end that we told, on our clock."""
    _beaten_at: float | None = None
    _among: int = 1
    _left: bool = False

    async def run(self) -> None:
        """Tell and look, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Tell the others what is new here, and take over what is new there. What goes wrong is tried again."""
        if self._left:
            return  # what is under way still ends, with the share it had
        try:
            await self._tell()
            among = await asyncio.wrap_future(self.threads.read(self.fleet.replicas))
            pauses = await asyncio.wrap_future(self.threads.read(self.fleet.pauses))
        except Exception as fault:  # noqa: BLE001 - the database may answer again in a second
            log.debug("the other processes cannot be seen", extra={"kind": type(fault).__name__})
            return
        self._take_over(max(1, among), pauses)

    async def leave(self) -> None:
        """The others have our share from now on. Raises what the database raises."""
        self._left = True
        await asyncio.wrap_future(self.threads.write(lambda: self.fleet.leave(self.replica)))

    async def _tell(self) -> None:
        now = self.clock()
        news = self._news(now)
        if not news and self._beaten_at is not None and now - self._beaten_at < BEAT:
            return
        await asyncio.wrap_future(self.threads.write(lambda: self.fleet.beat(self.replica, news)))
        self._told |= {name: now + seconds for name, seconds in news.items()}
        self._beaten_at = now

    def _news(self, now: float) -> dict[str, float]:
        """The pauses that are here and were not told yet."""
        self._told = {name: until for name, until in self._told.items() if until > now}
        here = {
            f"{chat} {what}": left for chat, budget in self.budgets.items() for what, left in budget.pauses(now).items()
        }
        return {name: left for name, left in here.items() if now + left > self._told.get(name, 0.0) + HAIR}

    def _take_over(self, among: int, pauses: Mapping[str, float]) -> None:
        now = self.clock()
        if among != self._among:
            log.info("the chats' limits are shared", extra={"processes": among})
            self._among = among
            for budget in self.budgets.values():
                budget.share(among)
        for name, seconds in pauses.items():
            chat, _, what = name.partition(" ")
            if chat in self.budgets and now + seconds > self._told.get(name, 0.0) + HAIR:
                self.budgets[chat].pause(what, seconds, now)
                self._told[name] = now + seconds
