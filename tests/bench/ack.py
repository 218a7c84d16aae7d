"""How fast a signed slash command is acknowledged: one that only answers, and one that writes and commits.

Beside two floors, turn by turn: a bare server that only checks the signature, and Bolt that only acknowledges. The
writes are few at a time, as people are, and ten at a time.
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

import aiohttp

from tests.acceptance.emulator import free_port
from tests.acceptance.process import ROOT, environment
from tests.acceptance.slack import Http, Payload
from tests.acceptance.story import card
from tests.acceptance.world import World, world
from tests.bench.report import Section, met, p50, p99
from tests.bench.server import sound_server

ROUNDS = 5
REQUESTS = 200
"""In each round, for each way and width."""
WIDTHS = (1, 10)
BARE, BOLT, HELP, NOTE = "bare server", "Bolt", "`help`", "`note`"
HEADS = ("requests at once", "way", "p50", "p99", "a second", "of Bolt's p50", "of Bolt's p99", "wanted", "met")
SAYS = (
    "Slash commands over HTTP, signed as Slack signs. The bare server reads the body and proves it; Bolt only "
    "acknowledges, after its listener; `note` is decided and committed before it is acknowledged."
)
SERVER_SAYS = "The same by one process on PostgreSQL, which runs on the same machine and waits for its disk."


@dataclass(slots=True)
class Measured:
    """What a way of answering took."""

    took: list[float] = field(default_factory=list[float])
    """Seconds, of each request."""
    wall: float = 0.0
    """Seconds, of all rounds."""

    @property
    def rate(self) -> float:
        return len(self.took) / self.wall


async def measure(*, quick: bool = False) -> Section:
    """The section of SQLite."""
    return Section(title="Acknowledging a command", says=SAYS, heads=HEADS, rows=await _measured({}, 300, quick=quick))


async def measure_on_server(*, quick: bool = False) -> Section:
    """The section of PostgreSQL."""
    with sound_server() as server, server.database() as url:
        rows = await _measured({"SITREP_DATABASE_URL": url}, 200, quick=quick)
    return Section(title="Acknowledging a command, on PostgreSQL", says=SERVER_SAYS, heads=HEADS, rows=rows)


async def _measured(settings: dict[str, str], rate: int, *, quick: bool) -> tuple[tuple[str, ...], ...]:
    """The rows. `rate`: how many notes a second are wanted."""
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with (
            world(Path(folder), settings=settings) as here,
            bare_server(here.workspace.session) as floor,
            bare_server(here.workspace.session, "floor_bolt") as bolt,
        ):
            await here.slack.who("ana").types("declare critical Measured")
            await card(here, 1, "INC-1")
            room = str((await here.workspace.room(1))["id"])
            real = Http(here.workspace.session, here.sitrep.url)
            ways = {BARE: (floor, "help"), BOLT: (bolt, "help"), HELP: (real, "help"), NOTE: (real, "note Line")}
            for width in WIDTHS:
                measured = await _compare(here, ways, room, width, 50 if quick else REQUESTS)
                rows += _rows(width, measured, rate)
    return tuple(rows)


def _rows(width: int, measured: dict[str, Measured], rate: int) -> list[tuple[str, ...]]:
    least = measured[BOLT]
    rows = list[tuple[str, ...]]()
    for name, got in measured.items():
        middle, late = p50(got.took) / p50(least.took), p99(got.took) / p99(least.took)
        wanted, good = "", ""
        if name == NOTE and width == 1:
            wanted, good = "p50 3.5 times, p99 4 times", met(middle <= 3.5 and late <= 4)
        if name == NOTE and width > 1:
            wanted, good = f"{rate} a second", met(got.rate >= rate)
        figures = (f"{p50(got.took):.2f}", f"{p99(got.took):.2f}", f"{got.rate:.0f}", f"{middle:.1f}", f"{late:.1f}")
        rows.append((str(width), name, *figures, wanted, good))
    return rows


async def _compare(
    here: World, ways: dict[str, tuple[Http, str]], room: str, width: int, requests: int
) -> dict[str, Measured]:
    numbers, measured = count(1), {name: Measured() for name in ways}
    for _ in range(ROUNDS):
        for name, (http, words) in ways.items():
            lines = [next(numbers) for _ in range(requests)]
            said = {line: f"{words} {line}" if name == NOTE else words for line in lines}
            sent = [here.slack.who("ana").command(said[line], room, trigger=f"{width}.{line}.ack") for line in lines]
            await _round(http, sent, width, measured[name])
    return measured


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
async def bare_server(session: aiohttp.ClientSession, module: str = "floor") -> AsyncIterator[Http]:
    """A floor, a process of its own: `floor`, or `floor_bolt`."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.{module}", str(port), cwd=ROOT, env=environment({})
    )
    try:
        for _ in range(200):
            try:
                async with session.get(f"http://127.0.0.1:{port}/"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
        yield Http(session, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()
