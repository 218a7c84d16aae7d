"""Two replicas on one PostgreSQL: it does not matter which of them is asked, nor whether one of them, or the server,
dies. Nothing that was acknowledged is lost, and nothing is said twice."""

import asyncio
import itertools
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.balancer import balanced
from tests.acceptance.process import Sitrep
from tests.acceptance.reading import until
from tests.acceptance.slack import Answer
from tests.acceptance.story import card, in_room, somewhere
from tests.acceptance.world import World, world
from tests.postgres import Server, programs, server

pytestmark = pytest.mark.timeout(180)

BACK = 5.0
"""Seconds until a server that is back is used again."""


@dataclass(slots=True, kw_only=True)
class Two:
    """A workspace served by two replicas on one server."""

    here: World
    replicas: tuple[Sitrep, Sitrep]
    server: Server

    async def types(self, name: str, text: str, room: str = "") -> Answer:
        return await self.here.slack.who(name).types(text, room)

    async def ready(self) -> tuple[int, ...]:
        """What each replica's `/readyz` answers."""
        return tuple([(await replica.page("/readyz"))[0] for replica in self.replicas])


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL")
    with server(found, fsync="on") as running:
        yield running


@asynccontextmanager
async def two(folder: Path, postgres: Server) -> AsyncIterator[Two]:
    with postgres.database() as address:
        async with AsyncExitStack() as stack:
            settings = {"SITREP_DATABASE_URL": address}
            here = await stack.enter_async_context(world(folder, settings=settings, start=False))
            (folder / "second").mkdir()
            second = Sitrep(here.sitrep.settings, folder / "second", here.sitrep.session)
            stack.push_async_callback(second.kill)
            await asyncio.gather(here.sitrep.start(), second.start())  # both find an empty database
            here.slack.transport = await stack.enter_async_context(balanced(here.sitrep.url, second.url))
            try:
                yield Two(here=here, replicas=(here.sitrep, second), server=postgres)
            except BaseException:
                print(f"--- the end of the second's log\n{second.log[-4000:]}")
                raise


async def test_a_life_by_words_goes_on_whichever_replica_is_asked_and_whichever_dies(
    tmp_path: Path, postgres: Server
) -> None:
    async with two(tmp_path, postgres) as both:
        here = both.here
        await both.types("ana", "declare critical Checkout is down")
        room = (await card(here, 1, "INC-1")).channel
        await both.types("ben", "claim commander", room)
        await both.types("hana", "claim comms", room)
        await card(here, 1, here.workspace.mention("ben"), here.workspace.mention("hana"))
        for number in range(1, 5):
            await both.types("hana", f"update Words {number} steps:looking next:{20 + number}m", room)
        incidents = await here.workspace.channel("incidents")
        await card(here, 1, "Words 4")
        await somewhere(here, incidents, "Update 4 on INC-1")  # what a replica has in hand is another's after a minute
        await both.replicas[0].kill()

        for number in range(5, 9):
            answer = await both.types("hana", f"update Words {number} steps:looking next:{20 + number}m", room)
            assert answer.ack.status == 200
        await (await both.types("dee", "note One of two is gone", room)).hears("Noted")

        for number in range(1, 9):
            await in_room(here, 1, f"Update {number} on INC-1", f"Words {number}")
            await somewhere(here, incidents, f"Update {number} on INC-1", f"Words {number}")
        await card(here, 1, "Words 8")
        await _once(here, room, incidents)


async def test_a_server_that_restarts_costs_no_more_than_what_was_under_way(tmp_path: Path, postgres: Server) -> None:
    async with two(tmp_path, postgres) as both:
        here = both.here
        await both.types("ana", "declare critical Checkout is down")
        room = (await card(here, 1, "INC-1")).channel
        saved = list[str]()
        for how in (signal.SIGINT, signal.SIGQUIT):
            stop = asyncio.Event()
            typing = asyncio.create_task(_keeps_typing(both, room, how.name, stop))
            await asyncio.sleep(0.5)

            await asyncio.to_thread(both.server.stop, how)
            await until(lambda: _all(both, 503), within=8, what="both say that they are not ready")
            await asyncio.to_thread(both.server.start)

            await until(lambda: _all(both, 200), within=BACK, what="both are ready again")
            stop.set()
            saved += await typing

        await both.types("hana", "update All is well steps:none next:30m", room)
        await in_room(here, 1, "Update 1 on INC-1", "All is well")
        markdown = await here.sitrep.says("export", "INC-1")
        assert [replica.process.returncode for replica in both.replicas if replica.process] == [None, None]
        assert saved
        assert {line: markdown.count(line) for line in saved} == dict.fromkeys(saved, 1)


async def _all(both: Two, status: int) -> bool:
    return set(await both.ready()) == {status}


async def _keeps_typing(both: Two, room: str, name: str, stop: asyncio.Event) -> list[str]:
    """Notes, one after the other; gives those that Sitrep said it had noted. The others it said it had not."""
    noted = list[str]()
    for number in itertools.count():
        if stop.is_set():
            return noted
        line = f"{name} line {number:04}"
        answer = await both.types("dee", f"note {line}", room)
        said = await answer.hears("")
        assert answer.ack.status == 200
        if "Noted" in said.words:
            noted.append(line)
        else:
            assert "not changed" in said.words or "Nothing was saved" in said.words, said.words
            await asyncio.sleep(0.2)
    return noted


async def _once(here: World, room: str, incidents: str) -> None:
    """Everything was said, and once."""
    for place in (room, incidents):
        said = Counter(message.words for message in await here.workspace.everything(place))
        assert {words: count for words, count in said.items() if count > 1} == {}
    assert len(await here.workspace.pinned(room)) == 1
