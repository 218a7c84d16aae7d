"""Everything together: a workspace, the proxy in front of it, Sitrep, and people who use it."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.acceptance.emulator import emulator
from tests.acceptance.manifest import granted_scopes
from tests.acceptance.people import APP_TOKEN, BOT_TOKEN, PEOPLE, SIGNING_SECRET, Profile
from tests.acceptance.process import Sitrep, settings_for
from tests.acceptance.proxy import Proxy, proxy
from tests.acceptance.reading import Workspace
from tests.acceptance.slack import Http, Slack, Socket, Transport
from tests.acceptance.socket_server import SocketServer, socket_server

POLICY = """
[organisation]
name = "Larkfield"
time_zone = "Etc/UTC"
default_priority = "high"

[audiences.internal]
addresses = ["slack:#incidents"]

[audiences.leadership]
addresses = ["slack:#leadership"]
"""


@dataclass(slots=True, kw_only=True)
class World:
    """What a story needs."""

    sitrep: Sitrep
    slack: Slack
    proxy: Proxy
    workspace: Workspace
    sockets: SocketServer | None = None


@asynccontextmanager
async def world(
    folder: Path,
    *,
    policy: str = POLICY,
    mode: str = "http",
    start: bool = True,
    people: tuple[Profile, ...] = PEOPLE,
    settings: dict[str, str] | None = None,
) -> AsyncIterator[World]:
    """A workspace and a Sitrep that serves it over `http`, or over `socket`."""
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        url = await stack.enter_async_context(emulator(scopes=granted_scopes(), people=people))
        front = await stack.enter_async_context(proxy(url, people))
        sockets = await stack.enter_async_context(socket_server()) if mode == "socket" else None
        front.sockets = sockets.url if sockets else ""
        workspace = Workspace(url, session, people)
        await workspace.meet()
        sitrep = Sitrep(_settings(folder, front, mode) | (settings or {}), folder, session)
        transport: Transport = Socket(sockets) if sockets else Http(session, sitrep.url)
        slack = Slack(workspace, front, transport, sitrep.url)
        made = World(sitrep=sitrep, slack=slack, proxy=front, workspace=workspace, sockets=sockets)
        try:
            if start:
                await sitrep.start()
            yield made
            assert front.complaints == []
        except BaseException:
            print(f"--- the end of Sitrep's log\n{sitrep.log[-int(os.environ.get('LOG_TAIL', '4000')) :]}")
            raise
        finally:
            await sitrep.kill()


def _settings(folder: Path, front: Proxy, mode: str) -> dict[str, str]:
    way = {"SLACK_SIGNING_SECRET": SIGNING_SECRET} if mode == "http" else {"SLACK_APP_TOKEN": APP_TOKEN}
    return settings_for(
        folder,
        SITREP_POLICY=folder / "policy.toml",
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_API_URL=f"{front.url}/api/",
        **way,
    )
