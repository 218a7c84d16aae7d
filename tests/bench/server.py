"""A PostgreSQL server as an operator has one: what it says is committed is on the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres import Server, programs, server


@contextmanager
def sound_server() -> Iterator[Server]:
    """It runs. Raises LookupError where there is no PostgreSQL."""
    found = programs()
    if found is None:
        raise LookupError("no PostgreSQL: install the package postgresql")
    with server(found, fsync="on") as running:
        yield running
