"""Ten thousand incidents due at the same moment on PostgreSQL: one replica, and two that begin at once."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from config.policy_file import load_policy
from tests.acceptance.process import ROOT, environment
from tests.bench.filled import Filled, Filling
from tests.bench.report import Section, met, p99
from tests.bench.server import sound_server

LONGEST = 600.0
"""Seconds after which what is due counts as lost."""
HEADS = ("what", "one replica", "two replicas", "wanted of two", "met")
SAYS = (
    "Each replica is a process with its service, its clock and its outbox; the chat takes everything at once. The "
    "server runs on the same machine, and so on the same processors. Lateness is counted from the moment at which all "
    "fell due."
)

Handed = list[tuple[int, float]]
"""By a replica: of each reminder its row, and how many seconds after all fell due it was handed over."""


async def measure(*, quick: bool = False) -> Section:
    """The section."""
    due, now = 1_000 if quick else 10_000, datetime.now(UTC)
    policy, filling = load_policy(None).policy, Filling(open=100, due=due)
    with sound_server() as server:
        filled = server.template(lambda url: Filled(url, policy, filling, now).close(), "filled")
        found = list[list[Handed]]()
        for replicas in (1, 2):
            with server.database(filled) as url:
                found.append(await _handed(url, now, due, replicas))
    took = [[at for one in each for _, at in one] for each in found]
    whole, late = [max(each) for each in took], [p99(each) / 1000 for each in took]
    most, times, least = due * 15 / 10_000, whole[0] / whole[1], min(map(len, found[1])) / due
    rows = (
        ("handed over", *(f"{each:.1f} s" for each in whole), f"{most:g} s", met(whole[1] <= most)),
        ("lateness, p99", *(f"{each:.1f} s" for each in late), "", ""),
        ("reminders a second", *(f"{due / each:.0f}" for each in whole), "", ""),
        ("times as fast", "1.00", f"{times:.2f}", "1.5", met(times >= 1.5)),
        ("part of the less busy", "", f"{least:.0%}", "30 %", met(least >= 0.3)),
    )
    return Section(title=f"{due:,} due at once, on PostgreSQL", says=SAYS, heads=HEADS, rows=rows)


async def _handed(url: str, at: datetime, wanted: int, replicas: int) -> list[Handed]:
    """What each of so many replicas handed over, until all was; nothing twice."""
    words = (sys.executable, "-m", "tests.bench.replica", url, at.isoformat())
    async with AsyncExitStack() as stack:
        processes = list[Process]()
        for _ in range(replicas):
            one = await asyncio.create_subprocess_exec(
                *words, cwd=ROOT, env=environment({}), stdin=PIPE, stdout=PIPE, limit=1 << 20
            )
            stack.push_async_callback(_ended, one)
            processes.append(one)
        for one in processes:
            assert one.stdout is not None
            await one.stdout.readline()
        started = time.monotonic() + 0.5
        _each(processes, f"{started}\n")
        found: list[Handed] = [[] for _ in processes]

        async def hear(one: Process, into: Handed) -> None:
            assert one.stdout is not None
            async for line in one.stdout:
                into += [(row, moment - started) for row, moment in json.loads(line)]
                if sum(map(len, found)) >= wanted:
                    _each(processes, "")

        async with asyncio.timeout(LONGEST):
            await asyncio.gather(*map(hear, processes, found))
    rows = [row for each in found for row, _ in each]
    assert len(rows) == len(set(rows)) == wanted, (len(rows), len(set(rows)), wanted)
    return found


def _each(processes: Iterable[Process], words: str) -> None:
    """Say that to each of them; nothing: that was all."""
    for one in processes:
        assert one.stdin is not None
        if words:
            one.stdin.write(words.encode())
        else:
            one.stdin.close()


async def _ended(one: Process) -> None:
    _each([one], "")
    await one.wait()
