"""One unit of work, as the core sees it (`bot.ports.Transaction`)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.exc import IntegrityError

from bot.cards import Names
from bot.commands.spec import Sent
from bot.events import Entry
from bot.incident import Incident
from bot.people import Profile
from bot.ports import Downtime, Index, ReminderRow
from bot.posts import Order
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict
from storage import heartbeat, log, messages, outbox, register
from storage import people as directory
from storage.folds import Folds
from storage.naming import names_for
from storage.tables import inbox
from storage.upserts import insert_new


class SqlTransaction:
    """Implements `bot.ports.Transaction` over one connection, whose transaction somebody else ends."""

    def __init__(self, connection: Connection, folds: Folds) -> None:
        self._connection = connection
        self._folds = folds
        self._written: set[int] = set()

    def first_time(self, key: str, at: datetime) -> bool:
        """Whether this delivery key is new; it is remembered with the transaction."""
        return insert_new(self._connection, inbox, {"key": key, "at": at})

    def forget(self, key: str) -> None:
        """Nothing came of that delivery: the same key is new again."""
        self._connection.execute(delete(inbox).where(inbox.c.key == key))

    def person(self, identity: Identity, name: str = "") -> Person:
        """Our id of a chat's person, given at first sight. `name` is kept if none is known."""
        return directory.person_for(self._connection, identity, name)

    def profiles(self, people: Iterable[Person]) -> Mapping[Person, Profile]:
        """What is known of these people."""
        return directory.profiles(self._connection, people)

    def learn(self, identity: Identity, profile: Profile) -> None:
        """Keep what a chat says of one of its people; what it leaves empty stays as it was."""
        directory.learn(self._connection, identity, profile)

    def names(self, people: Iterable[Person], incidents: Iterable[int]) -> Names:
        """What these people, and the rooms of these incidents, are called and where they are."""
        return names_for(self._connection, self._folds, people, incidents, self._written)

    def next_number(self) -> int:
        """The number for a new incident: one more than the highest."""
        return register.next_number(self._connection)

    def load(self, number: int) -> Incident | None:
        """The incident, its row locked until the end of the transaction; None if there is none."""
        version = register.version_of(self._connection, number)
        return None if version is None else self._folded(number, version)

    def at_place(self, address: Address) -> int | None:
        """The number of the incident whose room this is, or in whose room this thread is."""
        return register.at_place(self._connection, address)

    def opened(self, *, ended: bool = False) -> tuple[Incident, ...]:
        """The incidents not yet ended, newest first; all of them with `ended`."""
        found = register.versions(self._connection, ended=ended)
        return tuple(self._folded(number, version) for number, version in found.items())

    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Numbers of incidents whose next deadline has come, longest overdue first."""
        return register.due(self._connection, now, limit)

    def append(self, before: Incident, entries: tuple[Entry, ...], after: Incident, index: Index) -> None:
        """Write the entries after version `before.version`, and the index row.

        Raises `bot.refusals.Conflict` where somebody else wrote that version first.
        """
        expected = range(before.version + 1, after.version + 1)
        assert [entry.version for entry in entries] == list(expected), "entries follow each other"
        if not entries:
            return
        self._written.add(after.number)
        try:
            register.write(self._connection, after.number, index, before.version, after.version)
            log.write(self._connection, after.number, entries)
        except IntegrityError as fault:
            raise Conflict from fault

    def entries(self, number: int) -> tuple[Entry, ...]:
        """The incident's whole log."""
        return log.read(self._connection, number)

    def enqueue(
        self, incident: Incident, orders: Iterable[Order], resolve: Callable[[str], tuple[str, ...]], at: datetime
    ) -> None:
        """Write what is to be said or done. `resolve` gives an audience's addresses as the policy writes them."""
        outbox.enqueue(self._connection, incident, orders, resolve, at)

    def give_room(self, incident: Incident, address: Address) -> None:
        """What waited for the incident's room now has its address."""
        outbox.give_room(self._connection, incident, address)

    def reminders(self, number: int) -> tuple[ReminderRow, ...]:
        """Reminder messages that wait, or were sent (or may have been) and still stand as reminders."""
        return messages.reminders(self._connection, number)

    def narrow(self, row: int, order: Order | None, at: datetime) -> None:
        """Replace what a reminder's message says and claims; None withholds a waiting one."""
        messages.narrow(self._connection, row, order, at)

    def sent(self, number: int) -> tuple[Sent, ...]:
        """What became of the incident's messages."""
        return messages.sent(self._connection, self._folds, number, self._written)

    def tick(self, now: datetime, replica: str) -> Downtime | None:
        """Note that the clock ran; the last downtime, if one is known."""
        return heartbeat.beat(self._connection, now, replica)

    def stale(self, rules: str, limit: int) -> tuple[int, ...]:
        """Numbers of incidents not ended whose deadlines were computed by other rules, oldest deadline first."""
        return register.stale(self._connection, rules, limit)

    def reindex(self, incident: Incident, index: Index, rules: str) -> None:
        """Write an index row anew. Raises `bot.refusals.Conflict` where the incident has moved on."""
        register.rewrite(self._connection, incident.number, index, incident.version, rules)

    def _folded(self, number: int, version: int) -> Incident:
        """What this transaction wrote itself may yet be rolled back, and is not kept."""
        return log.folded(self._connection, self._folds, number, version, keep=number not in self._written)
