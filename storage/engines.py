"""Engines and how a transaction begins on them.

SQLite would lose updates in silence if left to itself, and PostgreSQL would wait for ever.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from storage.errors import Unusable

BUSY = 1500
"""Milliseconds a writer waits for the database's lock; below the two seconds of a command."""

NO_ADDRESS = "SITREP_DATABASE_URL is no database Sitrep can use: write sqlite:///path or postgresql://user@host/name."
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
"""Whatever an operator's address calls it."""
KNOWN = frozenset({"sqlite", "postgresql"})

READS_ONLY = "reads_only"
WAITS = "waits"
"""What a connection of SQLite was told last: how long it waits for another's lock."""
LOCKED = frozenset({"55P03", "57014"})
"""PostgreSQL's words for: a lock did not come in time, a statement took too long."""

APPLICATION = "sitrep"
"""What our connections are called on a server."""
CONNECT = 2
"""Seconds to reach a server; libpq takes no less."""
STALLED = 1_900
"""Milliseconds. A transaction that says nothing for so long belongs to a process that is stopped: its locks go free."""
SERVER = {
    "timezone": "UTC",
    "synchronous_commit": "on",
    "lock_timeout": BUSY,
    "statement_timeout": BUSY,
    "idle_in_transaction_session_timeout": STALLED,
}
READS = 5_000
"""Milliseconds for a statement that only reads: nobody's lock waits for it."""
KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 8_000}
"""A server that vanished is noticed within ten seconds. Seconds, a number, milliseconds."""

WRITING = ("synchronous=FULL", "foreign_keys=ON")
MIGRATING = ("synchronous=FULL", "foreign_keys=OFF")
READING = ("query_only=ON",)


def database_url(text: str) -> URL:
    """The address of a database. Raises Unusable for one that cannot be read or would not be kept."""
    try:
        url = make_url(text)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        dialect = url.get_dialect()
        if dialect.name not in KNOWN:
            raise Unusable(NO_ADDRESS)
        dialect.import_dbapi()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as fault:  # the last: of its port
        raise Unusable(NO_ADDRESS) from fault
    if dialect.name == "sqlite" and _in_memory(url):
        raise Unusable("A database in memory is not kept: write sqlite:///path.")
    return url


def _in_memory(url: URL) -> bool:
    return url.database in {None, "", ":memory:", "file::memory:"} or url.query.get("mode") == "memory"


def is_sqlite(url: URL) -> bool:
    """Whether it is a file of ours rather than a server."""
    return url.get_backend_name() == "sqlite"


def writing_engine(url: URL, patience_left: Callable[[], float | None], connections: int = 1) -> Engine:
    """For transactions that write, waiting no longer than they have time. On SQLite they take the lock at once.

    `connections`: how many a server gives us at most.
    """
    if not is_sqlite(url):
        return _server(url, SERVER, connections, patience_left)
    engine = _sqlite(url, BUSY, WRITING, wal=True)

    def begin(connection: Connection) -> None:
        left = patience_left()
        wait = BUSY if left is None else max(1, min(BUSY, int(left * 1000)))
        if connection.info.get(WAITS, BUSY) != wait:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
            connection.info[WAITS] = wait
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def reading_engine(url: URL, connections: int = 1) -> Engine:
    """For transactions that only read; on SQLite they neither take nor wait for the writer's lock."""
    if not is_sqlite(url):
        patient = {"statement_timeout": READS, "idle_in_transaction_session_timeout": READS}
        reading = {**SERVER, **patient, "default_transaction_read_only": "on"}
        isolated = {**reading, "default_transaction_isolation": "repeatable\\ read"}
        return _server(url, isolated, connections).execution_options(**{READS_ONLY: True})
    engine = _sqlite(url, BUSY, READING)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def schema_engine(url: URL, wait: int) -> Engine:
    """For migrations: foreign keys are off while tables are copied. `wait`: milliseconds for another's lock."""
    if not is_sqlite(url):
        return _server(url, {"timezone": "UTC"}, 1)
    engine = _sqlite(url, wait, MIGRATING, wal=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def listening_engine(url: URL) -> Engine:
    """For hints from a server: one connection on which each statement stands for itself."""
    return _connecting(url, {}, 1).execution_options(isolation_level="AUTOCOMMIT")


def is_locked(fault: DBAPIError) -> bool:
    """Whether the database says that somebody else held the lock for too long."""
    if getattr(fault.orig, "sqlstate", None) in LOCKED:
        return True
    code = getattr(fault.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_reading(connection: Connection) -> bool:
    """Whether it may not write, nor lock a row."""
    return bool(connection.get_execution_options().get(READS_ONLY))


def _server(
    url: URL, settings: Mapping[str, object], connections: int, patience_left: Callable[[], float | None] | None = None
) -> Engine:
    """One message begins the transaction and says how long it may wait; it finds a dead connection out as well."""
    engine = _connecting(url, settings, connections)

    def begin(connection: Connection) -> None:
        left = patience_left() if patience_left else None
        wait = "" if left is None else f"; SET LOCAL statement_timeout={max(1, min(BUSY, int(left * 1000)))}"
        connection.exec_driver_sql(f"BEGIN{wait}")

    event.listen(engine, "begin", begin)
    return engine


def _connecting(url: URL, settings: Mapping[str, object], connections: int) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        use_native_hstore=False,  # it would be looked for with every connection
        pool_timeout=BUSY / 1000,
        connect_args={
            "autocommit": True,  # whoever wants a transaction begins it
            "connect_timeout": CONNECT,
            "application_name": APPLICATION,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            **KEEPALIVE,
        },
    )


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
