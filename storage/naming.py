"""Who and where the people and rooms are that orders speak of, looked up for many at once."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from bot.cards import Names
from bot.events import Entry
from bot.plain import people_in, rooms_in
from bot.posts import Invite, Order, Post, ToPerson
from bot.refs import Person
from storage import log
from storage.folds import Folds
from storage.people import identities_of, profiles
from storage.shapes import encoded
from storage.tables import incidents

OUR_ID = re.compile(r"P-\d{1,18}", re.ASCII)

Ordered = tuple[int, Order]
"""An order with its incident's number."""


def names_of(
    connection: Connection, folds: Folds, orders: Collection[Ordered], unsettled: Collection[int] = ()
) -> Names:
    """Everybody and every room these orders speak of, their own incidents' rooms included."""
    people = frozenset[Person]().union(*(_people(order) for _, order in orders))
    numbers = frozenset[int]().union(*(_rooms(number, order) for number, order in orders))
    return names_for(connection, folds, people, numbers, unsettled)


def names_for(
    connection: Connection,
    folds: Folds,
    people: Iterable[Person],
    numbers: Iterable[int],
    unsettled: Collection[int] = (),
) -> Names:
    """What these people, and the rooms of these incidents, are called and where they are.

    `unsettled`: incidents this transaction wrote to, and may yet roll back.
    """
    asked = tuple(people)
    wanted = select(incidents.c.number, incidents.c.version).where(incidents.c.number.in_(tuple(numbers)))
    rows = connection.execute(wanted).all()
    found = [log.folded(connection, folds, row.number, row.version, keep=row.number not in unsettled) for row in rows]
    known = profiles(connection, asked)
    return Names(
        people={person: profile.name for person, profile in known.items() if profile.name},
        identities=identities_of(connection, asked),
        rooms={incident.number: incident.room.name for incident in found if incident.room},
        places={incident.number: tuple(room.address for room in incident.rooms if not room.lost) for incident in found},
    )


def people_named(entries: Iterable[Entry]) -> frozenset[Person]:
    """Everybody who did something in these entries, or to whom something was done."""
    actors = {entry.by for entry in entries if entry.by is not None}
    texts = (text for entry in entries for text in _texts(encoded(entry.event)))
    return frozenset(actors | {Person(text) for text in texts if OUR_ID.fullmatch(text)})


def only_for(names: Names, ordered: Ordered) -> Names:
    """Of these names, what that one order speaks of."""
    number, order = ordered
    people, numbers = _people(order), _rooms(number, order)
    return Names(
        people={person: name for person, name in names.people.items() if person in people},
        identities={person: known for person, known in names.identities.items() if person in people},
        rooms={room: name for room, name in names.rooms.items() if room in numbers},
        places={room: places for room, places in names.places.items() if room in numbers},
    )


def _people(order: Order) -> frozenset[Person]:
    if isinstance(order, Invite):
        return frozenset(order.people)
    if not isinstance(order, Post):
        return frozenset()
    addressed = {order.to.person} if isinstance(order.to, ToPerson) else set[Person]()
    return people_in(order.card) | addressed


def _rooms(number: int, order: Order) -> frozenset[int]:
    linked = rooms_in(order.card) if isinstance(order, Post) else frozenset[int]()
    return linked | {number}


def _texts(data: Any) -> Iterator[str]:
    """Every string inside a JSON value."""
    match data:
        case str():
            yield data
        case dict():
            for item in data.values():
                yield from _texts(item)
        case list():
            for item in data:
                yield from _texts(item)
        case _:
            return
