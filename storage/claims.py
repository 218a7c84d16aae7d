"""Which rows of the outbox may go now.

Of one incident at one address, the rows of one lane go one at a time and in order. A row that tries in vain for a
minute lets the others pass. A pin waits for its message. A reply needs no rule of its own: what it replies to is
earlier in the same lane.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from storage.tables import ROOM_TO_COME, Lane, State, deliveries

HOLD = timedelta(seconds=60)
"""For so long a row that tries in vain holds up its followers."""

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)

mine = deliveries.alias("mine")
other = deliveries.alias("beside")
parent = deliveries.alias("parent")

IN_LANE = and_(
    other.c.incident == mine.c.incident,
    other.c.address == mine.c.address,
    other.c.lane == mine.c.lane,
    other.c.id != mine.c.id,
)
EARLIER = or_(other.c.queued < mine.c.queued, and_(other.c.queued == mine.c.queued, other.c.id < mine.c.id))
PINNABLE = or_(
    mine.c.lane != Lane.PIN,
    select(literal(1))
    .where(
        parent.c.incident == mine.c.incident,
        parent.c.address == mine.c.address,
        parent.c.lane == Lane.POST,
        parent.c.key == mine.c.thread,
        parent.c.ref != "",
    )
    .exists(),
)


def take_back(connection: Connection, now: datetime) -> None:
    """Rows whose lease has ended wait again: whoever had them may have sent them, nobody knows."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.state == State.SENDING, deliveries.c.lease_until < now)
        .values(
            state=State.WAITING,
            lease_until=None,
            next_attempt_at=None,
            tried_at=func.coalesce(deliveries.c.tried_at, deliveries.c.claimed_at),
            failures=deliveries.c.failures + 1,
            failing_since=func.coalesce(deliveries.c.failing_since, deliveries.c.claimed_at),
        )
    )


def pick(connection: Connection, now: datetime, limit: int, without: Collection[str]) -> tuple[int, ...]:
    """Ids of rows that may go now, the first of each lane; most urgent first, then the longest waiting."""
    wanted = (
        select(mine.c.id)
        .where(_may_go(mine, now), *_addressed(without), PINNABLE, not_(_held_up(now)))
        .order_by(mine.c.urgency, mine.c.queued_at, mine.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=mine)
    )
    return tuple(connection.scalars(wanted))


def mark(connection: Connection, ids: Collection[int], now: datetime, lease: timedelta) -> None:
    """These rows are being sent, by us and nobody else, until the lease ends."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids))
        .values(
            state=State.SENDING,
            attempt=deliveries.c.attempt + 1,
            claimed_at=now,
            lease_until=now + lease,
        )
    )


def next_moment(connection: Connection, without: Collection[str]) -> datetime | None:
    """The earliest moment at which a row may go or a lease ends; None: nothing waits."""
    moments = [_moment(found.next_attempt_at, found.held_by) for found in connection.execute(_fronts(without))]
    sending = select(func.min(mine.c.lease_until)).where(mine.c.state == State.SENDING, *_addressed(without))
    lease = connection.scalar(sending)
    return min([*moments, *([lease] if lease else [])], default=None)


def _fronts(without: Collection[str]) -> Select[tuple[datetime | None, datetime | None]]:
    """Waiting rows whose lane is free, each with when the newest of those before it was queued."""
    before = and_(IN_LANE, EARLIER, other.c.state == State.WAITING)
    held_by = select(func.max(other.c.queued_at)).where(before).scalar_subquery()
    in_flight = select(literal(1)).where(IN_LANE, other.c.state == State.SENDING).exists()
    return select(mine.c.next_attempt_at, held_by.label("held_by")).where(
        mine.c.state == State.WAITING, *_addressed(without), PINNABLE, not_(in_flight)
    )


def _moment(next_attempt_at: datetime | None, held_by: datetime | None) -> datetime:
    own = next_attempt_at or AT_ONCE
    return own if held_by is None else max(own, held_by + HOLD)


def _may_go(candidate: FromClause, now: datetime) -> ColumnElement[bool]:
    rested = or_(candidate.c.next_attempt_at.is_(None), candidate.c.next_attempt_at <= now)
    return and_(candidate.c.state == State.WAITING, rested)


def _held_up(now: datetime) -> ColumnElement[bool]:
    """Something in the lane is being sent, or an earlier row goes first or has not tried for a minute yet."""
    goes_first = and_(_may_go(other, now), other.c.lane != Lane.PIN)
    waits = and_(EARLIER, other.c.state == State.WAITING, or_(goes_first, other.c.queued_at > now - HOLD))
    return select(literal(1)).where(IN_LANE, or_(other.c.state == State.SENDING, waits)).exists()


def _addressed(without: Collection[str]) -> list[ColumnElement[bool]]:
    """Its address is known and of no chat that is left out."""
    left_out = [not_(mine.c.address.startswith(f"{chat}:", autoescape=True)) for chat in without]
    return [mine.c.address != ROOM_TO_COME, *left_out]
