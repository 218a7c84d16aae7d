"""The writing side of the outbox: what is to be said becomes rows, in the transaction of the events it comes from.

| the row is | and the same key comes again | then |
|---|---|---|
| not there | | it waits; `only_edit`: nothing |
| waiting, being sent | another look | it takes the newer look; being sent, it goes again after |
| sent | another look | it waits again, as an edit |
| dead | a newer topic or invitation, or an edit that no chat refused | it waits again; a message stays dead |
| withheld | anything but `only_edit` | it waits again |
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, or_, select, update

from bot.incident import Incident
from bot.posts import Order, Post, ToPerson
from bot.refs import Address
from storage.codec import decode_order, encode_order, look_alike
from storage.placing import Place, Resolve, places, standing_in
from storage.reviving import REVIVED, lives_on
from storage.tables import ROOM_TO_COME, STATE, UNDER_WAY, Lane, State, deliveries

NO_INCIDENT = 0
"""The number of what concerns none."""

ROOM_WAIT = timedelta(seconds=2)
"""How long a message that would link to the room waits for it."""

_LAST = select(func.max(deliveries.c.queued)).where(deliveries.c.incident == bindparam("n"))
_ONE = update(deliveries).where(deliveries.c.id == bindparam("row"))
_NEW = insert(deliveries)
_THESE = (
    select(deliveries)
    .where(
        deliveries.c.incident == bindparam("n"),
        deliveries.c.address.in_(bindparam("places", expanding=True)),
        deliveries.c.key.in_(bindparam("names", expanding=True)),
    )
    .order_by(deliveries.c.id)
    .with_for_update()  # what becomes of it meanwhile would not know of the newer look
)
_THIS = (
    select(deliveries)
    .where(
        deliveries.c.incident == bindparam("n"),
        deliveries.c.address == bindparam("place"),
        deliveries.c.lane == bindparam("way"),
        deliveries.c.key == bindparam("name"),
    )
    .with_for_update()
)


_BEFORE = (
    select(deliveries.c.id)
    .where(
        deliveries.c.incident == bindparam("n"),
        deliveries.c.address == bindparam("place"),
        deliveries.c.lane == Lane.POST,
        UNDER_WAY,
        deliveries.c.urgency > bindparam("soon"),
        deliveries.c.urgency != bindparam("edit"),
    )
    .order_by(deliveries.c.id)
    .with_for_update()
)
_HASTEN = update(deliveries).where(deliveries.c.id.in_(_BEFORE)).values(urgency=bindparam("soon"))

RANKS = 10
"""Priorities whose reminders are told apart; those of all further ones go together."""


class Urgency(IntEnum):
    """Which rows a relay with much to carry takes first."""

    REMINDER = 0
    """And below: a reminder of the highest priority first of all."""
    NEWS = 1
    EDIT = 2
    CROWD = 3
    """The same words to many people, one message each: nothing waits for them."""


def enqueue(
    connection: Connection, incident: Incident, orders: Iterable[Order], resolve: Resolve, at: datetime
) -> bool:
    """Write what is to be said or done. The incident is as it stands after its newest events.

    Gives whether any of it was new.
    """
    wanted = [(order, place) for order in orders for place in places(connection, incident, order, resolve)]
    return _put(connection, incident, wanted, at)


def tell(connection: Connection, address: Address, post: Post, at: datetime) -> None:
    """Write what one person is told that concerns no incident."""
    assert isinstance(post.to, ToPerson)
    place = Place(lane=Lane.POST, target=post.to.person, address=address, key=post.key)
    _put(connection, Incident(number=NO_INCIDENT), [(post, place)], at)


def give_room(connection: Connection, incident: Incident, address: Address) -> None:
    """What waited for the room goes there now; what stood there before it was lost is edited, though given up."""
    number, at = incident.number, incident.last_at
    assert at is not None, "its room was recorded"
    stood = or_(deliveries.c.lane.in_(REVIVED), (deliveries.c.lane == Lane.POST) & (deliveries.c.ref != ""))
    given_up = update(deliveries).where(_at(number, address), STATE == State.DEAD, stood)
    again = {**requeued(connection, number, at), "urgency": Urgency.EDIT, "revision": deliveries.c.revision + 1}
    connection.execute(given_up.values(again))
    pending = select(deliveries).where(_at(number, ROOM_TO_COME)).order_by(deliveries.c.queued, deliveries.c.id)
    for row in connection.execute(pending.with_for_update()).all():
        place = Place(lane=Lane(row.lane), target=row.target, address=address, key=row.key, thread=row.thread)
        there = _find(connection, number, place)
        if there is None:
            connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(address=address))
            continue
        connection.execute(delete(deliveries).where(deliveries.c.id == row.id))
        waiting = partial(requeued, connection, number, row.queued_at)
        _revise(connection, there, place, decode_order(row.order), waiting)
    untried = (STATE == State.WAITING, deliveries.c.attempt == 0)
    shown = standing_in(address)
    if shown:
        connection.execute(delete(deliveries).where(_at(number, shown), deliveries.c.lane == Lane.POST, *untried))
    connection.execute(update(deliveries).where(deliveries.c.incident == number, *untried).values(next_attempt_at=None))


def requeued(connection: Connection, number: int, at: datetime) -> dict[str, Any]:
    """What makes a row wait anew, behind everything that waits already."""
    return queued_at(next_in_queue(connection, number), at)


def queued_at(place: int, at: datetime) -> dict[str, Any]:
    """What makes a row wait anew at that place among the incident's rows."""
    return {
        "state": State.WAITING,
        "withdrawn": False,
        "queued": place,
        "queued_at": at,
        "next_attempt_at": None,
        "failures": 0,
        "failing_since": None,
        "ended_at": None,
        "error": "",
    }


