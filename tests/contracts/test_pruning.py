"""What ended long ago can be deleted with everything kept of it; nothing else can."""

import pytest

from bot.events import Closed, Event, NoteAdded, PromiseMade
from bot.posts import ToPerson
from bot.refs import Address, Person
from storage.database import Database
from storage.tables import addresses, deliveries, events
from tests.contracts.given import (
    AT,
    ROOM,
    declared,
    happened,
    opened,
    post,
    say,
    send_all,
    with_room,
)
from tests.contracts.record import CUT, LONG_AGO, ended, found, rows_of


def prunable(database: Database) -> list[int]:
    return list(database.upkeep.endings(CUT))


def next_number(database: Database) -> int:
    with database.store.begin() as transaction:
        return transaction.next_number()


def test_what_ended_long_ago_goes_with_everything_kept_of_it(database: Database, url: str) -> None:
    with_room(database)
    say(database, ended(database, 7), post(to=ToPerson(person=Person("P-1"))))

    assert prunable(database) == [7]
    assert database.upkeep.prune(7, CUT)

    assert [row.number for row in database.reads.incidents()] == [42]
    assert rows_of(url, events, events.c.incident == 7) == rows_of(url, deliveries, deliveries.c.incident == 7) == 0
    assert found(database) == []


def test_its_room_is_nobodys_afterwards(database: Database, url: str) -> None:
    ended(database, 7, opened())

    assert database.upkeep.prune(7, CUT)

    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) is None
    assert rows_of(url, addresses) == 0


@pytest.mark.parametrize("more", [(), (NoteAdded(text="still at it"),)])
def test_what_is_open_is_never_deleted_however_old(database: Database, more: tuple[Event, ...]) -> None:
    with database.store.begin() as transaction:
        happened(transaction, 7, declared(), *more, at=LONG_AGO)

    assert prunable(database) == []
    assert not database.upkeep.prune(7, CUT)


def test_what_ended_later_is_kept(database: Database) -> None:
    with database.store.begin() as transaction:
        happened(transaction, 7, declared(), at=LONG_AGO)
        happened(transaction, 7, Closed(), at=AT)

    assert prunable(database) == []


def test_an_incident_whose_end_somebody_is_owed_is_kept(database: Database) -> None:
    ended(database, 7, PromiseMade(audience="customers", due=LONG_AGO, cause="final"))

    assert prunable(database) == []


def test_an_incident_of_which_something_is_still_to_be_sent_is_kept(database: Database) -> None:
    with_room(database, 7)
    with database.store.begin() as transaction:
        incident = happened(transaction, 8, declared(), *_a_room(), at=LONG_AGO)
        happened(transaction, 8, Closed(), at=LONG_AGO)
    say(database, incident, post())

    assert prunable(database) == []
    send_all(database)
    assert prunable(database) == [8]


def test_one_that_is_not_there_is_not_deleted(database: Database) -> None:
    assert not database.upkeep.prune(7, CUT)


def test_numbers_are_never_given_twice(database: Database, replica: Database) -> None:
    ended(database, 7)
    ended(database, 8)

    assert database.upkeep.prune(8, CUT)
    assert database.upkeep.prune(7, CUT)

    assert next_number(database) == next_number(replica) == 9


def _a_room() -> tuple[Event, ...]:
    return (opened(Address("slack:T1/C8")),)
