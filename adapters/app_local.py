"""The try-out chat, joined up: its memory, its way out, its pages, and the clock that can be turned."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from adapters.app_chat import Core
from adapters.clockwork import Ticks
from adapters.local.across import Across
from adapters.local.addresses import CHAT, address, identity, place
from adapters.local.endpoint import Endpoint
from adapters.local.guard import Guard
from adapters.local.hub import Hub, State
from adapters.local.people import EVERYBODY, profile
from adapters.local.reception import Reception
from adapters.local.sink import LocalSink
from adapters.local.turning import Turner
from adapters.local.world import Sources, World
from bot.events import RoomOpened
from bot.refs import Address
from config.errors import ConfigError
from config.settings import Settings, is_loopback
from storage.database import Database
from storage.errors import is_busy

OTHERS = ("slack", "teams")
GENERAL = "incidents"
"""A channel that is always there."""
NOT_OURS = (
    "This database belongs to an installation in Slack or Teams, so the try-out chat, which has no log-in, does not "
    "open it: set that chat up again, or name another in SITREP_DATABASE_URL."
)
TURNED = (
    "This database's clock was turned in the try-out chat, so it cannot serve a real one: name another in "
    "SITREP_DATABASE_URL."
)
OPEN_TO_ALL = (
    "SITREP_LOCAL_PASSWORD is missing: the try-out chat listens at {host}, where others can reach it; set a password, "
    "or set SITREP_HOST to 127.0.0.1."
)


@dataclass(slots=True, kw_only=True)
class LocalChat:
    """One try-out chat. Implements `adapters.app_chat.Chat`."""

    core: Core
    across: Across
    hub: Hub
    reception: Reception
    endpoint: Endpoint
    sink: LocalSink
    name: str = field(default=CHAT, init=False)
    budget: None = field(default=None, init=False)

    def routes(self) -> list[web.RouteDef]:
        """The page and what it asks for."""
        return self.endpoint.routes()

    async def connect(self) -> None:
        """Make the channels that the policy speaks of, and everybody's conversation with Sitrep."""
        await self.across.write(self._furnish)

    def _furnish(self) -> None:
        chat = self.core.db.local
        there = {room.address for room in chat.rooms()}
        wanted = {channel: tuple(one.id for one in EVERYBODY) for channel in _channels(self.core)}
        wanted |= {f"@{one.id}": (one.id,) for one in EVERYBODY}
        for name, people in wanted.items():
            if address(name) not in there:  # who left a channel stays out of it at the next start
                room = chat.make_room((name,), private=name.startswith("@"), token=f"{CHAT}:{name}")
                chat.join(room.address, people)
        for one in EVERYBODY:
            self.core.db.reads.save_profile(identity(one.id), profile(one))

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Telling open pages what is new."""
        return (self.hub.run(),)

    def listen(self) -> None:
        """Nothing: there is no other way than HTTP."""

    async def hang_up(self, within: float) -> None:
        """Let open pages go; they come back when Sitrep does."""
        del within
        self.hub.close_all()

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """Tell who waits for the room."""
        await self.reception.room_opened(number, room)

    async def close(self) -> None:
        """Nothing is held."""

    def words(self) -> str:
        """What it is, for the line at the start."""
        return "try-out chat"


def check_alone(settings: Settings) -> None:
    """Raises ConfigError where others could open the chat without a password."""
    if not is_loopback(settings.host) and settings.local_password is None:
        raise ConfigError(OPEN_TO_ALL.format(host=settings.host))


def check_database(db: Database, *, tried_out: bool) -> None:
    """Raises ConfigError where a database is another kind of installation's."""
    if tried_out and db.reads.knows(OTHERS):
        raise ConfigError(NOT_OURS)
    if not tried_out and db.clock_ahead():
        raise ConfigError(TURNED)


def local_chat(settings: Settings, core: Core, service: Ticks, hint: Callable[[], None]) -> LocalChat:
    """The try-out chat for this installation. Call it on the running loop; it asks nobody anything yet."""
    db, across = core.db, Across(threads=core.db)
    sources = Sources(chat=db.local, store=db.store, reads=db.reads, policy=core.policy)

    async def state(world: World, viewer: str) -> State:
        return await endpoint.state(world, viewer)

    async def waiting() -> int:
        return (await across.read(db.relay.depth))[0]

    async def left(where: Address, who: str) -> None:
        key = f"{CHAT}:left:{place(where)}:{who}:{core.clock.real().isoformat()}"
        await core.reports.left_room(where, identity(who), key)

    hub = Hub(chat=db.local, across=across, sources=sources, state=state)
    reception = Reception(
        inbound=core.inbound, chat=db.local, across=across, sources=sources, now=core.now, changed=hub.changed
    )
    turner = Turner(
        clock=core.clock, service=service, keeps=db, reads=db.reads, across=across, waiting=waiting, hint=hint
    )
    password = settings.local_password.get_secret_value() if settings.local_password else ""
    endpoint = Endpoint(
        chat=db.local,
        across=across,
        reception=reception,
        hub=hub,
        sources=sources,
        clock=core.clock,
        turner=turner,
        guard=Guard(password=password),
        left=left,
        is_busy=is_busy,
    )
    sink = LocalSink(chat=db.local, across=across, changed=hub.changed)
    return LocalChat(core=core, across=across, hub=hub, reception=reception, endpoint=endpoint, sink=sink)


def _channels(core: Core) -> Iterable[str]:
    """The channels that the policy addresses, and one that is always there."""
    addressed = (where for audience in core.policy.audiences.values() for where in audience.addresses)
    return dict.fromkeys((GENERAL, *filter(None, map(place, addressed))))
