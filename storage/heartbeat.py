"""Whether Sitrep was there: one row that says when the clock last ran in any replica (docs/promises.md 2.3)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.ports import Downtime
from storage.tables import heartbeat
from storage.upserts import insert_new

DOWN = timedelta(seconds=60)
"""No tick of any replica for so long is a downtime."""

RARELY = timedelta(seconds=5)
"""The row is written no more often; so a downtime may be noticed up to this much early."""

ONLY = 1

_SEEN = select(heartbeat).where(heartbeat.c.id == ONLY)
_ROW = _SEEN.with_for_update()


def beat(connection: Connection, now: datetime, replica: str) -> Downtime | None:
    """The clock ran. Gives the last downtime, if there ever was one."""
    row = connection.execute(_SEEN).first()
    if row is None:
        insert_new(connection, heartbeat, {"id": ONLY, "ticked_at": now, "replica": replica})
        return None
    if not _is_recent(now - row.ticked_at):  # of several processes one writes it, and the others see that it did
        row = connection.execute(_ROW).one()
    gap = now - row.ticked_at
    if gap >= DOWN:
        _write(connection, now, replica, down_since=row.ticked_at, down_until=now)
        return Downtime(since=row.ticked_at, until=now)
    if not _is_recent(gap):  # far ahead of us: the clock was set back, and counts from here
        _write(connection, now, replica)
    return None if row.down_since is None else Downtime(since=row.down_since, until=row.down_until)


def last_beat(connection: Connection) -> datetime | None:
    """When the clock last ran, as far as it is written down; None: never."""
    found: datetime | None = connection.scalar(select(heartbeat.c.ticked_at).where(heartbeat.c.id == ONLY))
    return found


def turned(connection: Connection, now: datetime, replica: str) -> None:
    """The incident's clock was turned ahead by hand: the time between was no downtime."""
    if connection.scalar(select(heartbeat.c.id).where(heartbeat.c.id == ONLY)) is None:
        insert_new(connection, heartbeat, {"id": ONLY, "ticked_at": now, "replica": replica})
        return
    _write(connection, now, replica)


def _is_recent(gap: timedelta) -> bool:
    return -DOWN < gap < RARELY


def _write(connection: Connection, now: datetime, replica: str, **downtime: datetime) -> None:
    row = update(heartbeat).where(heartbeat.c.id == ONLY)
    connection.execute(row.values(ticked_at=now, replica=replica, **downtime))
