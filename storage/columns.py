"""Column types whose values are the same on every database. Classes because SQLAlchemy makes a type of a class.

Each gives what converts a value itself: a row of the outbox has twenty such values, and is written and read thrice.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.refs import aware
from storage.words import keepable


class Moment(TypeDecorator[datetime]):
    """An instant. Kept in UTC, so that text order is time order on SQLite; comes out with its zone.

    Raises ValueError for a moment without a time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """To the database: UTC, without a zone where the database keeps none."""
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002 - SQLAlchemy's signature
        """From the database: UTC, and says so."""
        return _of_text if dialect.name == "sqlite" else _in_utc


class Words(TypeDecorator[str]):
    """Text of any length, less what no database keeps."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database."""
        return _kept


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is UTC:
        return moment
    return aware(moment).astimezone(UTC)


def _as_text(moment: datetime | None) -> str | None:
    instant = _in_utc(moment)
    return None if instant is None else instant.replace(tzinfo=None).isoformat(" ", "microseconds")


def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _kept(text: str | None) -> str | None:
    return None if text is None else keepable(text)
