"""Slack, joined up from its settings: the way out, the way in over HTTP and Socket Mode, and what runs beside them."""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from adapters.app_chat import Core
from adapters.calling import open_session
from adapters.metrics import Metrics, Tally
from adapters.remembering import Remembering
from adapters.sinks import SendFailed
from adapters.slack.addresses import CHAT
from adapters.slack.answers import LIMIT, Answers
from adapters.slack.budget import Budget
from adapters.slack.catching_up import GAP, LONGEST, CatchUp
from adapters.slack.channels import Memory
from adapters.slack.client import Client, web_client
from adapters.slack.desk import Desk
from adapters.slack.directory import Directory, directory
from adapters.slack.endpoint import Endpoint
from adapters.slack.front import Front
from adapters.slack.listeners import Receivers, bolt_app
from adapters.slack.profiles import Learn, Unnamed
from adapters.slack.reception import Reception, writer
from adapters.slack.sink import SlackSink
from adapters.slack.socket import LINES, Line, Sockets, Unanswered, ask_address
from adapters.slack.watch import Watch
from bot.events import RoomOpened
from bot.policy import Policy
from config.errors import ConfigError
from config.settings import SlackSettings
from storage.errors import is_busy

TRY_AGAIN = (0.25, 0.5)
"""Seconds between the tries to learn at the start who we are, before we start without knowing."""
LONGEST_PAUSE = 30.0
WATCHING = 60.0
"""Seconds between two looks whether access that was taken away is back."""
ACCESS, START, SOCKET = "access", "start", "socket"
"""Who found out that Slack fails."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Uplink:
    """Counts the Socket Mode connections that are up, and has what was missed looked up where there was none."""

    core: Core
    catch_up: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic
    up: int = 0
    down_since: float = -math.inf
    """Before the start nothing was heard either."""

    def changed(self, by: int) -> None:
        """One more, or one less."""
        if not self.up and self.clock() - self.down_since > GAP:
            self.catch_up()
        self.up += by
        if not self.up:
            self.down_since = self.clock()
        self.core.metrics.sockets.set(self.up)
        self.core.life.chat(CHAT, SOCKET, "" if self.up else "no connection is up")

    def failed(self, reason: str) -> None:
        """One could not be made."""
        if not self.up:
            self.core.life.chat(CHAT, SOCKET, f"no connection is up: {reason}")


@dataclass(slots=True, kw_only=True)
class SlackChat:
    """One workspace. Implements `adapters.app_chat.Chat`."""

    core: Core
    settings: SlackSettings
    session: aiohttp.ClientSession
    desk: Desk
    sink: SlackSink
    answers: Answers
    front: Front
    sockets: Sockets | None
    watching: float = WATCHING
    name: str = field(default=CHAT, init=False)

    @property
    def budget(self) -> Budget:
        """What may still be asked of the workspace."""
        return self.desk.client.budget

    def routes(self) -> list[web.RouteDef]:
        """`/slack/events`, where there is a secret that proves requests to be Slack's."""
        secrets = tuple(secret.get_secret_value() for secret in self.settings.signing_secrets)
        if not secrets:
            return []
        return Endpoint(front=self.front, secrets=secrets, now=time.time, metrics=self.core.metrics).routes()

    async def connect(self) -> None:
        """Learn who we are. Raises ConfigError where Slack refuses the token."""
        for pause in (*TRY_AGAIN, None):
            try:
                await self.desk.directory.connect()
            except SendFailed as failed:
                if failed.auth:
                    raise ConfigError(f"SLACK_BOT_TOKEN is refused: {failed.reason}.") from None
                self.core.life.chat(CHAT, START, failed.reason)
                log.warning("Slack is not reached yet", extra={"why": failed.reason})
            else:
                self.core.life.chat(CHAT, START, "")
                return
            if pause is not None:
                await asyncio.sleep(pause)

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """The directory, and a look whether access that was taken away is back."""
        return (self._know(), self._watch_access())

    async def _know(self) -> None:
        pause = 1.0
        while self.desk.directory.me is None:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                await self.desk.directory.connect()
            except SendFailed as failed:
                self.core.life.chat(CHAT, START, failed.reason)
        self.core.life.chat(CHAT, START, "")
        await self.desk.directory.run()

    async def _watch_access(self) -> None:
        while True:
            await asyncio.sleep(self.watching)
            if not self.core.life.found(CHAT, ACCESS):
                continue
            try:
                await self.desk.client.call("auth.test")
            except SendFailed as failed:
                log.info("Slack still takes nothing from us", extra={"why": failed.reason})
            else:
                self.core.life.chat(CHAT, ACCESS, "")

    def listen(self) -> None:
        """Open the sockets, where there is an app token."""
        if self.sockets is not None:
            self.sockets.start()

    async def hang_up(self, within: float) -> None:
        """Close the sockets."""
        if self.sockets is not None:
            await self.sockets.stop(within)

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """Tell who waits for the room, without holding up who made it."""
        self.core.tasks.start(self.answers.room_opened(number, room), name="answers with a room", within=6 * LIMIT)

    async def close(self) -> None:
        """Close the connections to Slack."""
        await self.session.close()

    def words(self) -> str:
        """`Larkfield, HTTP and Socket Mode`."""
        me = self.desk.directory.me
        ways = (("HTTP", bool(self.settings.signing_secrets)), ("Socket Mode", self.settings.app_token is not None))
        used = " and ".join(way for way, is_used in ways if is_used)
        return f"{me.team_name if me else 'not reached yet'}, {used}"


