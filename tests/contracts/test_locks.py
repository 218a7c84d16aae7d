"""Two who need the same two incidents, or rows, in the same moment: neither waits for what the other has."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

import pytest

from bot.events import PersonUnreachable
from bot.ports import Arrival
from bot.refs import Identity
from bot.refusals import Conflict
from bot.requests import Answer, Request
from bot.service import Service
from storage.database import Database
from storage.store import SqlStore
from storage.transaction import SqlTransaction
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    PLACE,
    an_incident,
    claim,
    claim_one,
    later,
    post,
    resolve,
    say,
    to_internal,
    with_room,
)
from tests.contracts.test_races import at_once
from tests.scenario import policy


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@dataclass
class Counting:
    """A store that counts who was told to begin again."""

    store: SqlStore
    begun_again: int = 0

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        try:
            with self.store.begin() as transaction:
                yield transaction
        except Conflict:
            self.begun_again += 1
            raise

    def reading(self) -> AbstractContextManager[SqlTransaction]:
        return self.store.reading()

    def together(self) -> AbstractContextManager[None]:
        return self.store.together()


def test_two_who_call_each_others_incident_a_duplicate_do_not_wait_for_each_other(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    stores = [Counting(one.store) for one in (database, replica)]
    desks = [Service(store=store, policy=policy(), rules="r", replica="one") for store in stores]

    def says(desk: Service, key: str, text: str) -> Answer:
        return desk.handle(Request(key=key, identity=ANA, text=text, place=PLACE), AT)

    for place in range(1, 13, 2):
        for number in (place, place + 1):
            says(desks[0], f"declare-{number}", f"declare critical Number {number}")
        one, other = (f"INC-{place} duplicate {place + 1}", f"INC-{place + 1} duplicate {place}")
        answers = at_once(pool, partial(says, desks[0], one, one), partial(says, desks[1], other, other))
        assert sorted(answer.refused for answer in answers) == [False, True]

    assert [store.begun_again for store in stores] == [0, 0]


def test_two_who_come_back_do_not_wait_for_each_other(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    with database.store.begin() as transaction:
        ana, ben = transaction.person(ANA), transaction.person(BEN)
    for number, person in enumerate((ana, ben) * 4, 1):
        an_incident(database, number, PersonUnreachable(person=person, reason="blocked"))
    stores = [Counting(one.store) for one in (database, replica)]
    desks = [Service(store=store, policy=policy(), rules="r", replica="one") for store in stores]

    def says(desk: Service, who: Identity, text: str) -> Answer:
        return desk.handle(Request(key=text, identity=who, text=text), AT)

    at_once(
        pool, lambda: says(desks[0], ANA, "INC-8 note I am here"), lambda: says(desks[1], BEN, "INC-1 note I am here")
    )

    assert [store.begun_again for store in stores] == [0, 0]
    with database.store.reading() as transaction:
        assert not any(incident.unreachable for incident in transaction.opened())


def test_what_was_sent_is_written_down_without_waiting_for_who_holds_another_of_these_rows(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    incident = with_room(database)
    say(database, incident, post("one"), to_internal("two"))
    arrivals = [Arrival(delivery=each, ref=f"ref-{each.order.key}", at=AT) for each in claim(database)]

    with database.store.begin() as transaction:  # a tick, whose next row those have
        transaction.enqueue(incident, (to_internal("two", "It is up."),), resolve, later(1))
        told = pool.submit(lambda: replica.relay.all_sent(arrivals))
        if database.is_shared:
            assert told.result() == (True, False)
        transaction.enqueue(incident, (post("one", "It is up."),), resolve, later(1))

    assert told.result() == ((True, False) if database.is_shared else (True, True))
    assert replica.relay.sent(arrivals[1].delivery, "ref-two", later(2)) is database.is_shared
    edits = claim(database, later(3))
    assert {(each.order.key, each.ref) for each in edits} == {("one", "ref-one"), ("two", "ref-two")}


def test_one_that_was_sent_waits_for_who_holds_its_row(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    incident = with_room(database)
    say(database, incident, post("one"))
    delivery = claim_one(database)

    with database.store.begin() as transaction:
        transaction.enqueue(incident, (post("one", "It is up."),), resolve, later(1))
        told = pool.submit(lambda: replica.relay.all_sent([Arrival(delivery=delivery, ref="ref", at=AT)]))

    assert told.result() == (True,)
