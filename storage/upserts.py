"""Inserts that meet a row which is there already: the one thing each database spells in its own way."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert the row unless its key is there. Gives whether it was new."""
    statement = _insert(connection, table).values(**values).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def insert_or_set(connection: Connection, table: Table, key: str, values: Mapping[str, Any]) -> None:
    """Insert the row; where that key is there, set its other values."""
    others = {name: value for name, value in values.items() if name != key}
    statement = _insert(connection, table).values(**values).on_conflict_do_update(index_elements=[key], set_=others)
    connection.execute(statement)


def _insert(connection: Connection, table: Table) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
