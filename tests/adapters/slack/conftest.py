"""A loopback Slack, and the parts of ours that speak to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack.budget import Budget
from adapters.slack.client import Client, web_client
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
