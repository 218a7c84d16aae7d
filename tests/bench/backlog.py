"""Ten hours without Sitrep, while many incidents were open: what it says when it is back, and how fast.

    python -m tests.bench.backlog [--incidents 500] [--minutes 15]

The real process, and a Slack that keeps Slack's limits: whoever calls more is told 429. Four in a hundred incidents are
critical, the others high.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter, deque
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from adapters.slack.budget import METHODS, POST, TIERS
from bot.commands.record import RecordRoom
from bot.refs import Address, Identity
from bot.requests import Request
from bot.service import Service
from config.fingerprint import rules_fingerprint
from config.policy_file import load_policy
from storage import schema
from storage.database import Database
from tests.acceptance.faults import Fault, Params
from tests.acceptance.people import BOT, BOT_TOKEN, SIGNING_SECRET, TEAM
from tests.acceptance.process import Sitrep
from tests.campaign.records import Records, seconds
from tests.campaign.workspace import PEOPLE, Workspace, channel, user, workspace

DOWN = timedelta(hours=10)
BEFORE = timedelta(minutes=10)
"""The incidents were declared so long before."""
SHARE = 25
"""One incident of so many is critical."""
REF = "1700000000.000001"
"""Of all that was said before."""
WITHIN = 60
"""Seconds in which everything of the highest priority must be out."""
LIMITED = 0.01
"""Of all calls that may be told 429."""
POSTS = 300
"""A minute, in all channels: Slack says "several hundred"."""
BURST = 5
"""Posts in one channel beyond one a second."""

TABLES = ("incidents", "events", "deliveries", "addresses")


@dataclass(slots=True, kw_only=True)
class Limits(Fault):
    """Slack's limits: so many calls of a method in any minute, and one post a second in a channel."""

    calls: Counter[str] = field(default_factory=Counter[str])
    limited: Counter[str] = field(default_factory=Counter[str])
    _last: dict[str, deque[float]] = field(default_factory=dict[str, deque[float]])
    _channels: dict[str, float] = field(default_factory=dict[str, float])
    """When the posts of a channel would have been out, one a second."""

    def strikes(self, method: str, params: Params) -> bool:
        """Whether this call is one too many."""
        now = time.monotonic()
        self.calls[method] += 1
        last = self._last.setdefault(method, deque())
        while last and last[0] <= now - 60:
            last.popleft()
        most = POSTS if method == POST else TIERS[METHODS.get(method, 3)]
        place = str(params.get("channel", "")) if method == POST else ""
        ahead = max(self._channels.get(place, 0.0), now) - now
        self.seconds = 1.0 + (60 - now + last[0] if len(last) >= most else max(0.0, ahead - BURST))
        if len(last) >= most or (place and ahead > BURST):
            self.limited[method] += 1
            return True
        last.append(now)
        self._channels[place] = now + ahead + 1
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reminder."""

    incident: int
    address: str
    kind: str
    critical: bool
    state: str
    sent: float
    """Seconds, `time.time()`; zero: not yet."""
    late: bool
    """Its words say that Sitrep was down."""


def prepare(url: str, count: int, now: datetime) -> None:
    """A database as it was when Sitrep went down, ten hours ago: all had been said by then."""
    schema.upgrade(url)
    policy = load_policy(None).policy
    db = Database(url)
    service = Service(store=db.store, policy=policy, rules=rules_fingerprint(policy), replica="before")
    at = now - DOWN - BEFORE
    kinds = [(priority, person) for priority in ("critical", "high") for person in PEOPLE]
    for number, (priority, person) in enumerate(kinds, 1):
        who = Identity(f"slack:{TEAM}/{user(person)}")
        words = f"declare {priority} Trouble of {person}"
        place = Address(f"slack:{TEAM}/{channel('incidents')}")
        service.handle(Request(key=f"declare {number}", identity=who, place=place, text=words), at)
        room = RecordRoom(address=Address(f"slack:{TEAM}/{room_of(number)}"), name=f"inc-{number}", url="", own=True)
        service.record(room, number, f"room {number}", at)
    while service.tick(now - DOWN):
        pass
    db.close()
    sent = "UPDATE deliveries SET state = 'sent', ref = ?, sent_at = queued_at, ended_at = queued_at"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute(sent, (REF,))
        critical = max(len(PEOPLE), count // SHARE)
        shares = [(number, critical) for number in range(1, 5)] + [(number, count - critical) for number in range(5, 9)]
        first = len(kinds) + 1
        for number, share in shares:
            copies = share // len(PEOPLE) - 1
            _copy(connection, number, first, copies)
            first += max(0, copies)
        connection.commit()


def room_of(number: int) -> str:
    """The channel of an incident."""
    return f"C0ROOM{number}X"


def _copy(connection: sqlite3.Connection, original: int, first: int, copies: int) -> None:
    """Incidents from `first` on, each with a number and a room of its own."""
    for number in range(first, first + copies):
        for table in TABLES:
            names = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
            key = "number" if table == "incidents" else "incident"
            kept = [name for name in names if name != "id"]
            columns = ", ".join(f'"{name}"' for name in kept)
            rows = connection.execute(f"SELECT {columns} FROM {table} WHERE {key} = ?", (original,)).fetchall()
            places = ", ".join("?" * len(kept))
            moved = [
                tuple(
                    number if name == key else _moved(value, original, number)
                    for name, value in zip(kept, row, strict=True)
                )
                for row in rows
            ]
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", moved)


def _moved(value: Any, original: int, number: int) -> Any:
    if not isinstance(value, str):
        return value
    found = value.replace(room_of(original), room_of(number)).replace(f"INC-{original}", f"INC-{number}")
    return found.replace(f'"incident":{original}', f'"incident":{number}')


def furnish(chat: Workspace, count: int) -> None:
    """The channels of the incidents, with the messages that were there."""
    for number in range(1, count + 1):
        chat.open(room_of(number), f"inc-{number}", creator=BOT)
    places = [*chat.channels, *(f"D{user(name)[1:]}" for name in PEOPLE)]
    for place in places:
        chat.messages[place] = [{"ts": REF, "thread_ts": "", "text": "", "user": BOT, "metadata": {}}]


def reminders(records: Records, since: datetime) -> list[Said]:
    """What was to be said since then."""
    rows = records.rows(
        'SELECT d.incident, d.address, d.state, d.sent_at, d.queued_at, d."order" AS words, i.priority '
        "FROM deliveries d JOIN incidents i ON i.number = d.incident WHERE d.reminder"
    )
    return [
        Said(
            incident=row["incident"],
            address=row["address"],
            kind=_kind(json.loads(row["words"])["reminder"]["rungs"][0]["subject"]),
            critical=row["priority"] == "critical",
            state=row["state"],
            sent=seconds(row["sent_at"]),
            late="Sitrep was down from" in row["words"],
        )
        for row in rows
        if seconds(row["queued_at"]) >= since.timestamp()
    ]


def _kind(subject: str) -> str:
    return subject if subject.startswith("sla:") else subject.partition(":")[0]


def faults(said: list[Said], limits: Limits, began: float) -> list[str]:
    """What is not as it must be."""
    found = list[str]()
    often = Counter((one.incident, one.address, one.kind) for one in said)
    found += [f"{key}: {many} reminders" for key, many in often.items() if many > 1][:5]
    waiting = sum(one.state not in ("sent", "withheld") for one in said)
    found += [f"{waiting} are not out"] if waiting else []
    silent = sum(not one.late for one in said if one.kind == "update")
    found += [f"{silent} do not say that Sitrep was down"] if silent else []
    last = max((one.sent - began for one in said if one.critical and one.sent), default=0.0)
    found += [f"the last critical one was out after {last:.0f} s"] if last > WITHIN else []
    calls, limited = limits.calls.total(), limits.limited.total()
    found += [f"{limited} of {calls} calls were too many"] if limited > LIMITED * calls else []
    return found


async def drained(count: int, minutes: float) -> int:
    """Be back, and print what is said; 1 where something is not as it must be."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'sitrep.db'}"
        now = datetime.now(UTC)
        prepare(url, count, now)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        chat = await stack.enter_async_context(workspace(random.Random(1)))
        furnish(chat, count)
        limits = Limits(method="*", kind="429")
        chat.faults.append(limits)
        settings = {
            "SITREP_DATABASE_URL": url,
            "SITREP_LOG": "json",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": f"{chat.url}/api/",
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        }
        sitrep = Sitrep(settings, folder, session)
        began = time.time()
        await sitrep.start()
        stack.push_async_callback(sitrep.kill)
        records = Records(url)
        print(f"{'s':>5} {'due':>6} {'out':>6} {'critical':>8} {'out':>6} {'calls':>6} {'429':>5}")
        while time.time() - began < minutes * 60:
            await asyncio.sleep(5)
            said = reminders(records, now)
            _print(said, limits, time.time() - began)
            settled = time.time() - began > 20
            if settled and all(one.state in ("sent", "withheld") for one in said):
                break
        said = reminders(records, now)
        print("by kind:", dict(Counter(one.kind for one in said)), "calls:", dict(limits.calls.most_common()))
        print("429:", dict(limits.limited))
        found = faults(said, limits, began)
    print(*found, sep="\n")
    return 1 if found or not said else 0


def _print(said: list[Said], limits: Limits, at: float) -> None:
    critical = [one for one in said if one.critical]
    out, first = (sum(one.state == "sent" for one in some) for some in (said, critical))
    print(
        f"{at:5.0f} {len(said):6} {out:6} {len(critical):8} {first:6} {limits.calls.total():6} "
        f"{limits.limited.total():5}",
        flush=True,
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--incidents", type=int, default=500)
    asked.add_argument("--minutes", type=float, default=15.0)
    given = asked.parse_args()
    sys.exit(asyncio.run(drained(given.incidents, given.minutes)))
