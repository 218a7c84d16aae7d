"""A server's database is copied while it is written, and what is restored from the copy agrees with itself."""

import stat
import subprocess
import threading
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.events import NoteAdded
from storage.database import Database
from storage.dumping import dump, reason_in
from storage.errors import Unusable
from tests.contracts.given import an_incident, happened
from tests.contracts.record import found
from tests.databases import copy_on
from tests.postgres import Server


def test_a_dump_under_load_restores_to_a_record_that_agrees_with_itself(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(server.programs), prepend=":")
    path, enough = tmp_path / "copy.dump", threading.Event()
    with copy_on(server) as written, server.database() as restored:
        database = Database(written)
        an_incident(database)
        writer = threading.Thread(target=write_on, args=(database, enough))
        writer.start()

        database.back_up(path)
        enough.set()
        writer.join()
        subprocess.run(
            [server.programs / "pg_restore", "--no-owner", f"--dbname={restored}", path], check=True, timeout=60
        )

        copy = Database(restored)
        assert found(copy) == []
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert 1 <= version(copy) <= version(database)
        copy.close()
        database.close()


def test_why_a_dump_failed_is_said_in_the_words_of_the_server(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(server.programs), prepend=":")
    place = make_url(server.url("nobody_made_it"))

    with pytest.raises(Unusable, match=r'copied: .*database "nobody_made_it" does not exist'):
        dump(place, tmp_path / "copy.dump")

    assert list(tmp_path.iterdir()) == []


def test_the_reason_that_a_dump_failed_is_not_the_statement_it_failed_at() -> None:
    told = (
        "pg_dump: error: query failed: ERROR:  permission denied for sequence deliveries_id_seq\n"
        "pg_dump: detail: Query was: SELECT last_value, is_called FROM public.deliveries_id_seq\n"
    )

    assert reason_in(told) == "query failed: ERROR: permission denied for sequence deliveries_id_seq"
    assert (
        reason_in("pg_dump: error: aborting\npg_dump: detail: server version: 16\n") == "aborting: server version: 16"
    )
    assert reason_in("Killed\n") == "Killed"
    assert reason_in("") == "pg_dump failed"


def write_on(database: Database, enough: threading.Event) -> None:
    while not enough.is_set():
        with database.store.begin() as transaction:
            happened(transaction, 42, NoteAdded(text="First alert"))


def version(database: Database) -> int:
    record = database.reads.record(42)
    assert record is not None
    return record.incident.version
