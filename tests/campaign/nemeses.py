"""What happens to a world: one function for each kind of trouble. Each gives how often it struck."""

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

import psycopg

from tests.acceptance.faults import Fault
from tests.campaign import disk
from tests.campaign.replicas import Replica
from tests.campaign.sections import Section
from tests.campaign.world import World
from tests.postgres import Server
from tests.teams.faults import Fault as TeamsFault

DATA = "data"
"""The folder of the database's file."""
MOST_HITS = 120
"""Of one named point: a run that never passes untouched is a fault of the campaign."""
KINDS = ("429", "500", "503", "html", "drop_before", "drop_after", "delay", "fatal_error", "ratelimited")
SHARES = (0.1, 0.5, 1.0, 0.3)
"""Of the calls that a fault meets, in turn."""
METHODS = ("*", "chat.postMessage", "chat.update", "conversations.create", "*")
TEAMS_KINDS = ("429", "500", "503", "html", "drop_before", "drop_after", "delay", "412", "502")
ERRANDS = ("*", "send", "update", "create_thread", "*")
A_LONGER_LIFE = 0.05
"""Share of the lives in which reminders have time to fall due."""
HOUR = 3600.0
SPARE_FILES = 9
"""More than a server of the campaign has ready for its log."""
WITHIN_A_WRITE = """
    SELECT pid FROM pg_stat_activity WHERE application_name = 'sitrep'
    AND state = 'active' AND wait_event = 'ClientRead' AND state_change < clock_timestamp() - interval '2 ms'
"""
"""Connections on which the server waits for the rest of several statements: no limit of its own counts there."""
TRIED_TO_MEET_ONE = 100
"""Times that a replica is stopped for a moment until it is within such a write."""
STOPPED_WITHIN = 10.0
"""Seconds that a stop may take."""

Nemesis = Callable[[World, Section], Coroutine[Any, Any, int]]


async def kills(here: World, section: Section) -> int:
    """A power cut at any moment, of one replica at a time, and now and then during its start."""
    for _ in range(section.count):
        await (_for_a_while(here, 3.5, 4.5) if here.chance.random() < A_LONGER_LIFE else _for_a_while(here, 0.02, 0.9))
        replica = here.chance.choice(here.replicas)
        await replica.kill()
        if here.chance.random() < 0.15:
            await replica.begin()
            await _for_a_while(here, 0.0, 0.3)
            await replica.kill()
        await _up(replica)
    return section.count


async def points(here: World, section: Section) -> int:
    """Death at each named step, the first time it is reached, the second, and so on, until a run passes untouched."""
    return sum([await _every_hit(here, point) for point in section.points])


async def _every_hit(here: World, point: str) -> int:
    """How often a life came to that point: each begins a story of its own and goes on with those that were cut off."""
    replica, hits, telling = here.replicas[0], 0, set[asyncio.Task[None]]()
    await replica.stop()
    while True:
        assert hits < MOST_HITS, f"{point} is reached for ever"
        telling.add(asyncio.create_task(here.stories.one()))
        if await _untouched(replica, f"{point}#{hits + 1}", telling):
            here.reached[point] = hits
            if not hits:
                here.odd.append(f"nobody ever came to the point {point}")
            await _up(replica)
            return hits
        hits += 1
        telling = {story for story in telling if not story.done()}


async def _untouched(replica: Replica, point: str, telling: "set[asyncio.Task[None]]") -> bool:
    """Whether a life of a process passes without its end at that point: started, every story told, stopped."""
    if not await replica.start(point):
        assert replica.code == -signal.SIGKILL, replica.log[-2000:]
        return False
    death = replica.nursery.ended[replica.pid]
    stories = asyncio.ensure_future(asyncio.gather(*telling))
    ends: set[asyncio.Future[Any]] = {stories, death}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if not death.done():
        await stories
        await replica.stop()
    return replica.code != -signal.SIGKILL


async def pauses(here: World, section: Section) -> int:
    """A replica stands still for twice its leases, and then goes on as if nothing had been.

    On a server every other time in the middle of a write, if it comes to one.
    """
    for number in range(section.count):
        await _for_a_while(here, 0.1, 1.8)
        replica = here.chance.choice(here.replicas)
        if here.server is not None and number % 2:
            await _meet_within_a_write(here, replica)
        replica.signal(signal.SIGSTOP)
        ready, replica.ready_at = replica.ready_at, 0.0
        replica.up.append((ready, time.time()))
        await asyncio.sleep(2 * replica.lease)
        replica.signal(signal.SIGCONT)
        replica.ready_at = time.time()
    return section.count


async def _meet_within_a_write(here: World, replica: Replica) -> None:
    for _ in range(TRIED_TO_MEET_ONE):
        replica.signal(signal.SIGSTOP)
        await asyncio.sleep(0.003)
        if here.records.rows(WITHIN_A_WRITE):
            return
        replica.signal(signal.SIGCONT)
        await _for_a_while(here, 0.002, 0.02)


