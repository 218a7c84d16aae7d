"""What waits for the one writer shares a commit, and each job comes to what it would have come to alone."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bot.events import NoteAdded, TitleChanged
from storage.database import Database
from storage.errors import TooLate
from storage.writer import TOGETHER
from tests.contracts.given import an_incident, claim, happened, say, to_internal
from tests.databases import copy_of
from tests.storage.test_database import Clock, note, notes

Work = Callable[[], object]


def at_once(database: Database, works: Sequence[Work], within: float = 60) -> "list[Future[object]]":
    """Hand them over while the writer is busy, so that they wait together; give what became of them."""
    held = threading.Event()
    database.write(lambda: held.wait(30))
    futures = [database.write(work, within=within) for work in works]
    held.set()
    for future in futures:
        future.exception(timeout=30)
    return futures


@contextmanager
def commits(fails: int = 0) -> Iterator[list[Engine]]:
    """The commits that happen meanwhile; the first `fails` of them do not come about."""
    seen: list[Engine] = []

    def count(connection: Engine) -> None:
        seen.append(connection)
        if len(seen) <= fails:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    event.listen(Engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(Engine, "commit", count)


def written(database: Database) -> list[str]:
    with database.store.reading() as transaction:
        events = [entry.event for entry in transaction.entries(42)]
    return [one.text for one in events if isinstance(one, NoteAdded)]


def fails(database: Database, text: str = "Undone") -> None:
    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text=text))
        raise LookupError(text)


def test_jobs_that_wait_share_a_commit(database: Database) -> None:
    an_incident(database)

    with commits() as seen:
        futures = at_once(database, [lambda: note(database)] * TOGETHER)

    assert [future.result() for future in futures] == ["One"] * TOGETHER
    assert notes(database) == TOGETHER
    assert len(seen) == 1


def test_no_job_is_told_a_result_before_the_commit(database: Database) -> None:
    an_incident(database)
    early: list[bool] = []
    futures: list[Future[object]] = []

    with commits() as seen:
        held = threading.Event()
        database.write(lambda: held.wait(30))
        futures.append(database.write(lambda: note(database), within=60))
        futures.append(database.write(lambda: early.append(futures[0].done()), within=60))
        held.set()
        futures[1].result(timeout=30)

    assert early == [False]
    assert futures[0].result() == "One"
    assert len(seen) == 1


def test_a_job_that_fails_leaves_nothing_and_disturbs_nobody(database: Database) -> None:
    an_incident(database)

    before, failed, after = at_once(
        database, [lambda: note(database, "A"), lambda: fails(database), lambda: note(database, "B")]
    )

    assert (before.result(), after.result()) == ("A", "B")
    assert isinstance(failed.exception(), LookupError)
    assert written(database) == ["A", "B"]


def test_a_job_with_hardly_any_time_left_runs_alone_and_nobody_runs_again_for_it(url: str) -> None:
    clock = Clock()
    database = Database(url, clock=clock)
    an_incident(database)
    held = threading.Event()
    database.write(lambda: held.wait(30))
    ran: list[str] = []

    def dawdle(text: str) -> str:
        ran.append(text)
        clock.seconds += 1.0
        return note(database, text)

    with commits() as seen:
        one = database.write(lambda: dawdle("A"), within=60.0)
        hasty = database.write(lambda: note(database, "Hasty"), within=0.05)
        other = database.write(lambda: dawdle("B"), within=60.0)
        held.set()
        said = [each.result(timeout=30) for each in (one, hasty, other)]

    assert said == ["A", "Hasty", "B"]
    assert ran == ["A", "B"]
    assert len(seen) == 2
    assert written(database) == ["Hasty", "A", "B"]
    database.close()


def test_a_job_whose_time_is_over_at_the_commit_is_not_saved_and_the_others_are(url: str) -> None:
    clock = Clock()
    database = Database(url, clock=clock)
    an_incident(database)
    held = threading.Event()
    database.write(lambda: held.wait(30))

    def dawdle() -> str:
        clock.seconds += 3.0
        return note(database, "Slow")

    hasty = database.write(lambda: note(database, "Hasty"), within=2.0)
    patient = database.write(dawdle, within=60.0)
    held.set()

    assert patient.result(timeout=30) == "Slow"
    assert isinstance(hasty.exception(timeout=30), TooLate)
    assert written(database) == ["Slow"]
    database.close()


def test_where_the_commit_fails_each_runs_again_by_itself(database: Database) -> None:
    an_incident(database)

    with commits(fails=1) as seen:
        futures = at_once(database, [lambda: note(database, "A"), lambda: note(database, "B")])

    assert [future.result() for future in futures] == ["A", "B"]
    assert written(database) == ["A", "B"]
    assert len(seen) == 3


def test_what_the_database_itself_has_undone_is_nobodys_success(database: Database) -> None:
    an_incident(database)
    broken: list[int] = []

    def full() -> None:
        with database.store.begin() as transaction:
            happened(transaction, 42, NoteAdded(text="Too much"))
            if not broken:  # what SQLite does of its own accord when the disk is full
                broken.append(1)
                transaction._connection.exec_driver_sql("ROLLBACK")
                raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    futures = at_once(database, [lambda: note(database, "A"), full, lambda: note(database, "B")])

    assert [future.exception() for future in futures] == [None, None, None]
    assert written(database) == ["A", "Too much", "B"]


def test_an_incident_is_never_remembered_as_it_was_before_a_commit_that_failed(database: Database) -> None:
    an_incident(database)
    seen: list[int] = []

    def look() -> None:
        with database.store.begin() as transaction:
            found = transaction.load(42)
            assert found is not None
            seen.append(found.version)

    with commits(fails=1):
        at_once(database, [lambda: note(database, "A"), look])

    with database.store.reading() as transaction:
        incident = transaction.load(42)
    assert seen == [2, 2]
    assert incident is not None
    assert incident.version == 2


def test_what_is_handed_to_the_relay_is_not_remembered_from_before_a_commit_that_failed(database: Database) -> None:
    say(database, an_incident(database), to_internal("update-1"))

    def rename(title: str) -> None:
        with database.store.begin() as transaction:
            happened(transaction, 42, TitleChanged(title=title))

    with commits(fails=2):
        undone, claimed = at_once(database, [lambda: rename("Undone"), lambda: claim(database)])
    rename("Kept")

    with database.store.reading() as transaction:
        incident = transaction.load(42)
    assert isinstance(undone.exception(), OperationalError)
    assert claimed.exception() is None
    assert incident is not None
    assert incident.title == "Kept"


def test_what_people_wait_for_shares_no_commit_with_what_nobody_waits_for(database: Database) -> None:
    an_incident(database)
    held = threading.Event()
    database.write(lambda: held.wait(30))

    with commits() as seen:
        first = database.write(lambda: note(database), within=60)
        others = [database.write(lambda: note(database)) for _ in range(2)]
        last = database.write(lambda: note(database), within=60)
        held.set()
        for future in (first, *others, last):
            future.result(timeout=30)

    assert len(seen) == 3


def test_what_is_refused_when_the_writer_ends_is_never_done(url: str) -> None:
    database = Database(url)
    held = threading.Event()
    done: list[int] = []
    database.write(lambda: held.wait(30))
    database.write(lambda: done.append(0))
    ending = threading.Thread(target=database.close)
    ending.start()

    refused = 0
    with suppress(RuntimeError):
        for refused in count(1):
            database.write(partial(done.append, refused))
            time.sleep(0.01)
    held.set()
    ending.join(30)

    assert done == list(range(refused))


JOBS = st.lists(st.sampled_from(("note", "fail", "twice", "caught")), min_size=2, max_size=2 * TOGETHER)


def _job(database: Database, kind: str, number: int) -> object:
    match kind:
        case "note":
            return note(database, f"{number}")
        case "fail":
            fails(database)
            return None
        case "twice":
            return note(database, f"{number} first") + note(database, f"{number} second")
        case _:
            with pytest.raises(LookupError):
                fails(database)
            return note(database, f"{number} after all")


@settings(max_examples=15, deadline=None)
@given(kinds=JOBS)
def test_jobs_that_share_a_commit_come_to_what_they_come_to_alone(kinds: list[str], template: Path) -> None:
    came: list[tuple[list[str], list[str]]] = []
    for together in (True, False):
        with TemporaryDirectory() as folder:
            database = Database(copy_of(template, Path(folder)))
            an_incident(database)
            works = [partial(_job, database, kind, number) for number, kind in enumerate(kinds)]
            groups = [works] if together else [[work] for work in works]
            futures = [future for group in groups for future in at_once(database, group)]
            came.append((written(database), [repr(future.exception() or future.result()) for future in futures]))
            database.close()

    assert came[0] == came[1]
