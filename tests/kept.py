"""What a store in memory keeps."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.events import Entry
from bot.maintenance import Maintenance
from bot.people import OpenCode, Profile
from bot.ports import Downtime, Index
from bot.posts import Order, Post
from bot.redaction import reworded, without
from bot.refs import Identity, Person
from bot.standing import Standing


@dataclass(slots=True)
class Row:
    """A message of the outbox."""

    id: int
    number: int
    key: str
    to: str
    order: Order
    state: str = "waiting"
    out: bool = False
    """It was sent before: what waits is an edit."""


@dataclass(slots=True)
class Data:
    """Everything that is kept."""

    logs: dict[int, list[Entry]] = field(default_factory=dict)
    indexes: dict[int, tuple[Index, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    people: dict[Identity, Person] = field(default_factory=dict)
    known: dict[Person, Profile] = field(default_factory=dict)
    last: dict[Person, Identity] = field(default_factory=dict)
    codes: dict[Identity, OpenCode] = field(default_factory=dict)
    standing: dict[Person, tuple[Standing, ...]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    maintenances: dict[int, Maintenance] = field(default_factory=dict)
    planned: int = 0
    beat: datetime | None = None
    downtime: Downtime | None = None

    def copied(self) -> "Data":
        """The same apart: what it holds is never changed in place, but for its rows."""
        logs = {number: list(log) for number, log in self.logs.items()}
        rows = [replace(row) for row in self.rows]
        held = {name: getattr(self, name).copy() for name in _HELD}
        return replace(self, logs=logs, rows=rows, **held)

    def redact(self, number: int, words: Collection[str], ours: Collection[str]) -> None:
        """Overwrite these words in an incident's log and messages."""
        self.logs[number] = [replace(entry, event=without(entry.event, words)) for entry in self.logs[number]]
        for row in self.rows:
            if row.number == number and isinstance(row.order, Post):
                before, sent = row.order, row.state == "sent"
                row.order = reworded(before, words, out=row.out or sent, ours=ours)
                if sent and row.order.card != before.card:
                    row.state = "waiting"


_HELD = ("indexes", "seen", "people", "known", "last", "codes", "standing", "maintenances")
