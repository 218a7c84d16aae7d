"""Transactions: one that writes ends in a commit or leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, RootTransaction
from sqlalchemy.exc import OperationalError

from storage.engines import is_locked, reading_engine, writing_engine
from storage.errors import TooLate
from storage.patience import Patience


class Sessions:
    """Owns the engines: one for writing, one for reading."""

    def __init__(self, url: URL, patience: Patience) -> None:
        self._patience = patience
        self._writer = writing_engine(url, patience.left)
        self._reader = reading_engine(url)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for writing, committed when the block ends well.

        Raises TooLate, with everything rolled back, where the thread's job has no time left.
        """
        self._patience.check()
        with self._writer.connect() as connection, self._begun(connection):
            yield connection
            self._patience.check()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database and changes nothing."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self._writer.dispose()
        self._reader.dispose()

    def _begun(self, connection: Connection) -> RootTransaction:
        try:
            return connection.begin()
        except OperationalError as fault:
            if self._patience.left() is not None and is_locked(fault):
                raise TooLate("the database is held by somebody else: nothing was saved") from fault
            raise
