"""Our side of Slack, whole but for the core behind it and Slack's Web API before it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import aiohttp
from aiohttp import web

from adapters.inbound import Decides, Inbound
from adapters.metrics import Metrics, metrics
from adapters.sinks import SendFailed
from adapters.slack.answers import Answers
from adapters.slack.channels import Channels, Memory
from adapters.slack.client import Client
from adapters.slack.desk import Desk, Incidents
from adapters.slack.directory import Directory, Me
from adapters.slack.endpoint import PATH, Endpoint
from adapters.slack.front import Front
from adapters.slack.groups import Groups
from adapters.slack.listeners import Receivers, bolt_app
from adapters.slack.profiles import Profiles
from adapters.slack.reception import Reception, writer
from adapters.slack.watch import Watch
from adapters.tasks import Tasks
from adapters.web.server import application, serve
from bot.people import Profile
from bot.refs import Address, Identity
from bot.requests import Answer, Request
from tests.adapters.signing import NOW, SECRET, TEAM, Signed

ME = Me(team=TEAM, team_name="Larkfield", user="UBOT", user_name="sitrep", bot="B1", url="https://larkfield.slack.com/")
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class AwayError(Exception):
    """What a database raises that does not answer."""


@dataclass
class Core:
    """Answers every request as it is told to."""

    answer: Answer = field(default_factory=Answer)
    fault: Exception | None = None
    seen: list[Request] = field(default_factory=list[Request])
    gate: Callable[[], object] = lambda: None
    """Run on the writer thread before the commit."""

    def handle(self, request: Request, at: datetime) -> Answer:
        assert at == AT
        self.gate()
        if self.fault is not None:
            raise self.fault
        self.seen.append(request)
        return self.answer


@dataclass
class Writer:
    pool: ThreadPoolExecutor

    def write(self, fn: Callable[[], Any], *, within: float | None = None) -> "Future[Any]":
        assert within == 2.0
        return self.pool.submit(fn)


@dataclass
class Api:
    """Slack's Web API: what was called, and what it answers."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    failures: dict[str, SendFailed] = field(default_factory=dict[str, SendFailed])
    slow: float = 0.0

    async def call(self, method: str, /, *, urgent: bool = False, **arguments: Any) -> Mapping[str, Any]:
        del urgent
        if self.slow:
            await asyncio.sleep(self.slow)
        self.calls.append((method, arguments))
        if method in self.failures:
            raise self.failures[method]
        return {"ok": True, "view": {"id": "V1"}}

    def of(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]


@dataclass
class Told:
    """The core, as what happens in the workspace sees it."""

    told: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    fault: Exception | None = None
    number: int | None = 42

    def _note(self, *what: object) -> None:
        if self.fault is not None:
            raise self.fault
        self.told.append(what)

    async def room_lost(self, address: Address, reason: str, key: str) -> None:
        self._note("lost", address, reason, key)

    async def room_back(self, address: Address, key: str) -> None:
        self._note("back", address, key)

    async def room_renamed(self, address: Address, name: str, key: str) -> None:
        self._note("renamed", address, name, key)

    async def room_moved(self, before: Address, after: Address, key: str) -> None:
        self._note("moved", before, after, key)

    async def left_room(self, address: Address, identity: Identity, key: str) -> None:
        self._note("left", address, identity, key)

    async def person_changed(self, identity: Identity, profile: Profile, key: str) -> None:
        self._note("person", identity, profile.gone, key)

    async def owner(self, address: Address) -> int | None:
        del address
        return self.number


@dataclass
class Reply:
    """What Slack gets as the acknowledgement."""

    status: int
    body: dict[str, Any]


@dataclass
class Rig:
    core: Core
    api: Api
    told: Told
    directory: Directory
    answers: Answers
    tasks: Tasks
    metrics: Metrics
    session: aiohttp.ClientSession
    port: int
    front: Front
    posted: list[tuple[str, dict[str, Any]]]
    """What was posted to response addresses, by their last part."""
    degraded: list[str]

    async def post(self, signed: Signed) -> Reply:
        raw, headers = signed
        async with self.session.post(f"http://127.0.0.1:{self.port}{PATH}", data=raw, headers=headers) as answer:
            text = await answer.text()
            return Reply(answer.status, await answer.json() if text else {})

    def way(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/respond/{name}"

    async def settle(self) -> None:
        """Wait for what was started beside the acknowledgements."""
        await self.tasks.finish(5.0)


@asynccontextmanager
async def rig(
    *, refuse_posts: int = 200, service: Decides | None = None, moment: Callable[[], float] = lambda: NOW
) -> AsyncIterator[Rig]:
    """`service`: stands in the core's place. `moment`: unix seconds."""
    figures, posted, degraded = metrics(), list[tuple[str, dict[str, Any]]](), list[str]()
    core, api, told, tasks = Core(), Api(), Told(), Tasks()

    async def rest(seconds: float) -> None:
        if seconds > 1:
            api.failures.clear()  # after a while the chat is well again

    client = cast("Client", api)
    with ThreadPoolExecutor(1) as pool:
        async with aiohttp.ClientSession() as session:
            directory = _directory(client)
            desk = Desk(client=client, directory=directory, incidents=cast("Incidents", told))
            inbound = Inbound(
                service=service or core,
                db=Writer(pool),
                now=lambda: AT,
                hint=lambda: None,
                metrics=figures,
                is_busy=lambda fault: isinstance(fault, AwayError),
            )
            answers = Answers(session=session, write=writer(desk, lambda: AT))
            reception = Reception(inbound=inbound, desk=desk, answers=answers, tasks=tasks, now=lambda: AT)
            watch = Watch(
                directory=directory,
                reports=told,
                tasks=tasks,
                degraded=degraded.append,
                is_busy=lambda fault: isinstance(fault, AwayError),
                rests=rest,
            )
            receivers = Receivers(
                commanded=reception.commanded,
                pressed=reception.pressed,
                submitted=reception.submitted,
                mentioned=reception.mentioned,
                happened=watch.happened,
            )
            bolt = bolt_app(receivers, directory)
            front = Front(bolt=bolt.async_dispatch, team=lambda: TEAM, metrics=figures)
            endpoint = Endpoint(front=front, secrets=(SECRET,), now=moment, metrics=figures)

            async def respond(request: web.Request) -> web.Response:
                posted.append((request.match_info["name"], await request.json()))
                return web.Response(status=refuse_posts)

            app = application([*endpoint.routes(), web.post("/respond/{name}", respond)])
            runner, port = await serve(app, host="127.0.0.1", port=0)
            made = Rig(core, api, told, directory, answers, tasks, figures, session, port, front, posted, degraded)
            yield made
            await tasks.finish(1.0)
            await runner.cleanup()


def _directory(client: Client) -> Directory:
    async def nobody() -> list[Identity]:
        return []

    async def forget(identity: Identity, profile: Profile) -> None:
        del identity, profile

    return Directory(
        client=client,
        channels=Channels(client=client, memory=cast("Memory", None), names=()),
        groups=Groups(client=client),
        profiles=Profiles(client=client, unnamed=nobody, learn=forget),
        wants_groups=False,
        me=ME,
    )
