"""A loopback Slack, and the parts of ours that speak to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from adapters.slack.budget import Budget
from adapters.slack.client import Client, web_client
from adapters.slack.desk import Desk
from adapters.slack.directory import Directory, directory
from adapters.slack.sink import SlackSink
from bot.commands.spec import Profile
from bot.refs import Address, Identity
from tests.adapters.outbox_rig import Counted
from tests.adapters.slack.slack_server import FakeSlack, fake_slack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as running:
        yield running


@pytest.fixture
def meter() -> Counted:
    return Counted()


@pytest.fixture
async def client(slack: FakeSlack, meter: Counted) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as session:
        web = web_client(token="xoxb-test", base_url=slack.url, session=session)
        yield Client(web=web, budget=Budget(), meter=meter)


@dataclass
class Known:
    """What is stored of incidents, as the sink asks for it."""

    owners: dict[Address, int] = field(default_factory=dict)
    announced: tuple[Address, str] | None = None

    async def owner(self, address: Address) -> int | None:
        return self.owners.get(address)

    async def announcement(self, number: int) -> tuple[Address, str] | None:
        return self.announced


@dataclass
class Stored:
    """What is stored of people and addresses: who lacks a name, what was learned, what a name leads to."""

    nameless: list[Identity] = field(default_factory=list)
    kept: dict[str, Address] = field(default_factory=dict)
    learned: dict[Identity, Profile] = field(default_factory=dict)
    down: bool = False
    """Nothing can be written."""

    async def unnamed(self) -> list[Identity]:
        return [identity for identity in self.nameless if identity not in self.learned]

    async def learn(self, identity: Identity, profile: Profile) -> None:
        self.learned[identity] = profile

    async def recall(self, name: str) -> Address | None:
        return self.kept.get(name)

    async def keep(self, name: str, address: Address) -> None:
        if self.down:
            raise OSError("no database")
        self.kept[name] = address


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def stored() -> Stored:
    return Stored()


@pytest.fixture
def book(client: Client, stored: Stored) -> Directory:
    """A directory that knows nothing yet."""
    return directory(
        client,
        addresses=("slack:#incidents", "slack:#leadership", "mailto:all@example.com"),
        groups=("slack:@sre-oncall",),
        memory=stored,
        unnamed=stored.unnamed,
        learn=stored.learn,
    )


@pytest.fixture
async def sink(client: Client, slack: FakeSlack, known: Known, book: Directory) -> SlackSink:
    """A sink whose directory knows who Sitrep is and where `#incidents` is; the calls for that are not in the books."""
    book.channels.note(slack.add_channel("incidents"), "incidents")
    await book.connect()
    slack.calls.clear()
    return SlackSink(desk=Desk(client=client, directory=book, incidents=known))
