"""The schema's version: brought up to date under a lock, and refused where this release cannot work on it.

A release has at most one migration, and migrations are numbered `0001`, `0002` …; so the number after the newest known
is a schema one release newer, which only adds to this one (expand, deploy, contract) and is accepted.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from storage.engines import database_url, is_sqlite, reading_engine, schema_engine
from storage.errors import SchemaError, Unusable, reason_of
from storage.local_tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"

WAIT = 60_000
"""Milliseconds one replica waits for another that is migrating."""

LOCK = 5_170_712
"""The advisory lock of Sitrep's migrations on PostgreSQL."""

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
    return _on(schema_engine(database_url(url), WAIT), _upgrade)


def empty(url: str) -> None:
    """Forget everything that is kept, for good. Raises Unusable where it cannot be opened."""
    _on(schema_engine(database_url(url), WAIT), _empty)


def version_on(connection: Connection) -> str:
    """The version of the schema on that connection; empty where there is none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


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
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
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
        shown = engine.url.render_as_string(hide_password=True)
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
