"""Half an hour of an ordinary busy day: `python -m tests.soak [MINUTES] [--database URL]`.

Twenty things a second reach one process: people talk, note, look, update, declare and resolve. Every ten seconds its
memory, threads, open files and tasks are read. After a tenth of the time (it has seen everything by then) memory may
grow by a twentieth, and nothing else may grow at all.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp

from tests.acceptance.people import APP, BOT_TOKEN, SIGNING_SECRET, TEAM
from tests.acceptance.process import Sitrep
from tests.acceptance.slack import Ack, Http
from tests.campaign.records import Records
from tests.campaign.stories import POLICY
from tests.campaign.workspace import PEOPLE, channel, user, workspace

RATE = 20
"""Things a second."""
EVERY = 10.0
"""Seconds between two readings."""
WARM = 0.1
"""Of the time."""
GROWTH = 1.05
"""Memory at the end by memory once warm."""
OPEN = 8
"""Incidents at once."""

MIX = {"talk": 470, "note": 260, "status": 110, "react": 80, "list": 50, "claim": 20, "update": 6, "turnover": 4}
"""Of a thousand things, so that Slack's own limits take what comes of them. A turnover is a declaration, or an end
where enough are open.
"""

FIGURES = ("sitrep_tasks", "sitrep_outbox_depth", "sitrep_loop_lag_last_seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the process was like at a moment."""

    memory: float
    """MB."""
    threads: int
    files: int
    tasks: int
    waiting: int
    """In the outbox."""
    p50: float
    """Milliseconds, of the acknowledgements since the reading before."""
    p99: float


@dataclass(slots=True, kw_only=True)
class Day:
    """People at work."""

    http: Http
    responses: str
    chance: random.Random
    open: list[int] = field(default_factory=list[int])
    declared: int = 0
    done: int = 0
    notes: dict[int, int] = field(default_factory=dict[int, int])
    """By incident: how many were acknowledged."""
    took: list[float] = field(default_factory=list[float])
    bad: list[str] = field(default_factory=list[str])

    async def happens(self) -> None:
        """One thing."""
        what = self.chance.choices(tuple(MIX), weights=tuple(MIX.values()))[0]
        number = self.chance.choice(self.open) if self.open else 0
        if what == "turnover" or not number:
            await self._turnover()
        elif what == "talk":
            await self._event({"type": "message", "channel_type": "channel", "text": f"Thought {uuid.uuid4()}"})
        elif what == "react":
            item = {"type": "message", "channel": channel("incidents"), "ts": f"{time.time():.6f}"}
            await self._event({"type": "reaction_added", "reaction": "eyes", "item": item, "item_user": user("ben")})
        elif what == "list":
            await self._types("list all")
        else:
            words = {"note": "note Looked", "status": "status", "claim": "claim sme"}.get(what, "")
            next_one = self.chance.choice(("20s", "10m", "10m", "10m"))
            ack = await self._types(f"INC-{number} {words or f'update Half of it fails steps:looking next:{next_one}'}")
            if what == "note" and "Noted" in ack.body:  # not everybody works on it
                self.notes[number] = self.notes.get(number, 0) + 1

    async def _turnover(self) -> None:
        if len(self.open) < OPEN:
            self.declared += 1
            number = self.declared
            await self._types(f"declare critical Trouble of kind {number}", person="ana")
            self.open.append(number)
        else:
            number = self.open.pop(0)
            await self._types(f"INC-{number} resolve Rolled back verified:graphs", person="ana")
            await self._types(f"INC-{number} close", person="ana")

    async def _types(self, text: str, person: str = "") -> Ack:
        who = person or self.chance.choice(PEOPLE)
        fields = {
            "token": "unused",
            "team_id": TEAM,
            "channel_id": channel("incidents"),
            "user_id": user(who),
            "user_name": who,
            "command": "/incident",
            "text": text,
            "api_app_id": APP,
            "response_url": f"{self.responses}/response/{uuid.uuid4()}",
            "trigger_id": str(uuid.uuid4()),
        }
        ack = await self.http.form(fields)
        self._note(ack, text)
        return ack

    async def _event(self, event: dict[str, Any]) -> None:
        ts = f"{time.time():.6f}"
        who = user(self.chance.choice(PEOPLE))
        envelope = {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event_id": f"Ev{uuid.uuid4().hex.upper()[:10]}",
            "event_time": int(time.time()),
            "event": {"user": who, "ts": ts, "event_ts": ts, "channel": channel("incidents"), "team": TEAM, **event},
        }
        ack = await self.http.raw(json.dumps(envelope), {"Content-Type": "application/json"})
        self._note(ack, str(event["type"]))

    def _note(self, ack: Ack, text: str) -> None:
        self.done += 1
        self.took.append(ack.took)
        if ack.status != 200 or "was not " in ack.body or "Nothing was saved" in ack.body:
            self.bad.append(f"{text}: {ack.status} {ack.body[:120]}")


