"""Who and where the people and rooms are that orders speak of, looked up for many at once."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.cards import Names
from bot.events import Entry
from bot.incident import Room
from bot.plain import people_in, rooms_in
from bot.posts import Invite, Order, Post, ToPerson
from bot.refs import Person
from storage import log
from storage.folds import Folds
from storage.people import families, known_by
from storage.profiles import profile_of
from storage.register import versions_of
from storage.shapes import encoded

OUR_ID = re.compile(r"P-\d{1,18}", re.ASCII)

Ordered = tuple[int, Order]
"""An order with its incident's number."""

Spoken = tuple[frozenset[Person], frozenset[int]]
"""The people and the incidents that an order speaks of."""


def names_of(
    connection: Connection, folds: Folds, orders: Collection[Ordered], unsettled: Collection[int] = ()
) -> Names:
    """Everybody and every room these orders speak of, their own incidents' rooms included."""
    return _names(connection, folds, [_spoken_of(ordered) for ordered in orders], unsettled)


def names_of_each(
    connection: Connection, folds: Folds, orders: Collection[Ordered], unsettled: Collection[int] = ()
) -> tuple[Names, ...]:
    """The same, of each order by itself; looked up together."""
    spoken = [_spoken_of(ordered) for ordered in orders]
    names = _names(connection, folds, spoken, unsettled)
    return tuple(_only(names, people, numbers) for people, numbers in spoken)


def _names(connection: Connection, folds: Folds, spoken: Collection[Spoken], unsettled: Collection[int]) -> Names:
    people = frozenset[Person]().union(*(each for each, _ in spoken))
    numbers = frozenset[int]().union(*(each for _, each in spoken))
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
    versions = versions_of(connection, numbers)
    rooms = _rooms_at(connection, folds, versions, unsettled)
    there = {number: tuple(room for room in each if not room.lost) for number, each in rooms.items()}
    known = families(connection, people)
    named = {person: profile_of(family).name for person, family in known.items()}
    return Names(
        people={person: name for person, name in named.items() if name},
        identities={person: known_by(family) for person, family in known.items()},
        rooms={number: each[0].name for number, each in there.items() if each},
        places={number: tuple(room.address for room in each) for number, each in there.items()},
    )


def _rooms_at(
    connection: Connection, folds: Folds, versions: Mapping[int, int], unsettled: Collection[int]
) -> Mapping[int, tuple[Room, ...]]:
    """Of each incident at its version. It is folded only where its rooms are not remembered."""
    known = {
        number: rooms for number, version in versions.items() if (rooms := folds.rooms(number, version)) is not None
    }
    others = {number: version for number, version in versions.items() if number not in known}
    if not others:
        return known
    found = log.folded_many(connection, folds, others, log.joined(connection, folds), unsettled)
    return {**known, **{number: incident.rooms for number, incident in found.items()}}


def people_named(entries: Iterable[Entry]) -> frozenset[Person]:
    """Everybody who did something in these entries, or to whom something was done."""
    actors = {entry.by for entry in entries if entry.by is not None}
    texts = (text for entry in entries for text in _texts(encoded(entry.event)))
    return frozenset(actors | {Person(text) for text in texts if OUR_ID.fullmatch(text)})


def _only(names: Names, people: frozenset[Person], numbers: frozenset[int]) -> Names:
    return Names(
        people={person: names.people[person] for person in people if person in names.people},
        identities={person: names.identities[person] for person in people if person in names.identities},
        rooms={room: names.rooms[room] for room in numbers if room in names.rooms},
        places={room: names.places[room] for room in numbers if room in names.places},
    )


def _spoken_of(ordered: Ordered) -> Spoken:
    number, order = ordered
    return _people(order), _rooms(number, order)


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
