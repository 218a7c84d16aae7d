"""Databases for tests: made once, copied for each, so that none pays for the migrations."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import schema
from tests.postgres import Server, programs, server


def make_template(folder: Path) -> Path:
    """An empty database with the newest schema."""
    path = folder / "template.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


def copy_of(template: Path, folder: Path) -> str:
    """The address of a copy of its own."""
    path = folder / "sitrep.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@contextmanager
def server_or_skip() -> Iterator[Server]:
    """A PostgreSQL server that runs."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL")
    with server(found) as running:
        yield running


@contextmanager
def copy_on(running: Server) -> Iterator[str]:
    """The address of an empty database with the newest schema on that server, gone at the end."""
    with running.database(running.template(schema.upgrade)) as address:
        yield address
