"""What many open incidents cost the clock: nothing due, one due, ten thousand due at the same moment.

Half of it is the service and the database alone; the other half is the clock, the outbox and a chat that takes
everything at once and never answers slowly.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.garbage import settle
from config.policy_file import load_policy
from tests.bench.filled import Filled, Filling
from tests.bench.replica import Taker, at_work
from tests.bench.report import Section, met, p50, p99

TICKS = 200
LONGEST = 600.0
"""Seconds after which what is due counts as lost."""
SECOND = timedelta(seconds=1)
HEADS = ("what", "figure", "of 100 open incidents", "wanted", "met")
SAYS = (
    "Open incidents beside the log of past ones. A tick is the clock's question what is due, twice a second. Handed "
    "over: the reminder is with the chat; lateness is counted from the moment at which all fell due."
)


async def measure(*, quick: bool = False) -> Section:
    """The section."""
    past, crowd, due = (20_000, 5_000, 500) if quick else (1_000_000, 100_000, 10_000)
    few, some, many = _idle(
        Filling(open=100, due=1, past_events=100 * 100),
        Filling(open=crowd // 10, due=1, past_events=past),
        Filling(open=crowd, due=1, past_events=past),
    )
    ratio = many[0] / few[0]
    handed = await _all_due(Filling(open=100, due=due))
    late, whole = p99(handed) / 1000, max(handed)
    rows = (
        ("tick, nothing due, 100 open", f"{few[0]:.2f}", "1.0", "", ""),
        (f"tick, nothing due, {crowd // 10:,} open", f"{some[0]:.2f}", f"{some[0] / few[0]:.2f}", "", ""),
        (f"tick, nothing due, {crowd:,} open", f"{many[0]:.2f}", f"{ratio:.2f}", "1.3; 5 ms", met(ratio <= 1.3)),
        (f"tick, one due, {crowd:,} open", f"{many[1]:.2f}", f"{many[1] / few[1]:.2f}", "", ""),
        (f"{due:,} due at once: handed over", f"{whole:.1f} s", "", f"{due / 1000:g} s", met(whole <= due / 1000)),
        ("the same: lateness, p99", f"{late:.1f} s", "", f"{due / 1250:g} s", met(late <= due / 1250)),
        ("the same: reminders a second", f"{len(handed) / whole:.0f}", "", "", ""),
    )
    return Section(title="Many incidents", says=SAYS, heads=HEADS, rows=rows)


def _idle(*fillings: Filling) -> list[tuple[float, float]]:
    """Milliseconds of a tick with nothing due, and of one with one due; turn by turn in each of the databases."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        filled = [_filled(Path(folder) / str(place), each, now) for place, each in enumerate(fillings)]
        idle = [[_took(each, now - SECOND) for each in filled] for _ in range(TICKS)][1:]
        one = [_took(each, now + SECOND) for each in filled]
        for each in filled:
            each.close()
    return [(p50(list(took)), last * 1000) for took, last in zip(zip(*idle, strict=True), one, strict=True)]


def _filled(folder: Path, filling: Filling, at: datetime) -> Filled:
    folder.mkdir()
    return Filled(f"sqlite:///{folder}/sitrep.db", load_policy(None).policy, filling, at)


def _took(filled: Filled, at: datetime) -> float:
    begun = time.perf_counter()
    filled.db.write(lambda: filled.service.tick(at)).result()
    return time.perf_counter() - begun


async def _all_due(filling: Filling) -> list[float]:
    """Seconds after the moment at which all fell due, of each reminder."""
    now, taker = datetime.now(UTC), Taker()
    with tempfile.TemporaryDirectory() as folder:
        filled = await asyncio.to_thread(_filled, Path(folder) / "due", filling, now)
        settle()
        started = time.monotonic()
        async with at_work(filled.db, filled.service, taker, now, started):
            while len(taker.reminded) < filling.due:
                assert time.monotonic() < started + LONGEST, (len(taker.reminded), filling.due)
                await asyncio.sleep(0.1)
        filled.close()
    return [at - started for _, at in taker.reminded]