async def main() -> int:
    """Live through it, and print what it was like; 1 where something grew or was lost."""
    asked = argparse.ArgumentParser()
    asked.add_argument("minutes", nargs="?", type=float, default=30.0, help="one at least")
    asked.add_argument("--database", default="")
    given = asked.parse_args()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
        session = await stack.enter_async_context(aiohttp.ClientSession())
        chat = await stack.enter_async_context(workspace(random.Random(1)))
        settings = {
            "SITREP_DATABASE_URL": given.database or f"sqlite:///{folder / 'sitrep.db'}",
            "SITREP_LOG": "json",
            "SITREP_POLICY": str(folder / "policy.toml"),
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": f"{chat.url}/api/",
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        }
        sitrep = Sitrep(settings, folder, session)
        await sitrep.start()
        stack.push_async_callback(sitrep.kill)
        day = Day(http=Http(session, sitrep.url), responses=chat.url, chance=random.Random(2))
        readings = await _live(day, sitrep, max(1.0, given.minutes) * 60)
        faults = [*_grown(readings), *day.bad[:5], *_lost(day, Records(settings["SITREP_DATABASE_URL"]))]
    print(f"{day.done:,} things, {day.declared} incidents, {sum(day.notes.values()):,} notes", *faults, sep="\n")
    return 1 if faults else 0


async def _live(day: Day, sitrep: Sitrep, seconds: float) -> list[Reading]:
    began, readings, tasks = time.monotonic(), list[Reading](), set[asyncio.Task[None]]()
    print(f"{'min':>5} {'MB':>7} {'threads':>7} {'files':>5} {'tasks':>5} {'waiting':>7} {'p50 ms':>7} {'p99 ms':>7}")
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        task = asyncio.create_task(day.happens())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        if time.monotonic() - began >= EVERY * (len(readings) + 1):
            readings.append(await _read(day, sitrep))
            if len(readings) % 6 == 0:
                one = readings[-1]
                print(
                    f"{len(readings) * EVERY / 60:5.1f} {one.memory:7.1f} {one.threads:7} {one.files:5} {one.tasks:5} "
                    f"{one.waiting:7} {one.p50:7.1f} {one.p99:7.1f}",
                    flush=True,
                )
    await asyncio.gather(*tasks)
    return readings


async def _read(day: Day, sitrep: Sitrep) -> Reading:
    assert sitrep.process is not None
    place = Path(f"/proc/{sitrep.process.pid}")
    status = dict(line.split(":", 1) for line in (place / "status").read_text(encoding="utf-8").splitlines())
    _, text = await sitrep.page("/metrics")
    shown = {
        name: float(line.split()[1]) for name in FIGURES for line in text.splitlines() if line.startswith(name + " ")
    }
    took, day.took = sorted(day.took), []
    return Reading(
        memory=int(status["VmRSS"].split()[0]) / 1024,
        threads=int(status["Threads"]),
        files=len(list((place / "fd").iterdir())),
        tasks=int(shown["sitrep_tasks"]),
        waiting=int(shown["sitrep_outbox_depth"]),
        p50=median(took) * 1000,
        p99=took[int(len(took) * 0.99)] * 1000,
    )


def _grown(readings: Sequence[Reading]) -> list[str]:
    """What is more in the last tenth than in the tenth after it was warm."""
    tenth = max(1, int(len(readings) * WARM))
    warm, between, end = readings[tenth : 2 * tenth], readings[tenth:-tenth], readings[-tenth:]
    memory = median(one.memory for one in end) / median(one.memory for one in warm)
    print(f"memory once warm {median(one.memory for one in warm):.1f} MB, at the end {memory:.3f} times that")
    faults = [f"memory grew {memory:.3f} times"] if memory > GROWTH else []
    for name in ("threads", "files", "tasks", "waiting"):
        before, after = (max(getattr(one, name) for one in some) for some in (between, end))
        faults += [f"{name} grew from {before} to {after}"] if after > before else []
    return faults


def _lost(day: Day, records: Records) -> list[str]:
    """Incidents whose acknowledged notes are not all there, or there more than once."""
    rows = records.rows("SELECT incident, count(*) AS many FROM events WHERE kind = 'NoteAdded' GROUP BY incident")
    there = {int(row["incident"]): int(row["many"]) for row in rows}
    return [
        f"INC-{number} has {there.get(number, 0)} of {wanted} notes"
        for number, wanted in day.notes.items()
        if there.get(number, 0) != wanted
    ]


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
