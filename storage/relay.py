"""The outbox as the one who carries it out sees it."""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select, update

from bot.cards import Names
from bot.ports import Arrival, Delivery
from bot.posts import OpenRoom, Order
from bot.refs import Address
from storage import claims, records
from storage.codec import decode_order
from storage.folds import Folds
from storage.naming import names_of_each
from storage.sessions import Sessions
from storage.shapes import CannotDecode
from storage.tables import Lane, State, deliveries, incidents, meta
from storage.upserts import insert_new

log = logging.getLogger(__name__)

SALT = "token salt"

EVER = datetime.max.replace(tzinfo=UTC)
"""After the end of every lease."""

LATER = timedelta(seconds=60)
"""For so long a row that only a newer release can read is left to it."""

parent = deliveries.alias("parent")
_ANSWERS = and_(
    parent.c.incident == deliveries.c.incident,
    parent.c.address == deliveries.c.address,
    parent.c.lane == Lane.POST,
    parent.c.key == deliveries.c.thread,
)
_ROWS = (
    select(
        deliveries,
        func.coalesce(incidents.c.private, True).label("private"),  # what concerns none is for one person alone
        func.coalesce(parent.c.ref, "").label("thread_ref"),
    )
    .select_from(
        deliveries.outerjoin(incidents, incidents.c.number == deliveries.c.incident).outerjoin(parent, _ANSWERS)
    )
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
)
_SALT = select(meta.c.value).where(meta.c.name == SALT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRelay:
    """Implements `bot.ports.Relay`. Every method is one transaction."""

    sessions: Sessions
    folds: Folds

    def claim(self, now: datetime, limit: int, lease: timedelta, without: Collection[str] = ()) -> tuple[Delivery, ...]:
        """Rows that may go now, the first of each (incident, address, lane). For `lease` each is nobody else's.

        `without`: chats to leave out, as their addresses begin (`slack`).
        """
        with self.sessions.writing() as connection:
            claims.take_back(connection, now)
            ids = claims.pick(connection, now, limit, without)
            ours = claims.mark(connection, ids, now, lease) if ids else ()
            unsettled = self.sessions.unsettled()
            return _deliveries(connection, self.folds, ours, now, unsettled) if ours else ()

    def recover(self) -> None:
        """At the start: on SQLite we are the only process, and whatever is being sent was a dead one's.

        On a server it may be another's that lives: there each lease has to end.
        """
        with self.sessions.writing() as connection:
            if connection.dialect.name == "sqlite":
                claims.take_back(connection, EVER)

    def sent(self, delivery: Delivery, ref: str, at: datetime) -> bool:
        """It is out. False where the claim had passed to another attempt."""
        return self.all_sent([Arrival(delivery=delivery, ref=ref, at=at)])[0]

    def all_sent(self, arrivals: Sequence[Arrival]) -> tuple[bool, ...]:
        """The same of several, written down together. False as well where another has the row: `sent` waits for it."""
        with self.sessions.writing() as connection:
            return records.sent(connection, arrivals)

    def retry(
        self, delivery: Delivery, *, at: datetime, not_before: datetime, error: str, unknown: bool, counts: bool
    ) -> bool:
        """It goes again at `not_before`. `unknown`: it may have arrived. `counts` False: told to wait.

        False where the claim had passed to another attempt.
        """
        with self.sessions.writing() as connection:
            return records.retry(connection, delivery, at, not_before, error, unknown=unknown, counts=counts)

    def dead(self, delivery: Delivery, *, at: datetime, error: str) -> bool:
        """It will never arrive. False where the claim had passed to another attempt."""
        with self.sessions.writing() as connection:
            return records.dead(connection, delivery, at, error)

    def release(self, delivery: Delivery) -> None:
        """Not tried after all: it may go at once."""
        with self.sessions.writing() as connection:
            records.release(connection, delivery)

    def wake_at(self, without: Collection[str] = ()) -> datetime | None:
        """The earliest moment at which a row may go, chats in `without` left out; None: nothing waits.

        A moment in the past means at once.
        """
        with self.sessions.reading() as connection:
            return claims.next_moment(connection, without)

    def depth(self) -> tuple[int, datetime | None]:
        """How many rows wait or are being sent, and since when the oldest."""
        going = deliveries.c.state.in_((State.WAITING, State.SENDING))
        with self.sessions.reading() as connection:
            count, oldest = connection.execute(
                select(func.count(), func.min(deliveries.c.queued_at)).where(going)
            ).one()
        return count, oldest


def _deliveries(
    connection: Connection, folds: Folds, ids: Collection[int], now: datetime, unsettled: Collection[int]
) -> tuple[Delivery, ...]:
    """The rows as deliveries, in the order of their ids as given. `unsettled`: incidents whose newest may be undone."""
    readable: list[tuple[Row[Any], Order]] = []
    for row in _rows(connection, ids):
        try:
            readable.append((row, decode_order(row.order)))
        except CannotDecode:
            _leave(connection, row.id, now)
    names = names_of_each(connection, folds, [(row.incident, order) for row, order in readable], unsettled)
    salt = _salt(connection)
    return tuple(_delivery(row, order, each, salt) for (row, order), each in zip(readable, names, strict=True))


def _rows(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    places = {number: place for place, number in enumerate(ids)}
    return sorted(connection.execute(_ROWS, {"ids": list(ids)}), key=lambda row: places[row.id])


def _delivery(row: Row[Any], order: Order, names: Names, salt: bytes) -> Delivery:
    return Delivery(
        id=row.id,
        incident=row.incident,
        private=row.private,
        address=Address(row.address),
        order=replace(order, private=True) if row.private and isinstance(order, OpenRoom) else order,
        attempt=row.attempt,
        revision=row.revision,
        ref=row.ref,
        thread_ref=row.thread_ref,
        tried_at=row.tried_at,
        token=_token(salt, str(row.id)),
        thread_token=_token(salt, f"{row.incident} {row.target}"),
        queued_at=row.queued_at,
        names=names,
        failures=row.failures,
        failing_since=row.failing_since,
        withdrawn=row.withdrawn,
    )


def _token(salt: bytes, of: str) -> str:
    return hmac.new(salt, of.encode(), hashlib.sha256).hexdigest()[:32]


def _leave(connection: Connection, number: int, now: datetime) -> None:
    log.error("a delivery can be read by a newer release only", extra={"delivery": number})
    later = {**records.FREE, "next_attempt_at": now + LATER}
    connection.execute(update(deliveries).where(deliveries.c.id == number).values(later))


def _salt(connection: Connection) -> bytes:
    """What makes this database's tokens its own; drawn once and kept."""
    found: str | None = connection.scalar(_SALT)
    if found is None:
        insert_new(connection, meta, {"name": SALT, "value": secrets.token_hex(32)})
        found = connection.scalar(_SALT)
    return (found or "").encode()
