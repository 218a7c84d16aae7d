"""The processes of one installation, as they know of each other: rows that each writes for itself and all read.

The moments are the database's own where it is a server, for the clocks of several machines differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, select, text

from storage.engines import APPLICATION, STALLED
from storage.sessions import Sessions
from storage.tables import pauses, replicas
from storage.upserts import insert_or_set

LIVES = timedelta(seconds=15)
"""A process that said nothing for so long counts no more; three of its beats."""
FORGOTTEN = timedelta(hours=1)
"""After so long its row goes."""
LOOKED = timedelta(seconds=0.5)
"""Between two looks for processes that stand still."""
STANDS_STILL = timedelta(milliseconds=STALLED) - LOOKED
"""Without a word for so long in the middle of several statements; found by the next look, it was as long as any."""

_SEND_AWAY = text("""
    SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 500)) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND application_name = :ours
    AND state = 'active' AND wait_event = 'ClientRead' AND state_change <= clock_timestamp() - :silent
""").bindparams(bindparam("ours", APPLICATION))


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

    def send_away(self, silent: timedelta = STANDS_STILL) -> int:
        """End connections of processes that are stopped in the middle of several statements; how many there were.

        Those are sent beside each other, and the server waits for the last of them for ever: no time limit of its own
        counts meanwhile, and rows stay locked. Whoever was not stopped after all does it again.
        """
        with self.sessions.reading() as connection:
            return connection.scalar(_SEND_AWAY, {"silent": silent}) or 0

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
