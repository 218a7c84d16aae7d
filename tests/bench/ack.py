"""How fast a signed slash command is acknowledged, beside a bare server that only checks the signature.

Both are measured in the same run, turn by turn, so that the ratios hold on a busy machine; the figures alone do not.
`make bench` runs it.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from tests.acceptance.emulator import free_port
from tests.acceptance.process import ROOT, environment
from tests.acceptance.slack import Http, Payload
from tests.acceptance.story import card
from tests.acceptance.world import World, world

ROUNDS = 5
REQUESTS = 200
"""In each round, for each way and width."""
WIDTHS = (1, 10)


@dataclass(slots=True)
class Measured:
    """What a way of answering took."""

    took: list[float] = field(default_factory=list)
    """Seconds, of each request."""
    wall: float = 0.0
    """Seconds, of all rounds."""

    @property
    def p50(self) -> float:
        return median(self.took) * 1000

    @property
    def p99(self) -> float:
        return quantiles(self.took, n=100)[98] * 1000

    @property
    def rate(self) -> float:
        return len(self.took) / self.wall


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder)) as here, _floor(here.workspace.session) as floor:
            await here.slack.who("ana").types("declare critical Measured")
            await card(here, 1, "INC-1")
            room = str((await here.workspace.room(1))["id"])
            for width in WIDTHS:
                print(f"\n{width} at a time, {ROUNDS * REQUESTS} requests each")
                await _compare(here, floor, room, width)


async def _compare(here: World, floor: Http, room: str, width: int) -> None:
    real = Http(here.workspace.session, here.sitrep.url)
    numbers = count(1)
    ways = {"bare server": (floor, "help"), "sitrep: help": (real, "help"), "sitrep: note": (real, "note Line")}
    measured = {name: Measured() for name in ways}
    for _ in range(ROUNDS):
        for name, (http, words) in ways.items():
            sent = [
                _command(here, room, f"{words} {line}" if "note" in words else words, width, line)
                for line in _next(numbers)
            ]
            await _round(http, sent, width, measured[name])
    least = measured["bare server"]
    print(f"{'':14} {'p50 ms':>8} {'p99 ms':>8} {'per s':>8}   of the bare server's p50, rate")
    for name, got in measured.items():
        ratios = f"{got.p50 / least.p50:5.1f} x, 1/{least.rate / got.rate:.1f}"
        print(f"{name:14} {got.p50:8.2f} {got.p99:8.2f} {got.rate:8.0f}   {ratios}")


def _next(numbers: "count[int]") -> list[int]:
    return [next(numbers) for _ in range(REQUESTS)]


def _command(here: World, room: str, words: str, width: int, line: int) -> Payload:
    return here.slack.who("ana").command(words, room, trigger=f"{width}.{line}.{words[:4]}")


async def _round(http: Http, payloads: list[Payload], width: int, into: Measured) -> None:
    gate = asyncio.Semaphore(width)

    async def one(payload: Payload) -> None:
        async with gate:
            ack = await http.send("slash_commands", payload)
        assert ack.status == 200, ack
        into.took.append(ack.took)

    start = time.perf_counter()
    await asyncio.gather(*(one(payload) for payload in payloads))
    into.wall += time.perf_counter() - start


@asynccontextmanager
async def _floor(session: aiohttp.ClientSession) -> AsyncIterator[Http]:
    """The bare server, a process of its own."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.floor", str(port), cwd=ROOT, env=environment({})
    )
    try:
        for _ in range(100):
            try:
                async with session.get(f"http://127.0.0.1:{port}/"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
        yield Http(session, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
