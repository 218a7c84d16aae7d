"""Planned maintenance as its table has it."""

import json
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from bot.maintenance import Maintenance
from bot.refs import Person
from storage.tables import maintenances

LOCK = 5_170_715
"""The advisory lock of new numbers on PostgreSQL; on SQLite whoever writes is alone."""
MOST = 500
"""How many are read: all that are ahead, and far more of the past than a page shows."""


def standing(connection: Connection) -> tuple[Maintenance, ...]:
    """The newest that were not called off, by when they begin."""
    wanted = select(maintenances).where(maintenances.c.called_off_at.is_(None))
    rows = connection.execute(wanted.order_by(maintenances.c.ends_at.desc()).limit(MOST)).all()
    found = (
        Maintenance(
            number=row.number,
            title=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            services=tuple(json.loads(row.services)),
            planned_at=row.planned_at,
            planned_by=None if row.planned_by is None else Person(row.planned_by),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.number)))


def plan(connection: Connection, planned: Maintenance) -> None:
    """Keep it under the next number."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    number = (connection.scalar(select(func.max(maintenances.c.number))) or 0) + 1
    row = {
        "number": number,
        "title": planned.title,
        "starts_at": planned.starts_at,
        "ends_at": planned.ends_at,
        "services": json.dumps(planned.services),
        "planned_at": planned.planned_at,
        "planned_by": planned.planned_by,
        "called_off_at": None,
    }
    connection.execute(insert(maintenances).values(row))


def call_off(connection: Connection, number: int, at: datetime) -> None:
    """It is planned no more."""
    connection.execute(update(maintenances).where(maintenances.c.number == number).values(called_off_at=at))
