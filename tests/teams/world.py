"""Everything together: a tenant, Microsoft's servers, Sitrep, people who use it; with a Slack workspace if asked."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.acceptance.emulator import emulator
from tests.acceptance.manifest import granted_scopes
from tests.acceptance.people import BOT_TOKEN, SIGNING_SECRET
from tests.acceptance.process import Sitrep, settings_for
from tests.acceptance.proxy import Proxy, proxy
from tests.acceptance.reading import Workspace
from tests.acceptance.slack import Http, Slack
from tests.teams.client import Teams
from tests.teams.connector import Connector, connector_server
from tests.teams.happenings import installed
from tests.teams.login import Login, login_server
from tests.teams.openid import ISSUER, OpenId, openid_server
from tests.teams.people import APP_ID, APP_PASSWORD, PEOPLE, TENANT, Person
from tests.teams.reading import Screen
from tests.teams.tenant import Tenant, channel_id, new_tenant

POLICY = f"""
[organisation]
name = "Larkfield"
time_zone = "Etc/UTC"
default_priority = "high"

[audiences.internal]
addresses = ["teams:{channel_id("incidents")}"]

[audiences.leadership]
addresses = ["teams:{channel_id("leadership")}"]
"""
BOTH = POLICY.replace(
    f'addresses = ["teams:{channel_id("incidents")}"]',
    f'addresses = ["slack:#incidents", "teams:{channel_id("incidents")}"]',
)
"""The policy of an organisation that uses both chats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft:
    """All of Microsoft's servers."""

    tenant: Tenant
    keys: OpenId
    login: Login
    connector: Connector

    @property
    def settings(self) -> dict[str, str]:
        """What a bot needs to be told of them."""
        return {
            "TEAMS_APP_ID": APP_ID,
            "TEAMS_APP_PASSWORD": APP_PASSWORD,
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_LOGIN_URL": self.login.authority,
            "TEAMS_OPENID_METADATA_URL": self.keys.metadata_url,
            "TEAMS_TOKEN_ISSUER": ISSUER,
            "TEAMS_SERVICE_HOSTS": self.tenant.service_url.split("/")[2],
            "REQUESTS_CA_BUNDLE": str(self.login.certificate),
        }


@dataclass(slots=True, kw_only=True)
class World:
    """What a story needs."""

    sitrep: Sitrep
    teams: Teams
    screen: Screen
    microsoft: Microsoft
    slack: Slack | None = None

    @property
    def tenant(self) -> Tenant:
        return self.microsoft.tenant

    @property
    def connector(self) -> Connector:
        return self.microsoft.connector


@asynccontextmanager
async def microsoft(
    folder: Path, *, people: tuple[Person, ...] = PEOPLE, without_app: Iterable[str] = ()
) -> AsyncIterator[Microsoft]:
    """The servers alone."""
    tenant = new_tenant(people, without_app=without_app)
    async with openid_server() as keys, login_server(folder) as login, connector_server(tenant, login) as connector:
        yield Microsoft(tenant=tenant, keys=keys, login=login, connector=connector)


@asynccontextmanager
async def world(
    folder: Path,
    *,
    policy: str = "",
    slack: bool = False,
    mail: str = "slack.example",
    start: bool = True,
    known: bool = True,
    people: tuple[Person, ...] = PEOPLE,
    without_app: Iterable[str] = (),
    settings: dict[str, str] | None = None,
) -> AsyncIterator[World]:
    """A tenant and a Sitrep that serves it; a workspace as well with `slack`.

    `mail`: the domain of people's addresses in Slack; with that of the tenant, `larkfield.example`, they are the same.
    `known`: the app was added to the team, its private channel and the group chat once Sitrep ran.
    """
    (folder / "policy.toml").write_text(policy or (BOTH if slack else POLICY), encoding="utf-8")
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        servers = await stack.enter_async_context(microsoft(folder, people=people, without_app=without_app))
        workspace, front = await _workspace(stack, session, mail) if slack else (None, None)
        sitrep = Sitrep(_settings(folder, servers, front) | (settings or {}), folder, session)
        teams = Teams(tenant=servers.tenant, keys=servers.keys, session=session, url=sitrep.url)
        made = World(sitrep=sitrep, teams=teams, screen=Screen(servers.tenant), microsoft=servers)
        if workspace is not None and front is not None:
            made.slack = Slack(workspace, front, Http(session, sitrep.url), sitrep.url)
        try:
            if start:
                await sitrep.start()
            if start and known:
                await _introduce(teams)
            yield made
            assert servers.tenant.complaints + servers.login.complaints + (front.complaints if front else []) == []
        except BaseException:
            print(f"--- the end of Sitrep's log\n{sitrep.log[-int(os.environ.get('LOG_TAIL', '4000')) :]}")
            raise
        finally:
            await sitrep.kill()


async def _introduce(teams: Teams) -> None:
    places = (teams.tenant.team, teams.tenant.channel("board"), teams.tenant.group("payments"))
    for place in places:
        for answer in await installed(teams, place):
            assert answer.status == 200, (answer.status, answer.body)


async def _workspace(stack: AsyncExitStack, session: aiohttp.ClientSession, mail: str) -> tuple[Workspace, Proxy]:
    url = await stack.enter_async_context(emulator(scopes=granted_scopes(), mail=mail))
    front = await stack.enter_async_context(proxy(url))
    workspace = Workspace(url, session)
    await workspace.meet()
    return workspace, front


def _settings(folder: Path, servers: Microsoft, front: Proxy | None) -> dict[str, str]:
    chat = servers.settings
    if front is not None:
        chat |= {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"{front.url}/api/",
        }
    return settings_for(folder, SITREP_POLICY=folder / "policy.toml", **chat)
