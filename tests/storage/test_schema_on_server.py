"""The schema on PostgreSQL: brought up to date by one of many, all or nothing, and never in others' way for long."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from storage import schema
from storage.engines import database_url
from storage.errors import Unusable
from storage.tables import metadata
from tests.postgres import Server
from tests.storage.stepping import step_to

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    with server.database() as url:
        yield url


def test_a_new_database_is_brought_up_to_date(empty: str) -> None:
    assert schema.current(empty) == ""

    assert schema.upgrade(empty) == schema.head() == schema.current(empty)

    assert schema.upgrade(empty) == schema.head()
    schema.check(empty)


def test_the_migrations_make_what_the_tables_say(empty: str) -> None:
    schema.upgrade(empty)

    engine = create_engine(database_url(empty))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_replicas_that_start_at_once_migrate_once(empty: str) -> None:
    command = [sys.executable, "-c", f"from storage import schema; print(schema.upgrade({empty!r}))"]
    replicas = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)
    ]

    said = [replica.communicate(timeout=60) for replica in replicas]

    assert said == [(f"{schema.head()}\n", "")] * 3


def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    with closing(psycopg.connect(empty)) as connection, connection:
        connection.execute("CREATE TABLE meta (something TEXT)")

    with pytest.raises(Unusable, match='"meta" already exists'):
        schema.upgrade(empty)

    assert schema.current(empty) == ""
    with closing(psycopg.connect(empty)) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert names == [("meta",)]


def test_a_table_that_somebody_uses_for_long_is_waited_for_a_little_at_a_time(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "AT_A_TIME", 50)
    monkeypatch.setattr(schema, "REST", 0.05)
    tried, real = list[Connection](), schema._upgrade

    def upgrade(connection: Connection) -> str:
        tried.append(connection)
        return real(connection)

    monkeypatch.setattr(schema, "_upgrade", upgrade)
    step_to(empty, "0002")
    with closing(psycopg.connect(empty)) as reader:
        reader.execute("SELECT * FROM deliveries")
        threading.Timer(0.5, reader.rollback).start()

        assert schema.upgrade(empty) == schema.head()

    assert len(tried) > 1
    schema.check(empty)


def test_a_server_that_is_not_there_is_named_without_a_password_among_the_options() -> None:
    with pytest.raises(
        Unusable, match=r"^The database postgresql://sitrep@127\.0\.0\.1:1/sitrep cannot be used"
    ) as refused:
        schema.check("postgresql://sitrep@127.0.0.1:1/sitrep?password=hush-9&connect_timeout=2")

    assert "hush" not in str(refused.value)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(Unusable, match="see SITREP_DATABASE_URL") as refused:
        schema.check("postgres://sitrep:hush-9@127.0.0.1:1/sitrep")

    said = str(refused.value)
    assert said.startswith("The database postgresql://sitrep:***@127.0.0.1:1/sitrep cannot be used (connection failed")
    assert "\n" not in said
