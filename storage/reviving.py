"""What goes out newer although older content of it was given up."""

from typing import Any

from sqlalchemy import Row

from storage.tables import Lane

REVIVED = frozenset({Lane.TOPIC, Lane.INVITE})
"""Lanes in which it always does."""


def lives_on(row: Row[Any]) -> bool:
    """An edit does where no chat refused it: it failed for a day, or made us stumble."""
    return row.lane in REVIVED or bool(row.ref and row.failing_since)
