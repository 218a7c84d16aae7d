"""What arrived and is not written down yet: it fills no place in a chat, and nothing is said twice because of it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from adapters.sinks import Unreadable
from tests.adapters.outbox_rig import QUICK, Rig, delivery, until
from tests.adapters.relay_in_memory import AtOnce
from tests.adapters.test_outbox import Gate, at, running


class Unsure(AtOnce):
    """Threads that never say that something was written down."""

    def write(self, fn: Callable[[], Any], /) -> "Future[Any]":
        done = super().write(fn)
        return Future() if done.result() == (True,) else done


async def test_the_next_goes_out_while_it_is_written_down_that_one_arrived() -> None:
    rig = Rig(database=Unsure(), pace=replace(QUICK, in_flight=1))
    rig.relay.put(at("slack:T1/C1"))
    rig.relay.put(at("slack:T1/C2"))
    async with running(rig.outbox()):
        await until(lambda: len(rig.sink.tried) == 2)


async def test_nothing_more_goes_out_while_too_much_is_not_written_down() -> None:
    rig = Rig(database=Unsure(), pace=replace(QUICK, in_flight=1, unwritten=3))
    for number in range(6):
        rig.relay.put(at(f"slack:T1/C{number}"))
    async with running(rig.outbox()):
        await until(lambda: len(rig.sink.tried) == 3)
        await asyncio.sleep(0.03)
        assert len(rig.sink.tried) == 3


async def test_a_row_whose_lease_ended_twice_under_us_is_sent_once_at_a_time() -> None:
    rig, first, second = Rig(), Gate(), Gate()
    rig.sink.there = Unreadable(reason="a bot cannot read that")
    rig.sink.script = [first, second, second]
    row = rig.relay.put(delivery())
    async with running(rig.outbox()):
        await until(lambda: first.inside == 1)
        for attempt in (3, 4):
            rig.clock.advance(3600)
            await until(lambda: row.delivery.attempt == attempt)  # noqa: B023 - waited for within this turn
        first.open.set()
        await until(lambda: second.inside > 0)
        await asyncio.sleep(0.03)
        assert second.inside == 1
        second.open.set()

        await until(lambda: row.state == "sent")
