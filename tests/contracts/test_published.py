"""What the status page is made of, as every database gives it."""

from dataclasses import replace
from datetime import timedelta

from bot.events import NoteAdded, UpdatePublished
from bot.maintenance import Maintenance
from bot.refs import Person
from storage.database import Database
from tests.contracts.given import AT, an_incident, going_wrong, happened

TOLD = UpdatePublished(number=1, audiences=("customers",), what="Payments fail.")
WORK = Maintenance(
    number=0,
    title="New database",
    starts_at=AT + timedelta(hours=10),
    ends_at=AT + timedelta(hours=12),
    services=("Checkout", "Sign-in"),
    planned_at=AT,
    planned_by=Person("P-1"),
)


def planned(database: Database, *works: Maintenance) -> None:
    for work in works:
        with database.store.begin() as transaction:
            transaction.plan(work)


def test_the_stamp_changes_with_every_event_and_every_plan(database: Database) -> None:
    stamps = [database.published.stamp()]

    an_incident(database, 1)
    stamps.append(database.published.stamp())
    with database.store.begin() as transaction:
        happened(transaction, 1, NoteAdded(text="a line"))
    stamps.append(database.published.stamp())
    planned(database, WORK)
    stamps.append(database.published.stamp())
    with database.store.begin() as transaction:
        transaction.call_off(1, AT)
    stamps.append(database.published.stamp())

    assert len(set(stamps)) == len(stamps)
    assert database.published.stamp() == stamps[-1]


def test_only_incidents_that_told_somebody_are_read(database: Database) -> None:
    an_incident(database, 1)
    told = an_incident(database, 2, TOLD)

    assert database.published.versions() == {1: 1, 2: told.version}
    assert database.published.told((1, 2, 3)) == {2}
    incident, entries = database.published.log(2)
    assert incident == told
    assert [entry.event for entry in entries][-1] == TOLD


def test_planned_maintenance_comes_back_as_it_was_planned_with_numbers_of_its_own(database: Database) -> None:
    sooner = replace(WORK, title="Sooner", starts_at=AT, services=())

    planned(database, WORK, sooner)

    with database.store.reading() as transaction:
        assert transaction.maintenances() == (replace(sooner, number=2), replace(WORK, number=1))
    assert database.published.maintenances() == (replace(sooner, number=2), replace(WORK, number=1))


def test_what_was_called_off_is_gone_and_its_number_is_not_given_again(database: Database) -> None:
    planned(database, WORK)
    with database.store.begin() as transaction:
        transaction.call_off(1, AT)

    planned(database, WORK)

    assert [each.number for each in database.published.maintenances()] == [2]


def test_a_plan_of_a_transaction_that_fails_is_none(database: Database) -> None:
    with going_wrong(database) as transaction:
        transaction.plan(WORK)

    assert database.published.maintenances() == ()


def test_the_key_of_public_ids_is_made_once_for_all_replicas(database: Database, replica: Database) -> None:
    key = database.published.key()

    assert len(key) == 32
    assert replica.published.key() == key == database.published.key()
