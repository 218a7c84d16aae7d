"""The processes of one installation, as they know of each other: rows that each writes for itself and all read.

The moments are the database's own where it is a server, for the clocks of several machines differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from storage.sessions import Sessions
from storage.tables import pauses, replicas
from storage.upserts import insert_or_set

LIVES = timedelta(seconds=15)
"""A process that said nothing for so long counts no more; three of its beats."""
FORGOTTEN = timedelta(hours=1)
"""After so long its row goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Implements `adapters.sharing.Fleet`."""

    sessions: Sessions

    def beat(self, replica: str, asked: Mapping[str, float]) -> None:
        """That process lives, and was asked not to call these for so many seconds. Writes."""
        with self.sessions.writing() as connection:
            now = _now(connection)
            insert_or_set(connection, replicas, "name", {"name": replica, "beat_at": now})
            for name, seconds in sorted(asked.items()):
                insert_or_set(connection, pauses, "name", {"name": name, "until": now + timedelta(seconds=seconds)})
            connection.execute(delete(replicas).where(replicas.c.beat_at < now - FORGOTTEN))
            connection.execute(delete(pauses).where(pauses.c.until < now - FORGOTTEN))

    def leave(self, replica: str) -> None:
        """That process is no more. Writes."""
        with self.sessions.writing() as connection:
            connection.execute(delete(replicas).where(replicas.c.name == replica))

    def replicas(self) -> int:
        """How many live, as far as they said so."""
        with self.sessions.reading() as connection:
            recent = replicas.c.beat_at > _now(connection) - LIVES
            return connection.scalar(select(func.count()).where(recent)) or 0

    def pauses(self) -> Mapping[str, float]:
        """What any of them was asked not to call, with the seconds that are left."""
        with self.sessions.reading() as connection:
            now = _now(connection)
            rows = connection.execute(select(pauses).where(pauses.c.until > now))
            return {row.name: (row.until - now).total_seconds() for row in rows}


def _now(connection: Connection) -> datetime:
    return datetime.now(UTC) if connection.dialect.name == "sqlite" else server_time(connection)


def server_time(connection: Connection) -> datetime:
    """The moment on the server's clock, UTC."""
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)
