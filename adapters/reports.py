"""What chats report by themselves, told to the core: rooms made and lost, people gone, messages that never arrive.

Each report has a key, so that one that is repeated has its effect once. Nobody is answered; a report that cannot be
written down is raised, so that the chat sends it again.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.inbound import WITHIN
from adapters.remembering import Reading
from adapters.sinks import SendFailed
from bot.commands.record import DeliveryGaveUp, PersonLeft, RecordRoom, Report, RoomWasLost, RoomWasRenamed
from bot.events import RoomOpened
from bot.incident import Incident, Room
from bot.people import Profile
from bot.policy import ROOM, SECOND_ROOM
from bot.ports import Delivery, Transaction
from bot.posts import OpenRoom, Post, ToAudience, ToPerson
from bot.refs import Address, Identity, Person, chat_of
from bot.subscriptions import KEY as SUBSCRIBED

T = TypeVar("T")

log = logging.getLogger(__name__)


class Records(Protocol):
    """The service, as reports see it."""

    def record(self, report: Report, number: int, key: str, at: datetime) -> None:
        """Decide and write, once per key."""


class Threads(Protocol):
    """The database's threads, and the people it keeps."""

    def write(self, fn: Callable[[], T], /, *, within: float | None = None) -> "Future[T]":
        """Run `fn` where writing is done."""

    def read(self, fn: Callable[[], T], /) -> "Future[T]":
        """Run `fn` where reading is done."""


class People(Protocol):
    """Who the chats' people are."""

    def person_of(self, identity: Identity) -> Person | None:
        """Whose identity that is."""

    def save_profile(self, identity: Identity, profile: Profile) -> None:
        """Keep what a chat says of somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Carries reports across to the writer thread."""

    service: Records
    store: Reading
    people: People
    threads: Threads
    now: Callable[[], datetime]
    """The incident's clock, UTC."""
    hint: Callable[[], None]
    """Tells the outbox that there may be something to send."""

    async def tell(self, report: Report, number: int, key: str, then: Callable[[], object] = lambda: None) -> None:
        """Write it down, within a command's time. Raises what the database raises. `then`: in the same turn, after."""
        moment = self.now()

        def write() -> None:
            self.service.record(report, number, key, moment)
            then()

        await asyncio.wrap_future(self.threads.write(write, within=WITHIN))
        self.hint()

    async def owner(self, address: Address) -> int | None:
        """The number of the incident whose room that is."""
        return await self._read(lambda tx: tx.at_place(address))

    async def rooms(self) -> tuple[Address, ...]:
        """Every room of an incident not yet ended, lost ones too."""
        return await self._read(lambda tx: tuple(room.address for incident in tx.opened() for room in incident.rooms))

    async def room_lost(self, address: Address, reason: str, key: str) -> None:
        """A conversation is gone; one that is no incident's room concerns nobody."""
        number = await self.owner(address)
        if number is not None:
            await self.tell(RoomWasLost(address=address, reason=reason), number, key)

    async def room_renamed(self, address: Address, name: str, key: str) -> None:
        """A conversation has another name."""
        number = await self.owner(address)
        if number is not None:
            await self.tell(RoomWasRenamed(address=address, name=name), number, key)

    async def room_back(self, address: Address, key: str) -> None:
        """A room that was lost can be written to again."""
        number = await self.owner(address)
        incident = await self._incident(number) if number is not None else None
        room = _room(incident, address)
        if incident is not None and room is not None and room.lost:
            await self.tell(_made(room, address), incident.number, key)

    async def room_moved(self, before: Address, after: Address, key: str) -> None:
        """A room has another address: the new one is there before the old one is gone."""
        number = await self.owner(before)
        room = _room(await self._incident(number) if number is not None else None, before)
        if number is None or room is None:
            return
        await self.tell(_made(room, after), number, f"{key}/new")
        await self.tell(RoomWasLost(address=before, reason="it has another address"), number, f"{key}/old")

    async def rooms_in(self, place: Address, *, lost: bool = False) -> tuple[Address, ...]:
        """Rooms of incidents not yet ended that are this conversation, or a thread in it; or those that were lost."""

        def look(tx: Transaction) -> tuple[Address, ...]:
            rooms = (room for incident in tx.opened() for room in incident.rooms if bool(room.lost) is lost)
            return tuple(room.address for room in rooms if room.address.partition(";")[0] == place)

        return await self._read(look)

    async def left_room(self, address: Address, identity: Identity, key: str) -> None:
        """Somebody left a room: roles they hold there are free, unless they are in a room of it in another chat."""
        number, person = await self.owner(address), await self._person(identity)
        if number is None or person is None:
            return
        if not await self._read(lambda tx: _reads_elsewhere(tx, number, person, address)):
            await self.tell(PersonLeft(person=person), number, key)

    async def person_changed(self, identity: Identity, profile: Profile, key: str) -> None:
        """A profile is another. Who is gone gives up their roles everywhere."""
        person = await self._person(identity)
        if person is None:
            return
        await asyncio.wrap_future(self.threads.write(lambda: self.people.save_profile(identity, profile)))
        known = await self._read(lambda tx: tx.profiles((person,)).get(person))
        if known is None or not known.gone:  # gone from one chat, they may still be in the other
            return
        for number in await self._read(lambda tx: _involving(tx, person)):
            report = PersonLeft(person=person, unreachable="their account is switched off")
            await self.tell(report, number, f"{key}/{number}")

    async def room_opened(self, delivery: Delivery, room: RoomOpened, mark: Callable[[], object]) -> None:
        """The answer to `OpenRoom`, however often it comes."""
        report = RecordRoom(address=room.address, name=room.name, url=room.url, own=room.own)
        await self.tell(report, delivery.incident, f"outbox:{delivery.id}:{delivery.revision}:room", mark)

    async def gave_up(self, delivery: Delivery, failed: SendFailed) -> None:
        """A delivery will never arrive. Where its room is gone, that is the news, and it is told once."""
        key = f"outbox:{delivery.id}:{delivery.revision}:gone"
        if not delivery.incident:
            log.warning("somebody was not told", extra={"why": failed.reason})
            return
        if failed.gone == "room" and await self.owner(delivery.address) == delivery.incident:
            await self.tell(RoomWasLost(address=delivery.address, reason=failed.reason), delivery.incident, key)
            return
        await self.tell(gave_up(delivery, failed), delivery.incident, key)

    async def _incident(self, number: int) -> Incident | None:
        return await self._read(lambda tx: tx.load(number))

    async def _person(self, identity: Identity) -> Person | None:
        return await asyncio.wrap_future(self.threads.read(lambda: self.people.person_of(identity)))

    async def _read(self, look: Callable[[Transaction], T]) -> T:
        def read() -> T:
            with self.store.reading() as tx:
                return look(tx)

        return await asyncio.wrap_future(self.threads.read(read))


