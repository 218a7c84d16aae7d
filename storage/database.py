"""The database as the rest of Sitrep has it: a store, an outbox, things to read, and the threads they are used on."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from storage import dumping, health, heartbeat, turned_clock
from storage.engines import database_url, is_sqlite
from storage.errors import TooLate, Unusable
from storage.fleet import Fleet, server_time
from storage.folds import Folds
from storage.hints import Hints
from storage.local_chat import LocalChat
from storage.patience import Patience
from storage.published import Published
from storage.reads import Reads
from storage.relay import SqlRelay
from storage.sessions import Sessions
from storage.store import SqlStore
from storage.upkeep import Upkeep
from storage.writer import Writer, Writers

log = logging.getLogger(__name__)

T = TypeVar("T")

WRITERS = 5
"""On PostgreSQL; as many as its pool has connections. On SQLite one, for six are slower than one."""

READERS = 4

MOST_WAITING = 1000
"""Jobs with a time limit that wait or run at once. More could not commit in their time; who repeats does so later."""


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
        self._sessions = Sessions(place, self._patience, writers=WRITERS + 1, readers=READERS + 2)
        self.store = SqlStore(sessions=self._sessions, folds=folds)
        self.relay = SqlRelay(sessions=self._sessions, folds=folds)
        self.reads = Reads(sessions=self._sessions, folds=folds)
        self.published = Published(sessions=self._sessions, folds=folds)
        self.local = LocalChat(sessions=self._sessions)
        self.fleet = Fleet(sessions=self._sessions)
        self.upkeep = Upkeep(sessions=self._sessions)
        self._writers = Writer(self._sessions, self._patience) if is_sqlite(place) else Writers(self._patience, WRITERS)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._places = threading.Semaphore(MOST_WAITING)
        self._hints: Hints | None = None
        old = health.old_sqlite(place)
        if old:
            log.warning("SQLite %s can corrupt a database in rare cases: use 3.51.3 or newer", old)

    def write(self, work: Callable[[], T], *, within: float | None = None) -> "Future[T]":
        """Run the work on the writer. It should be one transaction.

        `within`: seconds from now in which it must have committed, waiting included; the future raises
        `storage.errors.TooLate` else, and then nothing of it is saved, ever; so too where too many wait already.
        None: whenever its turn comes.
        """
        if within is None:
            return self._writers.submit(None, work)
        if not self._places.acquire(blocking=False):
            return _refused(TooLate("too many requests wait: nothing was saved"))
        try:
            future = self._writers.submit(self._patience.until(within), work)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return future

    def read(self, work: Callable[[], T]) -> "Future[T]":
        """Run the work beside the writer. It must not write."""
        return self._readers.submit(work)

    def fault(self) -> str:
        """Why the database cannot be worked on, as one sentence; empty where it can. Writes, to know that it can."""
        return health.fault_of(self._sessions) or self._disk_fault()

    def must_be_writable(self) -> None:
        """Raises `storage.errors.Unusable`, with the reason, where it cannot be written at all."""
        if reason := health.fault_of(self._sessions):
            raise Unusable(reason)

    def _disk_fault(self) -> str:
        if is_sqlite(self._place):
            return health.disk_fault(self._place, health.free_bytes)
        return health.server_disk_fault(self._sessions)

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on it beside this one."""
        return not is_sqlite(self._place)

    def server_time(self) -> datetime | None:
        """The moment on the server's clock; None: there is no server."""
        if is_sqlite(self._place):
            return None
        with self._sessions.reading() as connection:
            return server_time(connection)

    def listen(self, heard: Callable[[], None]) -> None:
        """Call that, on a thread of its own, when another process says that there is something to send. A hint."""
        if self._hints is None and not is_sqlite(self._place):
            self._hints = Hints(self._place, heard)

    def tell(self) -> None:
        """Say that to the other processes. It waits for nothing."""
        if self._hints is not None:
            self._hints.tell()

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
        if not is_sqlite(self._place):
            dumping.dump(self._place, path)
            return
        with self._sessions.reading() as connection:
            health.back_up(connection, path)

    def close(self) -> None:
        """Finish what was handed over, and give everything back."""
        hints, self._hints = self._hints, None
        if hints is not None:
            hints.close()
        self._writers.shutdown()
        self._readers.shutdown()
        self._sessions.close()


def _refused(fault: Exception) -> "Future[Any]":
    refused: Future[Any] = Future()
    refused.set_exception(fault)
    return refused
