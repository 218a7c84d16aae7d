"""Where incidents are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from storage.folds import Folds
from storage.sessions import Sessions
from storage.tables import inbox
from storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlStore:
    """Implements `bot.ports.Store`."""

    sessions: Sessions
    folds: Folds

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        """A transaction for writing; one at a time on SQLite. Committed when the block ends well, else rolled back.

        Raises `storage.errors.TooLate` where the job it belongs to has no time left, and then nothing is saved.
        """
        with self.sessions.writing() as connection:
            yield SqlTransaction(connection, self.folds)

    @contextmanager
    def reading(self) -> Iterator[SqlTransaction]:
        """A transaction for reading only."""
        with self.sessions.reading() as connection:
            yield SqlTransaction(connection, self.folds)

    def forget_keys(self, before: datetime) -> int:
        """Drop delivery keys older than that, which nobody repeats any more. Gives how many."""
        with self.sessions.writing() as connection:
            return connection.execute(delete(inbox).where(inbox.c.at < before)).rowcount
