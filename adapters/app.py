"""The composition root: settings become objects, objects are joined, started in order and stopped in order.

Start:  schema, database, rules, HTTP (not ready yet), chats, outbox, clock, sockets, ready.
Stop:   not ready, nothing new is taken or claimed, what is under way ends, everything is given back; within 10 seconds.
Nothing is lost by a hard stop either: what is to be said and done are rows.
"""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom

from adapters.app_chat import Chat, Core
from adapters.app_slack import slack_chat
from adapters.app_vitals import Vitals, feel_lag
from adapters.carrying import Carrier
from adapters.clockwork import Clockwork
from adapters.inbound import Inbound
from adapters.metrics import Tally, metrics
from adapters.outbox import Outbox, outbox
from adapters.reports import Reports
from adapters.tasks import Tasks
from adapters.version import release
from adapters.web.health import routes
from adapters.web.life import Life, Phase
from adapters.web.server import application, serve
from bot.events import RoomOpened
from bot.policy import Policy
from bot.ports import Delivery
from bot.service import Service
from config.errors import ConfigError
from config.fingerprint import rules_fingerprint
from config.settings import Settings
from storage import schema
from storage.database import Database
from storage.errors import is_busy

REFRESHED = 100
"""Incidents whose deadlines are computed anew in one transaction."""
HANG_UP = 3.0
"""Seconds requests under way have at a stop; each has 2 to commit."""
LAST_TASKS = 1.0
HARD_STOP = 9.7
"""Seconds after which a stop that does not end is ended."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What runs between the chats and the database."""

    core: Core
    service: Service
    outbox: Outbox
    clock: Clockwork
    chats: tuple[Chat, ...]


async def run(settings: Settings, policy: Policy, *, say: Callable[[str], None]) -> int:
    """Run until SIGTERM or SIGINT. `policy`: as this installation can carry it out. `say`: hears the line at the start.

    Gives the exit code: 0, or 1 where a part of us ended by itself. Raises ConfigError, `storage.errors.StorageError`
    and OSError where it cannot start.
    """
    stop = asyncio.Event()
    _listen_to_signals(stop)
    db = await asyncio.to_thread(open_database, settings)
    try:
        engine = _engine(settings, policy, db)
        async with _serving(settings, engine) as port, _working(engine) as parts:
            engine.core.life.phase = Phase.RUNNING
            say(await _greeting(settings, engine, port))
            code = await _until(stop, parts)
            engine.core.life.phase = Phase.STOPPING
            _stop_hard_in(HARD_STOP)
            log.info("stopping")
    finally:
        await asyncio.to_thread(db.close)
    return code


def open_database(settings: Settings) -> Database:
    """The database with a schema this release can work on.

    Raises `storage.errors.SchemaError` for another, Unusable where it cannot be opened.
    """
    url = settings.database_url.get_secret_value()
    if settings.migrate:
        schema.upgrade(url)
    schema.check(url)
    return Database(url)


def _engine(settings: Settings, policy: Policy, db: Database) -> Engine:
    def now() -> datetime:
        return datetime.now(UTC)

    def hint() -> None:
        relay.hint()

    figures, life, tasks = metrics(), Life(), Tasks()
    replica = f"{socket.gethostname()}/{os.getpid()}"
    service = Service(store=db.store, policy=policy, rules=rules_fingerprint(policy), replica=replica)
    reports = Reports(service=service, store=db.store, people=db.reads, threads=db, now=now, hint=hint)
    inbound = Inbound(service=service, db=db, now=now, hint=hint, metrics=figures, is_busy=is_busy)
    core = Core(
        db=db, policy=policy, inbound=inbound, reports=reports, tasks=tasks, metrics=figures, life=life, now=now
    )
    chats = _chats(settings, core)
    carrier = Carrier(
        relay=db.relay,
        threads=db,
        on_room=_on_room(reports, {chat.name: chat for chat in chats}),
        on_dead=reports.gave_up,
        clock=now,
        now=now,
        chance=SystemRandom(),
        meter=Tally(metrics=figures),
    )
    relay = outbox(carrier, {chat.name: chat.sink for chat in chats})
    clock = Clockwork(service=service, threads=db, now=now, clock=now, hint=hint, forget=db.store.forget_keys)
    return Engine(core=core, service=service, outbox=relay, clock=clock, chats=chats)


def _chats(settings: Settings, core: Core) -> tuple[Chat, ...]:
    """Every chat that is set up. Raises ConfigError where none is."""
    chats: list[Chat] = []
    if settings.slack is not None:
        chats.append(slack_chat(settings.slack, core))
    if not chats:
        raise ConfigError(NO_CHAT)
    return tuple(chats)


NO_CHAT = (
    "No chat is set up: set SLACK_BOT_TOKEN, and with it SLACK_SIGNING_SECRET for HTTP or SLACK_APP_TOKEN for "
    "Socket Mode."
)


def _on_room(reports: Reports, chats: Mapping[str, Chat]) -> Callable[[Delivery, RoomOpened], "asyncio.Future[None]"]:
    async def on_room(delivery: Delivery, room: RoomOpened) -> None:
        await reports.room_opened(delivery, room)
        chat = chats.get(room.address.partition(":")[0])
        if chat is not None:
            await chat.room_opened(delivery.incident, room)

    return lambda delivery, room: asyncio.ensure_future(on_room(delivery, room))


@asynccontextmanager
async def _serving(settings: Settings, engine: Engine) -> AsyncIterator[int]:
    """Listen over HTTP, at once: a question about readiness is answered from the beginning. Gives the port."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    served = routes(life=engine.core.life, metrics=engine.core.metrics, token=token)
    for chat in engine.chats:
        served += chat.routes()
    runner, port = await serve(application(served), host=settings.host, port=settings.port)
    try:
        yield port
    finally:
        await runner.cleanup()
