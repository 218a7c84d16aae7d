"""The servers, and a bot that is not Sitrep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.teams.client import Somebody, Teams
from tests.teams.connector import Connector
from tests.teams.echo import Echo, echo
from tests.teams.reading import Screen
from tests.teams.tenant import Tenant
from tests.teams.world import microsoft


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """What the tests of the servers need."""

    teams: Teams
    bot: Echo
    screen: Screen

    @property
    def tenant(self) -> Tenant:
        return self.teams.tenant

    @property
    def connector(self) -> Connector:
        return self.bot.servers.connector

    @property
    def ana(self) -> Somebody:
        return self.teams.who("ana")


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Rig]:
    """All of it. Otto has not added the app."""
    async with (
        aiohttp.ClientSession() as session,
        microsoft(folder, without_app=["otto"]) as servers,
        echo(servers, session) as bot,
    ):
        teams = Teams(tenant=servers.tenant, keys=servers.keys, session=session, url=bot.url)
        yield Rig(teams=teams, bot=bot, screen=Screen(servers.tenant))
