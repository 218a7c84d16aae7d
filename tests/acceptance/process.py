"""Sitrep itself, as an operator starts it: a process with an environment, a database file and a policy file."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.acceptance.emulator import free_port

ROOT = Path(__file__).resolve().parents[2]


def command(*words: str) -> list[str]:
    """The command line of `sitrep`."""
    return [sys.executable, "-m", "adapters.cli", *words]


def environment(settings: dict[str, str], root: Path = ROOT) -> dict[str, str]:
    """These settings and nothing else that could set Sitrep. `root`: where its program lies."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8", **settings}


async def terminal(*words: str, settings: dict[str, str], cwd: Path) -> tuple[int, str, str]:
    """Run `sitrep WORDS` to its end: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        *command(*words),
        env=environment(settings),
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), timeout=60)
    return process.returncode or 0, out.decode(), err.decode()


@dataclass(slots=True)
class Sitrep:
    """One installation; the process may come and go."""

    settings: dict[str, str]
    folder: Path
    session: aiohttp.ClientSession
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None
    root: Path = ROOT
    """Where its program lies."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        path = self.folder / "sitrep.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        return {**self.settings, "SITREP_PORT": str(self.port)}

    async def start(self) -> None:
        """Until `/readyz` says so."""
        with (self.folder / "sitrep.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command("run"), env=environment(self.environment, self.root), cwd=self.folder, stdout=log, stderr=log
            )
        for _ in range(600):
            if self.process.returncode is not None:
                raise AssertionError(f"sitrep run ended with {self.process.returncode}:\n{self.log[-3000:]}")
            if await self._ready():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"not ready after 30 s:\n{self.log[-3000:]}")

    async def _ready(self) -> bool:
        try:
            async with self.session.get(f"{self.url}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def kill(self) -> None:
        """As a power cut does it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> float:
        """As an operator does it; gives the seconds it took."""
        start = asyncio.get_running_loop().time()
        await self._end(signal.SIGTERM)
        return asyncio.get_running_loop().time() - start

    async def _end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(how)
        await asyncio.wait_for(self.process.wait(), timeout=15)

    async def page(self, path: str) -> tuple[int, str]:
        """A page of its web server."""
        async with self.session.get(f"{self.url}{path}") as response:
            return response.status, await response.text()

    async def says(self, *words: str) -> str:
        """The output of a word of the command line that ends well."""
        code, out, err = await terminal(*words, settings=self.environment, cwd=self.folder)
        assert code == 0, (code, out, err)
        return out


def settings_for(folder: Path, **slack: Any) -> dict[str, str]:
    """The settings of an installation in a folder."""
    return {
        "SITREP_DATABASE_URL": f"sqlite:///{folder / 'sitrep.db'}",
        "SITREP_LOG": "json",
        **{key: str(value) for key, value in slack.items()},
    }
