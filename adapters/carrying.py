"""One delivery, one attempt: look whether it is there already, send it, and record what came of it.

Four rules. What is told to the core (a room opened, a delivery given up) is committed before the row is marked, so
that a crash between the two repeats the telling, never loses it. A new message whose earlier attempt has an unknown
outcome is looked for before it is said again. What arrived and could not be written down is remembered, for not every
chat can be asked. And nothing raised here ends the relay.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol, TypeVar

from adapters.arrivals import Arrivals
from adapters.bounded import put
from adapters.inbound import where
from adapters.meter import Meter
from adapters.pauses import Pace, pause
from adapters.sinks import Delivered, SendFailed, Sink, Unreadable
from bot.events import RoomOpened
from bot.ports import Arrival, Delivery, Relay
from bot.posts import Post
from bot.refs import chat_of
from bot.refusals import Taken

T = TypeVar("T")

MOST_UNWRITTEN = 500
"""Arrivals remembered that could not be written down; the oldest go first."""

MOST_FAULTY = 1000
"""Rows whose faults are counted: one that is withdrawn meanwhile is never heard of again."""

log = logging.getLogger(__name__)


class Threads(Protocol):
    """The database's threads."""

    def write(self, fn: Callable[[], T], /) -> "Future[T]":
        """Run `fn` where writing is done."""

    def read(self, fn: Callable[[], T], /) -> "Future[T]":
        """Run `fn` where reading is done."""


OnRoom = Callable[[Delivery, RoomOpened, Callable[[], object]], Awaitable[None]]
"""Records that the room exists, once per row, however often it is called; and then at once marks the row."""

