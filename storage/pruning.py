"""Incidents that ended long ago, deleted with everything kept of them. Numbers are never given twice."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.exc import DBAPIError

from bot.evolve import fold
from bot.incident import Incident
from storage import joining, log, register
from storage.errors import Unusable, is_forbidden
from storage.register import HIGHEST, UNENDED
from storage.sessions import Sessions
from storage.tables import UNDER_WAY, addresses, deliveries, events, incidents, meta, out_of_reach
from storage.upserts import insert_or_set

NOT_OWNER = "This database user may not delete incidents: run it as the owner of the tables (docs/operations.md)."


def endings(sessions: Sessions, before: datetime) -> Iterator[int]:
    """The numbers of incidents that ended before that moment and of which nothing is under way, oldest first."""
    last = 0
    while True:
        with sessions.reading() as connection:
            number: int | None = connection.scalar(_after(last, before))
            if number is None:
                return
            gone = _is_over(connection, number, before)
        if gone:
            yield number
        last = number


def prune(sessions: Sessions, number: int, before: datetime) -> bool:
    """Delete that incident in one transaction, if it may still be. Raises Unusable where this user may not."""
    try:
        with sessions.writing() as connection:
            if register.version_of(connection, number) is None or not _is_over(connection, number, before):
                return False
            _remember_highest(connection)
            _delete(connection, number)
            return True
    except DBAPIError as fault:
        if is_forbidden(fault):
            raise Unusable(NOT_OWNER) from fault
        raise


def _after(last: int, before: datetime) -> Select[Any]:
    found = select(incidents.c.number).where(incidents.c.number > last, ~UNENDED, incidents.c.declared_at < before)
    return found.order_by(incidents.c.number).limit(1)


def _is_over(connection: Connection, number: int, before: datetime) -> bool:
    """Whether it ended before then, nobody is owed a word about it, no draft waits, and nothing is to be sent."""
    incident = _folded(connection, number)
    if not incident.is_ended or incident.ended_at is None or incident.ended_at >= before:
        return False
    if incident.standing() or incident.drafts:
        return False
    waits = select(deliveries.c.id).where(deliveries.c.incident == number, UNDER_WAY)
    return connection.scalar(waits.limit(1)) is None


def _folded(connection: Connection, number: int) -> Incident:
    return fold(log.read(connection, number, joining.everybody(connection)), number=number)


def _remember_highest(connection: Connection) -> None:
    highest = register.next_number(connection) - 1
    insert_or_set(connection, meta, "name", {"name": HIGHEST, "value": str(highest)})


def _delete(connection: Connection, number: int) -> None:
    """What an address leads to is the chat's, and stays; whose room it was goes."""
    here = addresses.c.incident == number
    connection.execute(delete(deliveries).where(deliveries.c.incident == number))
    connection.execute(delete(addresses).where(here, addresses.c.leads_to.is_(None)))
    connection.execute(update(addresses).where(here).values(incident=None))
    connection.execute(delete(out_of_reach).where(out_of_reach.c.incident == number))
    connection.execute(delete(events).where(events.c.incident == number))
    connection.execute(delete(incidents).where(incidents.c.number == number))