def slack_chat(settings: SlackSettings, core: Core) -> SlackChat:
    """Slack for this installation. Call it on the running loop; it asks nobody anything yet."""
    session = open_session()
    client = slack_client(settings, core.metrics, session)
    memory = Remembering(chat=CHAT, kept=core.db.reads, store=core.db.store, threads=core.db)
    workspace = slack_directory(client, core.policy, memory=memory, unnamed=memory.unnamed, learn=memory.learn)
    desk = Desk(client=client, directory=workspace, incidents=memory)
    answers = Answers(session=session, write=writer(desk, core.now))
    bolt = bolt_app(_receivers(core, desk, answers), workspace)
    front = Front(
        bolt=bolt.async_dispatch, team=lambda: workspace.me.team if workspace.me else "", metrics=core.metrics
    )
    return SlackChat(
        core=core,
        settings=settings,
        session=session,
        desk=desk,
        sink=SlackSink(desk=desk),
        answers=answers,
        front=front,
        sockets=_sockets(settings, core, session, front, workspace),
    )


def slack_client(settings: SlackSettings, figures: Metrics, session: aiohttp.ClientSession) -> Client:
    """The way out to Slack's Web API."""
    token = settings.bot_token.get_secret_value()
    web_api = web_client(token=token, base_url=settings.api_url, session=session)
    return Client(web=web_api, budget=Budget(), meter=Tally(metrics=figures))


def slack_directory(client: Client, policy: Policy, *, memory: Memory, unnamed: Unnamed, learn: Learn) -> Directory:
    """The workspace, as far as the policy speaks of it."""
    audiences = policy.audiences.values()
    return directory(
        client,
        addresses=tuple(address for audience in audiences for address in audience.addresses),
        groups=policy.people(),
        memory=memory,
        unnamed=unnamed,
        learn=learn,
    )


def _receivers(core: Core, desk: Desk, answers: Answers) -> Receivers:
    reception = Reception(inbound=core.inbound, desk=desk, answers=answers, tasks=core.tasks, now=core.now)
    watch = Watch(
        directory=desk.directory,
        reports=core.reports,
        tasks=core.tasks,
        degraded=lambda reason: core.life.chat(CHAT, ACCESS, reason),
        is_busy=is_busy,
    )
    return Receivers(
        commanded=reception.commanded,
        pressed=reception.pressed,
        submitted=reception.submitted,
        mentioned=reception.mentioned,
        happened=watch.happened,
    )


def _sockets(
    settings: SlackSettings, core: Core, session: aiohttp.ClientSession, front: Front, workspace: Directory
) -> Sockets | None:
    if settings.app_token is None:
        return None
    missed = CatchUp(directory=workspace, reports=core.reports)

    def catch_up() -> None:
        core.tasks.start(missed.look(time.time()), name="what was missed", within=LONGEST, needed=True)

    token, uplink = settings.app_token.get_secret_value(), Uplink(core=core, catch_up=catch_up)
    tally = Tally(metrics=core.metrics)

    async def address() -> str:
        try:
            found = await ask_address(session, settings.api_url, token)
        except (Unanswered, aiohttp.ClientError, OSError, TimeoutError):
            tally.called(CHAT, "apps.connections.open", "failed")
            raise
        tally.called(CHAT, "apps.connections.open", "ok")
        return found

    lines = tuple(
        Line(
            name=str(number),
            session=session,
            open_url=address,
            dispatch=front.judge,
            changed=uplink.changed,
            failed=uplink.failed,
        )
        for number in range(1, LINES + 1)
    )
    return Sockets(lines=lines)