def next_in_queue(connection: Connection, number: int) -> int:
    """The place behind the incident's last row."""
    return (connection.scalar(_LAST, {"n": number}) or 0) + 1


def content(order: Order) -> dict[str, Any]:
    """What a row says, as its columns."""
    post = order if isinstance(order, Post) else None
    kept: Order = order
    if post and (post.only_edit or post.waits_for_room):  # both speak to enqueue alone
        kept = replace(post, only_edit=False, waits_for_room=False)
    return {
        "order": encode_order(kept),
        "due": post.due if post else None,
        "reminder": post is not None and post.reminder is not None,
    }


def _put(connection: Connection, incident: Incident, wanted: list[tuple[Order, Place]], at: datetime) -> bool:
    """New rows are written together at the end: a declaration has six. Gives whether anything was written."""
    if not wanted:
        return False
    revised: set[tuple[str, str, str]] = set()
    there = _rows(connection, incident.number, [place for _, place in wanted])
    waits = _queue(connection, incident.number, at)
    new: dict[tuple[str, str, str], dict[str, Any]] = {}
    for order, place in wanted:
        name = (place.address, place.lane, place.key)
        if name in new:  # twice in one go: the second is a newer look at the first
            connection.execute(_NEW, [new.pop(name)])
            revised.add(name)
        if name in revised:
            there[name] = _find(connection, incident.number, place)
        row, only_edit = there.get(name), isinstance(order, Post) and order.only_edit
        if row is None:
            if not only_edit:
                new[name] = first_look_of(incident, place, order, waits(), at)
        elif not (only_edit and row.state == State.WITHHELD) and _revise(connection, row, place, order, waits):
            revised.add(name)
    if new:
        connection.execute(_NEW, list(new.values()))
    for order, place in wanted:
        if urgency_of(order) < Urgency.NEWS:
            _hasten(connection, incident.number, place.address, urgency_of(order))
    return bool(revised or new)


def _hasten(connection: Connection, number: int, address: str, soon: int) -> None:
    """What a reminder has to wait for is as urgent as the reminder. Edits it does not wait for."""
    connection.execute(_HASTEN, {"n": number, "place": address, "soon": soon, "edit": Urgency.EDIT})


def _queue(connection: Connection, number: int, at: datetime) -> Callable[[], Mapping[str, Any]]:
    """What makes a row wait anew, each behind the one before. The last place is looked up when the first is needed."""
    places: list[int] = []

    def waits() -> Mapping[str, Any]:
        places.append(places[-1] + 1 if places else next_in_queue(connection, number))
        return queued_at(places[-1], at)

    return waits


def _rows(connection: Connection, number: int, wanted: Iterable[Place]) -> dict[tuple[str, str, str], Row[Any] | None]:
    """The rows that stand at these places."""
    keys, addresses = {place.key for place in wanted}, {place.address for place in wanted}
    named = {"n": number, "places": list(addresses), "names": list(keys)}
    return {(row.address, row.lane, row.key): row for row in connection.execute(_THESE, named)}


def first_look_of(
    incident: Incident, place: Place, order: Order, waiting: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """A new row of that incident. `waiting`: what makes it wait, and where."""
    waits = isinstance(order, Post) and order.waits_for_room and incident.room is None
    return {
        **first_look(incident.number, place, order, waiting),
        "next_attempt_at": at + ROOM_WAIT if waits else None,
    }


def first_look(number: int, place: Place, order: Order, waiting: Mapping[str, Any]) -> dict[str, Any]:
    """A new row. `waiting`: what makes it wait, and where."""
    said = content(order)
    return {
        **waiting,
        **said,
        "incident": number,
        "target": place.target,
        "address": place.address,
        "lane": place.lane,
        "key": place.key,
        "thread": place.thread,
        "revision": 1,
        "urgency": urgency_of(order),
        "attempt": 0,
        "ref": "",
    }


def urgency_of(order: Order) -> int:
    """Of a new message."""
    if not isinstance(order, Post) or order.reminder is None:
        return Urgency.NEWS
    return Urgency.REMINDER - max(0, RANKS - order.rank)


def _revise(
    connection: Connection, row: Row[Any], place: Place, order: Order, requeue: Callable[[], Mapping[str, Any]]
) -> bool:
    values = newer_look(row, place.thread, order, requeue)
    if values:
        connection.execute(_ONE, {**values, "row": row.id})
    return bool(values)


def newer_look(
    row: Row[Any], thread: str, order: Order, requeue: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """What changes in a row whose key comes again; None: nothing. `requeue` gives what makes it wait anew."""
    said = content(order)
    same = row.order == said["order"]
    values = {**said, "thread": thread, "withdrawn": False, "revision": row.revision + 1}
    match row.state:
        case State.WAITING | State.SENDING if same and not row.withdrawn:
            return None
        case State.WAITING | State.SENDING:
            pass
        case State.SENT if not look_alike(row.order, said["order"]):
            values |= {**requeue(), "urgency": Urgency.EDIT}
        case State.DEAD if not same and lives_on(row):
            values |= requeue()
        case State.WITHHELD:
            values |= requeue()
        case _:
            return None
    return values


def _find(connection: Connection, number: int, place: Place) -> Row[Any] | None:
    named = {"n": number, "place": place.address, "way": place.lane, "name": place.key}
    return connection.execute(_THIS, named).first()


def _at(number: int, address: str) -> ColumnElement[bool]:
    return (deliveries.c.incident == number) & (deliveries.c.address == address)
