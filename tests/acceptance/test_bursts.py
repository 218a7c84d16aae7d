"""Many at once, and twice."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from tests.acceptance.chats import Opens, Told

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]

LINES = 1_000

LONGEST = 3.0
"""Seconds a chat waits for an acknowledgement; whoever waited for a single call would miss it."""


async def test_a_thousand_requests_each_delivered_twice_have_a_thousand_effects(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", "declare critical Checkout is down")
        await here.card(1, "INC-1")
        room, gate = await here.room(1), asyncio.Semaphore(10)

        async def line(number: int) -> Sequence[Told]:
            async with gate:
                return await here.twice("ana", f"note Line {number:04}", room)

        start = time.monotonic()

        pairs = await asyncio.gather(*(line(number) for number in range(LINES)))

        took = time.monotonic() - start
        told = [one for pair in pairs for one in pair]
        assert {one.status for one in told} == {200}
        markdown = await here.sitrep.says("export", "INC-1")
        counts = [markdown.count(f"Line {number:04}") for number in range(LINES)]
        assert set(counts) == {1}, [number for number, count in enumerate(counts) if count != 1]
        slowest = sorted(one.took for one in told)[int(len(told) * 0.99)]
        print(f"{len(told)} requests, 20 at a time: {len(told) / took:.0f}/s, 99 in 100 within {slowest * 1000:.0f} ms")


async def test_thirty_declarations_at_once_are_acknowledged_in_time_though_every_call_takes_as_long(
    world: Opens,
) -> None:
    async with world() as here:
        places = [await here.place(name) for name in ("watercooler", "leadership", "incidents")]
        await here.settled()
        here.slow_down(LONGEST)

        told = await asyncio.gather(
            *(here.types("ana", f"declare critical Trouble {line}", places[line % 3]) for line in range(30))
        )

        here.mend()
        assert {one.status for one in told} == {200}
        assert max(one.took for one in told) < LONGEST, sorted(one.took for one in told)
        if here.ways.answers_in_place:
            said = " ".join(words for one in told for words in one.heard())
            assert {f"INC-{number} is open" in said for number in range(1, 31)} == {True}
        for number in range(1, 31):
            await here.complete(number, "Trouble", within=120)
        print(f"30 acknowledged within {max(one.took for one in told) * 1000:.0f} ms at most")
