"""How many requests a second the status page answers with 1,000 past incidents, and what commands feel of it.

Beside a bare aiohttp handler that gives a body of the same length, turn by turn in one run, so that the ratio holds on
a busy machine. Then 500 requests a second for a while, with commands between them. `make bench` runs it.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from bot.events import Declared, Entry, Event, Resolved, ServicesSet, UpdatePublished
from bot.evolve import fold
from bot.incident import Incident
from bot.policy import CUSTOMERS
from bot.saving import index
from config.policy_file import load_policy
from storage import schema
from storage.database import Database
from tests.acceptance.slack import Http
from tests.acceptance.world import POLICY, World, world
from tests.bench.ack import bare_server

PAST = 1000
WIDTH = 20
"""Requests under way at once."""
ROUNDS, LASTS = 5, 2.0
"""Rounds for each, and seconds of a round."""
RATE, PACED = 500, 15.0
"""Requests a second, and for how many seconds, while commands are given."""
PATHS = ("/status", "/status/api/v2/summary.json", "/status/history.atom", "/status/api/v2/incidents.json")
SERVICES = '\n[[status.services]]\nname = "Checkout"\n[[status.services]]\nname = "Search"\n'
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Took:
    """Seconds, of each request or command."""

    seconds: list[float] = field(default_factory=list[float])

    def words(self) -> str:
        found = [second * 1000 for second in self.seconds]
        return f"p50 {median(found):6.2f} ms, p99 {quantiles(found, n=100)[98]:6.2f} ms, most {max(found):7.2f} ms"


def past(folder: Path) -> None:
    """A database with incidents that are long over, all of which the public may read."""
    schema.upgrade(f"sqlite:///{folder / 'sitrep.db'}")
    db, policy, now = Database(f"sqlite:///{folder / 'sitrep.db'}"), load_policy(None).policy, datetime.now(UTC)
    for number in range(1, PAST + 1):
        first = now - timedelta(days=1) * (PAST - number) / 3 - timedelta(hours=2)
        due = {CUSTOMERS: first + 30 * MINUTE}
        told = {"audiences": (CUSTOMERS,), "what": "Card payments in Europe fail for some. " * 3, "next": due}
        events: tuple[Event, ...] = (
            Declared(title="Checkout is down", priority="high"),
            ServicesSet(services=("Checkout",)),
            UpdatePublished(number=1, headline=f"Card payments {number}", **told),  # type: ignore[arg-type]
            UpdatePublished(number=2, **told),  # type: ignore[arg-type]
            Resolved(how="Rolled back.", verified="Watched."),
            UpdatePublished(number=3, **{**told, "next": {}}, final=True),  # type: ignore[arg-type]
        )
        entries = tuple(
            Entry(version=place, at=first + place * MINUTE, by=None, event=event)
            for place, event in enumerate(events, 1)
        )
        after = fold(entries, number=number)
        with db.store.begin() as tx:
            tx.append(Incident(number=number), entries, after, index(after, policy))
    db.close()


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        past(folder)
        async with world(folder, policy=POLICY + SERVICES) as here, bare_server(here.workspace.session) as floor:
            await _there(here)
            least, most = await _compare(here, floor)
            print(
                f"\nstatus page: {most:.0f} requests a second, 1/{least / most:.2f} of the bare handler's {least:.0f}"
            )
            await _with_commands(here)


async def _there(here: World) -> None:
    """Until everything was read."""
    for _ in range(300):
        status, text = await here.sitrep.page("/status/api/v2/incidents.json")
        if status == 200 and f"Card payments {PAST}" in text:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the page never came to show what is past")


async def _compare(here: World, floor: Http) -> tuple[float, float]:
    """Requests a second: the bare handler's, the status page's."""
    session = here.workspace.session
    done: dict[str, list[float]] = {floor.url: [], here.sitrep.url: []}
    for _ in range(ROUNDS):
        for url, rates in done.items():
            rates.append(await _as_fast_as_it_goes(session, f"{url}/status"))
    return median(done[floor.url]), median(done[here.sitrep.url])


async def _as_fast_as_it_goes(session: aiohttp.ClientSession, url: str) -> float:
    end, answered = time.perf_counter() + LASTS, 0

    async def one() -> None:
        nonlocal answered
        while time.perf_counter() < end:
            async with session.get(url) as response:
                assert response.status == 200
                await response.read()
            answered += 1

    await asyncio.gather(*(one() for _ in range(WIDTH)))
    return answered / LASTS


async def _with_commands(here: World) -> None:
    """The page at that rate, and a command every tenth of a second."""
    await here.slack.who("ana").types("declare critical Measured")
    room = str((await here.workspace.room(PAST + 1, 10))["id"])
    http, numbers = Http(here.workspace.session, here.sitrep.url), count(1)
    alone, beside, pages = Took(), Took(), Took()

    async def command(into: Took) -> None:
        number = next(numbers)
        words = here.slack.who("ana").command(f"note Line {number}", room, trigger=f"1.{number}.note")
        ack = await http.send("slash_commands", words)
        assert ack.status == 200, ack
        into.seconds.append(ack.took)

    async def page() -> None:
        start = time.perf_counter()
        path = PATHS[len(pages.seconds) % len(PATHS)]
        async with here.workspace.session.get(f"{here.sitrep.url}{path}") as response:
            assert response.status == 200
            await response.read()
        pages.seconds.append(time.perf_counter() - start)

    await _paced(lambda: command(alone), 10, PACED)
    start = time.perf_counter()
    await asyncio.gather(_paced(page, RATE, PACED), _paced(lambda: command(beside), 10, PACED))
    rate = len(pages.seconds) / (time.perf_counter() - start)
    print(f"commands alone:            {alone.words()}")
    print(f"commands beside the page:  {beside.words()}")
    print(f"the page at {rate:3.0f} a second: {pages.words()}")


async def _paced(work: Callable[[], Awaitable[None]], rate: float, lasts: float) -> None:
    """Begin the work so often, whatever the earlier ones are doing."""
    begun: set[asyncio.Task[None]] = set()
    start = time.perf_counter()
    for number in range(int(rate * lasts)):
        pause = start + number / rate - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        begun.add(asyncio.ensure_future(work()))
    await asyncio.gather(*begun)


if __name__ == "__main__":
    asyncio.run(main())
