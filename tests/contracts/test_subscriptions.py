"""What people subscribed to for good, as the database keeps it; and who reads an incident once two ids are one."""

from bot.events import Subscribed, Unsubscribed
from bot.refs import Identity, Person
from bot.standing import Standing, Wanted
from storage.database import Database
from tests.contracts.given import ANA, AT, BEN, an_incident, going_wrong, happened, later, one_person

ELSEWHERE = Identity("teams:T9/ana")
CHECKOUT = Standing(kind="service", name="checkout")
HIGH = Standing(kind="priority", name="high")


def wants(database: Database, identity: Identity, *begun: Standing, seconds: float = 0) -> Person:
    with database.store.begin() as transaction:
        person = transaction.person(identity)
        transaction.want(person, Wanted(begun=begun), later(seconds))
    return person


def kept(database: Database) -> dict[Person, tuple[Standing, ...]]:
    with database.store.reading() as transaction:
        return dict(transaction.standing())


def test_what_somebody_subscribed_to_is_kept_oldest_first(database: Database) -> None:
    ana = wants(database, ANA, HIGH)
    wants(database, ANA, CHECKOUT, seconds=1)
    ben = wants(database, BEN, CHECKOUT)

    assert kept(database) == {ana: (HIGH, CHECKOUT), ben: (CHECKOUT,)}


def test_the_same_is_kept_once(database: Database) -> None:
    ana = wants(database, ANA, CHECKOUT)

    wants(database, ANA, CHECKOUT, seconds=1)

    assert kept(database) == {ana: (CHECKOUT,)}


def test_what_ends_is_gone_and_nothing_else(database: Database) -> None:
    ana = wants(database, ANA, CHECKOUT, HIGH)
    ben = wants(database, BEN, CHECKOUT)

    with database.store.begin() as transaction:
        transaction.want(ana, Wanted(ended=(CHECKOUT,)), AT)

    assert kept(database) == {ana: (HIGH,), ben: (CHECKOUT,)}


def test_nothing_is_kept_of_a_transaction_that_fails(database: Database) -> None:
    ana = wants(database, ANA)

    with going_wrong(database) as transaction:
        transaction.want(ana, Wanted(begun=(CHECKOUT,)), AT)

    assert kept(database) == {}


def test_two_who_are_one_have_each_once_and_end_both(database: Database) -> None:
    older = wants(database, ANA, CHECKOUT)
    newer = wants(database, ELSEWHERE, CHECKOUT, HIGH, seconds=1)

    one_person(database, newer, older)

    assert kept(database) == {older: (CHECKOUT, HIGH)}
    with database.store.begin() as transaction:
        transaction.want(older, Wanted(ended=(CHECKOUT, HIGH)), AT)
    assert kept(database) == {}


def test_two_who_are_one_have_a_service_once_whatever_its_case_and_end_both(database: Database) -> None:
    older = wants(database, ANA, Standing(kind="service", name="Überweisung"))
    newer = wants(database, ELSEWHERE, Standing(kind="service", name="überweisung"), HIGH, seconds=1)

    one_person(database, newer, older)

    (first, second) = kept(database)[older]
    assert (first.name, second) == ("Überweisung", HIGH)
    with database.store.begin() as transaction:
        transaction.want(older, Wanted(ended=(first,)), AT)
    assert kept(database) == {older: (HIGH,)}


def test_two_who_are_one_read_an_incident_once(database: Database) -> None:
    older, newer = wants(database, ANA), wants(database, ELSEWHERE)
    an_incident(database, 42, Subscribed(people=(older, newer), because="service:checkout"))

    one_person(database, newer, older)

    with database.store.begin() as transaction:
        found = transaction.load(42)
        assert found is not None
        assert found.subscribers == {older: "service:checkout"}
        assert happened(transaction, 42, Unsubscribed(people=(older,))).subscribers == {}
