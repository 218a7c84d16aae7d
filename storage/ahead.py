"""Many incidents in one transaction: read together, and written together.

A tick after an outage has something to say of thousands. A statement for each of a few dozen of them at once costs
little more than one for a single incident.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.events import Entry
from bot.incident import Incident
from bot.ports import Index, ReminderRow
from bot.posts import Order
from bot.refusals import Conflict
from storage import bulk, log, messages, register
from storage.bulk import Said
from storage.folds import Folds, Joined


class Ahead:
    """Owns what was read of these incidents, and what is to be written of them."""

    def __init__(
        self, connection: Connection, folds: Folds, joined: Joined, due: Mapping[int, int], unsettled: Collection[int]
    ) -> None:
        """`due`: their numbers with their newest versions, their rows locked. `unsettled`: those of them that this
        transaction, or what is committed together with it, wrote to.
        """
        self._connection = connection
        found = log.folded_many(connection, folds, due, joined, unsettled)
        self.incidents: tuple[Incident, ...] = tuple(found.values())
        """In the order in which they were asked for."""
        self._reminders = messages.reminders_of(connection, found, joined)
        self._rows: list[dict[str, Any]] = []
        self._entries: list[tuple[int, tuple[Entry, ...]]] = []
        self._said: dict[int, Said] = {}

    def __contains__(self, number: object) -> bool:
        return number in self._reminders

    def reminders(self, number: int) -> tuple[ReminderRow, ...]:
        """As they were when the incident was read."""
        return self._reminders[number]

    def row(self, number: int, index: Index, before: int, after: int) -> None:
        """The incident's row is to say that, made by rules that the index names."""
        self._rows.append(register.row_of(number, index, before, after))

    def append(self, before: Incident, entries: tuple[Entry, ...], after: Incident, index: Index) -> None:
        """They are to follow in the log."""
        self.row(after.number, index, before.version, after.version)
        self._entries.append((after.number, entries))

    def enqueue(
        self, incident: Incident, orders: Iterable[Order], resolve: Callable[[str], tuple[str, ...]], at: datetime
    ) -> None:
        """That is to be said or done."""
        if incident.number in self._said:
            self.write()
        self._said[incident.number] = Said(incident=incident, orders=tuple(orders), resolve=resolve, at=at)

    def write(self) -> bool:
        """Write everything. Gives whether anything waits to be sent because of it. Raises Conflict and Taken."""
        rows, entries, said = self._rows, self._entries, tuple(self._said.values())
        self._rows, self._entries, self._said = [], [], {}
        try:
            register.write_many(self._connection, rows)
            log.write_many(self._connection, entries)
        except IntegrityError as fault:
            raise Conflict from fault
        return bulk.enqueue(self._connection, said)
