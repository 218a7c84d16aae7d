"""Work that outlasts an attempt: done once, its outcome heard later, and repeated seldom where nobody knows it."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from adapters.announce import kept as keeping
from adapters.announce.kept import LOST, Kept
from adapters.sinks import SendFailed

UNKNOWN = SendFailed("it fell silent", outcome_unknown=True)


@dataclass
class Slow:
    """Work that ends when it is let."""

    fault: Exception | None = None
    begun: int = 0
    let: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> str:
        self.begun += 1
        self.let.wait(30)
        if self.fault:
            raise self.fault
        return "out"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def work() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.let.set()


def kept(wait: float = 0.0, clock: Clock | None = None) -> Kept[str]:
    return Kept[str](name="slow", tries=3, wait=wait, clock=clock or Clock())


async def failed(of: Kept[str], work: Slow, token: str = "t") -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await of.outcome(token, work)
    return caught.value


async def test_what_is_still_on_its_way_is_not_begun_again_and_its_end_is_the_answer(work: Slow) -> None:
    way = kept()

    waits = [await failed(way, work) for _ in range(3)]
    held = way.holds("t")
    work.let.set()
    way.wait = 30
    answer = await way.outcome("t", work)

    assert [(one.permanent, one.retry_after) for one in waits] == [(False, 10.0)] * 3
    assert (work.begun, held, answer, way.holds("t")) == (1, True, "out", False)


async def test_who_stops_waiting_leaves_it_on_its_way(work: Slow) -> None:
    way = kept(wait=30)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await way.outcome("t", work)

    work.let.set()
    answer = await way.outcome("t", work)

    assert (work.begun, answer) == (1, "out")


@pytest.mark.parametrize("fault", [SendFailed("no", permanent=True), SendFailed("later"), RuntimeError("inside")])
async def test_how_it_failed_is_heard_as_it_was(work: Slow, fault: Exception) -> None:
    work.fault = fault
    way = kept()
    await failed(way, work)

    work.let.set()
    way.wait = 30
    with pytest.raises(type(fault)) as caught:
        await way.outcome("t", work)

    assert caught.value is fault
    assert not way.holds("t")


async def test_an_outcome_nobody_knows_is_repeated_a_few_times_and_then_given_up(work: Slow) -> None:
    work.fault = UNKNOWN
    work.let.set()
    way = kept(wait=30)

    ends = [await failed(way, work) for _ in range(3)]

    assert [one.permanent for one in ends] == [False, False, True]
    assert ends[-1].reason == "it fell silent, 3 times: it may have arrived"


async def test_attempts_that_certainly_did_not_arrive_do_not_count_as_such(work: Slow) -> None:
    work.let.set()
    way = kept(wait=30)
    outcomes = [UNKNOWN, *[SendFailed("not reached")] * 9, UNKNOWN]

    ends = []
    for work.fault in outcomes:
        ends.append(await failed(way, work))

    assert not any(one.permanent for one in ends)


async def test_what_never_ends_is_lost_after_ten_minutes(work: Slow) -> None:
    clock = Clock()
    way = kept(clock=clock)
    await failed(way, work)

    clock.now = LOST
    lost = await failed(way, work)

    assert (lost.reason, lost.outcome_unknown, lost.retry_after) == ("no answer came in time", True, None)
    assert not way.holds("t")


async def test_no_more_than_so_many_are_on_their_way_at_a_time(work: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    way = kept()
    for token in ("a", "b"):
        await failed(way, work, token)

    refused = await failed(way, work, "c")

    assert (refused.retry_after, refused.outcome_unknown, work.begun) == (10.0, False, 2)


async def test_what_nobody_asks_for_again_does_not_pile_up(work: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "REMEMBERED", 2)
    work.let.set()
    way = kept(wait=30)
    work.fault = UNKNOWN

    for token in ("a", "b", "c", "a", "a"):
        end = await failed(way, work, token)

    assert not end.permanent
