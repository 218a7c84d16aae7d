"""Two replicas at the same thing in the same moment: one of them has it, and neither loses anything."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Lock
from typing import TypeVar

import pytest

from bot.maintenance import Maintenance
from bot.people import OpenCode
from bot.ports import Delivery
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict
from storage import claims
from storage.database import Database
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    LEASE,
    card_of,
    claim,
    claim_one,
    declared,
    happened,
    keys,
    later,
    one_person,
    post,
    resolve,
    say,
    with_room,
)

T = TypeVar("T")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def at_once(pool: ThreadPoolExecutor, *works: Callable[[], T]) -> list[T]:
    """What each of these gives, all begun in the same moment."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], T]) -> T:
        barrier.wait()
        return work()

    return list(pool.map(begin, works))


# ------------------------------------------------------------------ numbers, keys, people


def test_no_number_is_given_twice_and_none_is_left_out(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    def declare(mine: Database) -> int:
        with mine.store.begin() as transaction:
            return happened(transaction, transaction.next_number(), declared()).number

    works = [lambda mine=mine: declare(mine) for mine in (database, replica) * 4]

    assert sorted(at_once(pool, *works)) == list(range(1, 9))


def test_planned_maintenance_is_numbered_like_that_too(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    def plan(mine: Database) -> None:
        with mine.store.begin() as transaction:
            transaction.plan(
                Maintenance(number=0, title="Disks", services=(), starts_at=AT, ends_at=later(60), planned_at=AT)
            )

    at_once(pool, *[lambda mine=mine: plan(mine) for mine in (database, replica) * 3])

    with database.store.reading() as transaction:
        assert [each.number for each in transaction.maintenances()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("saved", [True, False])
def test_a_key_that_another_is_at_is_new_only_if_nothing_comes_of_that(
    database: Database, replica: Database, pool: ThreadPoolExecutor, *, saved: bool
) -> None:
    begun, ended = Event(), Event()

    def first() -> None:
        with database.store.begin() as transaction:
            assert transaction.first_time("slack:Ev1", AT)
            begun.set()
            ended.wait(1)
            if not saved:
                raise ArithmeticError

    def second() -> bool:
        with replica.store.begin() as transaction:
            return transaction.first_time("slack:Ev1", AT)

    one = pool.submit(first)
    begun.wait(5)
    other = pool.submit(second)
    ended.set()

    assert other.result() is not saved
    assert isinstance(one.exception(), ArithmeticError) is not saved


def test_a_stranger_whom_both_meet_is_one_person(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    def meet(mine: Database) -> Person:
        with mine.store.begin() as transaction:
            return transaction.person(ANA, "Ana")

    assert len(set(at_once(pool, *[lambda mine=mine: meet(mine) for mine in (database, replica) * 3]))) == 1


def test_strangers_met_in_another_order_by_each_stop_nobody_for_good(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    def meet(mine: Database, *strangers: Identity) -> tuple[Person, ...]:
        while True:
            try:
                with mine.store.begin() as transaction:
                    return tuple(transaction.person(one) for one in strangers)
            except Conflict:
                continue

    one, other = at_once(pool, lambda: meet(database, ANA, BEN), lambda: meet(replica, BEN, ANA))

    assert one == tuple(reversed(other))


def test_a_code_joins_one_person_once(database: Database, replica: Database, pool: ThreadPoolExecutor) -> None:
    teams = (Identity("teams:tenant/a"), Identity("teams:tenant/b"))
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
        transaction.give_code(ANA, "123456", AT)
    shown = OpenCode(code="123456", person=ana, identity=ANA, at=AT, misses=0)

    def join(mine: Database, identity: Identity) -> bool:
        try:
            with mine.store.begin() as transaction:
                transaction.join(identity, shown)
        except Conflict:
            return False
        return True

    took = at_once(pool, lambda: join(database, teams[0]), lambda: join(replica, teams[1]))

    assert sorted(took) == [False, True]
    with database.store.reading() as transaction:
        assert len(transaction.identities(ana)) == 2


def test_two_who_join_the_same_people_leave_one_person(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    ways = tuple(Identity(f"slack:T1/U{number}") for number in range(1, 5))
    with database.store.begin() as transaction:
        people = [transaction.person(way) for way in ways]

    at_once(
        pool,
        lambda: one_person(database, people[0], people[1]),
        lambda: one_person(replica, people[1], people[2]),
        lambda: one_person(database, people[3], people[2]),
        lambda: one_person(replica, people[0], people[3]),
    )

    with database.store.begin() as transaction:
        assert {transaction.person(way) for way in ways} == {people[0]}


def test_the_first_tick_of_several_fails_for_none(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    def tick(mine: Database) -> object:
        with mine.store.begin() as transaction:
            return transaction.tick(AT, "one")

    assert at_once(pool, *[lambda mine=mine: tick(mine) for mine in (database, replica) * 3]) == [None] * 6


# ------------------------------------------------------------------ the outbox


def test_each_row_is_claimed_once_and_each_lane_goes_one_by_one_in_order(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    lanes, each = 12, 5
    for number in range(1, lanes + 1):
        incident = with_room(database, number, Address(f"slack:T1/C{number}"))
        say(database, incident, *(post(f"update-{place}") for place in range(each)))
    guard, under_way, said = Lock(), set[int](), defaultdict[int, list[str]](list)
    failed = Event()

    def carry(mine: Database, delivery: Delivery) -> None:
        with guard:
            assert delivery.incident not in under_way
            under_way.add(delivery.incident)
            said[delivery.incident].append(delivery.order.key)
        with guard:
            under_way.discard(delivery.incident)
        assert mine.relay.sent(delivery, "1.1", AT)

    def work(mine: Database) -> None:
        try:
            while sum(map(len, said.values())) < lanes * each and not failed.is_set():
                for delivery in mine.relay.claim(AT, 4, LEASE):
                    carry(mine, delivery)
        except BaseException:
            failed.set()  # what it had claimed never comes: the others would wait for it
            raise

    at_once(pool, *[lambda mine=mine: work(mine) for mine in (database, replica) * 2])

    in_order = [f"update-{place}" for place in range(each)]
    assert dict(said) == dict.fromkeys(range(1, lanes + 1), in_order)


def test_a_lane_in_which_another_claims_in_the_same_moment_is_left_to_it(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    say(database, with_room(database), post("stuck"), post("after"))
    stuck = claim_one(database)
    rested = later(100)
    database.relay.retry(stuck, at=AT, not_before=rested, error="no", unknown=False, counts=True)

    with database.relay.sessions.writing() as connection:  # for this one the first row goes again
        ids = claims.pick(connection, rested, 5, ())
        claims.mark(connection, ids, rested, LEASE)
        other = pool.submit(lambda: claim(replica, rested - timedelta(seconds=1)))  # for that one, the second may pass
        if connection.dialect.name == "postgresql":
            assert other.result() == ()

    assert other.result() == ()
    assert claim(replica, rested) == ()


def test_a_newer_look_goes_out_although_the_older_arrives_in_the_same_moment(
    database: Database, replica: Database, pool: ThreadPoolExecutor
) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "It is down."))
    older = claim_one(database)

    with database.store.begin() as transaction:
        transaction.enqueue(incident, (post("card", "It is up."),), resolve, later(1))
        marked = pool.submit(lambda: replica.relay.sent(older, "1.1", later(1)))

    assert marked.result()
    newer = claim_one(database, later(2))
    assert (newer.ref, card_of(newer)) == ("1.1", card_of_text("It is up."))


def card_of_text(text: str) -> object:
    return post("card", text).card


def test_what_a_living_replica_has_in_hand_stays_its_own_when_another_starts(database: Database, url: str) -> None:
    say(database, with_room(database), post("card"))
    claim_one(database)
    started = Database(url)

    started.relay.recover()

    theirs = [] if url.startswith("postgresql") else ["card"]  # there can be no other one on SQLite
    assert keys(claim(started)) == theirs
    assert keys(claim(started, later(31))) == ["card"]
    started.close()
