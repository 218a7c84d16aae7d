"""A server's disk: whether there is room is known before a command finds out."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial

import psycopg
import pytest

from bot.events import NoteAdded
from storage.database import Database
from tests.campaign import disk
from tests.campaign.databases import SMALL
from tests.contracts.given import an_incident, happened
from tests.databases import copy_on
from tests.postgres import Server, programs, server


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    """A server on a small file system of its own."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL")
    with server(found, partial(disk.small, megabytes=192), **SMALL) as running:
        if not running.folder.is_mount():
            pytest.skip("no file system may be made here")
        yield running


@pytest.fixture
def url(small: Server) -> Iterator[str]:
    with copy_on(small) as address:
        yield address


def note(database: Database, words: str) -> None:
    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text=words))


def test_a_full_disk_is_a_fault_before_anybody_was_refused(small: Server, url: str) -> None:
    with closing(Database(url)) as database:
        an_incident(database)
        before = database.fault()

        with disk.full(small.folder, 0):
            note(database, "One line still finds a place.")
            said = database.fault()

        assert (before, said.partition(": ")[0]) == ("", "The database cannot be written")
        assert "No space left on device" in said
        assert database.fault() == ""


def test_who_may_write_no_temporary_files_is_not_taken_for_a_full_disk(small: Server, url: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as owner:
        owner.execute("ALTER ROLE sitrep SET temp_file_limit = '100kB'")
    try:
        with closing(Database(url)) as database:
            assert database.fault() == ""
    finally:
        small.does("ALTER ROLE sitrep RESET temp_file_limit")
