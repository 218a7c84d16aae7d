"""Expand, deploy, contract: the release before a migration works on beside it, so a migration only adds."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Connection, DateTime, Inspector, Integer, MetaData, Table, inspect, select

from tests.postgres import Server
from tests.storage.stepping import engine_of, step_to, versions

AT = datetime(2026, 11, 23, tzinfo=UTC)
STEPS = list(zip(versions(), versions()[1:], strict=False))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'sitrep.db'}"
        return
    server: Server = request.getfixturevalue("server")
    with server.database() as url:
        yield url


def a_value(column: Any) -> Any:
    match column.type:
        case Boolean():
            return False
        case DateTime():
            return AT
        case Integer():
            return 1
        case _:
            return "x"


def a_row(table: Table) -> dict[str, Any]:
    """As the release before writes it: of every column it knows."""
    return {column.name: a_value(column) for column in table.columns}


def ours(connection: Connection) -> MetaData:
    """The tables as they are, without Alembic's."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith(("alembic", "sqlite")))
    return found


def rules(inspector: Inspector, table: str) -> Mapping[str, Any]:
    """What may refuse a row, by name."""
    found: dict[str, Any] = {"primary key": inspector.get_pk_constraint(table)["constrained_columns"]}
    found |= {str(one["name"]): one["column_names"] for one in inspector.get_unique_constraints(table)}
    found |= {str(one["name"]): one["column_names"] for one in inspector.get_indexes(table) if one["unique"]}
    found |= {str(one["name"]): one["referred_table"] for one in inspector.get_foreign_keys(table)}
    return found | {str(one["name"]): one["sqltext"] for one in inspector.get_check_constraints(table)}


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_a_migration_keeps_every_table_and_column_and_refuses_nothing_new(empty: str, before: str, after: str) -> None:
    step_to(empty, before)
    engine = engine_of(empty)
    with engine.begin() as connection:
        old, asked = ours(connection), inspect(connection)
        ruled = {name: rules(asked, name) for name in old.tables}
    engine.dispose()

    step_to(empty, after)

    with engine.begin() as connection:
        new, asked = ours(connection), inspect(connection)
        for name, table in old.tables.items():
            there = new.tables[name]
            for column in table.columns:
                kept = there.columns[column.name]
                assert (str(kept.type), kept.nullable) == (str(column.type), column.nullable), f"{name}.{column.name}"
            for column in there.columns:
                known = column.name in table.columns
                assert known or column.nullable or column.server_default is not None, f"{name}.{column.name}"
            assert _new(rules(asked, name), ruled[name]) == {}, name
    engine.dispose()


def _new(after: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    return {name: rule for name, rule in after.items() if before.get(name) != rule}


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_what_the_release_before_wrote_is_there_and_it_writes_on(empty: str, before: str, after: str) -> None:
    step_to(empty, before)
    engine = engine_of(empty)
    with engine.begin() as connection:
        old = ours(connection)
        for table in old.sorted_tables:
            connection.execute(table.insert().values(a_row(table)))
        read = {table.name: connection.execute(select(table)).all() for table in old.sorted_tables}

    step_to(empty, after)

    with engine.begin() as connection:
        for table in old.sorted_tables:
            same = [column for column in table.columns if (table.name, column.name) != ("people", "profiled")]
            assert connection.execute(select(*same)).all() == [
                tuple(row._mapping[column.name] for column in same) for row in read[table.name]
            ]
        for table in reversed(old.sorted_tables):
            connection.execute(table.delete())
        for table in old.sorted_tables:
            connection.execute(table.insert().values(a_row(table)))
    engine.dispose()
