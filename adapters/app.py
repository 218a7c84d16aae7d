"""The composition root: settings become objects, objects are joined, started in order and stopped in order.

Start:  schema, database, rules, HTTP (not ready yet), chats, outbox, clock, sockets, ready.
Stop:   not ready, nothing new is taken or claimed, what is under way ends, everything is given back; within 10 seconds.
Nothing is lost by a hard stop either: what is to be said and done are rows.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import SystemRandom

from aiohttp import web

from adapters.app_announce import Announcing, announcing
from adapters.app_chat import Chat, Core
from adapters.app_late import teams_chat
from adapters.app_local import check_database, local_chat
from adapters.app_server import keep_in_step, keep_moving
from adapters.app_slack import slack_chat
from adapters.app_status import board_of, house_of
from adapters.app_vitals import Vitals, feel_lag
from adapters.carrying import Carrier, OnRoom
from adapters.clockwork import Clockwork
from adapters.inbound import Inbound, where
from adapters.incident_clock import IncidentClock
from adapters.metrics import Tally, metrics
from adapters.outbox import Outbox, outbox
from adapters.reports import Reports
from adapters.server_clock import ServerClock, own_clock
from adapters.sharing import Sharing, replica_name
from adapters.tasks import Tasks
from adapters.version import release
from adapters.web.health import routes
from adapters.web.life import Life, Phase
from adapters.web.server import application, serve
from adapters.web.status.board import Board, House
from adapters.web.status.endpoint import routes as status_routes
from bot.events import RoomOpened
from bot.plain import utc_words
from bot.policy import Policy
from bot.ports import Delivery
from bot.refs import chat_of
from bot.service import Service
from config.fingerprint import rules_fingerprint
from config.settings import Settings, is_loopback
from storage import schema
from storage.database import Database
from storage.errors import is_busy

REFRESHED = 100
"""Incidents whose deadlines are computed anew in one transaction."""
HANG_UP = 3.0
"""Seconds requests under way have at a stop; each has 2 to commit."""
LAST_TASKS = 1.0
"""Seconds for private answers that are still on their way."""
HARD_STOP = 9.7
"""Seconds after which a stop that does not end is ended."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What runs between the chats and the database."""

    core: Core
    real: ServerClock
    service: Service
    outbox: Outbox
    clock: Clockwork
    chats: tuple[Chat, ...]
    board: Board
    announcing: Announcing
    sharing: Sharing | None
    """None where no chat has limits, or nobody is there to share them with."""


async def run(settings: Settings, policy: Policy, *, say: Callable[[str], None]) -> int:
    """Run until SIGTERM or SIGINT. `policy`: as this installation can carry it out. `say`: hears the line at the start.

    Gives the exit code: 0, or 1 where a part of us ended by itself. Raises ConfigError, `storage.errors.StorageError`
    and OSError where it cannot start.
    """
    stop, last_resort = asyncio.Event(), threading.Timer(HARD_STOP, os._exit, (1,))
    last_resort.daemon = True
    _on_signals(lambda: _begin_to_stop(stop, last_resort))
    async with AsyncExitStack() as closing:
        closing.callback(last_resort.cancel)
        db = await asyncio.to_thread(open_database, settings)
        closing.push_async_callback(asyncio.to_thread, db.close)
        await asyncio.to_thread(db.must_be_writable)
        await asyncio.to_thread(lambda: check_database(db, tried_out=settings.tried_out))
        house = await asyncio.to_thread(house_of, settings, policy, db)
        engine = _engine(settings, policy, db, house)
        closing.push_async_callback(engine.announcing.close)
        for chat in engine.chats:
            closing.push_async_callback(chat.close)
        return await _run(settings, engine, stop, say)


