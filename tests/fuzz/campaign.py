"""Thousands of odd and forged requests, and the rules none of them may break.

No answer is a fault (5xx), nothing forged comes in, no answer shows a trace, and no line of the log is an error.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from adapters.logs import audible
from tests.fuzz import local_shots, slack_shots, teams_shots, web_shots
from tests.fuzz.doors import Doors, doors
from tests.fuzz.shot import FORGED, Shot

Make = Callable[[Random], Shot]

CHATS: tuple[tuple[Make, int], ...] = (
    (slack_shots.signed, 35),
    (slack_shots.forged, 12),
    (teams_shots.signed, 30),
    (teams_shots.forged, 12),
    (web_shots.page, 12),
    (web_shots.figures, 2),
    (web_shots.unlike, 6),
)
LOCAL: tuple[tuple[Make, int], ...] = (
    (local_shots.act, 40),
    (local_shots.read, 20),
    (local_shots.forged, 20),
    (web_shots.page, 10),
    (web_shots.unlike, 10),
)
WORKERS = 4
ROUND = 4_000
PATIENCE = 30.0
"""Seconds an answer may take on a busy machine."""
BRIEF = 0.05
"""Seconds that are waited for an answer to half a request."""
LATE = 599
"""Stands for an answer that did not come in time."""
TRACE = re.compile(rb"Traceback|File \"|\.py\b|sqlalchemy|sqlite3|Exception")
EXPECTED = frozenset({"Slack takes nothing from us any more"})
"""Errors in the log that a true event may mean."""


class Ear(logging.Handler):
    """Hears every error, and every trace."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(audible)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() in EXPECTED:
            return
        if record.levelno >= logging.ERROR or (record.exc_info and record.levelno >= logging.INFO):
            more = {name: getattr(record, name, "") for name in ("kind", "where", "path")}
            fault = record.exc_info[1] if record.exc_info else None
            self.heard.append(f"{record.name}: {record.getMessage()} {more} {fault!r}")


@dataclass(slots=True)
class Tally:
    """What came of it."""

    asked: Counter[str] = field(default_factory=Counter[str])
    """By kind."""
    answered: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    """By kind and status; 0: the connection was closed without an answer."""
    faults: list[str] = field(default_factory=list[str])

    def table(self) -> str:
        """A line for each kind."""
        lines = [f"{'kind':24} {'asked':>7}  answers"]
        for kind, asked in sorted(self.asked.items()):
            statuses = {status: count for (name, status), count in sorted(self.answered.items()) if name == kind}
            told = ", ".join(f"{status or '-'}: {count}" for status, count in statuses.items())
            lines.append(f"{kind:24} {asked:>7}  {told}")
        return "\n".join([*lines, f"faults: {len(self.faults)}", *self.faults[:40]])


async def campaign(folder: Path, *, shots: int, seed: int) -> Tally:
    """So many requests over every route; two thirds to an installation with both chats, one to the try-out chat."""
    tally, ear = Tally(), Ear()
    logging.getLogger().addHandler(ear)
    try:
        for number, (chats, some) in enumerate(_rounds(shots)):
            here = folder / str(number)
            here.mkdir()
            async with doors(here, chats=chats) as open_:
                await _all(open_, CHATS if chats else LOCAL, some, f"{seed}/{number}", tally)
                if FORGED in open_.kept():
                    tally.faults.append(f"round {number}: something forged came in")
    finally:
        logging.getLogger().removeHandler(ear)
    tally.faults += ear.heard
    return tally


def _rounds(shots: int) -> Iterator[tuple[bool, int]]:
    """Whether both chats are there, and how many requests: each time an installation in which little happened yet."""
    for chats, some in ((True, shots * 2 // 3), (False, shots - shots * 2 // 3)):
        for done in range(0, some, ROUND):
            yield chats, min(ROUND, some - done)


async def _all(open_: Doors, kinds: tuple[tuple[Make, int], ...], shots: int, seed: str, tally: Tally) -> None:
    makes, weights = zip(*kinds, strict=True)
    numbers = iter(range(shots))

    async def work() -> None:
        caller = Caller(open_.port)
        for number in numbers:
            chance = Random(f"{seed}/{number}")
            shot = chance.choices(makes, weights)[0](chance)
            _judge(shot, await caller.ask(shot), number, tally)
        await caller.close()

    await asyncio.gather(*(work() for _ in range(WORKERS)))


def _judge(shot: Shot, answer: tuple[int, bytes], number: int, tally: Tally) -> None:
    status, body = answer
    tally.asked[shot.kind] += 1
    tally.answered[shot.kind, status] += 1
    if status >= 500:
        tally.faults.append(f"{number}: {shot.kind}: {status}: {_told(shot)}")
    if shot.forged and not 400 <= status < 500:
        tally.faults.append(f"{number}: {shot.kind}: taken: {status}: {_told(shot)}")
    if not status and not shot.short:
        tally.faults.append(f"{number}: {shot.kind}: no answer: {_told(shot)}")
    if TRACE.search(body) and status >= 400:
        tally.faults.append(f"{number}: {shot.kind}: a trace: {body[:300]!r}")


def _told(shot: Shot) -> str:
    """The request, for whoever looks into it: its token is left out."""
    return re.sub(r"Bearer [\w.-]{40,}", "Bearer …", repr(shot.raw[:3000]))[:1200]


class Caller:
    """One connection after another; each is used as long as it holds."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, shot: Shot) -> tuple[int, bytes]:
        """The status and the beginning of the body; 0 where none came, though it was tried on a fresh connection."""
        used = self._open is not None
        status, body = await self._ask(shot)
        if used and not status and not shot.short:
            return await self._ask(shot)
        return status, body

    async def _ask(self, shot: Shot) -> tuple[int, bytes]:
        if self._open is None or shot.short:
            await self.close()
            self._open = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._open
        keeps = False
        try:
            async with asyncio.timeout(BRIEF if shot.short else PATIENCE):
                writer.write(shot.raw)
                await writer.drain()
                status, body, keeps = await _read(reader, head_only=shot.raw.startswith(b"HEAD "))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            status, body = 0, b""
        except TimeoutError:
            status, body = (0 if shot.short else LATE), b""
        if not keeps or shot.short:
            await self.close()
        return status, body

    async def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def _read(reader: asyncio.StreamReader, *, head_only: bool) -> tuple[int, bytes, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status == 100:
        return await _read(reader, head_only=head_only)
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    if length is None or status == 101:
        return status, b"", False
    body = b"" if head_only or status == 304 else await reader.readexactly(int(length[1]))
    return status, body, b"connection: close" not in head.lower()
