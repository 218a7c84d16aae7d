"""The schema is brought up to date alone, all or nothing; what this release cannot work on is refused in a sentence."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.refs import Identity
from storage import schema
from storage.database import Database
from storage.errors import SchemaError, Unusable
from storage.tables import metadata

AT = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new.db'}"


def stamp(url: str, version: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


def made(url: str) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        wanted = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' ORDER BY name"
        for kind, name, sql in connection.execute(wanted).fetchall():
            if sql and not name.startswith("sqlite_"):
                yield kind, name, sorted(part.strip(" \t,").replace('"', "") for part in sql.splitlines())


def test_a_new_database_is_brought_up_to_date(empty: str) -> None:
    assert schema.current(empty) == ""

    assert schema.upgrade(empty) == schema.head() == schema.current(empty)

    assert schema.upgrade(empty) == schema.head()
    schema.check(empty)


def test_asking_for_the_version_makes_no_file(empty: str) -> None:
    schema.current(empty)

    assert not Path(empty.removeprefix("sqlite:///")).exists()


def test_the_migrations_make_what_the_tables_say(empty: str) -> None:
    schema.upgrade(empty)

    engine = create_engine(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_the_migrations_make_it_to_the_letter(empty: str, tmp_path: Path) -> None:
    schema.upgrade(empty)
    straight = f"sqlite:///{tmp_path / 'straight.db'}"
    engine = create_engine(straight)
    metadata.create_all(engine)
    engine.dispose()

    assert list(made(empty)) == list(made(straight))


def test_replicas_that_start_at_once_migrate_once(empty: str) -> None:
    command = [sys.executable, "-c", f"from storage import schema; print(schema.upgrade({empty!r}))"]
    replicas = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)
    ]

    said = [replica.communicate(timeout=60) for replica in replicas]

    assert said == [(f"{schema.head()}\n", "")] * 3


def test_a_new_database_that_somebody_writes_to_is_waited_for(empty: str) -> None:
    path = empty.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.execute, ["ROLLBACK"]).start()

        assert schema.upgrade(empty) == schema.head()


def test_a_schema_one_release_newer_is_accepted_and_left_alone(url: str) -> None:
    newer = f"{int(schema.head()) + 1:04}"
    stamp(url, newer)

    schema.check(url)
    assert schema.upgrade(url) == newer


@pytest.mark.parametrize("version", [f"{int(schema.head()) + 2:04}", "f3a9"])
def test_a_schema_that_is_newer_still_is_refused(url: str, version: str) -> None:
    stamp(url, version)

    with pytest.raises(SchemaError, match=f"schema is {version}, this release knows {schema.head()}"):
        schema.upgrade(url)
    with pytest.raises(SchemaError, match="run the release that made it"):
        schema.check(url)


def test_a_schema_that_is_older_asks_for_the_upgrade(url: str) -> None:
    stamp(url, "0000")

    with pytest.raises(SchemaError, match="run `sitrep db upgrade`"):
        schema.check(url)


def test_no_schema_asks_for_the_upgrade(empty: str) -> None:
    with pytest.raises(SchemaError, match="no schema yet: run `sitrep db upgrade`"):
        schema.check(empty)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)

    with pytest.raises(Unusable, match=r"notes\.txt cannot be used \(file is not a database\): see SITREP"):
        schema.upgrade(f"sqlite:///{path}")


def test_a_folder_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="unable to open database file"):
        schema.upgrade(f"sqlite:///{tmp_path / 'nowhere' / 'sitrep.db'}")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:sitrep.db?mode=memory&uri=true",
    ],
)
def test_a_database_that_would_not_be_kept_is_refused(url: str) -> None:
    with pytest.raises(Unusable, match="not kept"):
        Database(url)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "oracle9://x", "mysql://user:secret@host/db", "postgresql://user:secret@host:port/db"],
)
def test_an_address_that_no_database_has_is_refused_with_its_setting_and_not_repeated(url: str) -> None:
    with pytest.raises(Unusable, match=r"^SITREP_DATABASE_URL is no database .* write sqlite:///path") as refused:
        Database(url)

    assert "secret" not in str(refused.value)


def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    path = empty.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE meta (something TEXT)")

    with pytest.raises(Unusable, match="table meta already exists"):
        schema.upgrade(empty)

    assert schema.current(empty) == ""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert names == ["meta"]


def test_every_table_can_be_made_on_postgresql_too() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    statements += [
        str(CreateIndex(index).compile(dialect=dialect))
        for table in metadata.tables.values()
        for index in table.indexes
    ]

    assert all("TIMESTAMP WITHOUT" not in statement for statement in statements)
    assert sum("TIMESTAMP WITH TIME ZONE" in statement for statement in statements) >= 5


def test_emptying_forgets_everything_and_counts_anew(url: str) -> None:
    with closing(Database(url)) as database:
        with database.store.begin() as tx:
            tx.person(Identity("local:@ana"))
        room = database.local.make_room(["incidents"], private=False, token="t")
        root = database.local.say(room.address, kind="words", data="x", at=AT)
        database.local.say(room.address, kind="words", data="y", at=AT, thread=root)

    schema.empty(url)

    with closing(Database(url)) as database:
        assert database.local.rooms() == ()
        with database.store.begin() as tx:
            assert tx.person(Identity("local:@ben")) == "P-1"
