"""Sitrep's own user on PostgreSQL does all of its work, and cannot change the log without a trace."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.commands.record import RecordRoom
from bot.events import NoteAdded
from bot.redaction import REDACTED
from bot.requests import Request
from bot.service import Service
from config.policy_file import load_policy
from storage import schema
from storage.database import Database
from storage.errors import Unusable
from storage.grants import give, script
from tests.contracts.given import ANA, AT, LEASE, PLACE, ROOM
from tests.contracts.record import found
from tests.postgres import Server
from tests.storage.standing import standing_still

ROLE = "sitrep-app"
NOTE = """INSERT INTO events (incident, version, kind, v, at, data) VALUES (1, 900, 'Redacted', 1, now(), '{}')"""


@pytest.fixture
def owned(server: Server) -> Iterator[str]:
    """A database with the newest schema, as its owner has it, and rights for somebody else."""
    with server.database(server.template(schema.upgrade)) as url:
        with closing(psycopg.connect(url, autocommit=True)) as owner:
            owner.execute(f'DROP ROLE IF EXISTS "{ROLE}"')
            owner.execute(f'CREATE ROLE "{ROLE}" LOGIN')
        give(url, ROLE)
        yield url
        with closing(psycopg.connect(url, autocommit=True)) as owner:
            owner.execute(f'DROP OWNED BY "{ROLE}"')


@pytest.fixture
def url(owned: str) -> str:
    """The same as Sitrep's own user has it."""
    return make_url(owned).set(username=ROLE).render_as_string(hide_password=False)


def lived(url: str) -> None:
    """Something of everything that Sitrep does."""
    schema.check(url)
    with closing(Database(url)) as database:
        service = Service(store=database.store, policy=load_policy(None).policy, rules="rules", replica="one")
        service.handle(Request(identity=ANA, key="1", text="declare critical Checkout is down", place=PLACE), AT)
        service.record(RecordRoom(address=ROOM, name="inc-1", url="", own=True), 1, "room", AT)
        service.handle(Request(identity=ANA, key="2", text="note The first alert came at 01:52", place=ROOM), AT)
        for row in database.relay.claim(AT, 20, LEASE):
            database.relay.sent(row, "1.2", AT)
        database.fleet.beat("one", {})
        assert service.tick(AT + timedelta(hours=1)) == 1
        assert database.store.forget_keys(timedelta(days=-9)) > 0
        assert database.fault() == ""


def refused(url: str, *statements: str) -> str:
    with closing(psycopg.connect(url)) as connection:
        try:
            for statement in statements:
                connection.execute(statement.encode())
            connection.commit()
        except psycopg.Error as fault:
            return f"{fault.sqlstate}: {fault}"
    return ""


def test_all_of_the_work_can_be_done(url: str) -> None:
    lived(url)


def test_a_process_that_stands_still_can_be_sent_away(url: str) -> None:
    with closing(Database(url)) as database, standing_still(url, "SELECT 42"):
        assert database.fleet.send_away(timedelta()) == 1


def test_it_may_be_copied_by_the_user_that_sitrep_works_as(
    server: Server, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(server.programs), prepend=":")
    path = tmp_path / "copy.dump"

    with closing(Database(url)) as database:
        database.back_up(path)

    assert path.stat().st_size > 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'Declared'",
        'UPDATE events SET "by" = NULL',
        "UPDATE events SET at = now()",
        "DELETE FROM events",
        "TRUNCATE events CASCADE",
        "DELETE FROM incidents",
        "DROP TABLE events",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TRIGGER sitrep_only_redacted ON events",
        "DROP FUNCTION sitrep_only_redacted() CASCADE",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_log_cannot_be_changed_or_taken_away(url: str, statement: str) -> None:
    assert "42501" in refused(url, statement)


def test_words_cannot_be_overwritten_without_a_trace(url: str) -> None:
    lived(url)

    assert "42501: the log is append-only" in refused(url, "UPDATE events SET data = '{}' WHERE incident = 1")


def test_somebody_whose_words_must_go_is_heard(url: str) -> None:
    lived(url)
    with closing(Database(url)) as database:
        service = Service(store=database.store, policy=load_policy(None).policy, rules="rules", replica="one")
        service.handle(Request(identity=ANA, key="3", text="claim commander", place=ROOM), AT)
        with database.store.reading() as transaction:
            entries = transaction.entries(1)
        entry = next(one.version for one in entries if isinstance(one.event, NoteAdded))

        answer = service.handle(
            Request(identity=ANA, key="4", text=f"redact {entry} it names a customer", place=ROOM), AT
        )

        assert answer.changed
        with database.store.reading() as transaction:
            assert transaction.entries(1)[entry - 1].event == NoteAdded(text=REDACTED)


@pytest.mark.parametrize("trace_first", [True, False])
def test_words_can_be_overwritten_by_who_adds_the_trace_of_it(url: str, *, trace_first: bool) -> None:
    lived(url)
    overwrite = "UPDATE events SET data = '{\"text\":\"[redacted]\"}' WHERE incident = 1 AND kind = 'NoteAdded'"

    assert refused(url, *((NOTE, overwrite) if trace_first else (overwrite, NOTE))) == ""
    assert "append-only" in refused(url, overwrite), "the trace of another time does not do"


def test_rights_that_a_restore_gave_back_are_found(owned: str, url: str) -> None:
    with closing(Database(url)) as database:
        before = found(database)
    with closing(psycopg.connect(owned, autocommit=True)) as owner:
        owner.execute(f'GRANT DELETE ON events TO "{ROLE}"')

    with closing(Database(url)) as database, closing(Database(owned)) as owners:
        assert (before, found(owners)) == ([], [])
        assert found(database) == [
            "sitrep-app may change the log: run `sitrep db grants sitrep-app --apply` as the owner of the tables."
        ]


def test_the_same_is_a_script_for_psql(owned: str, url: str) -> None:
    assert refused(owned, script(ROLE)) == ""

    lived(url)


def test_the_rights_may_be_given_again(url: str, owned: str) -> None:
    give(owned, ROLE)

    lived(url)


def test_the_owner_is_not_given_fewer_rights(owned: str) -> None:
    with pytest.raises(Unusable, match="sitrep owns the tables"):
        give(owned, "sitrep")


def test_nobody_is_given_rights_who_is_not_there(owned: str) -> None:
    with pytest.raises(Unusable, match='role "nobody-here" does not exist'):
        give(owned, "nobody-here")
