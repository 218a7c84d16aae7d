"""Which rows of the outbox may go now.

Of one incident at one address, the rows of one lane go one at a time and in order. A row that tries in vain for a
minute lets the others pass. A pin waits for its message. A reply needs no rule of its own: what it replies to is
earlier in the same lane.

Where several processes claim at once, each passes over rows that another has locked. That alone would let two of them
take two rows of one lane, when the first row's rest ends in the moment in which the second may pass it: so whoever
picks a row holds its lane as well until the claim is committed, and looks again whether the lane is free.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from storage.columns import Moment
from storage.outbox import Urgency
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
MINE_IS_EDIT = mine.c.urgency == Urgency.EDIT
OTHER_IS_EDIT = other.c.urgency == Urgency.EDIT
QUEUED_EARLIER = or_(other.c.queued < mine.c.queued, and_(other.c.queued == mine.c.queued, other.c.id < mine.c.id))
EARLIER = or_(
    and_(MINE_IS_EDIT, not_(OTHER_IS_EDIT)),
    and_(QUEUED_EARLIER, or_(MINE_IS_EDIT, not_(OTHER_IS_EDIT))),
)
"""What is new waits for no edit of what is there: those come last where there is much to say."""
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


NOW = bindparam("now", type_=Moment)
HELD_SINCE = bindparam("held_since", type_=Moment)

_ENDED = select(mine.c.id).where(mine.c.state == State.SENDING, mine.c.lease_until < NOW)
_TAKE_BACK = (
    update(deliveries)
    .where(deliveries.c.id.in_(_ENDED.with_for_update(skip_locked=True)))
    .values(
        state=State.WAITING,
        lease_until=None,
        next_attempt_at=None,
        tried_at=func.coalesce(deliveries.c.tried_at, deliveries.c.claimed_at),
        failures=deliveries.c.failures + 1,
        failing_since=func.coalesce(deliveries.c.failing_since, deliveries.c.claimed_at),
    )
)
_MARK = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=State.SENDING,
        attempt=deliveries.c.attempt + 1,
        claimed_at=NOW,
        lease_until=bindparam("until", type_=Moment),
    )
)
_MARK_FREE = _MARK.where(
    not_(
        select(literal(1))
        .where(
            other.c.incident == deliveries.c.incident,
            other.c.address == deliveries.c.address,
            other.c.lane == deliveries.c.lane,
            other.c.state == State.SENDING,
        )
        .exists()
    )
).returning(deliveries.c.id)


def take_back(connection: Connection, now: datetime) -> None:
    """Rows whose lease has ended wait again: whoever had them may have sent them, nobody knows."""
    connection.execute(_TAKE_BACK, {"now": now})


def pick(connection: Connection, now: datetime, limit: int, without: Collection[str]) -> tuple[int, ...]:
    """Ids of rows that may go now, the first of each lane; most urgent first, then the longest waiting."""
    moments = {"now": now, "held_since": now - HOLD, "most": limit}
    wanted = _alone(frozenset(without)) if _among_others(connection) else _picked(frozenset(without))
    return tuple(connection.scalars(wanted, moments))


def mark(connection: Connection, ids: Collection[int], now: datetime, lease: timedelta) -> tuple[int, ...]:
    """Those of these rows that are ours are being sent, by us and nobody else, until the lease ends."""
    values = {"ids": list(ids), "now": now, "until": now + lease}
    if not _among_others(connection):
        connection.execute(_MARK, values)
        return tuple(ids)
    ours = set(connection.scalars(_MARK_FREE, values))
    return tuple(number for number in ids if number in ours)


def next_moment(connection: Connection, without: Collection[str]) -> datetime | None:
    """The earliest moment at which a row may go or a lease ends; None: nothing waits."""
    fronts, leases = _watched(frozenset(without))
    moments = [_moment(found.next_attempt_at, found.held_by) for found in connection.execute(fronts)]
    lease = connection.scalar(leases)
    return min([*moments, *([lease] if lease else [])], default=None)


@cache
def _picked(without: frozenset[str]) -> Select[Any]:
    """Made once for each set of chats left out: it takes longer to make than to run."""
    return _first_of_lanes(without).limit(bindparam("most"))


@cache
def _alone(without: frozenset[str]) -> Select[Any]:
    """The same, of lanes that nobody else claims from in this moment."""
    columns = (mine.c.incident, mine.c.address, mine.c.lane, mine.c.urgency, mine.c.queued_at)
    first = _first_of_lanes(without).add_columns(*columns).limit(bindparam("most"))
    picked = first.with_for_update(skip_locked=True, of=mine).cte("picked")
    lane = func.hashtextextended(func.concat_ws("|", picked.c.incident, picked.c.lane, picked.c.address), 0)
    order = (picked.c.urgency, picked.c.queued_at, picked.c.id)
    return select(picked.c.id).where(func.pg_try_advisory_xact_lock(lane)).order_by(*order)


def _first_of_lanes(without: Collection[str]) -> Select[Any]:
    return (
        select(mine.c.id)
        .where(_may_go(mine), *_addressed(without), PINNABLE, not_(_held_up()))
        .order_by(mine.c.urgency, mine.c.queued_at, mine.c.id)
    )


def _among_others(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@cache
def _watched(without: frozenset[str]) -> tuple[Select[Any], Select[Any]]:
    """What waits, and when the first lease of what is being sent ends."""
    leases = select(func.min(mine.c.lease_until)).where(mine.c.state == State.SENDING, *_addressed(without))
    return _fronts(without), leases


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


def _may_go(candidate: FromClause) -> ColumnElement[bool]:
    rested = or_(candidate.c.next_attempt_at.is_(None), candidate.c.next_attempt_at <= NOW)
    return and_(candidate.c.state == State.WAITING, rested)


def _held_up() -> ColumnElement[bool]:
    """Something in the lane is being sent, or an earlier row goes first or has not tried for a minute yet."""
    goes_first = and_(_may_go(other), other.c.lane != Lane.PIN)
    waits = and_(EARLIER, other.c.state == State.WAITING, or_(goes_first, other.c.queued_at > HELD_SINCE))
    return select(literal(1)).where(IN_LANE, or_(other.c.state == State.SENDING, waits)).exists()


def _addressed(without: Collection[str]) -> list[ColumnElement[bool]]:
    """Its address is known and of no chat that is left out."""
    left_out = [not_(mine.c.address.startswith(f"{chat}:", autoescape=True)) for chat in without]
    return [mine.c.address != ROOM_TO_COME, *left_out]
