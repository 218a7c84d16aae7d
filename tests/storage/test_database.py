"""One writer, readers beside it, and a command that commits in its time or never."""

import logging
import sqlite3
import stat
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.events import NoteAdded
from storage import schema
from storage.database import MOST_WAITING, Database
from storage.errors import TooLate, Unusable, is_busy
from storage.health import LEAST, disk_fault
from tests.contracts.given import AT, an_incident, claim_one, happened, later, say, to_internal


class Clock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def notes(database: Database) -> int:
    with database.store.reading() as transaction:
        return len(transaction.entries(42)) - 1


def note(database: Database, text: str = "One") -> str:
    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text=text))
    return text


# ------------------------------------------------------------------ in time or never


def test_work_that_commits_in_its_time_gives_its_result(database: Database) -> None:
    an_incident(database)

    assert database.write(lambda: note(database), within=60).result() == "One"
    assert notes(database) == 1


def test_work_that_is_too_late_is_never_committed(url: str) -> None:
    clock = Clock()
    database = Database(url, clock=clock)
    an_incident(database)

    def dawdle() -> None:
        with database.store.begin() as transaction:
            happened(transaction, 42, NoteAdded(text="late"))
            clock.seconds += 2.0

    with pytest.raises(TooLate):
        database.write(dawdle, within=2.0).result()

    assert notes(database) == 0
    assert database.write(lambda: note(database), within=2.0).result() == "One"
    database.close()


def test_work_still_queued_when_its_time_is_over_never_starts(url: str) -> None:
    clock = Clock()
    database = Database(url, clock=clock)
    held, begun = threading.Event(), threading.Event()
    blocker = database.write(lambda: held.wait(30))
    queued = database.write(begun.set, within=2.0)

    clock.seconds += 2.0
    held.set()

    assert isinstance(queued.exception(), TooLate)
    assert blocker.result()
    assert not begun.is_set()
    database.close()


def test_work_without_a_time_of_its_own_takes_as_long_as_it_takes(url: str) -> None:
    clock = Clock()
    database = Database(url, clock=clock)
    an_incident(database)

    def dawdle() -> None:
        note(database)
        clock.seconds += 3600

    database.write(dawdle).result()

    assert notes(database) == 1
    database.close()


def test_where_too_many_wait_the_next_is_refused_at_once_and_later_ones_are_not(database: Database) -> None:
    held, ran = threading.Event(), list[int]()
    first = database.write(held.wait)
    waiting = [database.write(partial(ran.append, number), within=60) for number in range(MOST_WAITING)]

    refused = database.write(lambda: ran.append(-1), within=60)
    patient = database.write(lambda: ran.append(-2))

    assert isinstance(refused.exception(timeout=1), TooLate)
    held.set()
    assert first.result(timeout=60)
    assert [future.exception(timeout=60) for future in (*waiting, patient)] == [None] * (MOST_WAITING + 1)
    assert ran == [*range(MOST_WAITING), -2]
    assert database.write(lambda: "again", within=60).result() == "again"


def test_time_given_to_one_job_is_not_held_against_the_next(url: str) -> None:
    clock = Clock()
    database = Database(url, clock=clock)
    an_incident(database)
    database.write(lambda: note(database), within=2.0).result()
    clock.seconds += 3600

    assert database.write(lambda: note(database)).result() == "One"
    database.close()


def test_a_lock_held_by_somebody_else_is_waited_for_no_longer_than_there_is_time(database: Database, url: str) -> None:
    an_incident(database)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        fault = database.write(lambda: note(database), within=0.05).exception()
        other.execute("ROLLBACK")

    assert isinstance(fault, TooLate)
    assert is_busy(fault)
    assert notes(database) == 0


def test_readers_see_what_is_committed_while_a_writer_is_at_work(database: Database) -> None:
    an_incident(database)

    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="not yet"))
        assert database.read(lambda: notes(database)).result() == 0

    assert database.read(lambda: notes(database)).result() == 1


