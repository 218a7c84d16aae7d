"""The incident's clock as the try-out chat turned it: how far ahead of real time it is."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from storage import heartbeat
from storage.sessions import Sessions
from storage.tables import meta
from storage.upserts import insert_or_set

OFFSET = "clock ahead by seconds"


def ahead(sessions: Sessions) -> timedelta:
    """How far the incident's clock is ahead of real time."""
    with sessions.reading() as connection:
        return _ahead(connection)


def turn(sessions: Sessions, offset: timedelta, now: datetime, replica: str) -> None:
    """Set the clock ahead by that much, so that it is `now`. That it ran is noted: a turned clock is no downtime."""
    with sessions.writing() as connection:
        seconds = round(offset.total_seconds(), 6)
        insert_or_set(connection, meta, "name", {"name": OFFSET, "value": str(seconds)})
        heartbeat.turned(connection, now, replica)


def _ahead(connection: Connection) -> timedelta:
    found = connection.scalar(select(meta.c.value).where(meta.c.name == OFFSET))
    return timedelta(seconds=float(found or 0))
