"""Whether the database can be worked on, and a copy of it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage import schema
from storage.engines import is_sqlite
from storage.errors import NO_TEMPORARY, SchemaError, Unusable, reason_of, state_of
from storage.private_file import begin, partial
from storage.sessions import Sessions
from storage.tables import meta
from storage.upserts import insert_or_set

PROBE = "probe"

LEAST = 1024 * 1024
"""Bytes a disk must have free: what a command and a checkpoint of the log may need at once."""

_LITTLE_MEMORY = "SET LOCAL work_mem = '64kB'; SET LOCAL temp_tablespaces = ''"
_SPILL = text("""
    SELECT sum(length(word)) FROM (
        SELECT repeat('x', 1024) AS word FROM generate_series(1, :many) AS place ORDER BY place DESC
    ) AS words
""").bindparams(many=LEAST // 1024)
"""Sorted with too little memory, so that as much is written to a temporary file, where the tables are."""

PERHAPS_SENT = (
    "UPDATE deliveries SET tried_at = queued_at WHERE state IN ('waiting', 'sending') AND tried_at IS NULL AND ref = ''"
)
"""In a copy: what waits in it will have been sent by the time it is restored, so it is looked for before it is sent."""

FIXED = (3, 51, 3)
"""The first SQLite without the WAL-reset bug."""


def fault_of(sessions: Sessions) -> str:
    """Why the database cannot be worked on, as one sentence; empty where it can. Writes, to know that it can."""
    try:
        with sessions.writing() as connection:
            schema.check_on(connection)
            insert_or_set(connection, meta, "name", {"name": PROBE, "value": "written"})
    except SchemaError as fault:
        return str(fault)
    except SQLAlchemyError as fault:
        return f"The database cannot be written: {reason_of(fault)}."
    return ""


def disk_fault(url: URL, free: Callable[[Path], int]) -> str:
    """Why the disk under a file is too full; empty where it is not. `free` gives a folder's free bytes.

    The probe's one row still finds a place where a command's many pages do not.
    """
    full = free(Path(url.database or "").absolute().parent) < LEAST
    return "The database cannot be written: its disk is full." if full else ""


def server_disk_fault(sessions: Sessions) -> str:
    """The same of a server's disk, whose free bytes cannot be asked for: a temporary file is written there."""
    try:
        with sessions.reading() as connection:
            connection.exec_driver_sql(_LITTLE_MEMORY)
            connection.execute(_SPILL)
    except DBAPIError as fault:
        return "" if state_of(fault) == NO_TEMPORARY else f"The database cannot be written: {reason_of(fault)}."
    return ""


def free_bytes(folder: Path) -> int:
    """What is free on the disk that holds the folder."""
    return shutil.disk_usage(folder).free


def old_sqlite(url: URL) -> str:
    """The version of the SQLite in use where it is one with the WAL-reset bug, else nothing."""
    return sqlite3.sqlite_version if is_sqlite(url) and sqlite3.sqlite_version_info < FIXED else ""


def back_up(connection: Connection, path: Path) -> None:
    """Copy a whole SQLite database, as of one moment, into a new file, while others read and write.

    Raises Unusable where the file is there already or cannot be written.
    """
    if path.exists():
        raise Unusable(f"{path} is there already: name a file that is not.")
    part = partial(path)
    try:
        begin(part)
        with closing(sqlite3.connect(part)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy)
            copy.execute(PERHAPS_SENT)
            copy.commit()
        part.rename(path)
    except (sqlite3.Error, OSError) as fault:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Unusable(f"{path} cannot be written: {fault}.") from fault
