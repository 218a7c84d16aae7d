"""One conversation is one incident's room; where the room's post stands, its channel hears nothing a second time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.events import Closed, RoomLost
from bot.refs import Address
from bot.refusals import Taken
from storage.database import Database
from tests.contracts.given import (
    AT,
    ROOM,
    an_incident,
    card_of,
    claim,
    claim_one,
    happened,
    keys,
    later,
    opened,
    post,
    send_all,
    to_internal,
    with_room,
)

CHANNEL = Address("teams:19:incidents@thread.tacv2")
ITS_POST = Address(f"{CHANNEL};messageid=1700000000000")
THREAD = Address("slack:T1/C1/1700000000.000100")


def announced(database: Database, number: int = 42, *, only_edit: bool = False, text: str = "It is down.") -> None:
    """The incident's announcement is to be said in the channel, or to look like this now."""
    with database.store.begin() as transaction:
        incident = transaction.load(number)
        assert incident is not None
        order = replace(to_internal("announcement", text), only_edit=only_edit)
        transaction.enqueue(incident, [order], lambda _: (CHANNEL,), AT)


def gets(database: Database, room: Address, number: int = 42) -> None:
    """The incident's room was made there."""
    with database.store.begin() as transaction:
        transaction.give_room(happened(transaction, number, opened(room)), room)


# ------------------------------------------------------------------ whose it is


def test_a_room_of_an_incident_that_goes_on_is_no_other_incidents(database: Database) -> None:
    with_room(database, 42)
    an_incident(database, 43)

    with pytest.raises(Taken), database.store.begin() as transaction:
        happened(transaction, 43, opened())

    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) == 42
        found = transaction.load(43)
        assert found is not None
        assert found.rooms == ()


def test_a_room_that_was_lost_is_kept_for_its_incident(database: Database) -> None:
    an_incident(database, 42, opened(), RoomLost(address=ROOM, reason="archived"))
    an_incident(database, 43)

    with pytest.raises(Taken), database.store.begin() as transaction:
        happened(transaction, 43, opened())

    with database.store.begin() as transaction:
        assert happened(transaction, 42, opened()).room is not None


def test_once_its_incident_has_ended_it_may_be_anothers(database: Database) -> None:
    an_incident(database, 42, opened(), Closed())

    assert with_room(database, 43).room is not None


def test_what_a_chat_called_an_address_takes_no_room_away(database: Database) -> None:
    database.reads.remember_address(ROOM, Address("slack:T1/D7"))

    with_room(database, 42)

    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) == 42


def test_of_two_that_take_a_room_in_the_same_moment_one_has_it(database: Database, replica: Database) -> None:
    numbers = (42, 43)
    for number in numbers:
        an_incident(database, number)

    def take(mine: Database, number: int) -> bool:
        with suppress(Taken), mine.store.begin() as transaction:
            happened(transaction, number, opened())
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        took = list(pool.map(take, (database, replica), numbers))

    assert sorted(took) == [False, True]
    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) == numbers[took.index(True)]


# ------------------------------------------------------------------ a post that is the room


def test_where_the_rooms_post_stands_nothing_is_announced_beside_it(database: Database) -> None:
    an_incident(database)
    gets(database, ITS_POST)

    announced(database)

    assert claim(database) == ()


def test_what_waited_for_the_room_to_be_announced_is_not_said_beside_it(database: Database) -> None:
    an_incident(database)
    announced(database)

    gets(database, ITS_POST)
    announced(database, only_edit=True, text="It is up.")

    assert claim(database) == ()


def test_what_was_said_there_before_is_kept_true_and_nothing_more_is_said(database: Database) -> None:
    an_incident(database)
    announced(database)
    send_all(database)

    gets(database, ITS_POST)
    announced(database, only_edit=True, text="It is up.")
    with database.store.begin() as transaction:
        incident = transaction.load(42)
        assert incident is not None
        reply = to_internal("update-1", thread="announcement")
        transaction.enqueue(incident, [reply, post("update-1")], lambda _: (CHANNEL,), AT)

    said = {delivery.order.key: delivery for delivery in claim(database, later(1))}
    assert said["announcement"].ref
    assert said["update-1"].address == ITS_POST


def test_once_that_post_is_lost_the_channel_hears_again(database: Database) -> None:
    an_incident(database, 42, opened(ITS_POST), RoomLost(address=ITS_POST, reason="deleted"))

    announced(database)

    assert claim_one(database).address == CHANNEL


def test_another_incident_is_announced_there_all_the_same(database: Database) -> None:
    an_incident(database, 43)
    announced(database, 43)
    an_incident(database, 42)

    gets(database, ITS_POST)

    assert keys(claim(database)) == ["announcement"]


def test_a_room_that_is_a_thread_of_the_announcement_leaves_it_as_it_is(database: Database) -> None:
    an_incident(database)
    announced(database)

    gets(database, THREAD)
    announced(database, only_edit=True, text="It is up.")

    found = claim_one(database)
    assert (found.address, "It is up." in str(card_of(found))) == (CHANNEL, True)
