"""Engines and how a transaction begins on them: SQLite would lose updates in silence if left to itself."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from storage.errors import Unusable

BUSY = 1500
"""Milliseconds a writer waits for the database's lock; below the two seconds of a command."""

KNOWN = frozenset({"sqlite", "postgresql"})
NO_ADDRESS = "The database's address is none that Sitrep can use: write sqlite:///path."

WRITING = ("synchronous=FULL", "foreign_keys=ON")
MIGRATING = ("synchronous=FULL", "foreign_keys=OFF")
READING = ("query_only=ON",)


def database_url(text: str) -> URL:
    """The address of a database. Raises Unusable for one that cannot be read or would not be kept."""
    try:
        url = make_url(text)
        dialect = url.get_dialect()
        if dialect.name not in KNOWN:
            raise Unusable(NO_ADDRESS)
        dialect.import_dbapi()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as fault:
        raise Unusable(NO_ADDRESS) from fault
    if dialect.name == "sqlite" and url.database in {None, "", ":memory:"}:
        raise Unusable("A database in memory is not kept: write sqlite:///path.")
    return url


def is_sqlite(url: URL) -> bool:
    """Whether it is a file of ours rather than a server."""
    return url.get_backend_name() == "sqlite"


def writing_engine(url: URL, patience_left: Callable[[], float | None]) -> Engine:
    """For transactions that write. On SQLite they take the lock at once, waiting no longer than they have time."""
    if not is_sqlite(url):
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = _sqlite(url, BUSY, WRITING, wal=True)

    def begin(connection: Connection) -> None:
        left = patience_left()
        wait = BUSY if left is None else max(1, min(BUSY, int(left * 1000)))
        connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def reading_engine(url: URL) -> Engine:
    """For transactions that only read; on SQLite they neither take nor wait for the writer's lock."""
    if not is_sqlite(url):
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = _sqlite(url, BUSY, READING)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def schema_engine(url: URL, wait: int) -> Engine:
    """For migrations: foreign keys are off while tables are copied. `wait`: milliseconds for another's lock."""
    if not is_sqlite(url):
        return create_engine(url, hide_parameters=True)
    engine = _sqlite(url, wait, MIGRATING, wal=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def is_locked(fault: OperationalError) -> bool:
    """Whether SQLite says that somebody else holds the lock."""
    code = getattr(fault.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _sqlite(url: URL, wait: int, pragmas: tuple[str, ...], *, wal: bool = False) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"isolation_level": None})

    def connect(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={wait}")
        if wal:
            _log_ahead(connection, wait)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connect)
    return engine


def _log_ahead(connection: Any, wait: int) -> None:
    """Turn the write-ahead log on. SQLite itself does not wait here for another, who writes to a new database first."""
    until = time.monotonic() + wait / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