async def stops(here: World, section: Section) -> int:
    """An operator's stop and start, in the middle of everything."""
    for _ in range(section.count):
        await _for_a_while(here, 0.2, 1.5)
        replica = here.chance.choice(here.replicas)
        took = await replica.stop()
        if replica.code != 0 or took > STOPPED_WITHIN:
            here.odd.append(f"a stop ended with {replica.code} after {took:.1f} s")
        await _up(replica)
    return section.count


async def clock(here: World, section: Section) -> int:
    """The wall clock of the first replica jumps an hour ahead and back again, then an hour back and ahead again.

    Replicas on a server go by the server's clock, which stays as it is.
    """
    ahead, back = (signal.SIGUSR1, HOUR), (signal.SIGUSR2, -HOUR)
    offset, since = 0.0, time.time()
    for number in range(section.count):
        await _for_a_while(here, 8.0, 11.0)
        what, by = (ahead, back, back, ahead)[number % 4]
        here.replicas[0].signal(what)
        if here.server is None:
            here.eras.append((since + offset, time.time() + offset))
        offset, since = offset + by, time.time()
    if here.eras:
        here.eras.append((since + offset, float("inf")))
    return section.count


async def faults(here: World, section: Section) -> int:
    """The chats fail in every way they can, some of their calls or all: Slack, Teams, then both."""
    for number in range(section.count):
        share = SHARES[(number // len(KINDS) + section.part) % len(SHARES)]
        whom = (number + number // len(KINDS)) % 3
        if whom != 1:
            here.chat.faults[:] = [_slack_fault(here, number, share)]
        if whom != 0:
            here.tenancy.connector.faults[:] = [_teams_fault(here, number, share)]
        await _for_a_while(here, 1.5, 2.5)
        here.mend()
        await _for_a_while(here, 0.2, 0.5)
    return here.chat.struck + here.tenancy.struck


def _slack_fault(here: World, number: int, share: float) -> Fault:
    kind, method = KINDS[number % len(KINDS)], METHODS[number % len(METHODS)]
    return Fault(method=method, kind=kind, times=-1, when=lambda _: here.chance.random() < share)


def _teams_fault(here: World, number: int, share: float) -> TeamsFault:
    kind, call = TEAMS_KINDS[number % len(TEAMS_KINDS)], ERRANDS[number % len(ERRANDS)]
    return TeamsFault(call=call, kind=kind, times=-1, when=lambda _: here.chance.random() < share)


async def full_disk(here: World, section: Section) -> int:
    """There is no room to write any more for whoever keeps the database, and then there is again.

    Every other time a server needs a new file for its log as well: then it ends, and is started when there is room.
    """
    server = here.server
    for number in range(section.count):
        await _for_a_while(here, 0.5, 1.5)
        began = time.time()
        writer = server.process.pid if server and server.process else here.replicas[0].pid
        with disk.full(server.folder if server else here.folder / DATA, writer):
            if server and number % 2:
                await asyncio.to_thread(_fill_the_log, server)
            await _for_a_while(here, 6.5, 8.0)
            if any([await replica.is_ready() for replica in here.replicas]):
                here.odd.append("it was ready though the disk was full")
        if server and not await asyncio.to_thread(server.answers):
            await asyncio.to_thread(server.start)
        here.outages.append((began, time.time()))
        for replica in here.replicas:
            await _healthy(here, replica, "the disk had room again")
    return section.count


def _fill_the_log(server: Server) -> None:
    with suppress(psycopg.OperationalError):
        server.does(*SPARE_FILES * ("SELECT pg_logical_emit_message(true, 'filler', 'x')", "SELECT pg_switch_wal()"))


async def restarts(here: World, section: Section) -> int:
    """The database server is restarted: fast, which sends everybody away, or at once, as in a crash."""
    assert here.server is not None
    for number in range(section.count):
        await _for_a_while(here, 0.5, 2.0)
        began = time.time()
        await asyncio.to_thread(here.server.stop, (signal.SIGINT, signal.SIGQUIT)[number % 2])
        await _for_a_while(here, 0.0, 3.0)
        await asyncio.to_thread(here.server.start)
        here.outages.append((began, time.time()))
        for replica in here.replicas:
            await _healthy(here, replica, "the database was back")
    return section.count


async def _healthy(here: World, replica: Replica, since: str) -> None:
    began = time.monotonic()
    if not await replica.ready():
        here.odd.append(f"it ended after {since}")
        await _up(replica)
    took = time.monotonic() - began
    here.healed = max(here.healed, took)
    if took > 5.0:
        here.odd.append(f"ready again only {took:.1f} s after {since}")


async def _for_a_while(here: World, least: float, most: float) -> None:
    await asyncio.sleep(here.chance.uniform(least, most))


async def _up(replica: Replica) -> None:
    assert await replica.start(), f"it ended with {replica.code}:\n{replica.log[-3000:]}"


NEMESES: Mapping[str, Nemesis] = {
    "kills": kills,
    "points": points,
    "control": points,
    "pauses": pauses,
    "stops": stops,
    "clock": clock,
    "faults": faults,
    "disk": full_disk,
    "restarts": restarts,
}
