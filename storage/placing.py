"""Where an order goes: a target becomes addresses, and an order its lane."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import Connection, select

from bot.incident import Incident
from bot.policy import ROOM
from bot.posts import Invite, OpenRoom, Order, Pin, Post, SetTopic, ToAudience, ToPerson, ToRoom
from bot.refs import Address, Person, chat_of
from storage.people import address_of, identities_of
from storage.tables import ROOM_TO_COME, Lane, deliveries

ITS_POST = ";"
"""Parts, in an address, a conversation from a post of our own in it, whose thread is the room."""

Resolve = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row an order becomes."""

    lane: Lane
    target: str
    """As people know it: `room`, an audience, a person's id."""
    address: str
    key: str
    thread: str = ""
    """The key of the message at the same address that it replies to, or pins."""


def places(connection: Connection, incident: Incident, order: Order, resolve: Resolve) -> tuple[Place, ...]:
    """The rows an order becomes; none where nobody can be reached."""
    match order:
        case Post():
            return tuple(_posts(connection, incident, order, resolve))
        case OpenRoom():
            chat = order.at or _chat_for_room(connection, incident)
            return (Place(lane=Lane.ROOM, target=ROOM, address=chat, key=order.key),) if chat else ()
        case SetTopic():
            return _in_rooms(incident, Lane.TOPIC, order.key)
        case Invite():
            return _in_rooms(incident, Lane.INVITE, order.key)
        case Pin():
            return _in_rooms(incident, Lane.PIN, order.key, order.of)
        case _:
            assert_never(order)


def _posts(connection: Connection, incident: Incident, post: Post, resolve: Resolve) -> Iterator[Place]:
    match post.to:
        case ToRoom():
            yield from _in_rooms(incident, Lane.POST, post.key, post.thread)
        case ToAudience(name=name):
            rooms = {room.address for room in incident.rooms}
            shown = {standing_in(room.address) for room in incident.rooms if not room.lost}
            for address in dict.fromkeys(resolve(name)):
                if address not in rooms and (post.only_edit or address not in shown):
                    yield Place(lane=Lane.POST, target=name, address=address, key=post.key, thread=post.thread)
        case ToPerson(person=person):
            told_at = _told_at(connection, incident, person, post.key)
            if told_at:
                yield Place(lane=Lane.POST, target=person, address=told_at, key=post.key, thread=post.thread)
        case _:
            assert_never(post.to)


def standing_in(room: Address) -> str:
    """The conversation that shows the room's card as a post; empty where there is none.

    A post of the announcement beside it would say the same again, and a reply to that what the room's thread says. What
    was said before the room was there is kept true. A thread under the announcement itself is no such post.
    """
    place, mark, _ = room.partition(ITS_POST)
    return place if mark else ""


def _in_rooms(incident: Incident, lane: Lane, key: str, thread: str = "") -> tuple[Place, ...]:
    """One for each room that is there; while there is none, one for the room to come if one is to come."""
    found = tuple(room.address for room in incident.rooms if not room.lost)
    to_come = () if incident.roomless else (ROOM_TO_COME,)
    return tuple(Place(lane=lane, target=ROOM, address=address, key=key, thread=thread) for address in found or to_come)


def _told_at(connection: Connection, incident: Incident, person: Person, key: str) -> Address | None:
    """Where that very message went already, whichever chat the person uses now; else the chat they used last."""
    known = identities_of(connection, (person,)).get(person, ())
    wanted = select(deliveries.c.address).where(
        deliveries.c.incident == incident.number,
        deliveries.c.address.in_(known),
        deliveries.c.lane == Lane.POST,
        deliveries.c.key == key,
    )
    found = connection.scalar(wanted.limit(1)) if known else None
    return found or next(map(Address, known), None)


def _chat_for_room(connection: Connection, incident: Incident) -> str:
    """The workspace a room is made in, `slack:T1`: where it was declared, else where its declarer is known."""
    place = incident.place
    if place is None and incident.declared_by is not None:
        place = address_of(connection, incident.declared_by)
    return _workspace(place) if place else ""


def _workspace(place: Address) -> str:
    return place.partition("/")[0] or chat_of(place)
