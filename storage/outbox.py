"""The writing side of the outbox: what is to be said becomes rows, in the transaction of the events it comes from.

| the row is | and the same key comes again | then |
|---|---|---|
| not there | | it waits; `only_edit`: nothing |
| waiting, being sent | another look | it takes the newer look; being sent, it goes again after |
| sent | another look | it waits again, as an edit |
| dead | a newer topic or invitation | it waits again; a message stays dead |
| withheld | anything but `only_edit` | it waits again |
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from bot.incident import Incident
from bot.posts import Order, Post
from bot.refs import Address
from storage.codec import decode_order, encode_order
from storage.placing import Place, Resolve, places
from storage.tables import ROOM_TO_COME, Lane, State, deliveries

ROOM_WAIT = timedelta(seconds=2)
"""How long a message that would link to the room waits for it."""

REVIVED = frozenset({Lane.TOPIC, Lane.INVITE})
"""Lanes in which newer content goes out although older content could not."""


class Urgency(IntEnum):
    """Which rows a relay with much to carry takes first."""

    REMINDER = 0
    NEWS = 1
    EDIT = 2


def enqueue(
    connection: Connection, incident: Incident, orders: Iterable[Order], resolve: Resolve, at: datetime
) -> None:
    """Write what is to be said or done. The incident is as it stands after its newest events."""
    for order in orders:
        for place in places(connection, incident, order, resolve):
            _put(connection, incident, place, order, at)


def give_room(connection: Connection, incident: Incident, address: Address) -> None:
    """What waited for the room goes there now; what was there before an earlier room was lost is edited."""
    number = incident.number
    pending = select(deliveries).where(_at(number, ROOM_TO_COME)).order_by(deliveries.c.queued, deliveries.c.id)
    for row in connection.execute(pending).all():
        place = Place(lane=Lane(row.lane), target=row.target, address=address, key=row.key, thread=row.thread)
        there = _find(connection, number, place)
        if there is None:
            connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(address=address))
            continue
        connection.execute(delete(deliveries).where(deliveries.c.id == row.id))
        _revise(connection, there, place, decode_order(row.order), row.queued_at)
    untried = (deliveries.c.state == State.WAITING, deliveries.c.attempt == 0)
    connection.execute(update(deliveries).where(deliveries.c.incident == number, *untried).values(next_attempt_at=None))


def requeued(connection: Connection, number: int, at: datetime) -> dict[str, Any]:
    """What makes a row wait anew, behind everything that waits already."""
    return {
        "state": State.WAITING,
        "withdrawn": False,
        "queued": next_in_queue(connection, number),
        "queued_at": at,
        "next_attempt_at": None,
        "failures": 0,
        "failing_since": None,
        "ended_at": None,
        "error": "",
    }


def next_in_queue(connection: Connection, number: int) -> int:
    """The place behind the incident's last row."""
    last = select(func.max(deliveries.c.queued)).where(deliveries.c.incident == number)
    return (connection.scalar(last) or 0) + 1


def content(order: Order) -> dict[str, Any]:
    """What a row says, as its columns."""
    post = order if isinstance(order, Post) else None
    kept = replace(post, only_edit=False, waits_for_room=False) if post else order  # both speak to enqueue alone
    return {
        "order": encode_order(kept),
        "due": post.due if post else None,
        "reminder": post is not None and post.reminder is not None,
    }


def _put(connection: Connection, incident: Incident, place: Place, order: Order, at: datetime) -> None:
    only_edit = isinstance(order, Post) and order.only_edit
    there = _find(connection, incident.number, place)
    if there is None:
        if not only_edit:
            _insert(connection, incident, place, order, at)
    elif not (only_edit and there.state == State.WITHHELD):
        _revise(connection, there, place, order, at)


def _insert(connection: Connection, incident: Incident, place: Place, order: Order, at: datetime) -> None:
    said = content(order)
    waits = isinstance(order, Post) and order.waits_for_room and incident.room is None
    values = {
        **requeued(connection, incident.number, at),
        **said,
        "incident": incident.number,
        "target": place.target,
        "address": place.address,
        "lane": place.lane,
        "key": place.key,
        "thread": place.thread,
        "revision": 1,
        "urgency": Urgency.REMINDER if said["reminder"] else Urgency.NEWS,
        "attempt": 0,
        "next_attempt_at": at + ROOM_WAIT if waits else None,
        "ref": "",
    }
    connection.execute(insert(deliveries).values(values))


def _revise(connection: Connection, row: Row[Any], place: Place, order: Order, at: datetime) -> None:
    said = content(order)
    same = row.order == said["order"]
    values = {**said, "thread": place.thread, "withdrawn": False, "revision": row.revision + 1}
    match row.state:
        case State.WAITING | State.SENDING if same and not row.withdrawn:
            return
        case State.WAITING | State.SENDING:
            pass
        case State.SENT if not same:
            values |= {**requeued(connection, row.incident, at), "urgency": Urgency.EDIT}
        case State.DEAD if not same and row.lane in REVIVED:
            values |= requeued(connection, row.incident, at)
        case State.WITHHELD:
            values |= requeued(connection, row.incident, at)
        case _:
            return
    connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(values))


def _find(connection: Connection, number: int, place: Place) -> Row[Any] | None:
    named = (deliveries.c.lane == place.lane, deliveries.c.key == place.key)
    return connection.execute(select(deliveries).where(_at(number, place.address), *named)).first()


def _at(number: int, address: str) -> ColumnElement[bool]:
    return (deliveries.c.incident == number) & (deliveries.c.address == address)
