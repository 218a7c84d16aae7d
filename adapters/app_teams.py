"""Teams, joined up from its settings: the way out, the way in over HTTP, and what runs beside them.

This module and `adapters.teams` load the SDK: they are imported only where Teams is configured (`adapters.app_late`).
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from adapters.app_chat import Core
from adapters.calling import open_session
from adapters.metrics import Metrics, Tally
from adapters.remembering import Remembering
from adapters.sinks import SendFailed
from adapters.teams.addresses import CHAT, is_channel, spot
from adapters.teams.answers import Answers
from adapters.teams.budget import Budget
from adapters.teams.connector import Connector
from adapters.teams.contacts import ANYWHERE, Contacts
from adapters.teams.desk import Desk
from adapters.teams.directory import Directory
from adapters.teams.doing import Doing
from adapters.teams.endpoint import Endpoint
from adapters.teams.hosts import first
from adapters.teams.identity import Rules
from adapters.teams.keys import Keys
from adapters.teams.reception import Reception
from adapters.teams.sink import TeamsSink
from adapters.teams.tokens import Tokens
from adapters.teams.watch import Watch
from bot.events import RoomOpened
from bot.policy import INTERNAL, Policy
from config.errors import ConfigError
from config.settings import TeamsSettings
from storage.errors import is_busy

PATIENCE = 2.0
"""Seconds the start waits for a token; Sitrep starts without one, for another chat's sake."""
WATCHING = 5.0
"""Seconds between two looks whether Teams is reached, where it was not."""
START = "start"
"""Who found out that Teams fails."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class TeamsChat:
    """One tenant. Implements `adapters.app_chat.Chat`."""

    core: Core
    settings: TeamsSettings
    session: aiohttp.ClientSession
    keys: Keys
    tokens: Tokens
    desk: Desk
    answers: Answers
    endpoint: Endpoint
    sink: TeamsSink
    budget: Budget
    """What may still be asked of the tenant."""
    watching: float = WATCHING
    name: str = field(default=CHAT, init=False)
    recalled: bool = field(default=False, init=False)

    def routes(self) -> list[web.RouteDef]:
        """`/api/messages`."""
        return self.endpoint.routes()

    async def connect(self) -> None:
        """Recall whom the bot has met, and get a token. Raises ConfigError where Microsoft refuses the credentials."""
        await self.desk.contacts.start()
        self.recalled = True
        try:
            async with asyncio.timeout(PATIENCE):
                await self.tokens.get()
        except TimeoutError:
            self._not_reached("Microsoft's login has not answered yet")
        except SendFailed as failed:
            if failed.auth:
                raise ConfigError(f"TEAMS_APP_PASSWORD is refused: {failed.reason}.") from None
            self._not_reached(failed.reason)

    def _not_reached(self, reason: str) -> None:
        self.core.life.chat(CHAT, START, reason)
        log.warning("Teams is not reached yet", extra={"why": reason})

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Keys and tokens ahead of time, who is who, and a look whether Teams is reached at last."""
        proof = (self.keys.run(),) if self.settings.app_id else ()
        return (*proof, self.tokens.run(), self.desk.directory.run(), self._reach())

    async def _reach(self) -> None:
        while True:
            await asyncio.sleep(self.watching)
            if not self.core.life.found(CHAT, START):
                continue
            try:
                await self.tokens.get()
            except SendFailed as failed:
                self.core.life.chat(CHAT, START, failed.reason)
            else:
                self.core.life.chat(CHAT, START, "")

    def listen(self) -> None:
        """Nothing: there is no other way than HTTP."""

    async def hang_up(self, within: float) -> None:
        """Nothing is held open."""

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """Tell who waits for the room, without holding up who made it."""
        self.core.tasks.start(self.answers.room_opened(number, room), name="answers with a room", within=60.0)

    async def close(self) -> None:
        """Close the connections to Teams."""
        await self.session.close()

    def words(self) -> str:
        """`single tenant, HTTP`."""
        if not self.settings.app_id:
            return "not authenticated, HTTP"
        return f"{'managed identity' if self.settings.app_type == 'UserAssignedMSI' else 'single tenant'}, HTTP"


def teams_chat(settings: TeamsSettings, core: Core) -> TeamsChat:
    """Teams for this installation. Call it on the running loop; it asks nobody anything yet."""
    session = open_session()
    tokens = Tokens(settings)
    connector = teams_connector(settings, core.metrics, session, tokens)
    memory = Remembering(chat=CHAT, kept=core.db.reads, store=core.db.store, threads=core.db)
    contacts = Contacts(memory=memory, tenant=settings.tenant_id, anywhere=first(settings.service_hosts) or ANYWHERE)
    directory = Directory(asks=connector, contacts=contacts, keeps=memory)
    channel, fixed = room_channel(core.policy)
    desk = Desk(
        connector=connector, contacts=contacts, directory=directory, incidents=memory, channel=channel, fixed=fixed
    )
    answers = Answers(desk=desk, tasks=core.tasks, now=core.now, meter=Tally(metrics=core.metrics))
    keys = Keys(settings.openid_metadata_url, session)
    made = TeamsChat(
        core=core,
        settings=settings,
        session=session,
        keys=keys,
        tokens=tokens,
        desk=desk,
        answers=answers,
        endpoint=Endpoint(
            hears=_reception(core, desk, answers, settings.tenant_id),
            rules=rules(settings),
            keys=keys,
            ready=lambda: made.recalled,
            is_busy=is_busy,
            metrics=core.metrics,
        ),
        sink=TeamsSink(desk=desk, meter=Tally(metrics=core.metrics)),
        budget=connector.budget,
    )
    return made


def teams_connector(
    settings: TeamsSettings, figures: Metrics, session: aiohttp.ClientSession, tokens: Tokens
) -> Connector:
    """The way out to Teams' connector."""
    return Connector(
        session=session, tokens=tokens, hosts=settings.service_hosts, budget=Budget(), meter=Tally(metrics=figures)
    )


def rules(settings: TeamsSettings) -> Rules:
    """What a request must prove."""
    return Rules(
        app_id=settings.app_id,
        tenant_id=settings.tenant_id,
        issuer=settings.token_issuer,
        hosts=settings.service_hosts,
        open=settings.allow_unauthenticated and not settings.app_id,
    )


def room_channel(policy: Policy) -> tuple[str, bool]:
    """The channel for rooms that have none of their own, and whether the policy wants all of them there."""
    named = spot(policy.rooms.get(CHAT, ""))
    if named is not None and named.conversation:
        return named.channel, True
    places = (spot(address) for address in policy.addresses(INTERNAL))
    return next((one.channel for one in places if one and is_channel(one.channel)), ""), False


def _reception(core: Core, desk: Desk, answers: Answers, tenant: str) -> Reception:
    doing = Doing(inbound=core.inbound, desk=desk, answers=answers, policy=core.policy, now=core.now)
    watch = Watch(contacts=desk.contacts, directory=desk.directory, reports=core.reports)
    return Reception(
        inbound=core.inbound,
        desk=desk,
        answers=answers,
        doing=doing,
        watch=watch,
        policy=core.policy,
        tenant=tenant,
    )
