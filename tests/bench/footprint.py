"""What a process costs that does nothing: how soon it is ready, what it holds, and what it takes of a processor."""

import asyncio
import os
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.acceptance.process import Sitrep
from tests.acceptance.world import world as slack_world
from tests.bench.report import Section, met
from tests.teams.world import world as both_worlds

IDLE = 60.0
SETTLED = 5.0
HEADS = ("what", "Slack only", "both chats", "wanted with Slack only", "met")
SAYS = (
    "The real process on an empty database that was there before: until `/readyz` says yes, what it holds then, and "
    "its part of one processor over a minute in which nobody says anything."
)


async def measure(*, quick: bool = False) -> Section:
    """The section."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in ("slack", "both"):
            (folder / name).mkdir()
        slack = (await stack.enter_async_context(slack_world(folder / "slack"))).sitrep
        both = (await stack.enter_async_context(both_worlds(folder / "both", slack=True))).sitrep
        starts = [await _start(one) for one in (slack, both)]
        await asyncio.sleep(SETTLED)
        before, lasts = [_ticks(one) for one in (slack, both)], 10.0 if quick else IDLE
        await asyncio.sleep(lasts)
        idle = [(_ticks(one) - was) / lasts * 100 for one, was in zip((slack, both), before, strict=True)]
        memory = [_resident(one) for one in (slack, both)]
    rows = (
        ("ready after", f"{starts[0]:.2f} s", f"{starts[1]:.2f} s", "1.5 s", met(starts[0] <= 1.5)),
        ("memory", f"{memory[0]:.0f} MB", f"{memory[1]:.0f} MB", "110 MB", met(memory[0] <= 110)),
        ("idle", f"{idle[0]:.1f} %", f"{idle[1]:.1f} %", "1 %", met(idle[0] <= 1)),
    )
    return Section(title="At rest", says=SAYS, heads=HEADS, rows=rows)


async def _start(sitrep: Sitrep) -> float:
    """Seconds of a second start: the best of three."""
    took = []
    for _ in range(3):
        await sitrep.kill()
        began = time.perf_counter()
        await sitrep.start()
        took.append(time.perf_counter() - began)
    return min(took)


def _ticks(sitrep: Sitrep) -> float:
    """Seconds of the processor so far."""
    stat = _proc(sitrep, "stat").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def _resident(sitrep: Sitrep) -> float:
    """Megabytes."""
    line = next(line for line in _proc(sitrep, "status").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _proc(sitrep: Sitrep, name: str) -> str:
    assert sitrep.process is not None
    return Path(f"/proc/{sitrep.process.pid}/{name}").read_text(encoding="utf-8")
