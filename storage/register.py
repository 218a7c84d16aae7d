"""The index of incidents: what they are found by, and when each is due next."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.incident import ENDED
from bot.ports import Index
from bot.refs import Address
from bot.refusals import Conflict
from storage.engines import is_reading
from storage.tables import addresses, incidents, meta

LOCK = 5_170_713
"""The advisory lock of new numbers on PostgreSQL; on SQLite whoever writes is alone."""

HIGHEST = "highest number"
"""The row of `meta` with the highest number given before incidents were deleted: none is given twice."""

UNENDED = incidents.c.status.not_in([status.value for status in ENDED])

# Statements of every command are made once: making one costs thrice what it costs to run it.
_GIVEN = select(meta.c.value).where(meta.c.name == HIGHEST).scalar_subquery()
_HIGHEST = select(func.max(incidents.c.number).label("kept"), _GIVEN.label("given"))
_SEEN = select(incidents.c.version).where(incidents.c.number == bindparam("n"))
_VERSION = _SEEN.with_for_update()
_NUMBERS = select(incidents.c.number, incidents.c.version).order_by(incidents.c.number.desc())
_VERSIONS = select(incidents.c.number, incidents.c.version).where(
    incidents.c.number.in_(bindparam("numbers", expanding=True))
)
_OPEN_NUMBERS = _NUMBERS.where(UNENDED)
_NEW = insert(incidents)
_ROW = update(incidents).where(incidents.c.number == bindparam("n"), incidents.c.version == bindparam("before"))
_DUE = (
    select(incidents.c.number)
    .where(incidents.c.next_due_at <= bindparam("now"))
    .order_by(incidents.c.next_due_at, incidents.c.number)
    .limit(bindparam("most"))
)
_TAKEN = (
    select(incidents.c.number, incidents.c.version)
    .where(incidents.c.next_due_at <= bindparam("now"))
    .order_by(incidents.c.next_due_at, incidents.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_HERE = select(addresses.c.name, addresses.c.incident).where(
    addresses.c.name.in_((bindparam("place"), bindparam("around")))
)


def next_number(connection: Connection) -> int:
    """One more than the highest ever; nobody else is given it until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    row = connection.execute(_HIGHEST).one()
    return max(row.kept or 0, int(row.given or 0)) + 1


def version_of(connection: Connection, number: int) -> int | None:
    """The incident's newest version, its row locked until a transaction that writes ends; None if there is none."""
    found: int | None = connection.scalar(_SEEN if is_reading(connection) else _VERSION, {"n": number})
    return found


def versions(connection: Connection, *, ended: bool) -> Mapping[int, int]:
    """Numbers with their newest versions, newest incident first."""
    rows = connection.execute(_NUMBERS if ended else _OPEN_NUMBERS)
    return {row.number: row.version for row in rows}


def versions_of(connection: Connection, numbers: Iterable[int]) -> Mapping[int, int]:
    """The newest versions of those of these incidents that are there."""
    return {row.number: row.version for row in connection.execute(_VERSIONS, {"numbers": list(numbers)})}


def write(connection: Connection, number: int, index: Index, before: int, after: int) -> None:
    """Write the row of an incident that was at version `before`. Raises Conflict where it no longer is.

    A new row raises IntegrityError where its number is taken.
    """
    values = {**_columns(index), "version": after}
    if before == 0:
        connection.execute(_NEW, {"rules": "", **values, "number": number})
    elif connection.execute(_ROW, {**values, "n": number, "before": before}).rowcount == 0:
        raise Conflict


def rewrite(connection: Connection, number: int, index: Index, version: int, rules: str) -> None:
    """Write a row anew, made by these rules. Raises Conflict where the incident has moved on."""
    values = {**_columns(index), "rules": rules, "n": number, "before": version}
    if connection.execute(_ROW, values).rowcount == 0:
        raise Conflict


def due(connection: Connection, now: datetime, limit: int) -> tuple[int, ...]:
    """Numbers of incidents whose next deadline has come, longest overdue first."""
    return tuple(connection.scalars(_DUE, {"now": now, "most": limit}))


def take_due(connection: Connection, now: datetime, limit: int) -> Mapping[int, int]:
    """The same with their versions, their rows locked; those that another has locked are passed over."""
    return {row.number: row.version for row in connection.execute(_TAKEN, {"now": now, "most": limit})}


def row_of(number: int, index: Index, before: int, after: int) -> dict[str, Any]:
    """What `write_many` writes of an incident that was at version `before` and is at `after`."""
    return {**_columns(index), "rules": index.rules, "version": after, "n": number, "before": before}


def write_many(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Write rows that are there. Raises Conflict where one of the incidents has moved on."""
    if rows and connection.execute(_ROW, list(rows)).rowcount != len(rows):
        raise Conflict


def stale(connection: Connection, rules: str, limit: int) -> tuple[int, ...]:
    """Numbers of incidents not ended whose row was made by other rules, oldest deadline first."""
    wanted = select(incidents.c.number).where(incidents.c.rules != rules, UNENDED)
    order = (incidents.c.next_due_at.is_(None), incidents.c.next_due_at, incidents.c.number)
    return tuple(connection.scalars(wanted.order_by(*order).limit(limit)))


def at_place(connection: Connection, address: Address) -> int | None:
    """The incident whose room this is, or in whose room this thread is."""
    conversation, _, thread = address.rpartition("/")
    names = (address, conversation if thread and "/" in conversation else address)
    rows = connection.execute(_HERE, {"place": names[0], "around": names[1]})
    found = {row.name: row.incident for row in rows if row.incident is not None}
    return next((found[name] for name in names if name in found), None)


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