OnDead = Callable[[Delivery, SendFailed], Awaitable[None]]
"""Tells the core that a delivery is given up, once per row, however often it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Everything an attempt needs."""

    relay: Relay
    threads: Threads
    on_room: OnRoom
    on_dead: OnDead
    clock: Callable[[], datetime]
    """Real time, UTC."""
    now: Callable[[], datetime]
    """The incident's clock, UTC: what cards say about time is said by it."""
    chance: Random
    meter: Meter
    pace: Pace = field(default_factory=Pace)
    faults: dict[int, int] = field(default_factory=dict[int, int])
    """By row: faults of ours while carrying it."""
    arrivals: Arrivals = field(default_factory=Arrivals)
    unwritten: dict[int, Delivered] = field(default_factory=dict[int, Delivered])
    """By row: what arrived and is not written down, for the database could not, or the claim had passed on.

    A full disk, or a clock that jumps, must not make us say it over and over.
    """

    async def settle(self, delivery: Delivery, outcome: Delivered | SendFailed) -> SendFailed | None:
        """Record what came of it; what went wrong, if something did.

        Raises what the database raises where that cannot be written down: the row is attempted again, and looked for,
        when its lease ends.
        """
        failed = await self._arrived(delivery, outcome) if isinstance(outcome, Delivered) else outcome
        if failed is not None:
            await self._failed(delivery, failed)
        return failed

    async def attempt(self, delivery: Delivery, sink: Sink) -> Delivered | SendFailed:
        """Look whether it is there already, and send it. Whatever is raised on the way is an outcome."""
        sure, kept = delivery.tried_at is None, None if delivery.ref else self.unwritten.get(delivery.id)
        if kept is not None and kept.room is not None:
            return kept
        found: str | Unreadable | None = kept.ref if kept else None
        try:
            async with asyncio.timeout(self.pace.longest.total_seconds()):
                found = await sink.find(delivery) if not found and _must_look(delivery) else found
                known = replace(delivery, ref=found) if isinstance(found, str) else delivery
                sure = sure or known is delivery
                if delivery.withdrawn and not known.ref:
                    return SendFailed(
                        "it no longer holds, and had not arrived", retry_after=0.0
                    )  # the relay withholds it
                done = await sink.deliver(known, self.now())
        except SendFailed as failed:
            if failed.outcome_unknown:
                self._said_again(delivery, found)
            failed.outcome_unknown = failed.outcome_unknown or not sure
            return failed
        except TimeoutError:
            self._said_again(delivery, found)
            return SendFailed("no answer came in time", outcome_unknown=True)
        except Exception as fault:  # noqa: BLE001 - a row that makes us stumble must not stop the others
            return self._stumbled(delivery, fault)
        self._said_again(delivery, found)
        self._measure(delivery)
        return done

    def _said_again(self, delivery: Delivery, found: str | Unreadable | None) -> None:
        """It went out, or may have. Where an earlier attempt could not be looked for, it may be there twice."""
        if isinstance(found, Unreadable):
            self.meter.perhaps_double(chat_of(delivery.address))
            log.warning("cannot be read back: sent again", extra={"row": delivery.id, "why": found.reason})

    def _stumbled(self, delivery: Delivery, fault: Exception) -> SendFailed:
        """A fault of ours while sending: again a few times, then never."""
        count = self._fault(delivery, "a delivery stumbled", fault)
        return SendFailed(
            f"Sitrep itself failed on it ({type(fault).__name__})",
            permanent=count >= self.pace.poison,
            outcome_unknown=True,
        )

    def _fault(self, delivery: Delivery, what: str, fault: Exception) -> int:
        count = self.faults.get(delivery.id, 0) + 1
        put(self.faults, delivery.id, count, MOST_FAULTY)
        log.error(what, extra={"row": delivery.id, "kind": type(fault).__name__, "where": where(fault), "time": count})
        log.debug("its fault", exc_info=fault)  # a message may quote what somebody typed: never at info
        return count

    def _measure(self, delivery: Delivery) -> None:
        if delivery.ref or not isinstance(delivery.order, Post):
            return
        if delivery.order.due is not None:
            self.meter.late("reminder", (self.now() - delivery.order.due).total_seconds())
        else:
            self.meter.late("message", (self.clock() - delivery.queued_at).total_seconds())

    async def _arrived(self, delivery: Delivery, done: Delivered) -> SendFailed | None:
        marked: list[bool] = []

        def mark_room() -> None:
            marked.clear()  # what shared a commit that failed is done again
            with suppress(Exception):  # the room is recorded: its row is marked below
                marked.append(self.relay.sent(delivery, done.ref, self.clock()))

        self._keep(delivery, done)
        failed = await self._recorded(delivery, done.room, mark_room) if done.room is not None else None
        if failed is not None:
            return failed
        arrival = Arrival(delivery=delivery, ref=done.ref, at=self.clock())
        ours = marked[-1] if marked else await self._out(arrival)
        if ours:
            self.unwritten.pop(delivery.id, None)
        else:
            log.warning("sent, but its claim had passed to another attempt", extra={"row": delivery.id})
        self.faults.pop(delivery.id, None)
        return None

    async def _out(self, arrival: Arrival) -> bool:
        """Written down with others; where that fails, by itself, so that none is in the way of the others."""
        try:
            if await self.arrivals.written(arrival, self._write_down):
                return True
        except Exception as fault:  # noqa: BLE001 - whatever the database raises: what was sent must be written down
            log.warning("outcomes are not written down yet", extra={"kind": type(fault).__name__})
        return await self._record(lambda: self.relay.sent(arrival.delivery, arrival.ref, arrival.at))

    async def _write_down(self, arrivals: Sequence[Arrival]) -> Sequence[bool]:
        return await asyncio.wrap_future(self.threads.write(lambda: self.relay.all_sent(arrivals)))

    def _keep(self, delivery: Delivery, done: Delivered) -> None:
        put(self.unwritten, delivery.id, done, MOST_UNWRITTEN)

    async def _recorded(self, delivery: Delivery, room: RoomOpened, mark: Callable[[], object]) -> SendFailed | None:
        try:
            await self.on_room(delivery, room, mark)
        except Taken:  # in the same moment: the sink, asked again, sees that and chooses another
            self.unwritten.pop(delivery.id, None)
            return SendFailed("another incident has that room already")
        except Exception as fault:  # noqa: BLE001 - the database's or the core's: the room is recorded later
            self._fault(delivery, "a room is not recorded yet", fault)
            return SendFailed("its answer could not be recorded yet", outcome_unknown=True)
        return None

    async def _failed(self, delivery: Delivery, failed: SendFailed) -> None:
        told_to_wait = failed.auth or failed.retry_after is not None
        if failed.permanent or (self._failing_too_long(delivery) and not told_to_wait):
            await self.bury(delivery, failed)
            return
        await self._again(delivery, failed, counts=not told_to_wait)

    def _failing_too_long(self, delivery: Delivery) -> bool:
        since = delivery.failing_since
        return since is not None and self.clock() - since >= self.pace.give_up

    async def _again(self, delivery: Delivery, failed: SendFailed, *, counts: bool) -> None:
        at = self.clock()
        wait = self._wait(delivery, failed)
        seconds = round(wait.total_seconds(), 1)
        log.info("not sent, goes again", extra={"row": delivery.id, "why": failed.reason, "seconds": seconds})
        await self._record(
            lambda: self.relay.retry(
                delivery,
                at=at,
                not_before=at + wait,
                error=failed.reason,
                unknown=failed.outcome_unknown,
                counts=counts,
            )
        )

    def _wait(self, delivery: Delivery, failed: SendFailed) -> timedelta:
        if failed.auth:
            return self.pace.refused
        if failed.retry_after is not None:
            return timedelta(seconds=failed.retry_after)
        return pause(delivery.failures, urgent=is_urgent(delivery), pace=self.pace, chance=self.chance)

    async def bury(self, delivery: Delivery, failed: SendFailed) -> None:
        """Give it up for good: tell the core, then mark the row. Raises what the database raises."""
        log.warning("given up", extra={"row": delivery.id, "why": failed.reason})
        try:
            await self.on_dead(delivery, failed)
        except Exception as fault:  # noqa: BLE001 - the database's or the core's
            if self._fault(delivery, "nobody could be told of it yet", fault) < self.pace.poison:
                await self._again(delivery, failed, counts=True)
                return
        self.meter.gave_up(chat_of(delivery.address))
        self.faults.pop(delivery.id, None)
        await self._record(lambda: self.relay.dead(delivery, at=self.clock(), error=failed.reason))

    async def _record(self, mark: Callable[[], T]) -> T:
        for wait in self.pace.mark_again:
            try:
                return await asyncio.wrap_future(self.threads.write(mark))
            except Exception as fault:  # noqa: BLE001 - whatever the database raises: what was sent must be written down
                log.warning("an outcome is not written down yet", extra={"kind": type(fault).__name__})
                await asyncio.sleep(wait)
        return await asyncio.wrap_future(self.threads.write(mark))


def _must_look(delivery: Delivery) -> bool:
    """Whether it may be there already, and saying it again would double it."""
    return isinstance(delivery.order, Post) and delivery.tried_at is not None and not delivery.ref


def is_urgent(delivery: Delivery) -> bool:
    """Whether it is a reminder: first where there is a queue."""
    return isinstance(delivery.order, Post) and delivery.order.reminder is not None
