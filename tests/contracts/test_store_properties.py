"""Whatever happens in whatever order, what is found is what the log says, and what was wanted is what people read."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import Card
from bot.events import Event, RoomOpened
from bot.evolve import fold
from bot.incident import Incident
from bot.ports import Delivery
from bot.refs import Address
from storage.codec import KINDS
from storage.database import Database
from tests.contracts.given import (
    AT,
    LEASE,
    card_of,
    declared,
    entries_of,
    happened,
    index_of,
    later,
    resolve,
    to_internal,
)
from tests.contracts.strategies import instances

EVENTS: st.SearchStrategy[Event] = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: instances(KINDS[kind]))

on_one_database = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@on_one_database
@given(batches=st.lists(st.lists(EVENTS, min_size=1, max_size=3), max_size=4), seconds=st.integers(0, 10**6))
def test_the_index_row_and_the_remembered_fold_equal_the_fold_of_the_log(
    database: Database, replica: Database, batches: list[list[Event]], seconds: int
) -> None:
    with database.store.begin() as transaction:
        number = transaction.next_number()
        happened(transaction, number, declared())

    for turn, batch in enumerate(batches):
        with (database, replica)[turn % 2].store.begin() as transaction:
            before = transaction.load(number)
            assert before is not None
            entries = entries_of(before, tuple(_in_rooms_of_its_own(number, batch)), later(seconds), None)
            after = fold(entries, before)
            transaction.append(before, entries, after, index_of(after, due=later(seconds)))

        for one in (database, replica):
            assert_told_alike(one, number)


def _in_rooms_of_its_own(number: int, events: list[Event]) -> Iterator[Event]:
    """A room is one incident's alone."""
    for event in events:
        yield replace(event, address=Address(f"{event.address}/{number}")) if isinstance(event, RoomOpened) else event


def assert_told_alike(database: Database, number: int) -> None:
    record = database.reads.record(number)
    assert record is not None
    truth = fold(record.entries, number=number)
    row = next(listed for listed in database.reads.incidents() if listed.number == number)
    index = index_of(truth, due=row.next_due_at)

    assert record.incident == truth
    assert row.version == truth.version
    assert {name: getattr(row, name) for name in index.__slots__ if name != "rules"} == {
        name: getattr(index, name) for name in index.__slots__ if name != "rules"
    }


@dataclass
class Chat:
    """A conversation that keeps what it is sent, and can be looked into."""

    messages: dict[str, Card] = field(default_factory=dict)
    by_token: dict[str, str] = field(default_factory=dict)
    doubled: int = 0

    def take(self, delivery: Delivery) -> str:
        """Say or edit; what may be there already is looked for first, as a relay must."""
        ref = delivery.ref or (self.by_token.get(delivery.token, "") if delivery.tried_at else "")
        if not ref:
            self.doubled += delivery.token in self.by_token
            ref = f"1.{len(self.messages)}"
        self.messages[ref] = card_of(delivery)
        self.by_token[delivery.token] = ref
        return ref


STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from("abc"), st.integers(0, 9)),
    st.tuples(st.just("claim"), st.just(""), st.integers(1, 3)),
    st.tuples(st.sampled_from(["sent", "lost", "late", "fails", "waits", "released"]), st.just(""), st.integers(0, 3)),
    st.tuples(st.just("pass"), st.just(""), st.sampled_from([1, 20, 31, 61])),
)


@dataclass
class Relay:
    """A relay to which everything happens that can happen."""

    database: Database
    number: int
    now: datetime = AT
    chat: Chat = field(default_factory=Chat)
    flying: list[tuple[Delivery, datetime]] = field(default_factory=list)
    wanted: dict[str, Card] = field(default_factory=dict)

    def do(self, what: str, key: str, amount: int) -> None:
        match what:
            case "say":
                self._say(key, f"{key}{amount}")
            case "claim":
                self.claim(amount)
            case "pass":
                self.now += timedelta(seconds=amount)
            case _ if self.flying:
                self._end(what, *self.flying.pop(amount % len(self.flying)))
            case _:
                pass

    def _say(self, key: str, text: str) -> None:
        order = to_internal(key, text)
        with self.database.store.begin() as transaction:
            incident = transaction.load(self.number) or Incident(number=self.number)
            transaction.enqueue(incident, [order], resolve, self.now)
        self.wanted[key] = order.card

    def claim(self, limit: int) -> int:
        found = [one for one in self.database.relay.claim(self.now, limit, LEASE) if one.incident == self.number]
        live = [one for one, lease in self.flying if lease >= self.now]
        assert len(found) + len(live) <= 1, "one lane, one at a time"
        self.flying.extend((one, self.now + LEASE) for one in found)
        return len(found)

    def _end(self, what: str, delivery: Delivery, lease: datetime) -> None:
        relay, now = self.database.relay, self.now
        if what in {"sent", "lost", "late"} and lease >= now:
            ref = self.chat.take(delivery)
            if what == "sent":
                assert relay.sent(delivery, ref, now)
            elif what == "lost":
                assert relay.retry(delivery, at=now, not_before=now, error="lost", unknown=True, counts=True)
        elif what == "fails":
            relay.retry(delivery, at=now, not_before=later(1), error="500", unknown=False, counts=True)
        elif what == "waits":
            relay.retry(delivery, at=now, not_before=now, error="429", unknown=False, counts=False)
        elif what == "released":
            relay.release(delivery)

    def drain(self) -> None:
        """The trouble is over: everything that waits is carried out."""
        self.now += timedelta(seconds=3600)
        self.flying.clear()
        while self.claim(3):
            delivery, lease = self.flying.pop()
            self._end("sent", delivery, lease)


@on_one_database
@given(steps=st.lists(STEPS, max_size=25))
def test_whatever_happens_on_the_way_each_message_stands_once_as_it_was_last_wanted(
    database: Database, steps: list[tuple[str, str, int]]
) -> None:
    with database.store.begin() as transaction:
        number = transaction.next_number()
        happened(transaction, number, declared())
    relay = Relay(database=database, number=number)

    for step in steps:
        relay.do(*step)
    relay.drain()

    assert relay.chat.doubled == 0
    assert sorted(relay.chat.messages.values(), key=str) == sorted(relay.wanted.values(), key=str)
    assert database.relay.depth() == (0, None)


def test_a_fold_is_remembered(database: Database) -> None:
    with database.store.begin() as transaction:
        happened(transaction, 42, declared())

    with database.store.reading() as transaction:
        assert transaction.load(42) is transaction.load(42)