def test_a_transaction_for_reading_changes_nothing(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"), database.store.reading() as transaction:
        transaction.first_time("key", AT)


# ------------------------------------------------------------------ how SQLite is used


def test_there_is_one_writer(database: Database) -> None:
    names = {database.write(lambda: threading.current_thread().name).result() for _ in range(20)}

    assert len(names) == 1


def test_the_writer_keeps_every_commit_through_a_power_cut(database: Database) -> None:
    with database.store.sessions.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_transaction_takes_the_lock_before_it_reads(database: Database, url: str) -> None:
    with (
        closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as other,
        database.store.begin(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_an_sqlite_that_can_corrupt_a_database_is_named_once_at_the_start(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        Database(url).close()

    expected = 1 if sqlite3.sqlite_version_info < (3, 51, 3) else 0
    assert len([record for record in caplog.records if sqlite3.sqlite_version in record.getMessage()]) == expected


def test_an_error_never_repeats_what_somebody_typed(database: Database) -> None:
    with pytest.raises(OperationalError) as fault, database.store.reading() as transaction:
        transaction.first_time("canary-secret", AT)

    assert "canary-secret" not in str(fault.value)


# ------------------------------------------------------------------ its health, and a copy of it


def test_a_database_that_can_be_worked_on_has_no_fault(database: Database) -> None:
    assert database.fault() == ""
    assert database.fault() == ""


def test_a_database_that_cannot_be_written_says_so(database: Database, url: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other, other:
        other.execute("DROP TABLE meta")

    assert database.fault() == "The database cannot be written: no such table: meta."


def test_a_database_without_its_schema_says_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")

    assert database.fault() == "The database has no schema yet: run `sitrep db upgrade`."
    database.close()


def test_a_copy_is_made_while_the_database_is_written(database: Database, tmp_path: Path) -> None:
    an_incident(database)
    note(database)
    path = tmp_path / "copy.db"

    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="not yet"), at=later(1))
        database.back_up(path)

    schema.check(f"sqlite:///{path}")
    copy = Database(f"sqlite:///{path}")
    assert (notes(copy), notes(database)) == (1, 2)
    copy.close()
    assert [found.name for found in tmp_path.glob("*.part")] == []


def test_what_waits_in_a_copy_is_looked_for_before_it_is_sent(database: Database, tmp_path: Path) -> None:
    say(database, an_incident(database), to_internal("update-1"))

    database.back_up(tmp_path / "copy.db")

    with closing(Database(f"sqlite:///{tmp_path / 'copy.db'}")) as copy:
        assert (claim_one(copy).tried_at, claim_one(database).tried_at) == (AT, None)


def test_a_copy_can_be_read_by_nobody_else(database: Database, tmp_path: Path) -> None:
    left_over = tmp_path / "copy.db.part"
    left_over.touch(mode=0o644)

    database.back_up(tmp_path / "copy.db")

    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert not left_over.exists()


def test_a_copy_never_replaces_a_file(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_text("mine")

    with pytest.raises(Unusable, match="is there already: name a file that is not"):
        database.back_up(path)

    assert path.read_text() == "mine"


def test_a_copy_that_cannot_be_written_says_so(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"):
        database.back_up(tmp_path / "nowhere" / "copy.db")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Unusable, match="cannot be written"):
        database.back_up(tmp_path / "file" / "copy.db")


def test_closing_finishes_what_was_handed_over(url: str) -> None:
    database = Database(url)
    an_incident(database)
    done = [database.write(lambda: note(database)) for _ in range(5)]

    database.close()

    assert [future.result() for future in done] == ["One"] * 5


@pytest.mark.parametrize(("free", "full"), [(0, True), (LEAST - 1, True), (LEAST, False)])
def test_a_disk_that_is_nearly_full_is_a_fault_before_a_command_finds_out(url: str, free: int, *, full: bool) -> None:
    asked: list[Path] = []

    def left(folder: Path) -> int:
        asked.append(folder)
        return free

    fault = disk_fault(make_url(url), left)

    assert fault == ("The database cannot be written: its disk is full." if full else "")
    assert asked == [Path(make_url(url).database or "").parent]
