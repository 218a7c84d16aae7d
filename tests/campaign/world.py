"""One section's world: two chats, a database, replicas that die, people who go on, and at the end the verdict."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp
import psycopg

from tests.acceptance.people import BOT_TOKEN, SIGNING_SECRET
from tests.campaign.checker import KINDS, Verdict, judged
from tests.campaign.records import Records
from tests.campaign.replicas import Replica, nursery
from tests.campaign.senders import Senders
from tests.campaign.spans import merged, without
from tests.campaign.stories import POLICY, Stories
from tests.campaign.tenancy import Tenancy, tenancy
from tests.campaign.workspace import Workspace, workspace
from tests.postgres import Server

LEASE = 4.0
"""Seconds; fifty in production."""
BESIDE = 5
"""Incidents at once."""
QUIET = 45.0
"""Seconds in which everything must have come to rest at the end."""

GOING = "SELECT count(*) AS many FROM deliveries WHERE state IN ('waiting', 'sending')"


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that a nemesis may touch."""

    folder: Path
    chat: Workspace
    """Slack's side."""
    tenancy: Tenancy
    """Teams' side."""
    records: Records
    replicas: tuple[Replica, ...]
    senders: Senders
    stories: Stories
    chance: random.Random
    server: Server | None = None
    """Of the database, where it has one."""
    outages: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """When nothing could be done, whoever was there."""
    eras: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Where the replicas' clock was turned: each span between two turns, by that clock."""
    odd: list[str] = field(default_factory=list[str])
    """What else should not have been."""
    reached: dict[str, int] = field(default_factory=dict[str, int])
    """How often each named point was."""
    healed: float = 0.0
    """The longest time until ready after the trouble was over, in seconds."""

    async def start(self) -> None:
        """All replicas, one after the other: the first makes the schema."""
        for replica in self.replicas:
            assert await replica.start(), f"it ended with {replica.code}:\n{replica.log[-3000:]}"
        await self.tenancy.let_in(self.senders.session, self.replicas[0].url)

    def mend(self) -> None:
        """No chat fails any more."""
        self.chat.faults.clear()
        self.tenancy.connector.mend()

    async def settle(self) -> Verdict:
        """Every replica there, every story told, nothing waiting: then the verdict."""
        self.mend()
        for replica in self.replicas:
            if replica.dead:
                assert await replica.start(), f"it ended with {replica.code}:\n{replica.log[-3000:]}"
        end = time.monotonic() + QUIET
        while time.monotonic() < end and self._going():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.2)
        self.odd += self.tenancy.tenant.complaints
        there = merged([span for replica in self.replicas for span in [*replica.up, (replica.ready_at, time.time())]])
        return judged(
            self.records,
            self.senders.intents,
            [*self.chat.received, *self.tenancy.received],
            up=self.eras or without(there, self.outages),
            turned=bool(self.eras),
            breaks=[moment for replica in self.replicas for span in replica.up for moment in span],
            lease=self.replicas[0].lease,
            rooms=self.chat.made(),
        )

    def _going(self) -> bool:
        last = max(self.chat.last_call, self.tenancy.last_call)
        return time.time() - last < 1.0 or bool(self.records.rows(GOING)[0]["many"])

    def log(self) -> str:
        """What the replicas wrote."""
        return "".join(dict.fromkeys(replica.log for replica in self.replicas))


@asynccontextmanager
async def world(
    folder: Path,
    database: str,
    *,
    replicas: int = 1,
    lease: float = LEASE,
    seed: int = 0,
    clock: bool = False,
    rounds: int = 3,
    promise: int = 3,
    rest: float = 1.5,
    linked: float = 0.5,
    blind: bool = False,
    server: Server | None = None,
) -> AsyncIterator[World]:
    """A world in a folder. `database`: its address. `rounds` to `linked`: see `Stories`; `blind`: see `Replica`."""
    _prepare(folder)
    chance, records = random.Random(seed), Records(database)
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(force_close=True)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        chat = await stack.enter_async_context(workspace(random.Random(seed + 1)))
        teams = await stack.enter_async_context(tenancy(folder, random.Random(seed + 3)))
        births = await stack.enter_async_context(nursery())
        made = tuple(
            Replica(
                nursery=births,
                settings=_settings(folder, database, chat) | teams.servers.settings,
                folder=folder,
                session=session,
                lease=lease,
                clock=clock,
                blind=blind,
            )
            for _ in range(replicas)
        )
        senders = Senders(
            session=session,
            doors=lambda: [one.url for one in made if one.ready_at],
            responses=chat.url,
            chance=random.Random(seed + 2),
            tenancy=teams,
        )
        stories = Stories(
            senders=senders,
            look=partial(_look, records),
            rounds=rounds,
            promise=promise,
            rest=rest,
            linked=linked,
        )
        yield World(
            folder=folder,
            chat=chat,
            tenancy=teams,
            records=records,
            replicas=made,
            senders=senders,
            stories=stories,
            chance=chance,
            server=server,
        )


def _look(records: Records, kind: str, words: str, incident: int) -> int:
    """The incident in whose log that is; zero: nowhere, or the database is away."""
    within = f"AND incident = {incident}" if incident else ""
    try:
        found = records.rows(
            f"SELECT incident FROM events WHERE kind = '{KINDS[kind]}' AND data LIKE '%{words}%' {within}"
        )
    except psycopg.OperationalError:
        return 0
    return next((int(row["incident"]) for row in found), 0)


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")


def _settings(folder: Path, database: str, chat: Workspace) -> dict[str, str]:
    return {
        "SITREP_DATABASE_URL": database,
        "SITREP_LOG": "json",
        "SITREP_POLICY": str(folder / "policy.toml"),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": f"{chat.url}/api/",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }
