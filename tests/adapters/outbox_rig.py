"""A sink that does as it is told, a clock to turn, and ears for what is told: what the outbox's tests stand on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from adapters.carrying import Carrier
from adapters.outbox import Outbox, outbox
from adapters.pauses import Pace
from adapters.sinks import Delivered, SendFailed, Sink, Unreadable
from bot.cards import Names, line
from bot.events import Recipient, RoomOpened
from bot.ports import Delivery
from bot.posts import OpenRoom, Order, Post, Reminder, ToRoom
from bot.refs import Address
from bot.refusals import Taken
from tests.adapters.relay_in_memory import START, AtOnce, ListRelay

ROOM = "slack:T1/C1"
QUICK = Pace(poll=timedelta(milliseconds=5), finish=timedelta(milliseconds=50), mark_again=(0.001, 0.001))


def news(key: str = "card", words: str = "Checkout is down.") -> Post:
    return Post(to=ToRoom(), card=line(words), key=key)


def reminder(due: datetime = START) -> Post:
    return replace(news("late-1"), due=due, reminder=Reminder(rungs=(), to=Recipient(room=True)))


def delivery(order: Order | None = None, **changed: object) -> Delivery:
    made = Delivery(
        id=1,
        incident=42,
        private=False,
        address=Address(ROOM),
        order=order or news(),
        attempt=1,
        revision=1,
        ref="",
        thread_ref="",
        tried_at=None,
        token="token-1",
        queued_at=START,
        names=Names(),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


@dataclass
class Clock:
    """Real time, as the tests turn it."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


Act = Callable[[Delivery], Awaitable[Delivered]]


@dataclass
class ScriptedSink:
    """Does the next thing on its list: raises it, or runs it; with nothing left, everything arrives."""

    script: list[BaseException | Act] = field(default_factory=list)
    there: str | Unreadable | SendFailed | None = None
    """What reading back finds."""
    tried: list[Delivery] = field(default_factory=list)
    looked: list[Delivery] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    async def deliver(self, one: Delivery, at: datetime) -> Delivered:
        self.tried.append(one)
        self.moments.append(at)
        step = self.script.pop(0) if self.script else None
        if isinstance(step, BaseException):
            raise step
        if step is not None:
            return await step(one)
        if isinstance(one.order, OpenRoom):
            return Delivered(ref="C9", room=RoomOpened(address=Address("slack:T1/C9"), name=one.order.name))
        return Delivered(ref=one.ref or f"C1/{one.id}")

    async def find(self, one: Delivery) -> str | Unreadable | None:
        self.looked.append(one)
        if isinstance(self.there, SendFailed):
            raise self.there
        return self.there


@dataclass
class Counted:
    """A meter that can be read."""

    lateness: list[tuple[str, float]] = field(default_factory=list)
    doubles: int = 0
    lost: int = 0
    calls: list[tuple[str, str]] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    def serves(self, chats: Iterable[str]) -> None:
        self.served.extend(chats)

    def called(self, chat: str, method: str, result: str) -> None:
        self.calls.append((method, result))

    def late(self, kind: str, seconds: float) -> None:
        self.lateness.append((kind, seconds))

    def perhaps_double(self, chat: str) -> None:
        self.doubles += 1

    def gave_up(self, chat: str) -> None:
        self.lost += 1


@dataclass
class Told:
    """What the core heard."""

    rooms: list[RoomOpened] = field(default_factory=list)
    dead: list[SendFailed] = field(default_factory=list)
    deaf: int = 0
    """How often it fails to listen."""
    taken: int = 0
    """How often another incident has the room."""

    async def on_room(self, one: Delivery, room: RoomOpened, mark: Callable[[], object]) -> None:
        self._listen()
        if self.taken:
            self.taken -= 1
            raise Taken
        self.rooms.append(room)
        mark()

    async def on_dead(self, one: Delivery, failed: SendFailed) -> None:
        self._listen()
        self.dead.append(failed)

    def _listen(self) -> None:
        if self.deaf:
            self.deaf -= 1
            raise OSError("database is locked")


@dataclass
class Rig:
    """An outbox with everything around it."""

    relay: ListRelay = field(default_factory=ListRelay)
    clock: Clock = field(default_factory=Clock)
    database: AtOnce = field(default_factory=AtOnce)
    meter: Counted = field(default_factory=Counted)
    told: Told = field(default_factory=Told)
    sink: ScriptedSink = field(default_factory=ScriptedSink)
    shift: timedelta = timedelta()
    """Of the incident's clock against real time."""
    pace: Pace = QUICK

    def carrier(self) -> Carrier:
        return Carrier(
            relay=self.relay,
            threads=self.database,
            on_room=self.told.on_room,
            on_dead=self.told.on_dead,
            clock=self.clock,
            now=lambda: self.clock() + self.shift,
            chance=Random(7),
            meter=self.meter,
            pace=self.pace,
        )

    def outbox(self, **others: Sink) -> Outbox:
        return outbox(self.carrier(), {"slack": self.sink, **others})

    async def carry_next(self, carrier: Carrier) -> None:
        """One claim, carried to its end, without the loop."""
        for one in self.relay.claim(self.clock(), 1, self.pace.lease):
            await carried(carrier, one, self.sink)


async def carried(carrier: Carrier, one: Delivery, sink: Sink) -> SendFailed | None:
    """Attempted, and what came of it written down; what went wrong, if something did."""
    return await carrier.settle(one, await carrier.attempt(one, sink))


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what holds is anything at all, and nobody sets an event for it
            await asyncio.sleep(0.002)
