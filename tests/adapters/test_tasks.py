"""Work that an acknowledgement does not wait for: it ends, its faults are heard of, and there is a limit to it."""

import asyncio
import logging

import pytest

from adapters import tasks as doing
from adapters.tasks import Tasks


async def test_a_task_that_takes_too_long_is_ended_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks()

    tasks.start(asyncio.sleep(60), name="open a form", within=0.01)
    await tasks.finish(1.0)

    assert len(tasks) == 0
    assert [record.message for record in caplog.records] == ["a task took too long"]


async def test_a_task_that_fails_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        msg = "The secret project leaks"
        raise ValueError(msg)

    tasks = Tasks()
    with caplog.at_level(logging.INFO):
        tasks.start(fail(), name="open a form", within=1.0)
        await tasks.finish(1.0)

    assert [record.message for record in caplog.records] == ["a task failed"]
    assert "leaks" not in str(caplog.records[0].__dict__)


async def test_a_stop_ends_what_does_not_end_by_itself() -> None:
    tasks = Tasks()
    tasks.start(asyncio.sleep(60), name="slow", within=60)

    await tasks.finish(0.01)
    await asyncio.sleep(0)

    assert len(tasks) == 0


async def test_with_too_much_under_way_an_answer_is_left_out_and_what_is_needed_is_done(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    async def do(what: str) -> None:
        done.append(what)

    monkeypatch.setattr(doing, "MOST", 2)
    tasks, hold = Tasks(), asyncio.Event()
    for _ in range(2):
        tasks.start(hold.wait(), name="private answer", within=60)

    await tasks.start(do("an answer"), name="private answer", within=60)
    await tasks.start(do("a room"), name="back into a room", within=60, needed=True)
    hold.set()
    await tasks.finish(1.0)
    await tasks.start(do("the next answer"), name="private answer", within=60)

    assert done == ["a room", "the next answer"]
    assert [record.message for record in caplog.records] == ["too much is under way: left out"]
