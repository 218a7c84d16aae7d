"""How soon people are answered while something else is in trouble or in the way, and how late a reminder is at rest.

Twenty commands a second, every fourth of which the chat has to show. Each goes when its moment comes, whether the one
before was answered or not: a stall is seen by everybody whom it would have met.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, update

from adapters.garbage import settle
from config.policy_file import load_policy
from storage.engines import database_url
from storage.tables import incidents
from tests.acceptance.story import card
from tests.acceptance.world import World, world
from tests.bench.filled import Filled, Filling
from tests.bench.replica import Taker, at_work
from tests.bench.report import Section, met, p50, p99

A_SECOND = 20
LASTS = 15.0
"""Seconds of each situation."""
SLOW = 10.0
"""Seconds that each call of the chat takes."""
LATE = 0.05
"""Seconds that the event loop may run late at p99, whatever happens."""
APART = 1.03
"""Seconds between two reminders: no multiple of the clock's own half."""
LAG = "sitrep_loop_lag_seconds_bucket"
HEADS = ("meanwhile", "p50", "p99", "longest", "loop late, p99", "wanted", "met")
SAYS = (
    "Twenty commands a second over HTTP, on SQLite, and how late the event loop ran: wanted is at most 50. The last "
    "line is another figure: reminders that fall due one after the other, from their moment until the chat has them."
)


async def measure(*, quick: bool = False) -> Section:
    """The section."""
    lasts = 3.0 if quick else LASTS
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder)) as here:
            await here.slack.who("ana").types("declare critical Measured")
            await card(here, 1, "INC-1")
            rows = (
                await _row(here, "nothing else", _nothing, lasts, 250),
                await _row(here, "one backup after the other", _backups, lasts, 250),
                await _row(here, "each call of the chat takes 10 s", _slow_chat, lasts, 500),
            )
            await asyncio.sleep(SLOW + 1)  # for what the chat still has in hand
    late = await _one_by_one(10 if quick else 60)
    holds = met(p99(late) <= 1500 and max(late) <= 3)
    figures = (f"{p50(late):.0f}", f"{p99(late):.0f}", f"{max(late) * 1000:.0f}", "")
    alone = ("reminders, one each second", *figures, "p99 1,500, longest 3,000", holds)
    return Section(title="Under strain", says=SAYS, heads=HEADS, rows=(*rows, alone))


async def _row(
    here: World, name: str, meanwhile: Callable[[World], Coroutine[None, None, None]], lasts: float, most: float
) -> tuple[str, ...]:
    """`most`: milliseconds at p99."""
    before, trouble = await _lags(here), asyncio.create_task(meanwhile(here))
    took = await _answered(here, lasts)
    trouble.cancel()
    await asyncio.wait([trouble])
    late = _late(before, await _lags(here))
    good = met(p99(took) <= most and max(took) <= 2.5 and late <= LATE)
    figures = (f"{p50(took):.1f}", f"{p99(took):.1f}", f"{max(took) * 1000:.0f}", f"at most {late * 1000:g}")
    return (name, *figures, f"p99 {most:.0f}, longest 2,500", good)


async def _answered(here: World, lasts: float) -> list[float]:
    """Seconds from the moment of each command until its acknowledgement."""
    ana, room = here.slack.who("ana"), str((await here.workspace.room(1))["id"])
    loop = asyncio.get_running_loop()
    begin = loop.time()

    async def one(number: int) -> float:
        moment = begin + number / A_SECOND
        await asyncio.sleep(moment - loop.time())
        words = f"title Checkout is down, look {number}" if number % 4 == 0 else f"note Line {number}"
        sent = ana.command(words, room, trigger=f"{begin}.{number}.strain")
        ack = await here.slack.transport.send("slash_commands", sent)
        assert ack.status == 200, ack
        return loop.time() - moment

    return list(await asyncio.gather(*(one(number) for number in range(int(lasts * A_SECOND)))))


async def _nothing(_: World) -> None:
    await asyncio.Event().wait()


async def _slow_chat(here: World) -> None:
    here.proxy.latency = SLOW
    try:
        await asyncio.Event().wait()
    finally:
        here.proxy.latency = 0


async def _backups(here: World) -> None:
    for number in range(1000):
        await here.sitrep.says("db", "backup", f"copy-{number}.db")


async def _lags(here: World) -> dict[float, float]:
    """How often the loop ran late by at most so many seconds."""
    _, page = await here.sitrep.page("/metrics")
    lines = [line for line in page.splitlines() if line.startswith(LAG)]
    return {float(line.split('"')[1]): float(line.split()[-1]) for line in lines}


def _late(before: dict[float, float], after: dict[float, float]) -> float:
    """By at most how many seconds it ran late in 99 of 100 looks."""
    meanwhile = {most: after[most] - before[most] for most in after}
    return min(most for most, count in meanwhile.items() if count >= 0.99 * max(meanwhile.values()))


async def _one_by_one(due: int) -> list[float]:
    """Seconds from the moment of each reminder until it is with the chat, one falling due each second."""
    now, taker = datetime.now(UTC), Taker()
    with tempfile.TemporaryDirectory() as folder:
        url, policy = f"sqlite:///{folder}/sitrep.db", load_policy(None).policy
        filled = await asyncio.to_thread(Filled, url, policy, Filling(open=100, due=due), now)
        _spread(url, filled.last - due + 1, due, now)
        settle()
        started = time.monotonic()
        async with at_work(filled.db, filled.service, taker, now, started):
            await asyncio.sleep(due * APART + 5)
        filled.close()
    assert len(taker.reminded) == due, "one was never said"
    return [
        at - started - place * APART for place, (_, at) in enumerate(sorted(taker.reminded, key=lambda one: one[1]), 1)
    ]


def _spread(url: str, first: int, due: int, now: datetime) -> None:
    """They fall due one after the other."""
    engine = create_engine(database_url(url))
    with engine.begin() as connection:
        for place in range(due):
            moment = now + timedelta(seconds=(place + 1) * APART)
            connection.execute(update(incidents).where(incidents.c.number == first + place).values(next_due_at=moment))
    engine.dispose()