async def _run(settings: Settings, engine: Engine, stop: asyncio.Event, say: Callable[[str], None]) -> int:
    runner, port = await _listen(settings, engine)
    parts: list[asyncio.Task[None]] = []
    starting = asyncio.create_task(_start(engine, parts))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            return 0
        await starting
        engine.core.life.phase = Phase.RUNNING
        say(await _greeting(settings, engine, port))
        await asyncio.wait({stopping, *parts}, return_when=asyncio.FIRST_COMPLETED)
        return 0 if stopping.done() else _ended_by_itself(parts)
    finally:
        engine.core.life.phase = Phase.STOPPING
        starting.cancel()
        stopping.cancel()
        await asyncio.gather(starting, stopping, return_exceptions=True)
        await _stop(engine, runner, parts)


def _on_signals(act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, act)


def _begin_to_stop(stop: asyncio.Event, last_resort: threading.Timer) -> None:
    if stop.is_set():
        return
    log.info("stopping")
    stop.set()
    last_resort.start()


def open_database(settings: Settings) -> Database:
    """The database with a schema this release can work on.

    Raises `storage.errors.SchemaError` for another, Unusable where it cannot be opened.
    """
    url = settings.database_url.get_secret_value()
    if settings.migrate:
        schema.upgrade(url)
    schema.check(url)
    return Database(url)


def _engine(settings: Settings, policy: Policy, db: Database, house: House) -> Engine:
    def hint() -> None:
        relay.hint()
        db.tell()

    real = ServerClock(ask=db.server_time)
    real.measure()
    clock = IncidentClock(real=real.now, ahead=db.clock_ahead())
    now, figures, life, tasks = clock.now, metrics(), Life(), Tasks()
    replica = replica_name()
    service = Service(store=db.store, policy=policy, rules=rules_fingerprint(policy), replica=replica)
    reports = Reports(service=service, store=db.store, people=db.reads, threads=db, now=now, hint=hint)
    inbound = Inbound(service=service, db=db, now=now, hint=hint, metrics=figures, is_busy=is_busy)
    core = Core(
        db=db, policy=policy, inbound=inbound, reports=reports, tasks=tasks, metrics=figures, life=life, clock=clock
    )
    board = board_of(house, db, now)
    chats = _chats(settings, core) or (local_chat(settings, core, service, hint),)
    carrier = Carrier(
        relay=db.relay,
        threads=db,
        on_room=_on_room(reports, {chat.name: chat for chat in chats}),
        on_dead=reports.gave_up,
        clock=clock.real,
        now=now,
        chance=SystemRandom(),
        meter=Tally(metrics=figures),
    )
    ways = announcing(settings, policy, published=board.poke)
    relay = outbox(carrier, {**{chat.name: chat.sink for chat in chats}, **ways.sinks})
    ticking = Clockwork(service=service, threads=db, now=now, clock=own_clock, hint=hint, forget=db.store.forget_keys)
    return Engine(
        core=core,
        real=real,
        service=service,
        outbox=relay,
        clock=ticking,
        chats=chats,
        board=board,
        announcing=ways,
        sharing=_sharing(db, replica, chats),
    )


def _sharing(db: Database, replica: str, chats: tuple[Chat, ...]) -> Sharing | None:
    if not db.is_shared:
        return None  # a process that died a moment ago would count as another
    budgets = {chat.name: chat.budget for chat in chats if chat.budget is not None}
    return Sharing(replica=replica, fleet=db.fleet, threads=db, budgets=budgets) if budgets else None


def _chats(settings: Settings, core: Core) -> tuple[Chat, ...]:
    slack: tuple[Chat, ...] = (slack_chat(settings.slack, core),) if settings.slack else ()
    return (*slack, teams_chat(settings.teams, core)) if settings.teams else slack


def _on_room(reports: Reports, chats: Mapping[str, Chat]) -> OnRoom:
    async def on_room(delivery: Delivery, room: RoomOpened, mark: Callable[[], object]) -> None:
        await reports.room_opened(delivery, room, mark)
        chat = chats.get(chat_of(room.address))
        if chat is not None:
            await chat.room_opened(delivery.incident, room)

    return on_room


