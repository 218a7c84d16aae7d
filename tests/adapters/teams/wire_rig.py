"""A connector that speaks to Teams on loopback, with tokens at hand: what its tests stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.calling import open_session
from adapters.sinks import SendFailed
from adapters.teams.budget import Budget
from adapters.teams.connector import Connector
from tests.adapters.outbox_rig import Counted
from tests.adapters.teams.wire_server import FakeTeams

CHANNEL = "19:incidents@thread.tacv2"
THREAD = f"{CHANNEL};messageid=1700000000000"
QUOTED = "19%3Aincidents%40thread.tacv2%3Bmessageid%3D1700000000000"
PERSONAL = "a:1-ana"
WORDS = {"type": "message", "summary": "the canary sings"}


@dataclass
class Given:
    """Tokens at hand: the next one when one is refused, as long as there are more."""

    tokens: list[str] = field(default_factory=lambda: ["t1"])
    bot: str = "28:app-1"
    failed: SendFailed | None = None

    async def get(self) -> str:
        if self.failed is not None:
            raise self.failed
        return self.tokens[0]

    def refused(self, token: str) -> bool:
        if len(self.tokens) > 1:
            self.tokens.pop(0)
            return True
        return False


@asynccontextmanager
async def connected(teams: FakeTeams, given: Given, meter: Counted) -> AsyncIterator[Connector]:
    """On a clock that stands still."""
    async with open_session() as session:
        yield Connector(
            session=session, tokens=given, hosts=(teams.host,), budget=Budget(), meter=meter, clock=lambda: 1000.0
        )


async def say(connector: Connector, teams: FakeTeams, **more: Any) -> str:
    return await connector.send(teams.url, THREAD, WORDS, **more)
