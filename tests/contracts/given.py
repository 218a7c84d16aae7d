"""What the stories of the contracts begin with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from bot.cards import Card, line
from bot.events import Declared, Entry, Event, Recipient, RoomOpened, Rung
from bot.evolve import fold
from bot.incident import Incident
from bot.ports import Delivery, Index, Transaction
from bot.posts import Order, Post, Reminder, Target, ToAudience, ToRoom
from bot.refs import Address, Identity, Person
from storage import joining
from storage.database import Database

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
PLACE = Address("slack:T1/C1")
ROOM = Address("slack:T1/C42")
INTERNAL = "slack:#incidents"

ANA = Identity("slack:T1/U1")
BEN = Identity("slack:T1/U2")


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def one_person(database: Database, person: Person, other: Person) -> None:
    """The two are one from now on, known by the older id."""
    with database.store.sessions.writing() as connection:
        joining.join(connection, person, other)


def declared(title: str = "Checkout is down", *, private: bool = False, place: Address | None = PLACE) -> Declared:
    return Declared(title=title, priority="critical", private=private, place=place)


def index_of(incident: Incident, *, due: datetime | None = None, rules: str = "") -> Index:
    assert incident.declared_at is not None
    return Index(
        title=incident.title,
        status=incident.status.value,
        priority=incident.priority,
        private=incident.private,
        drill=incident.drill,
        is_open=incident.is_open,
        declared_at=incident.declared_at,
        next_due_at=due,
        rules=rules,
    )


def entries_of(before: Incident, events: tuple[Event, ...], at: datetime, by: Person | None) -> tuple[Entry, ...]:
    return tuple(
        Entry(version=before.version + place, at=at, by=by, event=event) for place, event in enumerate(events, 1)
    )


def happened(
    transaction: Transaction,
    number: int,
    *events: Event,
    at: datetime = AT,
    by: Person | None = None,
    due: datetime | None = None,
) -> Incident:
    """The incident, made if it is new, after these events; all of it written."""
    before = transaction.load(number) or Incident(number=number)
    entries = entries_of(before, events, at, by)
    after = fold(entries, before)
    transaction.append(before, entries, after, index_of(after, due=due))
    return after


def an_incident(database: Database, number: int = 42, *events: Event, due: datetime | None = None) -> Incident:
    """A declared incident, after these events."""
    with database.store.begin() as transaction:
        return happened(transaction, number, declared(), *events, due=due)


def with_room(database: Database, number: int = 42, address: Address = ROOM) -> Incident:
    """A declared incident with a room."""
    return an_incident(database, number, opened(address))


def opened(address: Address = ROOM) -> RoomOpened:
    return RoomOpened(address=address, name="inc-42-checkout-is-down")


def resolve(audience: str) -> tuple[str, ...]:
    return {"internal": (INTERNAL,), "stakeholders": ("slack:#board", "mailto:board@example.com")}.get(audience, ())


def post(key: str = "card", text: str = "It is down.", to: Target | None = None, *, thread: str = "") -> Post:
    return Post(to=to or ToRoom(), card=line(text), key=key, thread=thread)


def to_internal(key: str, text: str = "It is down.", *, thread: str = "") -> Post:
    return post(key, text, ToAudience(name="internal"), thread=thread)


def nudge(key: str = "nudge", text: str = "Due now.", to: Target | None = None, *steps: float) -> Post:
    """A reminder's message with one rung for each step."""
    claims = Reminder(rungs=tuple(rung(step) for step in steps or (0.0,)), to=Recipient(room=True))
    return Post(to=to or ToRoom(), card=line(text), key=key, reminder=claims, due=AT)


def rung(step: float) -> Rung:
    return Rung(subject="update:internal", generation=1, step=step, moment=AT, about=AT)


@contextmanager
def going_wrong(database: Database) -> Iterator[Transaction]:
    """A transaction in which something fails at the very end."""
    with suppress(ArithmeticError), database.store.begin() as transaction:
        yield transaction
        raise ArithmeticError


def say(database: Database, incident: Incident, *orders: Order, at: datetime = AT) -> None:
    with database.store.begin() as transaction:
        transaction.enqueue(incident, orders, resolve, at)


def claim(database: Database, at: datetime = AT, limit: int = 50) -> tuple[Delivery, ...]:
    return database.relay.claim(at, limit, LEASE)


def claim_one(database: Database, at: datetime = AT) -> Delivery:
    """The only row that may go."""
    (delivery,) = claim(database, at)
    return delivery


def keys(deliveries: tuple[Delivery, ...]) -> list[str]:
    return [delivery.order.key for delivery in deliveries]


def card_of(delivery: Delivery) -> Card:
    assert isinstance(delivery.order, Post)
    return delivery.order.card


def send_all(database: Database, at: datetime = AT, limit: int = 50) -> list[Delivery]:
    """Carry everything out that may go, one after the other. `limit`: claimed at once."""
    return list(_sent(lambda: claim(database, at, limit), database, at))


def _sent(claimed: Callable[[], tuple[Delivery, ...]], database: Database, at: datetime) -> Iterator[Delivery]:
    while found := claimed():
        for delivery in found:
            assert database.relay.sent(delivery, f"ref-{delivery.order.key}", at)
            yield delivery
