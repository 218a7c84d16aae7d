"""The relay's loop: claims rows of the outbox that may go, and has them carried beside each other, chat by chat.

It wakes when told that something was committed, when the earliest waiting row may go, and once a second. A chat that
refuses us altogether is left alone but for one try a minute; a chat that is slow fills only its own places.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.carrying import Carrier
from adapters.sinks import Delivered, SendFailed, Sink
from bot.ports import Delivery
from bot.refs import chat_of

T = TypeVar("T")

DUE_BUT_HELD = timedelta(seconds=0.1)
"""How long to rest when a row is due and yet cannot be claimed: something before it is under way."""

STRUGGLING = 5
"""Failures of a chat in a row after which it counts as degraded."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Chat:
    """One chat as the relay sees it."""

    sink: Sink
    places: int
    busy: int = 0
    refused_until: datetime | None = None
    """Set while it refuses us altogether; past this moment one delivery tries."""
    failures: int = 0
    """In a row, those it did not answer properly."""

    def free(self, at: datetime) -> int:
        """How many deliveries may start now."""
        if self.refused_until is None:
            return self.places - self.busy
        return 1 if at >= self.refused_until and not self.busy else 0


@dataclass(slots=True, kw_only=True)
class Outbox:
    """Owns the deliveries under way."""

    carrier: Carrier
    chats: Mapping[str, Chat]
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _running: dict[asyncio.Task[None], Delivery] = field(default_factory=dict[asyncio.Task[None], Delivery])

    def hint(self) -> None:
        """Something was committed that may be for us. Call it on the event loop's thread."""
        self._wake.set()

    def degraded(self) -> tuple[str, ...]:
        """The chats that refuse us, or did not answer properly for some time."""
        return tuple(
            name for name, chat in self.chats.items() if chat.refused_until is not None or chat.failures >= STRUGGLING
        )

    async def depth(self) -> tuple[int, datetime | None]:
        """How many rows wait, and since when the oldest. Raises what the database raises."""
        return await self._read(self.carrier.relay.depth)

    async def run(self) -> None:
        """Carry until `stop`."""
        try:
            while not self._stopping:
                await self._round()
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Claim no more, wait for what is under way, and give back what did not end in time: it is then looked for."""
        self._stopping = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.carrier.pace.finish.total_seconds()):
                await self._ended.wait()
                if self._running:
                    await asyncio.wait(self._running)
        await self._abandon(dict(self._running))

    async def _abandon(self, late: Mapping[asyncio.Task[None], Delivery]) -> None:
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for delivery in late.values():
            at = self.carrier.clock()
            with contextlib.suppress(Exception):  # the lease gives it back as well, only later
                await self._write(lambda row=delivery, at=at: self._give_back(row, at))  # type: ignore[misc]

    def _give_back(self, delivery: Delivery, at: datetime) -> bool:
        return self.carrier.relay.retry(
            delivery, at=at, not_before=at, error="Sitrep was stopped meanwhile", unknown=True, counts=False
        )

    async def _round(self) -> None:
        self._wake.clear()
        try:
            if await self._claim():
                return
            pause = self.carrier.pace.poll if self._all_full() else await self._until_next()
        except Exception as fault:  # noqa: BLE001 - whatever the database raises: it may answer again in a second
            log.error("the outbox cannot be read", extra={"kind": type(fault).__name__})  # noqa: TRY400 - see Carrier
            await asyncio.sleep(self.carrier.pace.poll.total_seconds())
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause.total_seconds()):
                await self._wake.wait()

    def _all_full(self) -> bool:
        """Whether nothing can start before something ends: then nobody need look through everything that waits."""
        if len(self._running) >= self.carrier.pace.unwritten:
            return True
        at = self.carrier.clock()
        return bool(self.chats) and all(chat.free(at) <= 0 for chat in self.chats.values())

    async def _claim(self) -> int:
        if self._all_full():
            return 0
        at = self.carrier.clock()
        free = {name: chat.free(at) for name, chat in self.chats.items()}
        shut = frozenset(name for name, places in free.items() if places <= 0)
        most = min((places for places in free.values() if places > 0), default=self.carrier.pace.in_flight)
        relay, lease = self.carrier.relay, self.carrier.pace.lease
        rows = await self._write(lambda: relay.claim(at, most, lease, shut))
        for row in rows:
            await self._start(row)
        return len(rows)

    async def _start(self, row: Delivery) -> None:
        if self._stopping:
            await self._write(lambda: self.carrier.relay.release(row))
            return
        name = chat_of(row.address)
        chat = self.chats.get(name)
        if chat is not None:
            chat.busy += 1
        earlier = next((task for task, one in reversed(self._running.items()) if one.id == row.id), None)
        task = asyncio.create_task(self._carry(row, name, chat, earlier), name=f"delivery {row.id}")
        self._running[task] = row
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._wake.set()

    async def _carry(
        self, row: Delivery, name: str, chat: Chat | None, earlier: "asyncio.Task[None] | None" = None
    ) -> None:
        """`earlier`: the same row, under way here when its lease ended, for this process or its clock was stopped."""
        try:
            if earlier is not None:
                await asyncio.wait([earlier])
            if chat is None:
                reason = f"nothing is set up to reach `{name}:` addresses"
                await self.carrier.bury(row, SendFailed(reason, permanent=True))
                return
            await self.carrier.settle(row, await self._attempt(row, name, chat))
        except Exception as fault:  # noqa: BLE001 - the database does not answer; the lease gives the row back
            log.error("an outcome was not written down", extra={"row": row.id, "kind": type(fault).__name__})  # noqa: TRY400 - see Carrier

    async def _attempt(self, row: Delivery, name: str, chat: Chat) -> Delivered | SendFailed:
        """Its place is free as soon as the chat has answered: the next is claimed while the outcome is written down."""
        try:
            outcome = await self.carrier.attempt(row, chat.sink)
            self._judge(name, chat, outcome if isinstance(outcome, SendFailed) else None)
            return outcome
        finally:
            chat.busy -= 1
            self._wake.set()

    def _judge(self, name: str, chat: Chat, failed: SendFailed | None) -> None:
        """What an outcome tells of the chat as a whole."""
        if failed is not None and failed.auth:
            if chat.refused_until is None:
                log.error("a chat refuses us: its deliveries wait", extra={"chat": name, "why": failed.reason})
            chat.refused_until = self.carrier.clock() + self.carrier.pace.refused
            return
        if failed is None or failed.permanent:
            chat.refused_until = None
            chat.failures = 0
        elif failed.retry_after is None:
            chat.failures += 1

    async def _until_next(self) -> timedelta:
        at = self.carrier.clock()
        shut = frozenset(name for name, chat in self.chats.items() if chat.free(at) <= 0)
        relay, poll = self.carrier.relay, self.carrier.pace.poll
        due = await self._read(lambda: relay.wake_at(shut))
        if due is None:
            return poll
        return min(poll, max(due - self.carrier.clock(), DUE_BUT_HELD if due <= at else timedelta()))

    async def _write(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self.carrier.threads.write(work))

    async def _read(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self.carrier.threads.read(work))


def outbox(carrier: Carrier, sinks: Mapping[str, Sink]) -> Outbox:
    """The relay over these sinks, by the first part of the addresses they serve (`slack`)."""
    carrier.meter.serves(sinks)
    places = carrier.pace.in_flight
    return Outbox(carrier=carrier, chats={name: Chat(sink=sink, places=places) for name, sink in sinks.items()})
