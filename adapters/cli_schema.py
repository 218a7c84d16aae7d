"""`sitrep db upgrade | current | backup PATH`."""

from contextlib import closing
from pathlib import Path

from adapters.app_local import check_database
from config.settings import Settings, load
from storage import schema
from storage.database import Database


def upgrade() -> int:
    """Bring the schema up to date. Raises `storage.errors.StorageError`."""
    print(f"The schema is {schema.upgrade(_url())}.")
    return 0


def current() -> int:
    """Say which schema the database has; 1 where this release cannot work on it. Raises StorageError."""
    url = _url()
    print(schema.current(url) or "none")
    schema.check(url)
    return 0


def back_up(path: Path) -> int:
    """Copy the whole database while it is used. Raises `storage.errors.StorageError`."""
    url = _url()
    schema.check(url)
    with closing(Database(url)) as db:
        db.back_up(path)
    print(f"Copied to {path}.")
    return 0


def start_fresh(settings: Settings) -> None:
    """Empty the try-out chat's database, for good.

    Raises ConfigError for the database of an installation in a real chat, StorageError where it cannot be opened.
    """
    url = settings.database_url.get_secret_value()
    schema.upgrade(url)
    with closing(Database(url)) as db:
        check_database(db, tried_out=True)
    schema.empty(url)


def _url() -> str:
    return load().database_url.get_secret_value()
