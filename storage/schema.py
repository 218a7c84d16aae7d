"""The schema's version: brought up to date under a lock, and refused where this release cannot work on it.

A release has at most one migration, and migrations are numbered `0001`, `0002` …; so the number after the newest known
is a schema one release newer, which only adds to this one and is accepted. The rule is expand, deploy, contract, and
`tests/storage/test_expand.py` holds every migration to it:

- Expand. A migration adds tables, indexes, and columns that may be empty or have a default of the database's own. What
  was written and read before can be written and read after, by the release before it, which runs meanwhile.
- Deploy. The release that brings the migration writes the new and reads both. Once no older one runs, all is new.
- Contract. What nobody uses any more goes with a later release's migration, never with that which stopped using it.

On PostgreSQL a migration waits a second at most for a table that somebody uses, for everybody else waits behind it;
then all of it is undone and tried again.
"""

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.engines import database_url, is_locked, is_sqlite, reading_engine, schema_engine
from storage.errors import SchemaError, Unusable, reason_of
from storage.local_tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"

WAIT = 60_000
"""Milliseconds one replica waits for another that is migrating."""

AT_A_TIME = 1_000
"""Milliseconds a migration waits for a table on PostgreSQL, before it lets others pass."""

REST = 0.5
"""Seconds in which they do."""

LOCK = 5_170_712
"""The advisory lock of Sitrep's migrations on PostgreSQL."""

VERSIONS = "alembic_version"
_VERSION = text(f"SELECT version_num FROM {VERSIONS}")  # noqa: S608 - a name of Alembic's
"""Made once: Alembic's own look makes another statement each time, and each is kept for as long as 750 are."""

T = TypeVar("T")


@cache
def head() -> str:
    """The newest version this release knows: `0001`."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(url: str) -> str:
    """The database's version; empty where it has no schema yet. Raises Unusable where it cannot be opened."""
    place = database_url(url)
    if is_sqlite(place) and not Path(place.database or "").exists():
        return ""
    return _on(reading_engine(place), version_on)


def obstacle(url: str) -> str:
    """Why a database that is not there yet cannot be made at that address, as far as can be told; empty: it can."""
    place = database_url(url)
    folder = Path(place.database or "").absolute().parent
    if not is_sqlite(place) or (folder.is_dir() and os.access(folder, os.W_OK)):
        return ""
    return f"{folder} is no folder that Sitrep can write in: make it, or name another in SITREP_DATABASE_URL"


def check(url: str) -> None:
    """Raises SchemaError where this release cannot work on the database, Unusable where it cannot be opened."""
    _judge(current(url))


def upgrade(url: str) -> str:
    """Bring the schema up to date, alone among all replicas, all or nothing. Gives its version then.

    One that is a release newer is left as it is. Raises SchemaError for another, Unusable where it cannot be opened.
    """
    until = time.monotonic() + WAIT / 1000
    while True:
        try:
            return _on(schema_engine(database_url(url), WAIT), _upgrade)
        except Unusable as fault:
            held = isinstance(fault.__cause__, OperationalError) and is_locked(fault.__cause__)
            if not held or time.monotonic() > until:
                raise
            time.sleep(REST)


def empty(url: str) -> None:
    """Forget everything that is kept, for good. Raises Unusable where it cannot be opened."""
    _on(schema_engine(database_url(url), WAIT), _empty)


def version_on(connection: Connection) -> str:
    """The version of the schema on that connection; empty where there is none."""
    if not inspect(connection).has_table(VERSIONS):
        return ""
    return str(connection.scalar(_VERSION) or "")


def check_on(connection: Connection) -> None:
    """Raises SchemaError where this release cannot work on that schema."""
    _judge(version_on(connection))


def _judge(found: str) -> None:
    known = head()
    if found in {known, _after(known)}:
        return
    if not found:
        raise SchemaError("The database has no schema yet: run `sitrep db upgrade`.")
    if _is_older(found, known):
        raise SchemaError(f"The database's schema is {found}, this release needs {known}: run `sitrep db upgrade`.")
    raise SchemaError(
        f"The database's schema is {found}, this release knows {known} and works on {_after(known)} too: "
        "run the release that made it."
    )


def _upgrade(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.set_config("lock_timeout", f"{WAIT}ms", True)))
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        connection.execute(select(func.set_config("lock_timeout", f"{AT_A_TIME}ms", True)))
    found = version_on(connection)
    if found and not _is_older(found, head()):
        _judge(found)
        return found
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SchemaError("The migration would leave rows that point nowhere: it was undone, restore a backup.")
    return version_on(connection)


def _empty(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM sqlite_sequence")


def _on(engine: Engine, work: Callable[[Connection], T]) -> T:
    try:
        with engine.begin() as connection:
            return work(connection)
    except DBAPIError as fault:
        place = engine.url.set(drivername=engine.url.get_backend_name(), query={})  # an option may be a password too
        shown = place.render_as_string(hide_password=True)
        raise Unusable(f"The database {shown} cannot be used ({reason_of(fault)}): see SITREP_DATABASE_URL.") from fault
    finally:
        engine.dispose()


def _is_older(found: str, known: str) -> bool:
    return found.isdigit() and int(found) < int(known)


def _after(known: str) -> str:
    return f"{int(known) + 1:04}"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
