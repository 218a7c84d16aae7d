"""A database as it is after years: a few incidents made by Sitrep's own words, then copied by the database itself.

Every copy has a number, a room, messages and a log of its own, so that nothing in the database tells it from one that
people made. Copying is done by the database: 1,000,000 events take some seconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, create_engine

from bot.commands.record import RecordRoom
from bot.events import Cancelled, Declared, Entry, Event, NoteAdded
from bot.evolve import fold
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import Address, Identity
from bot.requests import Request
from bot.saving import index
from bot.service import Service
from config.fingerprint import rules_fingerprint
from storage import schema
from storage.database import Database
from storage.engines import database_url
from storage.tables import metadata

WHO = Identity("slack:T1/UANA")
PLACE = Address("slack:T1/CWAR")
PAST_LINES = 100
"""Entries of an incident that is over."""
TIDY = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "ANALYZE"}
"""What a database would do by itself in the next minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How much is in it."""

    open: int = 0
    """Incidents under way, of which nothing is due for a while."""
    due: int = 0
    """Incidents under way whose update falls due at `at`."""
    past_events: int = 0
    """Entries of incidents that are over."""


class Filled:
    """Owns a database and what runs on it."""

    def __init__(self, url: str, policy: Policy, filling: Filling, at: datetime) -> None:
        schema.upgrade(url)
        self.policy, self.rules = policy, rules_fingerprint(policy)
        first = Database(url)
        _past(first, policy, self.rules, at - timedelta(days=30))
        service = self._service(first)
        wait = _under_way(service, first, 2, at - timedelta(seconds=1))
        _under_way(service, first, 3, at - wait)
        first.close()
        self.last = _fill(url, filling)
        """The number of the newest incident."""
        self.db = Database(url)
        self.service = self._service(self.db)

    def _service(self, db: Database) -> Service:
        return Service(store=db.store, policy=self.policy, rules=self.rules, replica="bench")

    def close(self) -> None:
        """Give the database back."""
        self.db.close()


def room_of(number: int) -> Address:
    """The room of an incident."""
    return Address(f"slack:T1/CROOM{number}X")


def _past(db: Database, policy: Policy, rules: str, at: datetime) -> None:
    """Incident 1: over, with a long log."""
    lines = tuple(NoteAdded(text=f"What was found in step {line}: nothing of note.") for line in range(PAST_LINES - 2))
    events: tuple[Event, ...] = (Declared(title="Search is slow", priority="high"), *lines, Cancelled(reason="Over."))
    entries = tuple(
        Entry(version=place, at=at + place * timedelta(minutes=1), by=None, event=event)
        for place, event in enumerate(events, 1)
    )
    after = fold(entries, number=1)
    with db.store.begin() as tx:
        tx.append(Incident(number=1), entries, after, index(after, policy, rules))


def _under_way(service: Service, db: Database, number: int, at: datetime) -> timedelta:
    """An incident with its room, declared at that moment. Gives how long it is until something falls due."""
    words = Request(key=f"declare {number}", identity=WHO, place=PLACE, text="declare critical Checkout is down")
    service.handle(words, at)
    room = RecordRoom(address=room_of(number), name=f"inc-{number}", url="", own=True)
    service.record(room, number, f"room {number}", at)
    due = next(row.next_due_at for row in db.reads.incidents(ended=False) if row.number == number)
    assert due is not None
    return due - at


def _fill(url: str, filling: Filling) -> int:
    """Copy what is there so often. Gives the number of the newest incident."""
    engine, number = create_engine(database_url(url)), 4
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "UPDATE deliveries SET state = 'sent', ref = '1.000001', sent_at = queued_at, ended_at = queued_at"
        )
        for original, copies in ((1, filling.past_events // PAST_LINES), (2, filling.open), (3, filling.due)):
            _copy(connection, original, number, copies)
            number += copies
        connection.exec_driver_sql("UPDATE incidents SET next_due_at = NULL, status = 'closed' WHERE number IN (2, 3)")
        connection.commit()
        connection.exec_driver_sql(TIDY[engine.dialect.name])
        connection.commit()
    engine.dispose()
    return number - 1


def _copy(connection: Connection, original: int, first: int, copies: int) -> None:
    """Incidents from `first` on, like the original one but for what is their own."""
    if not copies:
        return
    room = f"replace({{}}, 'CROOM{original}X', 'CROOM' || n.x || 'X')"
    said = f"replace(replace({{}}, 'INC-{original}', 'INC-' || n.x), '\"incident\":{original}', '\"incident\":' || n.x)"
    own = {
        "incidents": {"number": "n.x"},
        "events": {"incident": "n.x", "data": room.format("data")},
        "deliveries": {
            "incident": "n.x",
            "address": room.format("address"),
            "order": said.format('"order"'),
        },
        "addresses": {"incident": "n.x", "name": room.format("name")},
    }
    last = first + copies - 1
    numbers = f"WITH RECURSIVE n(x) AS (SELECT {first} UNION ALL SELECT x + 1 FROM n WHERE x < {last})"
    for table, changed in own.items():
        names = [column.name for column in metadata.tables[table].columns if column.name != "id"]
        columns = ", ".join(f'"{name}"' for name in names)
        wanted = ", ".join(changed.get(name, f't."{name}"') for name in names)
        key = "number" if table == "incidents" else "incident"
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({columns}) {numbers} SELECT {wanted} FROM {table} t, n WHERE t.{key} = {original}"
        )
