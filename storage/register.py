"""The index of incidents: what they are found by, and when each is due next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from bot.incident import ENDED
from bot.ports import Index
from bot.refs import Address
from bot.refusals import Conflict
from storage.tables import addresses, incidents

LOCK = 5_170_713
"""The advisory lock of new numbers on PostgreSQL; on SQLite whoever writes is alone."""

UNENDED = incidents.c.status.not_in([status.value for status in ENDED])


def next_number(connection: Connection) -> int:
    """One more than the highest; nobody else is given it until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    return (connection.scalar(select(func.max(incidents.c.number))) or 0) + 1


def version_of(connection: Connection, number: int) -> int | None:
    """The incident's newest version, its row locked until the transaction ends; None if there is none."""
    wanted = select(incidents.c.version).where(incidents.c.number == number).with_for_update()
    found: int | None = connection.scalar(wanted)
    return found


def versions(connection: Connection, *, ended: bool) -> Mapping[int, int]:
    """Numbers with their newest versions, newest incident first."""
    wanted = select(incidents.c.number, incidents.c.version).order_by(incidents.c.number.desc())
    rows = connection.execute(wanted if ended else wanted.where(UNENDED))
    return {row.number: row.version for row in rows}


def write(connection: Connection, number: int, index: Index, before: int, after: int) -> None:
    """Write the row of an incident that was at version `before`. Raises Conflict where it no longer is.

    A new row raises IntegrityError where its number is taken.
    """
    values = {**_columns(index), "version": after}
    if before == 0:
        connection.execute(insert(incidents).values({"rules": "", **values, "number": number}))
    elif connection.execute(_row(number, before).values(values)).rowcount == 0:
        raise Conflict


def rewrite(connection: Connection, number: int, index: Index, version: int, rules: str) -> None:
    """Write a row anew, made by these rules. Raises Conflict where the incident has moved on."""
    if connection.execute(_row(number, version).values({**_columns(index), "rules": rules})).rowcount == 0:
        raise Conflict


def due(connection: Connection, now: datetime, limit: int) -> tuple[int, ...]:
    """Numbers of incidents whose next deadline has come, longest overdue first."""
    wanted = select(incidents.c.number).where(incidents.c.next_due_at <= now)
    return tuple(connection.scalars(wanted.order_by(incidents.c.next_due_at, incidents.c.number).limit(limit)))


def stale(connection: Connection, rules: str, limit: int) -> tuple[int, ...]:
    """Numbers of incidents not ended whose row was made by other rules, oldest deadline first."""
    wanted = select(incidents.c.number).where(incidents.c.rules != rules, UNENDED)
    order = (incidents.c.next_due_at.is_(None), incidents.c.next_due_at, incidents.c.number)
    return tuple(connection.scalars(wanted.order_by(*order).limit(limit)))


def at_place(connection: Connection, address: Address) -> int | None:
    """The incident whose room this is, or in whose room this thread is."""
    conversation, _, thread = address.rpartition("/")
    names = (address, conversation) if thread and "/" in conversation else (address,)
    wanted = select(addresses.c.name, addresses.c.incident).where(addresses.c.name.in_(names))
    found = {row.name: row.incident for row in connection.execute(wanted) if row.incident is not None}
    return next((found[name] for name in names if name in found), None)


def _row(number: int, version: int) -> Any:
    return update(incidents).where(_is(number), incidents.c.version == version)


def _is(number: int) -> ColumnElement[bool]:
    return incidents.c.number == number


def _columns(index: Index) -> dict[str, Any]:
    columns = {
        "title": index.title,
        "status": index.status,
        "priority": index.priority,
        "private": index.private,
        "drill": index.drill,
        "is_open": index.is_open,
        "declared_at": index.declared_at,
        "next_due_at": index.next_due_at,
    }
    return {**columns, "rules": index.rules} if index.rules else columns
