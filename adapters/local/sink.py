"""The try-out chat as the outbox sees it: what is said becomes a row of its memory, once, and open pages hear of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from adapters.local import render
from adapters.local.across import Across
from adapters.local.addresses import address, person, place
from adapters.local.kept import Chat
from adapters.local.wire import packed
from adapters.sinks import Delivered, SendFailed
from adapters.visible import one_line
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import Invite, OpenRoom, Pin, Post, SetTopic
from bot.refs import Address

CARD = "card"
MOST_NAMES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSink:
    """The chat's way out."""

    chat: Chat
    across: Across
    changed: Callable[[], None]
    """Tells open pages that something is new."""

    async def deliver(self, delivery: Delivery, at: datetime) -> Delivered:
        """Do what the order asks. `at` is the moment of sending on the incident's clock. Raises SendFailed."""
        work = _work(self.chat, delivery, at)
        try:
            done = await self.across.write(work)
        except LookupError as fault:
            raise SendFailed(f"{fault.args[0]} in the try-out chat", permanent=True, gone="room") from None
        self.changed()
        return done

    async def find(self, delivery: Delivery) -> str | None:
        """The reference of a message that an earlier attempt may have sent; None: not there."""
        found = await self.across.read(lambda: self.chat.said_with(delivery.token))
        return None if found is None else str(found)


def _work(chat: Chat, delivery: Delivery, at: datetime) -> Callable[[], Delivered]:
    order = delivery.order
    match order:
        case Post():
            return lambda: _post(chat, delivery, order, at)
        case OpenRoom():
            return lambda: _open(chat, delivery, order)
        case SetTopic():
            return lambda: _done(delivery, there=chat.set_topic(_address(delivery), one_line(order.text), order.name))
        case Invite():
            return lambda: _invite(chat, delivery, order)
        case Pin():
            return lambda: _done(delivery, there=chat.pin(_address(delivery), int(delivery.thread_ref or 0)))
        case _:
            assert_never(order)


def _post(chat: Chat, delivery: Delivery, order: Post, at: datetime) -> Delivered:
    data = packed(render.message(order.card, at, delivery.names))
    if delivery.ref and (chat.edit(int(delivery.ref), data) or order.only_edit):
        return Delivered(ref=delivery.ref)
    said = chat.say(
        _address(delivery),
        kind=CARD,
        data=data,
        at=at,
        thread=int(delivery.thread_ref) if delivery.thread_ref else None,
        broadcast=order.broadcast,
        token=delivery.token,
    )
    return Delivered(ref=str(said))


def _open(chat: Chat, delivery: Delivery, order: OpenRoom) -> Delivered:
    """Make the room; an earlier attempt's is found by its token."""
    if order.at:
        raise LookupError("an incident has one room")
    suffixes = ("", *(f"-{count}" for count in range(2, MOST_NAMES + 1)))
    room = chat.make_room([f"{order.name}{suffix}" for suffix in suffixes], private=order.private, token=delivery.token)
    return Delivered(ref=room.name, room=RoomOpened(address=room.address, name=room.name, url=""))


def _invite(chat: Chat, delivery: Delivery, order: Invite) -> Delivered:
    """Bring people in. User groups are another chat's."""
    chat.join(_address(delivery), tuple(_people(delivery, order)))
    return Delivered(ref=delivery.address)


def _people(delivery: Delivery, order: Invite) -> Iterator[str]:
    for one in order.people:
        yield from filter(None, (person(known) for known in delivery.names.identities.get(one, ())))


def _done(delivery: Delivery, *, there: bool) -> Delivered:
    if not there:
        raise LookupError(f"there is no {place(delivery.address)}")
    return Delivered(ref=delivery.thread_ref or delivery.address)


def _address(delivery: Delivery) -> Address:
    """As the chat keeps it: a policy may write a `#` before a channel's name."""
    return address(place(delivery.address))
