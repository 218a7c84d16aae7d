"""A process that was stopped in the middle of a write."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import psycopg


@contextmanager
def standing_still(url: str, statement: str, name: str = "sitrep") -> Iterator[None]:
    """Meanwhile the server has done that statement, which gives 42, and waits for those that were to come with it."""
    with (
        suppress(psycopg.OperationalError),  # it may have been sent away when it goes on
        closing(psycopg.connect(url, autocommit=True, application_name=name)) as connection,
    ):
        connection.execute("BEGIN")
        with connection.pipeline():
            assert connection.execute(statement.encode()).fetchone() == (42,)
            yield
