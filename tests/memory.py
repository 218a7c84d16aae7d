"""A store in memory, for tests of the core: the whole port, without files and without a relay."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.cards import Card, Names
from bot.commands.spec import Sent
from bot.events import Entry, Event, PersonUnreachable, RoomOpened
from bot.evolve import fold
from bot.incident import Incident
from bot.maintenance import Maintenance
from bot.people import Codes, OpenCode, Profile
from bot.plain import plain_text
from bot.ports import Downtime, Index, ReminderRow
from bot.posts import Order, Post, ToAudience, ToPerson
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict, Taken
from bot.standing import Standing, Wanted
from tests.kept import Data, Row


@dataclass(slots=True)
class MemoryTransaction:
    """One unit of work over the data."""

    data: Data
    conflicts: int = 0
    sends: bool = False

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

    def called(self, words: str) -> tuple[Person, ...]:
        return tuple(person for person, known in self.data.known.items() if words.casefold() in _called(known))

    def identities(self, person: Person) -> tuple[Identity, ...]:
        return tuple(identity for identity, known in self.data.people.items() if known == person)

    def missed_in(self, identity: Identity) -> tuple[int, ...]:
        who = self.person(identity)
        lost = {number for number, log in self.data.logs.items() for entry in log if _is_lost(entry.event, who)}
        return tuple(incident.number for incident in self.opened() if incident.number in lost)

    def reached(self, number: int, person: Person) -> None:
        """Derived."""

    def was_seen(self, identity: Identity) -> None:
        self.data.last[self.person(identity)] = identity

    def codes(self) -> Codes:
        return Codes(open=tuple(self.data.codes.values()), drawn=f"{len(self.data.codes) + 271828:06}")

    def give_code(self, identity: Identity, code: str, at: datetime) -> None:
        self.data.codes[identity] = OpenCode(code=code, person=self.person(identity), identity=identity, at=at)

    def miss_code(self, shown: OpenCode | None = None) -> None:
        if shown is not None:
            del self.data.codes[shown.identity]
        self.data.codes = {who: replace(code, misses=code.misses + 1) for who, code in self.data.codes.items()}

    def join(self, identity: Identity, other: OpenCode) -> None:
        mine = self.person(identity)
        self.data.people = {who: other.person if one == mine else one for who, one in self.data.people.items()}
        theirs = self.data.standing.pop(other.person, ())
        self.data.standing[other.person] = (*theirs, *self.data.standing.pop(mine, ()))
        del self.data.codes[other.identity]

    def standing(self) -> Mapping[Person, tuple[Standing, ...]]:
        return {person: wishes for person, wishes in self.data.standing.items() if wishes}

    def want(self, person: Person, wanted: Wanted, at: datetime) -> None:
        kept = self.data.standing.get(person, ())
        self.data.standing[person] = tuple(each for each in (*kept, *wanted.begun) if each not in wanted.ended)

    def maintenances(self) -> tuple[Maintenance, ...]:
        return tuple(sorted(self.data.maintenances.values(), key=lambda each: each.starts_at))

    def plan(self, maintenance: Maintenance) -> None:
        self.data.planned += 1
        self.data.maintenances[self.data.planned] = replace(maintenance, number=self.data.planned)

    def call_off(self, number: int, at: datetime) -> None:
        del self.data.maintenances[number]

    def tell(self, identity: Identity, card: Card, key: str, at: datetime) -> None:
        post = Post(to=ToPerson(person=self.person(identity)), card=card, key=key)
        self.data.rows.append(Row(id=len(self.data.rows) + 1, number=0, key=key, to=identity, order=post))
        self.sends = True

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
        known = [(index.next_due_at, number) for number, (index, _) in self.data.indexes.items()]
        ripe = [(moment, number) for moment, number in known if moment and moment <= now]
        return tuple(number for _, number in sorted(ripe)[:limit])

    def take_due(self, now: datetime, limit: int) -> tuple[Incident, ...]:
        return tuple(incident for number in self.due(now, limit) if (incident := self.load(number)))

    def append(self, before: Incident, entries: tuple[Entry, ...], after: Incident, index: Index) -> None:
        log = self.data.logs.setdefault(before.number, [])
        if self.conflicts or len(log) != before.version:
            raise Conflict
        for entry in entries:
            if isinstance(entry.event, RoomOpened) and self._is_taken(before.number, entry.event.address):
                raise Taken
        log.extend(entries)
        self.data.indexes[before.number] = (index, index.rules)
        assert after == fold(log, number=before.number)

    def _is_taken(self, number: int, address: Address) -> bool:
        others = (incident for incident in self.opened() if incident.number != number)
        return any(room.address == address for incident in others for room in incident.rooms)

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
                    self.sends = True
                elif known is not None and known.order != order and not _stays_back(known, order):
                    known.order, known.state = order, "waiting"
                    self.sends = True

    def to_send(self) -> bool:
        return self.sends

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

    def take_back(
        self,
        incident: Incident,
        card: Card,
        outside: Callable[[str, str], bool],
        stays: Callable[[str], bool],
        at: datetime,
    ) -> None:
        for row in self.data.rows:
            to = row.order.to.name if isinstance(row.order, Post) and isinstance(row.order.to, ToAudience) else row.to
            if row.number != incident.number or not isinstance(row.order, Post) or not outside(to, row.key):
                continue
            if row.state == "waiting" and not row.out:
                row.state = "withheld"
            elif (row.out or row.state == "sent") and not stays(to):
                row.order, row.state = Post(to=row.order.to, card=card, key=row.key), "waiting"

    def redact(self, number: int, words: Collection[str], at: datetime, *, ours: Collection[str] = ()) -> None:
        self.data.redact(number, words, ours)

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


def _called(known: Profile) -> set[str]:
    return {known.name.casefold(), known.email.casefold()}


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
        before = self.data.copied()
        transaction = MemoryTransaction(data=self.data, conflicts=self.conflicts)
        self.conflicts = max(0, self.conflicts - 1)
        try:
            yield transaction
        except BaseException:
            self.data = before
            raise

    @contextmanager
    def together(self) -> Iterator[None]:
        yield

    @contextmanager
    def reading(self) -> Iterator[MemoryTransaction]:
        yield MemoryTransaction(data=self.data.copied())

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


def _is_lost(event: Event, who: Person) -> bool:
    return isinstance(event, PersonUnreachable) and event.person == who
