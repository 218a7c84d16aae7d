"""A store in memory, for tests of the core: the whole port, without files and without a relay."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.cards import Names
from bot.commands.spec import Sent
from bot.events import Entry
from bot.evolve import fold
from bot.incident import Incident
from bot.people import Profile
from bot.plain import plain_text
from bot.ports import Downtime, Index, ReminderRow
from bot.posts import Order, Post, ToAudience, ToPerson
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict


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
    rows: list[Row] = field(default_factory=list)
    beat: datetime | None = None
    downtime: Downtime | None = None


@dataclass(slots=True)
class MemoryTransaction:
    """One unit of work over the data."""

    data: Data
    conflicts: int = 0

    def first_time(self, key: str, at: datetime) -> bool:
        fresh = key not in self.data.seen
        self.data.seen.add(key)
        return fresh

    def forget(self, key: str) -> None:
        self.data.seen.discard(key)

    def person(self, identity: Identity, name: str = "") -> Person:
        person = self.data.people.setdefault(identity, Person(f"P-{len(self.data.people) + 1}"))
        if name and person not in self.data.known:
            self.data.known[person] = Profile(name=name)
        return person

    def learn(self, identity: Identity, profile: Profile) -> None:
        self.data.known[self.person(identity)] = profile

    def profiles(self, people: Iterable[Person]) -> Mapping[Person, Profile]:
        return {person: self.data.known[person] for person in people if person in self.data.known}

    def names(self, people: Iterable[Person], incidents: Iterable[int]) -> Names:
        found = self.profiles(people)
        del incidents
        return Names(people={person: profile.name for person, profile in found.items()})

    def next_number(self) -> int:
        return max(self.data.logs, default=0) + 1

    def load(self, number: int) -> Incident | None:
        log = self.data.logs.get(number)
        return fold(log, number=number) if log else None

    def at_place(self, address: Address) -> int | None:
        for number, log in self.data.logs.items():
            if any(room.address == address for room in fold(log, number=number).rooms):
                return number
        return None

    def opened(self, *, ended: bool = False) -> tuple[Incident, ...]:
        found = [fold(log, number=number) for number, log in sorted(self.data.logs.items(), reverse=True)]
        return tuple(incident for incident in found if ended or not incident.is_ended)

    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        ripe = [
            (index.next_due_at, number)
            for number, (index, _) in self.data.indexes.items()
            if index.next_due_at and index.next_due_at <= now
        ]
        return tuple(number for _, number in sorted(ripe)[:limit])

    def append(self, before: Incident, entries: tuple[Entry, ...], after: Incident, index: Index) -> None:
        log = self.data.logs.setdefault(before.number, [])
        if self.conflicts or len(log) != before.version:
            raise Conflict
        log.extend(entries)
        self.data.indexes[before.number] = (index, index.rules)
        assert after == fold(log, number=before.number)

    def entries(self, number: int) -> tuple[Entry, ...]:
        return tuple(self.data.logs.get(number, ()))

    def enqueue(
        self, incident: Incident, orders: Iterable[Order], resolve: Callable[[str], tuple[str, ...]], at: datetime
    ) -> None:
        for order in orders:
            for to in _targets(order, resolve):
                known = self._row(incident.number, to, order.key)
                if known is None and not (isinstance(order, Post) and order.only_edit):
                    row = Row(id=len(self.data.rows) + 1, number=incident.number, key=order.key, to=to, order=order)
                    self.data.rows.append(row)
                elif known is not None and known.order != order and not _stays_back(known, order):
                    known.order, known.state = order, "waiting"

    def _row(self, number: int, to: str, key: str) -> Row | None:
        return next((row for row in self.data.rows if (row.number, row.to, row.key) == (number, to, key)), None)

    def give_room(self, incident: Incident, address: Address) -> None:
        assert any(room.address == address for room in incident.rooms)

    def reminders(self, number: int) -> tuple[ReminderRow, ...]:
        return tuple(
            ReminderRow(id=row.id, reminder=row.order.reminder, key=row.key, thread=row.order.thread, state=row.state)
            for row in self.data.rows
            if row.number == number
            and isinstance(row.order, Post)
            and row.order.reminder
            and row.state in {"waiting", "sent"}
        )

    def narrow(self, row: int, order: Order | None, at: datetime) -> None:
        found = self.data.rows[row - 1]
        found.state = "waiting" if order else "withheld"
        found.order = order or found.order

    def sent(self, number: int) -> tuple[Sent, ...]:
        epoch = datetime.fromisoformat("2026-11-23T00:00:00Z")
        return tuple(
            Sent(
                key=row.key,
                to=row.order.to.name if isinstance(row.order.to, ToAudience) else row.to,
                address=row.to,
                state="sent" if row.out and row.state == "waiting" else row.state,
                at=None,
                text=plain_text(row.order.card, epoch, Names()),
                due=row.order.due,
                row=row.id,
            )
            for row in self.data.rows
            if row.number == number and isinstance(row.order, Post)
        )

    def tick(self, now: datetime, replica: str) -> Downtime | None:
        if self.data.beat and now - self.data.beat > timedelta(seconds=60):
            self.data.downtime = Downtime(since=self.data.beat, until=now)
        self.data.beat = now
        return self.data.downtime

    def stale(self, rules: str, limit: int) -> tuple[int, ...]:
        return tuple(number for number, (_, known) in self.data.indexes.items() if known != rules)[:limit]

    def reindex(self, incident: Incident, index: Index, rules: str) -> None:
        self.data.indexes[incident.number] = (index, rules)


def _stays_back(row: Row, order: Order) -> bool:
    """An edit does not bring back what was withheld."""
    return row.state == "withheld" and isinstance(order, Post) and order.only_edit


def _targets(order: Order, resolve: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    if not isinstance(order, Post):
        return ("room",)
    match order.to:
        case ToAudience(name=name):
            return resolve(name)
        case ToPerson(person=person):
            return (person,)
        case _:
            return ("room",)


@dataclass(slots=True)
class MemoryStore:
    """The store: a transaction that raises leaves nothing behind."""

    data: Data = field(default_factory=Data)
    conflicts: int = 0
    """How many of the next transactions find that somebody else wrote first."""

    @contextmanager
    def begin(self) -> Iterator[MemoryTransaction]:
        before = deepcopy(self.data)
        transaction = MemoryTransaction(data=self.data, conflicts=self.conflicts)
        self.conflicts = max(0, self.conflicts - 1)
        try:
            yield transaction
        except BaseException:
            self.data = before
            raise

    @contextmanager
    def reading(self) -> Iterator[MemoryTransaction]:
        yield MemoryTransaction(data=deepcopy(self.data))

    def sent(self) -> None:
        """Everything that waits goes out."""
        for row in self.data.rows:
            row.out = row.out or row.state == "waiting"
            row.state = "sent" if row.state == "waiting" else row.state

    def posts(self, to: str) -> list[Post]:
        """What stands or waits at a target, oldest first."""
        return [row.order for row in self.data.rows if row.to == to and isinstance(row.order, Post)]

    def keys(self, to: str, state: str = "") -> list[str]:
        """The keys of the messages at a target, in that state if one is given."""
        return [row.key for row in self.data.rows if row.to == to and (not state or row.state == state)]
