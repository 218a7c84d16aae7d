"""The relay's loop: what goes beside what, what waits, and how it stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from adapters.outbox import Outbox
from adapters.sinks import Delivered, SendFailed, Unreadable
from bot.ports import Delivery
from bot.refs import Address
from tests.adapters.outbox_rig import Rig, ScriptedSink, carried, delivery, news, until
from tests.adapters.relay_in_memory import START


@asynccontextmanager
async def running(box: Outbox) -> AsyncIterator[Outbox]:
    task = asyncio.create_task(box.run())
    yield box
    await box.stop()
    await task


def at(address: str, key: str = "card", incident: int = 42) -> Delivery:
    return delivery(news(key), address=Address(address), incident=incident)


def refused() -> SendFailed:
    return SendFailed("token revoked", auth=True)


class Gate:
    """Holds deliveries until it is opened."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside = 0

    async def __call__(self, one: Delivery) -> Delivered:
        self.inside += 1
        await self.open.wait()
        return Delivered(ref=f"C1/{one.id}")


def test_it_says_what_it_serves_before_anything_is_counted_there() -> None:
    rig = Rig()

    rig.outbox(mailto=ScriptedSink())

    assert rig.meter.served == ["slack", "mailto"]


async def test_what_was_committed_goes_out_at_a_hint() -> None:
    rig = Rig()
    async with running(rig.outbox()) as box:
        await until(lambda: rig.relay.claims > 0)
        row = rig.relay.put(at("slack:T1/C1"))
        box.hint()

        await until(lambda: row.state == "sent")


async def test_what_was_committed_goes_out_without_a_hint_too() -> None:
    rig = Rig()
    async with running(rig.outbox()):
        await until(lambda: rig.relay.claims > 0)
        row = rig.relay.put(at("slack:T1/C1"))

        await until(lambda: row.state == "sent")


async def test_messages_to_one_address_go_in_order() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("not reached")]
    rows = [rig.relay.put(at("slack:T1/C1", key)) for key in ("card", "update-1", "update-2")]
    async with running(rig.outbox()):
        await until(lambda: rows[0].error != "")
        assert [one.id for one in rig.sink.tried] == [1]
        rig.clock.advance(2)

        await until(lambda: rows[2].state == "sent")

    assert [one.id for one in rig.sink.tried] == [1, 1, 2, 3]


async def test_one_address_does_not_wait_for_another() -> None:
    rig = Rig()
    gate = Gate()
    rig.sink.script = [gate]
    slow, quick = rig.relay.put(at("slack:T1/C1")), rig.relay.put(at("slack:T1/C2"))
    async with running(rig.outbox()):
        await until(lambda: quick.state == "sent")
        assert slow.state == "sending"
        gate.open.set()

        await until(lambda: slow.state == "sent")


async def test_a_chat_carries_so_many_at_once_and_no_more() -> None:
    rig = Rig()
    gate = Gate()
    rig.sink.script = [gate] * 40
    for number in range(40):
        rig.relay.put(at(f"slack:T1/C{number}"))
    async with running(rig.outbox()):
        await until(lambda: gate.inside == 16)
        await asyncio.sleep(0.03)
        assert gate.inside == 16
        gate.open.set()

        await until(lambda: all(row.state == "sent" for row in rig.relay.rows))


async def test_one_chats_trouble_does_not_hold_another() -> None:
    rig = Rig()
    gate = Gate()
    teams = ScriptedSink()
    rig.sink.script = [gate] * 40
    for number in range(40):
        rig.relay.put(at(f"slack:T1/C{number}"))
    others = [rig.relay.put(at(f"teams:{number}")) for number in range(5)]
    async with running(rig.outbox(teams=teams)):
        await until(lambda: all(row.state == "sent" for row in others))
        assert gate.inside == 16
        gate.open.set()


async def test_a_chat_that_refuses_us_gets_one_try_a_minute() -> None:
    rig = Rig()
    rows = [rig.relay.put(at("slack:T1/C1")), rig.relay.put(at("slack:T1/C2"))]
    rig.sink.script = [refused(), refused(), refused()]
    async with running(rig.outbox()) as box:
        await until(lambda: box.degraded() == ("slack",) and rows[1].error != "")
        rig.relay.put(at("slack:T1/C3"))
        rig.clock.advance(30)
        await asyncio.sleep(0.03)
        assert len(rig.sink.tried) == 2
        rig.clock.advance(31)
        await until(lambda: len(rig.sink.tried) == 3)
        await asyncio.sleep(0.03)
        assert len(rig.sink.tried) == 3
        rig.clock.advance(61)

        await until(lambda: all(row.state == "sent" for row in rig.relay.rows))

        assert box.degraded() == ()


