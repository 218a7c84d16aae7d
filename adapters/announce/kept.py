"""Work that goes on when nobody waits for it any more, kept by the token of what it tells.

A server that is only slow must not be given the same words again: who asks while they are on their way is told to come
back, and who asks when they are out hears how it ended. After an outcome that nobody knows they go again, but not
often: each repeat may be a copy more for people who have it already.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from adapters.announce.aside import begin
from adapters.bounded import put, trim
from adapters.sinks import SendFailed

T = TypeVar("T")

WAIT = 10.0
"""Seconds that one attempt waits; `telling.LONGEST` is more."""

AGAIN = 10.0
"""Seconds until the next attempt asks."""

LOST = 600.0
"""Seconds after which work that has not ended is no longer waited for."""

MOST = 32
"""Pieces of work at a time: each is a thread and a connection."""

REMEMBERED = 1000
"""Tokens of which anything is kept, the latest of them: a row that was withdrawn asks for its own no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay(Generic[T]):
    """One piece of work."""

    ended: "asyncio.Future[T]"
    since: float


@dataclass(slots=True, kw_only=True)
class Kept(Generic[T]):
    """The work of one way."""

    name: str
    tries: int
    """Outcomes nobody knows after which it is given up."""
    wait: float = WAIT
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any beginning."""
    _under_way: dict[str, UnderWay[T]] = field(default_factory=dict[str, UnderWay[T]], init=False)
    _unknown: dict[str, int] = field(default_factory=dict[str, int], init=False)

    def holds(self, token: str) -> bool:
        """Whether that is on its way, or has ended and nobody heard of it yet."""
        return token in self._under_way

    async def outcome(self, token: str, work: Callable[[], T]) -> T:
        """What `work` gives, begun by this call or an earlier one. Raises SendFailed, and what `work` raises.

        Cancelled, it goes on, and the next call with this token hears of it.
        """
        one = self._under_way.get(token) or self._begin(token, work)
        await asyncio.wait({one.ended}, timeout=self.wait)
        if one.ended.done():
            return self._heard(token, one)
        if self.clock() - one.since < LOST:
            raise SendFailed("it is still on its way", retry_after=AGAIN, outcome_unknown=True)
        self._under_way.pop(token, None)
        raise self._counted(token, SendFailed("no answer came in time", outcome_unknown=True))

    def _heard(self, token: str, one: UnderWay[T]) -> T:
        self._under_way.pop(token, None)
        try:
            result = one.ended.result()
        except SendFailed as failed:
            raise self._counted(token, failed) from None
        self._unknown.pop(token, None)
        return result

    def _begin(self, token: str, work: Callable[[], T]) -> UnderWay[T]:
        at = self.clock()
        going = sum(not one.ended.done() and at - one.since < LOST for one in self._under_way.values())
        if going >= MOST:
            raise SendFailed("too many before it are still on their way", retry_after=AGAIN)
        one = self._under_way[token] = UnderWay(ended=begin(work, name=self.name), since=at)
        trim(self._under_way, REMEMBERED)
        return one

    def _counted(self, token: str, failed: SendFailed) -> SendFailed:
        """The failure, for good where its like has come too often."""
        if failed.permanent:
            self._unknown.pop(token, None)
        if failed.permanent or not failed.outcome_unknown:
            return failed
        count = self._unknown.pop(token, 0) + 1
        if count >= self.tries:
            return SendFailed(
                f"{failed.reason}, {count} times: it may have arrived", permanent=True, outcome_unknown=True
            )
        put(self._unknown, token, count, REMEMBERED)
        return failed
