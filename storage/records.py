"""What became of an attempt. Each record holds only for the attempt that is still the newest (fencing)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.ports import Arrival, Delivery
from bot.posts import OpenRoom
from storage.outbox import Urgency, requeued
from storage.reviving import lives_on
from storage.tables import ROOM_TO_COME, STATE, Lane, State, deliveries

FREE = {"state": State.WAITING, "lease_until": None}

_ONE = update(deliveries).where(deliveries.c.id == bindparam("row"))
_MINE = (
    select(deliveries)
    .where(
        deliveries.c.id == bindparam("row"),
        deliveries.c.state == State.SENDING,
        deliveries.c.attempt == bindparam("ours"),
    )
    .with_for_update()
)
_GOING = (
    select(*(deliveries.c[name] for name in ("id", "incident", "attempt", "revision", "ref", "sent_at")))
    .where(deliveries.c.id.in_(bindparam("rows", expanding=True)), STATE == State.SENDING)
    .with_for_update()
)
_GOING_AND_FREE = _GOING.with_for_update(skip_locked=True)
_SENT = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("row"))
    .values(
        state=State.SENT,
        lease_until=None,
        next_attempt_at=None,
        tried_at=None,
        withdrawn=False,
        failures=0,
        failing_since=None,
        error="",
        ref=bindparam("name"),
        sent_at=bindparam("first"),
    )
)


def sent(connection: Connection, arrivals: Collection[Arrival]) -> tuple[bool, ...]:
    """They are out; where a newer look came meanwhile, it goes again as an edit. Which of them were ours to tell of.

    Of several, those that another has locked are passed over: who holds one row and waits for the next could wait for
    whoever has that one and wants the first.
    """
    wanted = _GOING if len(arrivals) == 1 else _GOING_AND_FREE
    going = connection.execute(wanted, {"rows": [one.delivery.id for one in arrivals]})
    rows = {(row.id, row.attempt): row for row in going}
    ours = [(one, row) for one in arrivals if (row := rows.get((one.delivery.id, one.delivery.attempt)))]
    if ours:
        values = [{"row": row.id, "name": one.ref or row.ref, "first": row.sent_at or one.at} for one, row in ours]
        connection.execute(_SENT, values)
    for one, row in ours:
        if row.revision > one.delivery.revision:
            _write(connection, row, {**requeued(connection, row.incident, one.at), "urgency": Urgency.EDIT})
    return tuple((one.delivery.id, one.delivery.attempt) in rows for one in arrivals)


def retry(
    connection: Connection,
    delivery: Delivery,
    at: datetime,
    not_before: datetime,
    error: str,
    *,
    unknown: bool,
    counts: bool,
) -> bool:
    """It goes again at `not_before`; one that no longer holds and certainly did not arrive is withheld instead."""
    row = _mine(connection, delivery)
    if row is None:
        return False
    values: dict[str, Any] = {**FREE, "next_attempt_at": not_before, "error": error}
    if counts:
        values |= {"failures": row.failures + 1, "failing_since": row.failing_since or at}
    if unknown:
        values["tried_at"] = row.tried_at or row.claimed_at
    elif row.withdrawn:
        values |= {"state": State.WITHHELD, "ended_at": at}
    return _write(connection, row, values)


def dead(connection: Connection, delivery: Delivery, at: datetime, error: str) -> bool:
    """It will never arrive, and neither will what hangs on it: a pin of it, or everything that waits for that room.

    What was renewed meanwhile may live on.
    """
    row = _mine(connection, delivery)
    if row is None:
        return False
    if lives_on(row) and row.revision > delivery.revision:
        return _write(connection, row, {**requeued(connection, row.incident, at), "lease_until": None})
    ended = {"state": State.DEAD, "lease_until": None, "ended_at": at, "error": error}
    waiting = (deliveries.c.incident == row.incident, STATE == State.WAITING)
    if row.lane == Lane.POST and not row.ref:
        pins = (deliveries.c.address == row.address, deliveries.c.lane == Lane.PIN, deliveries.c.thread == row.key)
        connection.execute(update(deliveries).where(*waiting, *pins).values(ended))
    if row.lane == Lane.ROOM and not _is_second(delivery):
        connection.execute(update(deliveries).where(*waiting, deliveries.c.address == ROOM_TO_COME).values(ended))
    return _write(connection, row, ended)


def _is_second(delivery: Delivery) -> bool:
    """Whether a room of its own is to come all the same."""
    return isinstance(delivery.order, OpenRoom) and bool(delivery.order.at)


def release(connection: Connection, delivery: Delivery) -> None:
    """Not tried after all: it may go at once, unless it no longer holds."""
    row = _mine(connection, delivery)
    if row is None:
        return
    values = {**FREE, "next_attempt_at": None}
    if row.withdrawn and row.tried_at is None:
        values |= {"state": State.WITHHELD, "ended_at": row.claimed_at}
    _write(connection, row, values)


def _mine(connection: Connection, delivery: Delivery) -> Row[Any] | None:
    """The row, if this attempt still has it."""
    return connection.execute(_MINE, {"row": delivery.id, "ours": delivery.attempt}).first()


def _write(connection: Connection, row: Row[Any], values: dict[str, Any]) -> bool:
    connection.execute(_ONE, {**values, "row": row.id})
    return True
