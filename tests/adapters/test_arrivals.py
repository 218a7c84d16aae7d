"""Deliveries that end in the same moment are written down together, and none is in the way of another."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from adapters.arrivals import AT_ONCE, Arrivals
from bot.ports import Arrival
from tests.adapters.outbox_rig import Rig, carried, delivery
from tests.adapters.relay_in_memory import START


def arrival(number: int) -> Arrival:
    return Arrival(delivery=delivery(id=number), ref=f"ref-{number}", at=START)


@dataclass
class Book:
    """Where arrivals are written; closed while `shut`."""

    pages: list[list[int]] = field(default_factory=list)
    shut: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, arrivals: Sequence[Arrival]) -> Sequence[bool]:
        self.pages.append([one.delivery.id for one in arrivals])
        self.begun.set()
        await self.ready.wait()
        if self.shut:
            raise OSError("disk full")
        return [one.delivery.id % 2 == 1 for one in arrivals]


async def test_what_ended_in_the_same_moment_is_written_together_and_each_is_told_its_own() -> None:
    book, arrivals = Book(), Arrivals()
    book.ready.set()

    told = await asyncio.gather(*(arrivals.written(arrival(number), book.write) for number in (1, 2, 3)))

    assert book.pages == [[1, 2, 3]]
    assert told == [True, False, True]


async def test_what_comes_while_something_is_written_waits_for_the_next_page() -> None:
    book, arrivals = Book(), Arrivals()
    first = asyncio.create_task(arrivals.written(arrival(1), book.write))
    await book.begun.wait()
    others = [asyncio.create_task(arrivals.written(arrival(number), book.write)) for number in range(2, AT_ONCE + 3)]
    await asyncio.sleep(0)
    book.ready.set()
    await asyncio.gather(first, *others)

    assert [len(page) for page in book.pages] == [1, AT_ONCE, 1]
    assert await arrivals.written(arrival(99), book.write)


async def test_who_no_longer_waits_is_written_down_and_disturbs_nobody() -> None:
    for shut in (False, True):
        book, arrivals = Book(shut=shut), Arrivals()
        gone, stays = (asyncio.create_task(arrivals.written(arrival(number), book.write)) for number in (1, 3))
        await book.begun.wait()
        gone.cancel()
        await asyncio.sleep(0)
        book.ready.set()
        (told,) = await asyncio.gather(stays, return_exceptions=True)

        assert book.pages == [[1, 3]]
        assert isinstance(told, OSError) if shut else told is True


async def test_a_writer_that_is_cancelled_leaves_nobody_waiting_and_the_next_writes_again() -> None:
    book, arrivals = Book(), Arrivals()
    waits = [asyncio.create_task(arrivals.written(arrival(number), book.write)) for number in range(1, AT_ONCE + 2)]
    await book.begun.wait()
    (writer,) = (task for task in asyncio.all_tasks() if task.get_name() == "what arrived")
    writer.cancel()
    ended, _ = await asyncio.wait(waits)
    book.ready.set()

    assert all(task.cancelled() for task in ended)
    assert await arrivals.written(arrival(99), book.write)


@pytest.mark.parametrize(("down", "held"), [(2, False), (0, True)])
async def test_deliveries_beside_each_other_are_written_down_though_the_database_stumbles_or_others_have_their_rows(
    *, down: int, held: bool
) -> None:
    rig = Rig()
    rows = [rig.relay.put(delivery(incident=number)) for number in (1, 2, 3)]
    claimed = rig.relay.claim(START, 3, rig.pace.lease)
    carrier = rig.carrier()
    rig.database.down, rig.relay.held = down, held

    await asyncio.gather(*(carried(carrier, one, rig.sink) for one in claimed))

    assert [len(row.sent) for row in rows] == [1, 1, 1]
