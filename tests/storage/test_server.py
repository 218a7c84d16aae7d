"""A database server: reached by the address an operator writes, waited for in time, and lost without harm."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import InternalError

from adapters.server_clock import ServerClock, own_clock
from bot.events import NoteAdded
from storage.database import READERS, WRITERS, Database
from storage.engines import database_url
from storage.errors import TooLate, Unusable, is_busy
from tests.contracts.given import AT, LEASE, an_incident, claim, happened, keys, post, say, with_room
from tests.databases import copy_on, server_or_skip
from tests.postgres import Server

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    with copy_on(server) as address:
        yield address


def note(database: Database) -> str:
    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="One"))
    return "One"


def notes(database: Database) -> int:
    with database.store.reading() as transaction:
        return len(transaction.entries(42)) - 1


# ------------------------------------------------------------------ how it is reached


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_the_address_is_the_same_database(url: str, scheme: str) -> None:
    with closing(Database(f"{scheme}:{url.partition(':')[2]}")) as opened:
        assert opened.fault() == ""


def test_another_driver_or_none_is_named_by_what_to_write(url: str) -> None:
    with pytest.raises(Unusable, match=r"write sqlite:///path or postgresql://user@host/name"):
        database_url(f"postgresql+asyncpg:{url.partition(':')[2]}")


def test_the_driver_is_loaded_only_where_it_is_needed(tmp_path: Path) -> None:
    opens = f"from storage.database import Database; Database('sqlite:///{tmp_path / 'new.db'}')"
    looks = "import sys; print('psycopg' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", f"{opens}; {looks}"], cwd=ROOT, capture_output=True, check=True)

    assert said.stdout.split() == [b"False"]


def test_what_was_committed_is_on_the_disk_and_nobody_is_waited_for_longer_than_a_command_has(
    database: Database,
) -> None:
    names = ("synchronous_commit", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    wanted = ", ".join(f"current_setting('{name}')" for name in names)

    def look() -> tuple[str, ...]:
        with database.store.sessions.writing() as connection:
            return tuple(connection.exec_driver_sql(f"SELECT {wanted}").one())

    assert database.write(look).result() == ("on", "1500ms", "1500ms", "1900ms")
    _, _, statement, _ = database.write(look, within=0.5).result()
    assert 0 < int(statement.removesuffix("ms")) <= 500


def test_there_are_no_more_connections_than_threads_and_a_few(database: Database, url: str) -> None:
    with ThreadPoolExecutor(40) as many:
        list(many.map(lambda _: database.fault(), range(40)))
        list(many.map(lambda _: database.reads.incidents(), range(40)))

    with closing(psycopg.connect(url)) as other:
        mine = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sitrep' AND datname = current_database()"
        )
        (count,) = other.execute(mine).fetchone() or (0,)
    assert 0 < count <= WRITERS + 1 + READERS + 2


# ------------------------------------------------------------------ in time or never


def test_a_row_held_by_somebody_else_is_waited_for_no_longer_than_there_is_time(database: Database, url: str) -> None:
    an_incident(database)
    with closing(psycopg.connect(url)) as other:
        other.execute("SELECT version FROM incidents WHERE number = 42 FOR UPDATE")

        fault = database.write(lambda: note(database), within=0.1).exception()

    assert isinstance(fault, TooLate)
    assert is_busy(fault)
    assert notes(database) == 0
    assert database.write(lambda: note(database), within=2.0).result() == "One"


def test_a_transaction_for_reading_changes_nothing(database: Database) -> None:
    with pytest.raises(InternalError, match="read-only"), database.store.reading() as transaction:
        transaction.first_time("key", AT)


def test_a_reader_neither_waits_for_a_writer_nor_holds_one_up(database: Database) -> None:
    an_incident(database)

    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="not yet"))
        with database.store.reading() as reader:
            assert reader.load(42) is not None
            assert len(reader.entries(42)) == 1


# ------------------------------------------------------------------ one time for all


def test_replicas_whose_machines_are_hours_apart_keep_each_others_leases(database: Database, url: str) -> None:
    fast = ServerClock(ask=database.server_time, own=lambda: own_clock() + timedelta(hours=1))
    with closing(Database(url)) as replica:
        slow = ServerClock(ask=replica.server_time, own=lambda: own_clock() - timedelta(hours=1))
        fast.measure()
        slow.measure()
        say(replica, with_room(replica), post("card"), at=slow.now())

        assert keys(claim(database, fast.now())) == ["card"]
        assert claim(replica, slow.now()) == ()
        assert keys(claim(replica, slow.now() + LEASE + timedelta(seconds=1))) == ["card"]


# ------------------------------------------------------------------ lost, and back


@pytest.mark.parametrize("how", ["SIGINT", "SIGQUIT"])
def test_a_server_that_was_restarted_is_used_again_as_if_nothing_had_been(how: str) -> None:
    with server_or_skip() as own, copy_on(own) as url, closing(Database(url)) as database:
        an_incident(database)
        done = [database.write(lambda: note(database)) for _ in range(WRITERS * 2)]
        assert {each.result() for each in done} == {"One"}

        own.stop(signal.Signals[how])
        down = database.write(lambda: note(database), within=2.0).exception()
        said = database.fault()
        own.start()

        assert down is not None
        assert is_busy(down)
        assert said.startswith("The database cannot be written: ")
        again = [database.write(lambda: note(database), within=2.0) for _ in range(WRITERS * 2)]
        assert {each.result() for each in again} == {"One"}
        assert database.read(lambda: notes(database)).result() == WRITERS * 4
        assert database.fault() == ""


def test_connections_cut_off_between_two_commands_are_nobodys_loss(database: Database, url: str) -> None:
    an_incident(database)
    with closing(psycopg.connect(url, autocommit=True)) as other:
        other.execute(CUT)

    assert database.write(lambda: note(database), within=2.0).result() == "One"
    assert database.read(lambda: notes(database)).result() == 1


def test_connections_cut_off_within_a_command_leave_nothing_of_it(database: Database, url: str) -> None:
    an_incident(database)

    def cut() -> None:
        with database.store.begin() as transaction:
            happened(transaction, 42, NoteAdded(text="half"))
            with closing(psycopg.connect(url, autocommit=True)) as other:
                other.execute(CUT)

    fault = database.write(cut, within=2.0).exception()

    assert fault is not None
    assert is_busy(fault)
    assert notes(database) == 0
