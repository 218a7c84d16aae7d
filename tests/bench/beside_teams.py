"""What becomes of Slack's acknowledgements while Microsoft's servers are in trouble.

One Sitrep for each way, each with servers of its own, measured turn by turn in the same run: a note in an incident's
room, written and acknowledged. Beside it Teams requests keep arriving. Figures are ratios to the healthy one; a second
healthy one shows how far two that are alike differ in this run.

    python -m tests.bench.beside_teams
"""

import asyncio
import json
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from tests.acceptance.reading import until
from tests.acceptance.slack import Slack
from tests.acceptance.story import card
from tests.acceptance.world import world as slack_world
from tests.teams import activities
from tests.teams.openid import claims_for
from tests.teams.world import Microsoft, World
from tests.teams.world import world as both_worlds

ROUNDS = 16
SECONDS = 1.0
"""Of each way in each round."""
NORMAL = "Teams healthy"
A_SECOND = 20
"""Teams requests that arrive meanwhile."""


@dataclass(slots=True, kw_only=True)
class Way:
    """One Sitrep, and what is the matter with the servers it asks."""

    name: str
    slack: Slack
    url: str
    room: str
    microsoft: Microsoft | None = None
    begins: Callable[[Microsoft], None] = lambda _: None
    stranger: bool = False
    """Whether Teams requests name keys that nobody knows."""
    took: list[float] = field(default_factory=list)
    """Seconds, of each acknowledgement."""
    answers: Counter[int] = field(default_factory=Counter[int])
    """Of the Teams requests, by status; 0: none came in time."""

    @property
    def p50(self) -> float:
        return median(self.took) * 1000

    @property
    def p99(self) -> float:
        return quantiles(self.took, n=100)[98] * 1000


async def main() -> None:
    """Measure and print."""
    numbers = count(1)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ways = await _ways(stack, folder)
        for _ in range(ROUNDS):
            for way in ways:
                await _turn(way, numbers)
        normal = next(way for way in ways if way.name == NORMAL)
        print(
            f"{'':34}{'p50 ms':>8}{'p99 ms':>8}{'acks':>7}   of the healthy one's p50, p99   Teams requests by status"
        )
        for way in ways:
            ratios = f"{way.p50 / normal.p50:5.2f} x {way.p99 / normal.p99:5.2f} x"
            print(f"{way.name:34}{way.p50:8.2f}{way.p99:8.2f}{len(way.took):7}   {ratios:32}{dict(way.answers)}")


async def _ways(stack: AsyncExitStack, folder: Path) -> list[Way]:
    def place(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    alone = await stack.enter_async_context(slack_world(place("alone")))
    await alone.slack.who("ana").types("declare critical Measured")
    await card(alone, 1, "INC-1")
    room = str((await alone.workspace.room(1))["id"])
    ways = [Way(name="Teams not configured", slack=alone.slack, url=alone.sitrep.url, room=room)]
    for name, begins, stranger in TROUBLES:
        here = await stack.enter_async_context(both_worlds(place(name), slack=True))
        ways.append(await _way(here, name, begins, stranger=stranger))
    return ways


async def _way(here: World, name: str, begins: Callable[[Microsoft], None], *, stranger: bool) -> Way:
    assert here.slack is not None
    workspace = here.slack.workspace
    await here.slack.who("ana").types("declare critical Measured")
    room = await until(lambda: workspace.room(1), within=10, what="the room")
    return Way(
        name=name,
        slack=here.slack,
        url=here.sitrep.url,
        room=str(room["id"]),
        microsoft=here.microsoft,
        begins=begins,
        stranger=stranger,
    )


def _healthy(_: Microsoft) -> None:
    """Nothing is the matter."""


def _login_hangs(servers: Microsoft) -> None:
    servers.login.revoke()
    servers.login.hang()


def _keys_hang(servers: Microsoft) -> None:
    servers.keys.hang()


def _keys_rotate(servers: Microsoft) -> None:
    servers.keys.rotate()


TROUBLES: tuple[tuple[str, Callable[[Microsoft], None], bool], ...] = (
    (NORMAL, _healthy, False),
    ("Teams healthy, a second one", _healthy, False),
    ("login server hangs", _login_hangs, False),
    ("key server hangs, strange keys", _keys_hang, True),
    ("keys rotate", _keys_rotate, False),
)


async def _turn(way: Way, numbers: "count[int]") -> None:
    """Some seconds of one way, then a moment for what is under way to end."""
    if way.microsoft is not None:
        way.begins(way.microsoft)
    knocking = asyncio.create_task(_knock(way, _tokens(way)))
    ana, end = way.slack.who("ana"), time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        number = next(numbers)
        ack = await way.slack.transport.send(
            "slash_commands", ana.command(f"note Line {number}", way.room, trigger=f"{number}.bench")
        )
        assert ack.status == 200, ack
        way.took.append(ack.took)
        await asyncio.sleep(0.005)
    await knocking
    if way.microsoft is not None:
        way.microsoft.login.mend()
        way.microsoft.keys.mend()
    await asyncio.sleep(0.3)


def _tokens(way: Way) -> list[str]:
    """What Teams requests are signed with, made beforehand: that takes its time."""
    if way.microsoft is None:
        return []
    claims, key = claims_for(way.microsoft.tenant.service_url), way.microsoft.keys.key
    return [key.signed(claims, **({"kid": uuid.uuid4().hex} if way.stranger else {})) for _ in range(A_SECOND)]


async def _knock(way: Way, tokens: list[str]) -> None:
    """Teams requests for as long as a turn lasts, whether they are answered or not."""
    if way.microsoft is None:
        return
    tenant = way.microsoft.tenant
    people = list(tenant.people.values())
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        sent = []
        for number in range(int(A_SECOND * SECONDS)):
            person = people[number % len(people)]
            typed = activities.spoken(tenant, person, tenant.personal(person.name), "list", mention=False)
            typed["id"] = uuid.uuid4().hex
            sent.append(asyncio.create_task(_one(way, session, typed, tokens[number % len(tokens)])))
            await asyncio.sleep(1 / A_SECOND)
        await asyncio.gather(*sent)


async def _one(way: Way, session: aiohttp.ClientSession, activity: activities.Activity, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        async with session.post(f"{way.url}/api/messages", data=json.dumps(activity), headers=headers) as answer:
            way.answers[answer.status] += 1
    except (aiohttp.ClientError, TimeoutError):
        way.answers[0] += 1


if __name__ == "__main__":
    asyncio.run(main())
