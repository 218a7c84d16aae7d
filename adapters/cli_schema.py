"""`sitrep db upgrade | current | backup PATH`."""

import socket
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.app_local import check_database
from adapters.cli_setup import opened
from config.errors import ConfigError
from config.settings import Settings, load
from storage import schema
from storage.database import Database

BEATS = timedelta(seconds=7)
"""A clock that runs writes it down at least that often."""


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
    with closing(opened(load())) as db:
        db.back_up(path)
    print(f"Copied to {path}.")
    return 0


def start_fresh(settings: Settings) -> None:
    """Empty the try-out chat's database, for good. It is left as it is where Sitrep could not start afterwards.

    Raises ConfigError where it is a real chat's, or somebody else uses it or listens in our place; StorageError where
    it cannot be opened.
    """
    url = settings.database_url.get_secret_value()
    _check_free(settings)
    schema.upgrade(url)
    with closing(Database(url)) as db:
        check_database(db, tried_out=True)
        if _somebody_runs(db):
            raise ConfigError("Sitrep runs on this database: stop it first, then start with --fresh.")
    schema.empty(url)


def _check_free(settings: Settings) -> None:
    """Raises ConfigError where somebody listens where we would."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as fault:
            raise ConfigError(cannot_listen(settings, fault)) from None


def cannot_listen(settings: Settings, fault: OSError) -> str:
    """Why we cannot listen where the settings say, as one sentence."""
    reason = (fault.strerror or type(fault).__name__).lower()
    return f"{settings.host}:{settings.port} cannot be listened at ({reason}): set SITREP_HOST and SITREP_PORT."


def _somebody_runs(db: Database) -> bool:
    """Whether another process's clock runs on it: where it ran a moment ago, whether it goes on."""
    before = db.last_beat()
    if before is None or datetime.now(UTC) + db.clock_ahead() - before > BEATS:
        return False
    until = time.monotonic() + BEATS.total_seconds()
    while time.monotonic() < until:
        if db.last_beat() != before:
            return True
        time.sleep(0.2)
    return False


def _url() -> str:
    return load().database_url.get_secret_value()
