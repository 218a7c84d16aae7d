"""What the contracts of an operator's words begin with: rows as they are, and changed behind Sitrep's back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, func, select

from bot.events import Closed, Event
from bot.incident import Incident
from storage.checking import Rules
from storage.database import Database
from storage.engines import database_url, writing_engine
from tests.contracts.given import (
    AT,
    declared,
    happened,
    index_of,
)

LONG_AGO = AT - timedelta(days=800)
CUT = AT - timedelta(days=730)
OURS = "these rules"


def changed(url: str, *statements: Executable) -> None:
    """Something else than Sitrep wrote to the database."""
    engine = writing_engine(database_url(url), lambda: None)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def rows_of(url: str, table: Any, *where: Any) -> int:
    engine = writing_engine(database_url(url), lambda: None)
    with engine.begin() as connection:
        found = connection.scalar(select(func.count()).select_from(table).where(*where))
    engine.dispose()
    return int(found or 0)


def found(database: Database, *owed: datetime, now: datetime = AT, wrong: Collection[bool] = (True,)) -> list[str]:
    """What is found by rules by which every incident owes these moments."""
    rules = Rules(index=index_of, deadlines=lambda _: owed, fingerprint=OURS, incidents_now=now, now=now)
    return [finding.sentence for finding in database.upkeep.findings(rules) if finding.wrong in wrong]


def ended(database: Database, number: int, *more: Event, at: datetime = LONG_AGO) -> Incident:
    with database.store.begin() as transaction:
        happened(transaction, number, declared(), at=at)
        return happened(transaction, number, *more, Closed(), at=at)
