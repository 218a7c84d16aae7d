"""Sitrep with every door open: the whole of its HTTP, the real core, a real database; chats that answer on loopback."""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from adapters import app
from adapters.app_slack import SlackChat
from adapters.app_status import house_of
from adapters.app_teams import TeamsChat
from adapters.slack.directory import Directory as SlackDirectory
from adapters.teams.keys import Key, Keys
from adapters.web.life import Phase
from bot.people import Profile
from bot.policy import Policy
from bot.refs import Address, Identity
from bot.requests import Request
from config.policy_file import load_policy
from config.settings import load
from tests.adapters.local.rig import POLICY as LOCAL_POLICY
from tests.adapters.signing import SECRET
from tests.adapters.slack_rig import ME
from tests.adapters.teams.people_rig import Rosters, member
from tests.adapters.teams.wire_server import APP, ISSUER, NOW, TENANT, private_key

TOKEN = "metrics-bearer-of-the-fuzzing"
BOTH = {
    "SLACK_BOT_TOKEN": "xoxb-good-token",
    "SLACK_SIGNING_SECRET": SECRET,
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "TEAMS_APP_ID": APP,
    "TEAMS_APP_PASSWORD": "a-password-nobody-should-see",
    "TEAMS_TENANT_ID": TENANT,
    "TEAMS_TOKEN_ISSUER": ISSUER,
    "TEAMS_LOGIN_URL": "https://127.0.0.1:9/adfs",
}
"""Slack's Web API and Microsoft's login are at a port where nobody listens: what is said after an answer goes nowhere,
fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where it listens, and what it keeps."""

    port: int
    file: Path
    engine: app.Engine

    def kept(self) -> str:
        """Everything in the database, as text."""
        with closing(sqlite3.connect(self.file)) as db:
            return "\n".join(db.iterdump())


class KnownKeys:
    """The key that true tokens are signed with here."""

    async def find(self, kid: str) -> Key | None:
        if kid != "k1":
            return None
        return Key(public=private_key("k1").public_key(), endorsements=frozenset({"msteams"}))


class Everywhere(Rosters):
    """Somebody is wherever they are looked for."""

    async def member(self, service_url: str, conversation: str, user: str) -> dict[str, str] | None:
        return member(user.removeprefix("29:"))


@asynccontextmanager
async def doors(
    folder: Path, *, chats: bool, more: Mapping[str, str] | None = None, policy: Policy | None = None
) -> AsyncIterator[Doors]:
    """With Slack and Teams, or with the try-out chat. `more`: other settings."""
    file = folder / "sitrep.db"
    env = {"SITREP_DATABASE_URL": f"sqlite:///{file}", "SITREP_PORT": "0", "SITREP_METRICS_TOKEN": TOKEN}
    settings = load({**env, **(BOTH if chats else {}), **(more or {})}, None)
    policy = policy or (load_policy(None).policy if chats else LOCAL_POLICY)
    db = app.open_database(settings)
    engine = app._engine(settings, policy, db, house_of(settings, policy, db))
    if chats:
        await _furnish(engine)
    else:
        await engine.chats[0].connect()
    await engine.board.look()
    runner, port = await app._listen(settings, engine)
    engine.core.life.phase = Phase.RUNNING
    try:
        yield Doors(port=port, file=file, engine=engine)
    finally:
        await runner.cleanup()
        await engine.core.tasks.finish(5)
        for chat in engine.chats:
            await chat.close()
        await engine.announcing.close()
        db.close()


async def _furnish(engine: app.Engine) -> None:
    """Who we are in both chats, people, a guest, and incidents for words to be about."""
    slack, teams = cast("SlackChat", engine.chats[0]), cast("TeamsChat", engine.chats[1])
    directory: SlackDirectory = slack.desk.directory
    directory.me = ME
    directory.profiles.known |= {"U1": Profile(name="Ana"), "U8": Profile(name="Gus", guest=True)}
    await teams.desk.contacts.start()
    teams.recalled = True
    teams.desk.directory.asks = Everywhere(())
    teams.endpoint = replace(teams.endpoint, keys=cast("Keys", KnownKeys()), now=lambda: NOW)
    for number in range(1, 4):
        request = Request(
            key=f"seed-{number}",
            identity=Identity("slack:T1/U1"),
            place=Address("slack:T1/C1"),
            text=f"declare {'private ' if number == 3 else ''}critical Checkout is down",
        )
        await engine.core.inbound.run(request)