async def _listen(settings: Settings, engine: Engine) -> tuple[web.AppRunner, int]:
    """Listen over HTTP, at once: whether we are ready is answered from the beginning. Raises OSError."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    served = routes(life=engine.core.life, metrics=engine.core.metrics, token=token, front=not settings.tried_out)
    served += status_routes(lambda: engine.board.served)
    for chat in engine.chats:
        served += chat.routes()
    return await serve(application(served), host=settings.host, port=settings.port)


async def _start(engine: Engine, parts: list[asyncio.Task[None]]) -> None:
    """Start everything in order; what runs on is added to `parts`. Raises ConfigError."""
    await asyncio.wrap_future(engine.core.db.write(lambda: _refresh(engine.service)))
    await asyncio.wrap_future(engine.core.db.write(engine.core.db.relay.recover))
    for chat in engine.chats:
        await chat.connect()
    core = engine.core
    names = tuple(chat.name for chat in engine.chats)
    vitals = Vitals(db=core.db, outbox=engine.outbox, chats=names, life=core.life, metrics=core.metrics)
    works = [engine.outbox.run(), vitals.watch_outbox(), vitals.watch_database(), feel_lag(core.metrics)]
    works += [engine.board.run(), keep_in_step(core.db, engine.real, engine.outbox.hint)]
    works += [work for chat in engine.chats for work in chat.work()]
    works += [keep_moving(core.db, core.db.fleet.send_away)] if core.db.is_shared else []
    works += [engine.sharing.run()] if engine.sharing else []
    parts.extend(asyncio.create_task(work) for work in works)
    engine.clock.start()
    for chat in engine.chats:
        chat.listen()


def _refresh(service: Service) -> None:
    """Deadlines that were computed by other rules are computed anew; until then no tick may trust them."""
    while service.refresh(REFRESHED):
        pass


def _ended_by_itself(parts: list[asyncio.Task[None]]) -> int:
    for part in parts:
        fault = part.exception() if part.done() and not part.cancelled() else None
        if part.done():
            kind = type(fault).__name__ if fault else "nothing"
            log.error("a part ended by itself", extra={"kind": kind, "where": where(fault) if fault else ""})
    return 1


async def _stop(engine: Engine, runner: web.AppRunner, parts: list[asyncio.Task[None]]) -> None:
    """Stop taking, claiming and ticking at once; then wait for what is under way, all beside each other."""
    engine.clock.stop()
    endings = [runner.cleanup(), *(chat.hang_up(HANG_UP) for chat in engine.chats)]
    endings += [engine.outbox.stop()] if parts else []
    endings += [engine.sharing.leave()] if parts and engine.sharing else []
    await asyncio.gather(*endings, return_exceptions=True)
    for part in parts:
        part.cancel()
    await asyncio.gather(*parts, return_exceptions=True)
    await engine.core.tasks.finish(LAST_TASKS)


async def _greeting(settings: Settings, engine: Engine, port: int) -> str:
    """The line at the start (docs/words.md 3.11). What is private is not counted."""
    rows = await asyncio.wrap_future(engine.core.db.read(lambda: engine.core.db.reads.incidents(ended=False)))
    shown = [row for row in rows if not row.private]
    due = min((row.next_due_at for row in shown if row.next_due_at), default=None)
    count = {0: "No open incident", 1: "1 open incident"}.get(len(shown), f"{len(shown)} open incidents")
    next_one = f"; next reminder {utc_words(due, engine.core.now())}" if due else ""
    reached = {chat.name: chat.words() for chat in engine.chats}
    if settings.tried_out:
        page = page_address(settings, port)
        policy, data = settings.policy or "built in", settings.database.removeprefix("sqlite:///")
        return f"sitrep {release()} runs. Try-out chat: {page} (policy: {policy}; data: {data}; stop: Ctrl-C)"
    where_, slack, teams = f"{settings.host}:{port}", reached.get("slack", "off"), reached.get("teams", "off")
    return f"sitrep {release()} runs on {where_}. Slack: {slack}. Teams: {teams}. {count}{next_one}."


def page_address(settings: Settings, port: int) -> str:
    """The address of the try-out chat as a browser takes it."""
    if settings.public_url and not is_loopback(settings.host):
        return f"{settings.public_url}/"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - nobody listens here
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
