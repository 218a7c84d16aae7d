"""The database as the rest of Sitrep has it: a store, an outbox, things to read, and the threads they are used on."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from storage import health, heartbeat, turned_clock
from storage.engines import database_url, is_sqlite
from storage.folds import Folds
from storage.local_chat import LocalChat
from storage.patience import Patience
from storage.reads import Reads
from storage.relay import SqlRelay
from storage.sessions import Sessions
from storage.store import SqlStore

log = logging.getLogger(__name__)

T = TypeVar("T")

WRITERS = 5
"""On PostgreSQL; as many as its pool has connections. On SQLite one, for six are slower than one."""

READERS = 4


class Database:
    """Owns the engines and the threads. Adapters cross over through `write` and `read`, and nowhere else.

    Opening it touches nothing: `storage.schema` brings the schema up to date before. Raises Unusable for an address
    that no database can have. `clock` is monotonic, in seconds.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        place = database_url(url)
        folds = Folds()
        self._place = place
        self._patience = Patience(clock)
        self._sessions = Sessions(place, self._patience)
        self.store = SqlStore(sessions=self._sessions, folds=folds)
        self.relay = SqlRelay(sessions=self._sessions, folds=folds)
        self.reads = Reads(sessions=self._sessions, folds=folds)
        self.local = LocalChat(sessions=self._sessions)
        self._writers = ThreadPoolExecutor(1 if is_sqlite(place) else WRITERS, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        old = health.old_sqlite(place)
        if old:
            log.warning("SQLite %s can corrupt a database in rare cases: use 3.51.3 or newer", old)

    def write(self, work: Callable[[], T], *, within: float | None = None) -> "Future[T]":
        """Run the work on the writer. It should be one transaction.

        `within`: seconds from now in which it must have committed, waiting included; the future raises
        `storage.errors.TooLate` else, and then nothing of it is saved, ever. None: whenever its turn comes.
        """
        return self._writers.submit(self._patience.run, self._patience.until(within), work)

    def read(self, work: Callable[[], T]) -> "Future[T]":
        """Run the work beside the writer. It must not write."""
        return self._readers.submit(work)

    def fault(self) -> str:
        """Why the database cannot be worked on, as one sentence; empty where it can. Writes, to know that it can."""
        return health.fault_of(self._sessions) or health.disk_fault(self._place, health.free_bytes)

    def last_beat(self) -> datetime | None:
        """When the clock last ran in any process, on the incident's clock; written down every few seconds."""
        with self._sessions.reading() as connection:
            return heartbeat.last_beat(connection)

    def clock_ahead(self) -> timedelta:
        """How far the incident's clock was turned ahead of real time, in the try-out chat."""
        return turned_clock.ahead(self._sessions)

    def turn_clock(self, offset: timedelta, now: datetime, replica: str) -> None:
        """Turn the incident's clock ahead of real time by that much, so that it is `now`. Writes."""
        turned_clock.turn(self._sessions, offset, now, replica)

    def back_up(self, path: Path) -> None:
        """Copy the whole database into a new file while it is used. Raises Unusable where that cannot be done."""
        with self._sessions.reading() as connection:
            health.back_up(connection, path)

    def close(self) -> None:
        """Finish what was handed over, and give everything back."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._sessions.close()
