"""A process that was stopped in the middle of a write, on a server: what it holds is free again after a while."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest

from bot.events import NoteAdded, PromiseMade
from bot.service import Service
from storage.database import Database
from tests.contracts.given import an_incident, happened, later
from tests.databases import copy_on
from tests.postgres import Server
from tests.scenario import policy
from tests.storage.standing import standing_still

AT_ONCE = timedelta()
HELD = "UPDATE incidents SET title = title WHERE number = 42 RETURNING number"


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    with copy_on(server) as address:
        yield address


def test_a_server_does_not_send_it_away_by_itself(database: Database, url: str) -> None:
    an_incident(database)

    with standing_still(url, HELD):  # as `executemany` writes
        with closing(psycopg.connect(url, autocommit=True)) as other:
            wanted = b"SELECT state, wait_event FROM pg_stat_activity WHERE query = %s"
            assert other.execute(wanted, [HELD]).fetchone() == ("active", "ClientRead")
        assert database.fleet.send_away(AT_ONCE) == 1


def test_a_reminder_that_it_holds_is_said_once_others_sent_it_away(database: Database, url: str) -> None:
    desk = Service(store=database.store, policy=policy(), rules="rules", replica="two")
    an_incident(database, 42, PromiseMade(audience="internal", due=later(60), cause="declared"), due=later(60))

    with standing_still(url, HELD):
        assert desk.tick(later(61)) == 0
        assert database.fleet.send_away(AT_ONCE) == 1
        assert desk.tick(later(61)) == 1


def test_who_is_only_slow_is_left_alone(database: Database, url: str) -> None:
    an_incident(database)

    with standing_still(url, HELD):
        assert database.fleet.send_away() == 0


def test_who_is_not_of_ours_is_left_alone(database: Database, url: str) -> None:
    an_incident(database)

    with standing_still(url, HELD, "pg_restore"):
        assert database.fleet.send_away(AT_ONCE) == 0


def test_who_is_at_work_is_left_alone(database: Database) -> None:
    an_incident(database)

    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="One"))
        assert database.fleet.send_away(AT_ONCE) == 0
        happened(transaction, 42, NoteAdded(text="Two"))
