"""Transactions: one that writes ends in a commit or leaves nothing behind."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.engines import is_locked, is_sqlite, reading_engine, writing_engine
from storage.errors import TooLate, Unusable, may_be_saved
from storage.patience import Patience

TRIED_EVERY = 0.1
"""Seconds between two tries to reach a server that is away."""
LAST_TRY = 0.5
"""Seconds left to a job for which it pays to wait for one."""


class Sessions:
    """Owns the engines: one for writing, one for reading."""

    def __init__(self, url: URL, patience: Patience, *, writers: int = 1, readers: int = 1) -> None:
        """`writers`, `readers`: connections to a server at most."""
        self._patience = patience
        self._here = threading.local()
        self._writer = writing_engine(url, patience.left, writers)
        self._reader = reading_engine(url, readers)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for writing, committed when the block ends well.

        Raises TooLate, with everything rolled back, where the thread's job has no time left.
        """
        self._patience.check()
        shared: Connection | None = getattr(self._here, "connection", None)
        if shared is not None:
            self.check_shared()
            with shared.begin_nested():
                yield shared
                self._patience.check()
            return
        asked = False
        try:
            with self._in_time(), self._begun(self._writer) as connection:
                yield connection
                self._patience.check()
                asked = True
        except DBAPIError as fault:
            if asked and may_be_saved(fault):
                self._patience.committed(answered=False)
            raise
        self._patience.committed(answered=True)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """One transaction for all that this thread writes meanwhile, committed when the block ends well.

        Each `writing` in it is a savepoint: one that fails is undone alone. For one writer, on SQLite.
        """
        with self._writer.connect() as connection, self._in_time(), connection.begin():
            self._here.connection, self._here.unsettled, self._here.later = connection, set(), []
            try:
                yield
            finally:
                self._here.connection = None
        for work in self._here.later:
            work()

    @contextmanager
    def together(self) -> Iterator[None]:
        """`shared`, where that is of use: on SQLite every commit waits for the disk."""
        if self._writer.dialect.name != "sqlite" or getattr(self._here, "connection", None) is not None:
            yield
            return
        with self.shared():
            yield

    def check_shared(self) -> None:
        """Raises Unusable where SQLite itself has undone the shared transaction, as it does when the disk is full."""
        if not self._here.connection.connection.driver_connection.in_transaction:
            raise Unusable("the transaction was undone: nothing was saved")

    def unsettled(self) -> set[int]:
        """Incidents written to in the transaction under way, which may yet be undone. Whoever writes adds its own."""
        shared = getattr(self._here, "connection", None) is not None
        return self._here.unsettled if shared else set[int]()

    def once_settled(self, work: Callable[[], None]) -> None:
        """Do that when what this thread wrote just now is committed: at once, but within `shared`."""
        if getattr(self._here, "connection", None) is None:
            work()
        else:
            self._here.later.append(work)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database and changes nothing."""
        with self._begun(self._reader) as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as fault:
            if self._patience.left() is not None and is_locked(fault):
                raise TooLate("the database is held by somebody else: nothing was saved") from fault
            raise

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        """A transaction. A connection that was lost meanwhile is replaced: nothing was asked of it yet.

        A server that is away is waited for while the thread's job has time.
        """
        lost = False
        while True:
            try:
                connection, transaction = _ready(engine)
                break
            except DBAPIError as fault:
                if not (fault.connection_invalidated and not lost) and not self._may_wait(fault):
                    raise
                lost = True
        with connection, transaction:
            yield connection

    def _may_wait(self, fault: DBAPIError) -> bool:
        left = self._patience.left()
        if left is None or left < LAST_TRY or is_locked(fault) or is_sqlite(self._writer.url):
            return False
        time.sleep(TRIED_EVERY)
        return True


def _ready(engine: Engine) -> tuple[Connection, RootTransaction]:
    connection = engine.connect()
    try:
        return connection, connection.begin()
    except BaseException:
        connection.close()
        raise
