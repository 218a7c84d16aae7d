"""What became of an attempt. Each record holds only for the attempt that is still the newest (fencing)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.ports import Delivery
from storage.outbox import REVIVED, Urgency, requeued
from storage.tables import ROOM_TO_COME, Lane, State, deliveries

FREE = {"state": State.WAITING, "lease_until": None}


def sent(connection: Connection, delivery: Delivery, ref: str, at: datetime) -> bool:
    """It is out; where a newer look came meanwhile, it goes again as an edit."""
    row = _mine(connection, delivery)
    if row is None:
        return False
    values = {
        "state": State.SENT,
        "lease_until": None,
        "next_attempt_at": None,
        "tried_at": None,
        "withdrawn": False,
        "failures": 0,
        "failing_since": None,
        "error": "",
        "ref": ref or row.ref,
        "sent_at": row.sent_at or at,
    }
    if row.revision > delivery.revision:
        values |= {**requeued(connection, row.incident, at), "urgency": Urgency.EDIT}
    return _write(connection, row, values)


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

    A topic or invitation renewed meanwhile still may.
    """
    row = _mine(connection, delivery)
    if row is None:
        return False
    if row.lane in REVIVED and row.revision > delivery.revision:
        return _write(connection, row, {**requeued(connection, row.incident, at), "lease_until": None})
    ended = {"state": State.DEAD, "lease_until": None, "ended_at": at, "error": error}
    waiting = (deliveries.c.incident == row.incident, deliveries.c.state == State.WAITING)
    if row.lane == Lane.POST and not row.ref:
        pins = (deliveries.c.address == row.address, deliveries.c.lane == Lane.PIN, deliveries.c.thread == row.key)
        connection.execute(update(deliveries).where(*waiting, *pins).values(ended))
    if row.lane == Lane.ROOM:
        connection.execute(update(deliveries).where(*waiting, deliveries.c.address == ROOM_TO_COME).values(ended))
    return _write(connection, row, ended)


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
    wanted = select(deliveries).where(
        deliveries.c.id == delivery.id,
        deliveries.c.state == State.SENDING,
        deliveries.c.attempt == delivery.attempt,
    )
    return connection.execute(wanted.with_for_update()).first()


def _write(connection: Connection, row: Row[Any], values: dict[str, Any]) -> bool:
    connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(values))
    return True
