"""Sitrep's processes, from outside: born, asked whether they are ready, and killed in every way there is."""

import asyncio
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.acceptance.emulator import free_port
from tests.acceptance.process import ROOT, environment

LOG = "sitrep.log"
"""What all replicas of a section write, in its folder."""
READY = 30.0
"""Seconds until a start counts as failed."""


@dataclass(slots=True, kw_only=True)
class Nursery:
    """The process that the replicas are forks of: what they load is loaded once."""

    process: asyncio.subprocess.Process
    born: dict[int, "asyncio.Future[int]"] = field(default_factory=dict[int, "asyncio.Future[int]"])
    ended: dict[int, "asyncio.Future[int]"] = field(default_factory=dict[int, "asyncio.Future[int]"])
    """By process: its exit code; below zero, the signal that ended it."""
    _orders: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def bear(self, **order: Any) -> int:
        """A new process; its number."""
        key = next(self._orders)
        self.born[key] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": key, **order}).encode() + b"\n")
        return await self.born[key]

    async def listen(self) -> None:
        """Hear what becomes of them, until there is nobody to hear."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            fact = json.loads(line)
            if "id" in fact:
                self.ended[fact["pid"]] = asyncio.get_running_loop().create_future()
                self.born.pop(fact["id"]).set_result(fact["pid"])
            elif "code" in fact:
                self.ended[fact["pid"]].set_result(fact["code"])


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Ends with all its children."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crashing"),
        cwd=ROOT,
        env=environment({}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Nursery(process=process)
    assert process.stdout is not None
    assert process.stdin is not None
    assert json.loads(await process.stdout.readline()) == {"ready": True}
    hearing = asyncio.create_task(made.listen())
    try:
        yield made
    finally:
        process.stdin.close()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        hearing.cancel()


@dataclass(slots=True, kw_only=True)
class Replica:
    """One installation's process, which may come and go."""

    nursery: Nursery
    settings: dict[str, str]
    folder: Path
    session: aiohttp.ClientSession
    lease: float
    clock: bool = False
    """Whether its clock can be turned."""
    blind: bool = False
    """Whether it looks for nothing in Slack before it says it again."""
    port: int = field(default_factory=free_port)
    pid: int = 0
    up: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """From when until when it was ready, `time.time()`."""
    ready_at: float = 0.0
    """Zero while it is not."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        path = self.folder / LOG
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    async def begin(self, point: str = "") -> None:
        """Start it, and wait for nothing."""
        settings = environment({**self.settings, "SITREP_PORT": str(self.port)})
        order = {"environment": settings, "folder": str(self.folder), "lease": self.lease, "point": point}
        self.pid = await self.nursery.bear(**order, clock=self.clock, blind=self.blind)
        self.nursery.ended[self.pid].add_done_callback(lambda _: self._note_end())

    async def start(self, point: str = "") -> bool:
        """Start it; until it is ready (True) or dead."""
        await self.begin(point)
        return await self.ready()

    async def ready(self) -> bool:
        """Until it is ready (True) or dead."""
        end = time.monotonic() + READY
        while time.monotonic() < end:
            if self.dead:
                return False
            if await self.is_ready():
                self.ready_at = time.time()
                return True
            await asyncio.sleep(0.02)
        raise AssertionError(f"not ready after {READY:g} s:\n{self.log[-3000:]}")

    async def is_ready(self) -> bool:
        """Whether it says so now."""
        try:
            async with self.session.get(f"{self.url}/readyz", timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    @property
    def dead(self) -> bool:
        """Whether there is no such process any more."""
        return self.pid not in self.nursery.ended or self.nursery.ended[self.pid].done()

    @property
    def code(self) -> int:
        """Its exit code."""
        return self.nursery.ended[self.pid].result()

    def signal(self, what: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if not self.dead:
            with suppress(ProcessLookupError):
                os.kill(self.pid, what)

    async def kill(self) -> None:
        """As a power cut does it."""
        self.signal(signal.SIGKILL)
        await self.gone()

    async def stop(self) -> float:
        """As an operator does it; the seconds it took."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        await self.gone()
        return time.monotonic() - began

    async def gone(self, within: float = 20.0) -> None:
        """Until it is dead."""
        if self.pid in self.nursery.ended:
            await asyncio.wait_for(asyncio.shield(self.nursery.ended[self.pid]), within)

    def _note_end(self) -> None:
        """It is ready no more."""
        if self.ready_at:
            self.up.append((self.ready_at, time.time()))
        self.ready_at = 0.0
