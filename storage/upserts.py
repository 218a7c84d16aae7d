"""Inserts that meet a row which is there already: the one thing each database spells in its own way."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert the row unless its key is there. Gives whether it was new."""
    return connection.execute(_unless_there(connection.dialect.name, table), values).first() is not None


def insert_or_set(connection: Connection, table: Table, key: str, values: Mapping[str, Any]) -> None:
    """Insert the row; where that key is there, set its other values."""
    others = {name: value for name, value in values.items() if name != key}
    statement = _insert(connection.dialect.name, table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=others))


@cache
def _unless_there(dialect: str, table: Table) -> Any:
    """Made once: every request begins with it."""
    return _insert(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
