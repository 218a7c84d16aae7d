"""Sitrep's clock and its outbox, with a chat without limits; and a process of them, one of several on one database.

    python -m tests.bench.replica ADDRESS MOMENT

It prints a line when it is ready, and reads one with the second to begin at, of the clock that all processes share. It
is MOMENT then. Every line after that is a list of what it handed over meanwhile. It ends with what it reads.
"""

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from adapters.carrying import Carrier
from adapters.clockwork import Clockwork
from adapters.garbage import settle
from adapters.meter import Silent
from adapters.outbox import outbox
from adapters.sinks import Delivered, SendFailed
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import Post
from bot.service import Service
from config.fingerprint import rules_fingerprint
from config.policy_file import load_policy
from storage.database import Database

EVERY = 0.1
"""Seconds between two looks at what was handed over."""


@dataclass(slots=True)
class Taker:
    """A chat without limits."""

    reminded: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    """Of each reminder its row, and when it came, by `time.monotonic()`."""

    async def deliver(self, delivery: Delivery, at: datetime) -> Delivered:
        del at
        if isinstance(delivery.order, Post) and delivery.order.reminder is not None:
            self.reminded.append((delivery.id, time.monotonic()))
        return Delivered(ref=delivery.ref or f"1.{delivery.id}")

    async def find(self, delivery: Delivery) -> None:
        del delivery


@asynccontextmanager
async def at_work(db: Database, service: Service, taker: Taker, at: datetime, started: float) -> AsyncIterator[None]:
    """They run. It was `at` when `time.monotonic()` was `started`."""

    def hint() -> None:
        relay.hint()
        db.tell()

    def heard() -> None:
        loop.call_soon_threadsafe(relay.hint)

    carrier = Carrier(
        relay=db.relay,
        threads=db,
        on_room=_nothing,
        on_dead=_nothing_dead,
        clock=lambda: datetime.now(UTC),
        now=lambda: at + timedelta(seconds=time.monotonic() - started),
        chance=Random(1),
        meter=Silent(),
    )
    relay, loop = outbox(carrier, {"slack": taker}), asyncio.get_running_loop()
    clock = Clockwork(service=service, threads=db, now=carrier.now, clock=carrier.clock, hint=hint)
    db.listen(heard)
    running = asyncio.create_task(relay.run())
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a tick that lasts skips others; the last is cut off
    clock.start()
    yield
    clock.stop()
    await asyncio.sleep(1)  # for the tick under way
    await relay.stop()
    await running


async def _nothing(delivery: Delivery, room: RoomOpened, mark: Callable[[], object]) -> None:
    del delivery, room


async def _nothing_dead(delivery: Delivery, failed: SendFailed) -> None:
    del delivery, failed


async def main(url: str, at: datetime) -> None:
    """Begin when told, end when told."""
    db, policy, taker = Database(url), load_policy(None).policy, Taker()
    name = f"replica {os.getpid()}"
    service = Service(store=db.store, policy=policy, rules=rules_fingerprint(policy), replica=name)
    settle()
    print(db.server_time(), flush=True)
    started = float(await asyncio.to_thread(sys.stdin.readline))
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.sleep(started - time.monotonic())
    async with at_work(db, service, taker, at, started):
        while not ended.done():
            await asyncio.sleep(EVERY)
            _tell(taker)
    _tell(taker)
    db.close()


def _tell(taker: Taker) -> None:
    print(json.dumps(taker.reminded), flush=True)
    taker.reminded.clear()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
