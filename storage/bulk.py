"""What many incidents have to say, written to the outbox together; the rules are those of `storage.outbox`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, insert, select, update

from bot.incident import Incident
from bot.posts import Order, Post, ToPerson
from bot.refs import Address, Identity, Person
from storage import crowds
from storage.outbox import Urgency, first_look_of, newer_look, queued_at, urgency_of
from storage.people import identities_of
from storage.placing import Place, Resolve, places
from storage.tables import UNDER_WAY, Lane, State, deliveries

_ROW = "row"
_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_THERE = (
    select(deliveries)
    .where(deliveries.c.incident.in_(_NUMBERS), deliveries.c.key.in_(bindparam("names", expanding=True)))
    .order_by(deliveries.c.id)
    .with_for_update()  # what becomes of it meanwhile would not know of the newer look
)
_LAST = (
    select(deliveries.c.incident, func.max(deliveries.c.queued).label("queued"))
    .where(deliveries.c.incident.in_(_NUMBERS))
    .group_by(deliveries.c.incident)
)
_WAITING = (
    select(deliveries.c.id, deliveries.c.incident, deliveries.c.address, deliveries.c.urgency)
    .where(
        deliveries.c.incident.in_(_NUMBERS),
        deliveries.c.lane == Lane.POST,
        UNDER_WAY,
        deliveries.c.urgency != Urgency.EDIT,
    )
    .order_by(deliveries.c.id)
    .with_for_update()
)
_NEW = insert(deliveries)
_ONE = update(deliveries).where(deliveries.c.id == bindparam(_ROW))

Name = tuple[int, str, str, str]
"""Of a row: incident, address, lane, key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one incident has to say or do, as it stands after its newest events."""

    incident: Incident
    orders: tuple[Order, ...]
    resolve: Resolve
    at: datetime


Placed = tuple[Said, list[tuple[Order, Place]]]
"""The same with the rows it becomes."""


def enqueue(connection: Connection, said: Sequence[Said]) -> bool:
    """Write it, of each incident once. Gives whether any of it was new."""
    if not said:
        return False
    there, ways = _there(connection, said), _ways(connection, said)
    alone, placed = list[Said](), list[Placed]()
    for one in said:
        wanted = [(order, place) for order in one.orders for place in _places(connection, one, order, there, ways)]
        if len({(place.address, place.lane, place.key) for _, place in wanted}) < len(wanted) or crowds.any_in(
            one.orders
        ):
            alone.append(one)
        else:
            placed.append((one, wanted))
    written = [crowds.enqueue(connection, one.incident, one.orders, one.resolve, one.at) for one in alone]
    return any([*written, _put(connection, placed, there)])


def _places(
    connection: Connection,
    said: Said,
    order: Order,
    there: Mapping[Name, Row[Any]],
    ways: Mapping[Person, tuple[Identity, ...]],
) -> Iterable[Place]:
    if not isinstance(order, Post) or not isinstance(order.to, ToPerson):
        return places(connection, said.incident, order, said.resolve)
    known = ways.get(order.to.person, ())
    told = (name for name in known if (said.incident.number, name, Lane.POST, order.key) in there)
    address = next(told, next(iter(known), None))
    if address is None:
        return ()
    return (
        Place(lane=Lane.POST, target=order.to.person, address=Address(address), key=order.key, thread=order.thread),
    )


def _put(connection: Connection, placed: Sequence[Placed], there: Mapping[Name, Row[Any]]) -> bool:
    new: list[Mapping[str, Any]] = []
    changed: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    last = _last(connection, [said for said, _ in placed])
    for said, wanted in placed:
        waits = _queue(last.get(said.incident.number, 0), said.at)
        for order, place in wanted:
            row = there.get((said.incident.number, place.address, place.lane, place.key))
            only_edit = isinstance(order, Post) and order.only_edit
            if row is None:
                if not only_edit:
                    new.append(first_look_of(said.incident, place, order, waits(), said.at))
            elif not (only_edit and row.state == State.WITHHELD):
                values = newer_look(row, place.thread, order, waits)
                if values:
                    changed.setdefault(tuple(sorted(values)), []).append({**values, _ROW: row.id})
    for rows in changed.values():
        connection.execute(_ONE, rows)
    if new:
        connection.execute(_NEW, new)
    _hasten(connection, placed)
    return bool(new or changed)


def _hasten(connection: Connection, placed: Sequence[Placed]) -> None:
    """What a reminder has to wait for is as urgent as the reminder."""
    soon: dict[tuple[int, str], int] = {}
    for said, wanted in placed:
        for order, place in wanted:
            lane, urgency = (said.incident.number, place.address), urgency_of(order)
            if urgency < Urgency.NEWS:
                soon[lane] = min(urgency, soon.get(lane, urgency))
    if not soon:
        return
    waiting = connection.execute(_WAITING, {"numbers": list({number for number, _ in soon})})
    late = [
        {_ROW: row.id, "urgency": urgency}
        for row in waiting
        if (urgency := soon.get((row.incident, row.address), row.urgency)) < row.urgency
    ]
    if late:
        connection.execute(_ONE, late)


def _queue(last: int, at: datetime) -> Callable[[], Mapping[str, Any]]:
    """What makes a row wait anew, each behind the one before."""
    places = count(last + 1)
    return lambda: queued_at(next(places), at)


def _there(connection: Connection, said: Iterable[Said]) -> Mapping[Name, Row[Any]]:
    keys = {order.key for one in said for order in one.orders}
    named = {"numbers": [one.incident.number for one in said], "names": list(keys)}
    return {(row.incident, row.address, row.lane, row.key): row for row in connection.execute(_THERE, named)}


def _ways(connection: Connection, said: Iterable[Said]) -> Mapping[Person, tuple[Identity, ...]]:
    posts = (order for one in said for order in one.orders if isinstance(order, Post))
    people = {post.to.person for post in posts if isinstance(post.to, ToPerson)}
    return identities_of(connection, people) if people else {}


def _last(connection: Connection, said: Iterable[Said]) -> Mapping[int, int]:
    """The last place in the queue of each incident."""
    rows = connection.execute(_LAST, {"numbers": [one.incident.number for one in said]})
    return {row.incident: row.queued for row in rows}
