"""What is repeated is done once, and gets the answer of the first."""

import asyncio

import pytest

from adapters.teams import repeats
from adapters.teams.repeats import Repeats


class Work:
    """Something that counts how often it is done."""

    def __init__(self, *, fails: int = 0) -> None:
        self.done = 0
        self.fails = fails
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self) -> dict[str, int]:
        self.done += 1
        await self.go_on.wait()
        if self.done <= self.fails:
            raise OSError("no database")
        return {"time": self.done}


async def test_a_repeat_gets_the_answer_of_the_first() -> None:
    kept, work = Repeats(), Work()

    assert [await kept.once("a", work) for _ in range(3)] == [{"time": 1}] * 3


async def test_a_repeat_while_it_is_done_waits_for_it() -> None:
    kept, work = Repeats(), Work()
    work.go_on.clear()
    asked = [asyncio.create_task(kept.once("a", work)) for _ in range(2)]
    await asyncio.sleep(0)
    work.go_on.set()

    assert await asyncio.gather(*asked) == [{"time": 1}] * 2


async def test_one_that_gives_up_waiting_takes_nothing_from_the_other() -> None:
    kept, work = Repeats(), Work()
    work.go_on.clear()
    first, again = (asyncio.create_task(kept.once("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    work.go_on.set()

    assert await again == {"time": 1}


async def test_what_was_raised_may_be_tried_again() -> None:
    kept, work = Repeats(), Work(fails=1)
    with pytest.raises(OSError, match="no database"):
        await kept.once("a", work)

    assert await kept.once("a", work) == {"time": 2}


async def test_what_has_no_name_is_no_repeat() -> None:
    kept, work = Repeats(), Work()

    assert [await kept.once("", work) for _ in range(2)] == [{"time": 1}, {"time": 2}]


async def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST", 2)
    kept, works = Repeats(), [Work() for _ in range(3)]
    for number, work in enumerate(works):
        await kept.once(str(number), work)

    for number, work in enumerate(works):
        await kept.once(str(number), work)

    assert works[0].done == 2