async def test_a_chat_that_does_not_answer_is_degraded_and_recovers() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("not reached")] * 5
    rig.relay.put(at("slack:T1/C1"))
    async with running(rig.outbox()) as box:
        for tries in range(1, 6):
            await until(lambda tries=tries: len(rig.sink.tried) == tries)  # type: ignore[misc]
            await asyncio.sleep(0.01)
            rig.clock.advance(301)
        await until(lambda: rig.relay.rows[0].state == "sent")

        assert box.degraded() == ()


async def test_an_address_nobody_serves_is_given_up_with_its_reason() -> None:
    rig = Rig()
    row = rig.relay.put(at("pigeon:loft"))
    async with running(rig.outbox()):
        await until(lambda: row.state == "dead")

    assert row.error == "nothing is set up to reach `pigeon:` addresses"
    assert len(rig.told.dead) == 1


async def test_the_loop_goes_on_when_the_database_is_back() -> None:
    rig = Rig()
    rig.database.down = 3
    row = rig.relay.put(at("slack:T1/C1"))
    async with running(rig.outbox()):
        await until(lambda: row.state == "sent")


async def test_a_stop_waits_for_what_is_under_way() -> None:
    rig = Rig()
    gate = Gate()
    rig.sink.script = [gate]
    row = rig.relay.put(at("slack:T1/C1"))
    box = rig.outbox()
    task = asyncio.create_task(box.run())
    await until(lambda: gate.inside == 1)

    stopping = asyncio.create_task(box.stop())
    await asyncio.sleep(0.01)
    gate.open.set()
    await stopping
    await task

    assert row.state == "sent"


async def test_a_stop_claims_nothing_more() -> None:
    rig = Rig()
    box = rig.outbox()
    task = asyncio.create_task(box.run())
    await until(lambda: rig.relay.claims > 0)
    await box.stop()
    await task
    row = rig.relay.put(at("slack:T1/C1"))

    box.hint()
    await asyncio.sleep(0.02)

    assert row.state == "waiting"


async def test_what_does_not_end_in_time_is_given_back_to_be_looked_for() -> None:
    rig = Rig()
    gate = Gate()
    rig.sink.script = [gate]
    row = rig.relay.put(at("slack:T1/C1"))
    box = rig.outbox()
    task = asyncio.create_task(box.run())
    await until(lambda: gate.inside == 1)

    await box.stop()
    await task

    assert row.state == "waiting"
    assert row.delivery.tried_at == START
    assert row.not_before == START


async def test_what_a_killed_process_had_claimed_is_looked_for_after_its_lease() -> None:
    rig = Rig()
    rig.sink.there = "C1/7"
    row = rig.relay.put(at("slack:T1/C1"))
    rig.relay.claim(START, 1, rig.pace.lease)
    rig.clock.advance(rig.pace.lease.total_seconds() + 1)
    async with running(rig.outbox()):
        await until(lambda: row.state == "sent")

    assert [one.ref for one in rig.sink.tried] == ["C1/7"]


async def test_a_mark_that_comes_too_late_is_refused() -> None:
    rig = Rig()
    row = rig.relay.put(at("slack:T1/C1"))
    (paused,) = rig.relay.claim(START, 1, rig.pace.lease)
    rig.clock.advance(100)
    rig.sink.there = "C1/7"
    await rig.carry_next(rig.carrier())

    await carried(rig.carrier(), paused, ScriptedSink())

    assert row.sent == ["C1/7"]


async def test_a_row_whose_lease_ended_under_us_is_not_said_twice() -> None:
    rig, gate = Rig(), Gate()
    rig.sink.there = Unreadable(reason="a bot cannot read that")
    rig.sink.script = [gate]
    row = rig.relay.put(delivery())
    async with running(rig.outbox()):
        await until(lambda: gate.inside == 1)
        rig.clock.advance(3600)
        await until(lambda: row.delivery.attempt == 3)
        assert len(rig.sink.tried) == 1
        gate.open.set()

        await until(lambda: row.state == "sent")

    assert [one.ref for one in rig.sink.tried] == ["", "C1/1"]


async def test_depth_tells_how_many_wait_and_since_when() -> None:
    rig = Rig()
    rig.relay.put(delivery(queued_at=START - timedelta(minutes=1)))
    rig.relay.put(delivery())

    assert await rig.outbox().depth() == (2, START - timedelta(minutes=1))
