"""Processes on one server tell each other that there is something to send, and have one time."""

import queue
from datetime import UTC, datetime, timedelta

import psycopg

from storage.database import Database

LONG = 10.0
"""Seconds."""


def heard(database: Database) -> "queue.Queue[str]":
    """What it hears, once nothing more can be missed; on SQLite there is nobody to hear."""
    words: queue.Queue[str] = queue.Queue()
    database.listen(lambda: words.put("look"))
    if database.server_time() is not None:
        words.get(timeout=LONG)
    return words


def test_what_one_tells_the_others_hear(database: Database, replica: Database) -> None:
    theirs, ours = heard(replica), heard(database)

    database.tell()

    if database.server_time() is not None:
        assert theirs.get(timeout=LONG) == "look"
    database.close()
    assert ours.empty()
    assert theirs.empty()


def test_telling_before_listening_or_after_the_end_is_nothing(database: Database) -> None:
    database.tell()
    database.close()
    database.tell()


def test_a_connection_that_is_lost_is_made_anew_and_all_look_once(
    database: Database, replica: Database, url: str
) -> None:
    theirs = heard(replica)
    heard(database)
    if not url.startswith("postgresql"):
        return

    with psycopg.connect(url, autocommit=True) as other:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        other.execute(f"{others} AND datname = current_database()")

    assert theirs.get(timeout=LONG) == "look"  # what was told meanwhile nobody knows
    database.tell()
    assert theirs.get(timeout=LONG) == "look"


def test_the_time_is_the_servers(database: Database, url: str) -> None:
    found = database.server_time()

    if url.startswith("postgresql"):
        assert found is not None
        assert found.tzinfo == UTC
        assert abs(found - datetime.now(UTC)) < timedelta(minutes=1)
    else:
        assert found is None
