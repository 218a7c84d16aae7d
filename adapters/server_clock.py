"""Real time as every process of one installation has it: the database server's, for the clocks of machines differ.

Between two looks it is carried on by a clock that nobody sets, so that what is done to this machine's means nothing.
Where there is no server, it is this machine's own.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EVERY = 5.0
"""Seconds between two looks at the server's clock."""
SLOW = timedelta(seconds=1)
"""An answer that took longer says too little, once there was a better one."""
WARNED = timedelta(seconds=5)
"""Further apart than that, our clock is wrong: chats refuse requests by clocks that differ by minutes."""

log = logging.getLogger(__name__)


def own_clock() -> datetime:
    """The machine's clock, UTC."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class ServerClock:
    """One clock for one process."""

    ask: Callable[[], datetime | None]
    """The server's moment now; None: there is no server."""
    own: Callable[[], datetime] = own_clock
    steady: Callable[[], float] = time.monotonic
    _seen: tuple[float, datetime] | None = None
    """The server's moment, and when on the steady clock."""
    _warned: bool = False

    def now(self) -> datetime:
        """The moment, UTC."""
        if self._seen is None:
            return self.own()
        steady, server = self._seen
        return server + timedelta(seconds=self.steady() - steady)

    def measure(self) -> None:
        """Look at the server's clock. Raises what the database raises."""
        before = self.steady()
        found = self.ask()
        if found is None:
            return
        took = timedelta(seconds=self.steady() - before)
        if self._seen is None or self._is_off(found, took):
            self._seen = (before + took.total_seconds() / 2, found)
        self._warn()

    def _is_off(self, found: datetime, took: timedelta) -> bool:
        """Whether we are further from it than the time that its answer took leaves open."""
        return took < SLOW and not (self.now() - took <= found <= self.now())

    def _warn(self) -> None:
        apart = self.own() - self.now()
        wrong = abs(apart) > WARNED
        if wrong and not self._warned:
            seconds = round(apart.total_seconds(), 1)
            log.warning("this machine's clock differs from the database's, which we go by", extra={"seconds": seconds})
        self._warned = wrong
