"""What a chat is given at the start, and what it gives in return: the same for every chat."""

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from adapters.inbound import Inbound
from adapters.incident_clock import IncidentClock
from adapters.metrics import Metrics
from adapters.reports import Reports
from adapters.sharing import Shared
from adapters.sinks import Sink
from adapters.tasks import Tasks
from adapters.web.life import Life
from bot.events import RoomOpened
from bot.policy import Policy
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Everything behind the chats."""

    db: Database
    policy: Policy
    inbound: Inbound
    reports: Reports
    tasks: Tasks
    metrics: Metrics
    life: Life
    clock: IncidentClock

    def now(self) -> datetime:
        """The moment on the incident's clock, UTC."""
        return self.clock.now()


class Chat(Protocol):
    """A chat, joined up."""

    @property
    def name(self) -> str:
        """The first part of its addresses: `slack`."""

    @property
    def sink(self) -> Sink:
        """The way out."""

    @property
    def budget(self) -> Shared | None:
        """Its limits, which all processes have together; None: it has none."""

    def routes(self) -> list[web.RouteDef]:
        """What it serves over HTTP."""

    async def connect(self) -> None:
        """Learn who we are there. Raises ConfigError where it refuses us; else goes on without knowing."""

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What runs beside, until it is cancelled."""

    def listen(self) -> None:
        """Begin to take requests by other ways than HTTP."""

    async def hang_up(self, within: float) -> None:
        """Take no more by those ways; what is in work has so many seconds to end."""

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """An incident's room exists: whoever waits for it is told."""

    async def close(self) -> None:
        """Give everything back."""

    def words(self) -> str:
        """How it is reached, for the line at the start: `Larkfield, Socket Mode`."""