def gave_up(delivery: Delivery, failed: SendFailed) -> DeliveryGaveUp:
    """What did not arrive, for whom, and why, in the core's words."""
    order = delivery.order
    what = order.key.replace("-", " ")
    if isinstance(order, OpenRoom):
        what = SECOND_ROOM if order.at else ROOM
    to, person, reader = "the room", None, None
    if isinstance(order, Post) and isinstance(order.to, ToAudience):
        to = order.to.name
    if isinstance(order, Post) and isinstance(order.to, ToPerson):
        to, person = str(order.to.person), order.to.person if failed.gone == "person" else None
        reader = order.to.person if order.key.startswith(f"{SUBSCRIBED}:") else None
    return DeliveryGaveUp(what=what, to=to, reason=failed.reason, person=person, subscriber=reader)


def _room(incident: Incident | None, address: Address) -> Room | None:
    rooms = incident.rooms if incident is not None else ()
    return next((room for room in rooms if room.address == address), None)


def _made(room: Room, address: Address) -> RecordRoom:
    return RecordRoom(address=address, name=room.name, url=room.url, own=room.own)


def _reads_elsewhere(tx: Transaction, number: int, person: Person, address: Address) -> bool:
    incident = tx.load(number)
    rooms = incident.rooms if incident is not None else ()
    others = {chat_of(room.address) for room in rooms if not room.lost} - {chat_of(address)}
    return any(chat_of(identity) in others for identity in tx.identities(person))


def _involving(tx: Transaction, person: Person) -> tuple[int, ...]:
    """Incidents not yet ended in which they hold a role, or are to take one over."""
    return tuple(
        incident.number
        for incident in tx.opened()
        if incident.roles_of(person) or any(person in (one.giver, one.taker) for one in incident.handovers)
    )
