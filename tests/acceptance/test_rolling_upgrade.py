"""Two replicas are replaced by the next release, one after the other, while people work: they notice nothing."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.caddy import balanced
from tests.acceptance.emulator import free_port
from tests.acceptance.process import ROOT, Sitrep
from tests.acceptance.slack import Ack, Http, Slack
from tests.acceptance.story import card
from tests.acceptance.world import World, world
from tests.postgres import programs, server

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]

HANDS = 6
"""People who write notes all the time."""
PAST = 1_000
"""Incidents that ended long ago, with a hundred entries each."""

FILL = (
    (
        "INSERT INTO incidents (number, version, title, status, priority, private, drill, is_open, declared_at, rules) "
        f"SELECT n, 100, 'Past ' || n, 'closed', 'high', false, false, false, now() - interval '1 year', '' "
        f"FROM generate_series(1001, {1000 + PAST}) n"
    ),
    (
        "INSERT INTO events (incident, version, kind, v, at, data) "
        "SELECT n, e, 'SomethingOld', 1, now() - interval '1 year', '{}' "
        f"FROM generate_series(1001, {1000 + PAST}) n, generate_series(1, 100) e"
    ),
)

NEXT = '''"""What the next release adds."""

import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{old}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column with a value for the rows there are, an index, a table."""
    op.add_column("events", sa.Column("colour", sa.Text(), nullable=False, server_default=""))
    op.add_column("incidents", sa.Column("colour", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_incidents_colour", "incidents", ["colour"])
    op.create_table("colours", sa.Column("name", sa.Text(), primary_key=True))
'''


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database on a server that keeps what it says it keeps."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL")
    with server(found, synchronous_commit="on") as running, running.database() as url:
        yield url


def next_release(folder: Path) -> Path:
    """The program as it is, with one more step of the schema."""
    for package in ("bot", "adapters", "storage", "config"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    steps = folder / "storage" / "migrations" / "versions"
    newest = max(path.name[:4] for path in steps.glob("[0-9]*.py"))
    after = f"{int(newest) + 1:04}"
    (steps / f"{after}_colours.py").write_text(NEXT.format(old=newest, new=after), encoding="utf-8")
    return folder


def fill(url: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for statement in FILL:
            connection.execute(statement.encode())


def column_is_there(url: str) -> bool:
    with closing(psycopg.connect(url)) as connection:
        found = connection.execute("SELECT 1 FROM information_schema.columns WHERE column_name = 'colour'").fetchall()
    return len(found) == 2


async def replica(here: World, port: int, root: Path = ROOT) -> Sitrep:
    """A further replica of the same installation."""
    folder = here.sitrep.folder / f"replica-{port}"
    folder.mkdir()
    made = replace(here.sitrep, folder=folder, port=port, process=None, root=root)
    await made.start()
    return made


async def test_people_notice_nothing_of_an_upgrade_one_replica_after_the_other(database: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(world(tmp_path, settings={"SITREP_DATABASE_URL": database}))
        session, later = here.workspace.session, (free_port(), free_port(), free_port())
        ports = (here.sitrep.port, *later)
        url = await stack.enter_async_context(balanced(tmp_path, session, ports))
        people = Slack(here.workspace, here.proxy, Http(session, url), here.sitrep.url)
        await people.who("ana").types("declare critical Checkout is down")
        await card(here, 1, "INC-1")
        fill(database)
        old = [here.sitrep, await replica(here, later[0])]
        stop, hands = asyncio.Event(), [Hand(people=people, number=number) for number in range(HANDS)]
        writing = [asyncio.create_task(hand.writes(stop)) for hand in hands]
        await asyncio.sleep(1)

        root, new = next_release(tmp_path / "next"), list[Sitrep]()
        for leaving, port in zip(old, later[1:], strict=True):
            new.append(await replica(here, port, root))
            stack.push_async_callback(new[-1].kill)
            assert column_is_there(database)
            await asyncio.sleep(2)
            await leaving.stop()
        await asyncio.sleep(1)
        stop.set()
        await asyncio.gather(*writing)

        answers = [answer for hand in hands for answer in hand.answers]
        assert [one for one in answers if one.status != 200 or "not " in one.body] == []
        told = await new[0].says("export", "INC-1")
        assert [line for hand in hands for line in hand.lines if told.count(line) != 1] == []
        print(f"{len(answers)} notes, the slowest in {max(one.took for one in answers) * 1000:.0f} ms")


@dataclass(slots=True, kw_only=True)
class Hand:
    """Somebody who writes notes, one after the other."""

    people: Slack
    number: int
    lines: list[str] = field(default_factory=list[str])
    answers: list[Ack] = field(default_factory=list[Ack])

    async def writes(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            self.lines.append(f"Line {self.number}-{len(self.lines):05}.")
            answer = await self.people.who("ana").types(f"INC-1 note {self.lines[-1]}")
            self.answers.append(answer.ack)
            await asyncio.sleep(0.1)
