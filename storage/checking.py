"""Whether what is stored agrees with itself: the log with the index, the outbox with the clock, rooms with addresses.

Read in small transactions, beside processes that write: each incident is looked at as of one moment, and none is held
in memory longer than that.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, text

from bot.evolve import fold
from bot.incident import Incident
from bot.ports import Index
from bot.refs import reference
from storage import joining, log
from storage.folds import Joined
from storage.people import person_at
from storage.register import UNENDED
from storage.sessions import Sessions
from storage.tables import ROOM_TO_COME, State, addresses, deliveries, incidents, people

AT_ONCE = 100
"""Incidents read in one transaction."""
LATE = timedelta(minutes=5)
"""So long after its lease a row may still be taken up by whoever runs."""
OLD = timedelta(hours=1)
"""A row that waits longer is told of."""
COLUMNS = ("title", "status", "priority", "private", "drill", "is_open", "declared_at")


MAY_CHANGE_THE_LOG = text("""
    SELECT current_user FROM pg_class AS log JOIN pg_trigger ON tgrelid = log.oid
    WHERE tgname = 'sitrep_only_redacted' AND NOT pg_has_role(relowner, 'USAGE')
    AND has_table_privilege(log.oid, 'DELETE, TRUNCATE, UPDATE')
""")
"""Who looks, where it is a user of Sitrep's own that has more rights than `sitrep db grants` leaves to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the rows should be."""

    index: Callable[[Incident], Index]
    deadlines: Callable[[Incident], tuple[datetime, ...]]
    """Every moment at which the incident must be looked at, earliest first."""
    fingerprint: str
    """Of these rules: rows that others made are computed anew at the next start, and are not compared."""
    incidents_now: datetime
    """On the incident's clock."""
    now: datetime
    """Real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line for the operator. It never holds a title."""

    sentence: str
    wrong: bool = True
    """False for what only deserves to be known."""


def findings(sessions: Sessions, rules: Rules) -> Iterator[Finding]:
    """Everything that is not as it should be, while it is looked for."""
    with sessions.reading() as connection:
        yield from _file(connection)
        yield from _rights(connection)
        yield from _people(connection)
    last = 0
    while True:
        with sessions.reading() as connection:
            rows = connection.execute(_after(last)).all()
            joined = joining.everybody(connection)
            found = [finding for row in rows for finding in _incident(connection, row, joined, rules)]
        yield from found
        if not rows:
            break
        last = rows[-1].number
    with sessions.reading() as connection:
        yield from _outbox(connection, rules.now)


def _after(number: int) -> Any:
    return select(incidents).where(incidents.c.number > number).order_by(incidents.c.number).limit(AT_ONCE)


def _file(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield Finding(sentence=f"The database's file is damaged: {said}. Restore a backup.")
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield Finding(sentence=f"A row of {row[0]} points to one of {row[2]} that is not there.")


def _rights(connection: Connection) -> Iterator[Finding]:
    """A restore into tables that are there gives back what was taken away."""
    if connection.dialect.name == "postgresql":
        for user in connection.scalars(MAY_CHANGE_THE_LOG):
            again = f"run `sitrep db grants {user} --apply` as the owner of the tables"
            yield Finding(sentence=f"{user} may change the log: {again}.")


def _people(connection: Connection) -> Iterator[Finding]:
    """Who is one person with another leads in one step to the first of them, who leads nowhere."""
    first = people.alias("first")
    wrong = or_(first.c.same_as.is_not(None), first.c.id >= people.c.id)
    led = people.join(first, first.c.id == people.c.same_as)
    for number in connection.scalars(select(people.c.id).select_from(led).where(wrong).order_by(people.c.id)):
        yield Finding(sentence=f"{person_at(number)} does not lead to the first of the same person.")


def _incident(connection: Connection, row: Row[Any], joined: Joined, rules: Rules) -> Iterator[Finding]:
    name = reference(row.number)
    entries = log.read(connection, row.number, joined)
    versions = [entry.version for entry in entries]
    if versions != list(range(1, row.version + 1)):
        yield Finding(sentence=f"{name}: its log has {len(versions)} entries, its row says version {row.version}.")
        return
    incident = fold(entries, number=row.number)
    index = rules.index(incident)
    for column in COLUMNS:
        if getattr(row, column) != getattr(index, column):
            yield Finding(sentence=f"{name}: its row has another {column.replace('_', ' ')} than its log.")
    if row.rules == rules.fingerprint and _would_be_late(row.next_due_at, rules.deadlines(incident), rules):
        yield Finding(sentence=f"{name}: its row has another next deadline than its log.")
    yield from _rooms(connection, incident)


def _would_be_late(stored: datetime | None, owed: Iterable[datetime], rules: Rules) -> bool:
    """Whether the row names a later moment than what is owed, or none, or one to come where nothing is owed.

    One that is past is looked at by the next tick, and put right.
    """
    if stored is not None and stored <= rules.incidents_now:
        return False
    return stored != next((moment for moment in owed if moment > rules.incidents_now), None)


def _rooms(connection: Connection, incident: Incident) -> Iterator[Finding]:
    if incident.is_ended:
        return
    for room in incident.rooms:
        if not room.lost:
            whose = connection.scalar(select(addresses.c.incident).where(addresses.c.name == room.address))
            if whose != incident.number:
                yield Finding(sentence=f"{reference(incident.number)}: what is said in its room is not known as its.")


def _outbox(connection: Connection, now: datetime) -> Iterator[Finding]:
    columns = deliveries.c
    held = and_(columns.state == State.SENDING, columns.lease_until < now - LATE)
    for row in connection.execute(select(deliveries).where(held).order_by(columns.id)):
        yield Finding(sentence=f"{_row(row)} is held by a process that is gone since {_at(row.lease_until)}.")
    ended = select(incidents.c.number).where(~UNENDED)
    stuck = and_(columns.state == State.WAITING, columns.address == ROOM_TO_COME, columns.incident.in_(ended))
    for row in connection.execute(select(deliveries).where(stuck).order_by(columns.id)):
        yield Finding(sentence=f"{_row(row)} waits for a room of an incident that has ended.", wrong=False)
    homeless = and_(columns.incident != 0, columns.incident.not_in(select(incidents.c.number)))
    for row in connection.execute(select(deliveries).where(homeless).order_by(columns.id)):
        yield Finding(sentence=f"{_row(row)} belongs to no incident.")
    old = and_(columns.state == State.WAITING, columns.address != ROOM_TO_COME, columns.queued_at < now - OLD)
    for row in connection.execute(select(deliveries).where(old).order_by(columns.id)):
        because = f" ({row.error})" if row.error else ""
        yield Finding(sentence=f"{_row(row)} waits since {_at(row.queued_at)}{because}.", wrong=False)
    dead = select(columns.incident, func.count().label("many")).where(columns.state == State.DEAD)
    for row in connection.execute(dead.group_by(columns.incident).order_by(columns.incident)):
        whose = reference(row.incident) if row.incident else "No incident"
        yield Finding(sentence=f"{whose}: {row.many} given up: `why` and `sitrep export` say which.", wrong=False)


def _row(row: Row[Any]) -> str:
    whose = f"{reference(row.incident)}: " if row.incident else ""
    return f"{whose}row {row.id} of the outbox"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
