"""Where incidents are kept."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from bot.refusals import Conflict
from storage.errors import may_do_again
from storage.fleet import server_time
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

        Raises `storage.errors.TooLate` where the job it belongs to has no time left, and `bot.refusals.Conflict` where
        it and another waited for each other, or the connection was lost: do it again.
        """
        try:
            with self.sessions.writing() as connection:
                transaction = SqlTransaction(connection, self.folds, self.sessions.unsettled())
                yield transaction
                transaction.finish()
            self.sessions.once_settled(transaction.remember)
        except DBAPIError as fault:
            if may_do_again(fault):
                raise Conflict from fault
            raise

    def together(self) -> AbstractContextManager[None]:
        """What this thread writes meanwhile shares one commit on SQLite; each transaction in it still fails alone."""
        return self.sessions.together()

    @contextmanager
    def reading(self) -> Iterator[SqlTransaction]:
        """A transaction for reading only."""
        with self.sessions.reading() as connection:
            yield SqlTransaction(connection, self.folds, set())

    def forget_keys(self, kept: timedelta, own: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
        """Drop delivery keys older than that, which nobody repeats any more. Gives how many.

        By the server's clock, as they were written; by `own` where there is no server.
        """
        with self.sessions.writing() as connection:
            before = (own() if connection.dialect.name == "sqlite" else server_time(connection)) - kept
            return connection.execute(delete(inbox).where(inbox.c.at < before)).rowcount
