"""A tenant for each test: one that hears and answers, and the wire to its servers."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.teams.connector import Connector
from tests.adapters.outbox_rig import Counted
from tests.adapters.teams.chat_rig import Rig, rig
from tests.adapters.teams.saying import POST, activity
from tests.adapters.teams.wire_rig import Given, connected
from tests.adapters.teams.wire_server import FakeTeams, teams_server


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as made:
        yield made


@pytest.fixture
async def open_one(chat: Rig) -> Rig:
    await chat.hears(activity("declare critical Checkout is down", where=POST))
    return chat


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    async with teams_server() as running:
        yield running


@pytest.fixture
def meter() -> Counted:
    return Counted()


@pytest.fixture
def given() -> Given:
    return Given()


@pytest.fixture
async def connector(teams: FakeTeams, meter: Counted, given: Given) -> AsyncIterator[Connector]:
    async with connected(teams, given, meter) as made:
        yield made
