"""A folder and an empty database for each section."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.campaign import disk
from tests.campaign.sections import Section
from tests.postgres import CARELESS, Server, programs, server

SMALL = {**CARELESS, "max_wal_size": "48MB", "min_wal_size": "32MB"}
"""Of a server on a small file system, which it is not to fill by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a section stands on."""

    folder: Path
    """For everything that is written."""
    address: str = ""
    """Of the database; empty: a file in the folder."""
    server: Server | None = None
    """Where the database is; it may be stopped and started."""


@contextmanager
def ground(section: Section) -> Iterator[Ground]:
    """A server of the section's own where it needs one. Raises LookupError where there is no PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="sitrep-campaign-", ignore_cleanup_errors=True) as name:
        if section.database == "sqlite":
            yield Ground(folder=Path(name))
            return
        found = programs()
        if found is None:
            raise LookupError("no PostgreSQL: install the package postgresql")
        small = section.nemesis == "disk"
        opening = server(found, partial(disk.small, megabytes=192), **SMALL) if small else server(found)
        with opening as running, running.database() as address:
            yield Ground(folder=Path(name), address=address, server=running)
