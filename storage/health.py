"""Whether the database can be worked on, and a copy of it."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from storage import schema
from storage.engines import is_sqlite
from storage.errors import SchemaError, Unusable, reason_of
from storage.sessions import Sessions
from storage.tables import meta
from storage.upserts import insert_or_set

PROBE = "probe"

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


def old_sqlite(url: URL) -> str:
    """The version of the SQLite in use where it is one with the WAL-reset bug, else nothing."""
    return sqlite3.sqlite_version if is_sqlite(url) and sqlite3.sqlite_version_info < FIXED else ""


def back_up(connection: Connection, path: Path) -> None:
    """Copy the whole database, as of one moment, into a new file, while others read and write.

    Raises Unusable where the file is there already or cannot be written, or the database is a server.
    """
    if connection.dialect.name != "sqlite":
        raise Unusable("This database is a server: back it up with its own tools, such as pg_dump.")
    if path.exists():
        raise Unusable(f"{path} is there already: name a file that is not.")
    part = path.with_name(f"{path.name}.part")
    try:
        with closing(sqlite3.connect(part)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy)
        part.rename(path)
    except (sqlite3.Error, OSError) as fault:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Unusable(f"{path} cannot be written: {fault}.") from fault
