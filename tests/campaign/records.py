"""The database as plain SQL sees it, whichever it is."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Records:
    """Read-only. Each question is a transaction of its own."""

    url: str
    """`sqlite:///file` or `postgresql://…`."""

    def rows(self, statement: str) -> list[Row]:
        """What the statement finds."""
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
                cursor = connection.execute(statement)
                names = [column[0] for column in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        with psycopg.connect(self.url, autocommit=True, row_factory=dict_row) as server:
            return server.execute(statement.encode()).fetchall()

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its file."""
        if not self.url.startswith("sqlite"):
            return []
        found = [str(row["integrity_check"]) for row in self.rows("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found


def seconds(moment: datetime | str | None) -> float:
    """A stored moment as seconds since 1970; zero for none."""
    if moment is None:
        return 0.0
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
