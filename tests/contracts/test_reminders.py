"""A reminder that is no longer true is withheld; one that is out already becomes a plain line."""

from datetime import datetime

import pytest

from bot.cards import line
from bot.ports import Delivery, ReminderRow
from bot.posts import Post, ToRoom
from storage.database import Database
from tests.contracts.given import (
    AT,
    ROOM,
    an_incident,
    card_of,
    claim,
    claim_one,
    later,
    nudge,
    opened,
    post,
    say,
    send_all,
    with_room,
)

SETTLED = Post(to=ToRoom(), card=line("Update 2 came at 02:47."), key="nudge")


def listed(database: Database) -> list[tuple[str, str]]:
    return [(row.key, row.state) for row in rows(database)]


def rows(database: Database) -> tuple[ReminderRow, ...]:
    with database.store.reading() as transaction:
        return transaction.reminders(42)


def narrow(database: Database, order: Post | None, at: datetime = AT) -> None:
    (row,) = rows(database)
    with database.store.begin() as transaction:
        transaction.narrow(row.id, order, at)


def states(database: Database) -> list[tuple[str, str]]:
    with database.store.reading() as transaction:
        return [(sent.key, sent.state) for sent in transaction.sent(42)]


def lost_answer(database: Database, delivery: Delivery, at: datetime) -> None:
    assert database.relay.retry(delivery, at=at, not_before=at, error="timeout", unknown=True, counts=True)


def test_reminders_are_listed_with_what_they_claim_and_messages_are_not(database: Database) -> None:
    say(database, with_room(database), post("card"), nudge("first", "Due now.", None, -300.0, 0.0), nudge("second"))

    first, second = rows(database)

    assert (first.key, first.state, [rung.step for rung in first.reminder.rungs]) == ("first", "waiting", [-300.0, 0.0])
    assert (second.key, second.thread, second.state) == ("second", "", "waiting")


def test_a_reminder_that_waits_is_withheld(database: Database) -> None:
    say(database, with_room(database), nudge())

    narrow(database, None)

    assert claim(database, later(3600)) == ()
    assert listed(database) == []
    assert states(database) == [("nudge", "withheld")]
    assert database.relay.depth() == (0, None)


def test_a_reminder_for_a_room_to_come_is_withheld_too(database: Database) -> None:
    say(database, an_incident(database), nudge())

    narrow(database, None)

    assert listed(database) == []


def test_a_reminder_that_waits_is_narrowed_to_what_is_still_true(database: Database) -> None:
    say(database, with_room(database), nudge("nudge", "Two promises.", None, -300.0, 0.0))

    narrow(database, nudge("nudge", "One promise.", None, 0.0))

    assert [rung.step for rung in rows(database)[0].reminder.rungs] == [0.0]
    assert card_of(claim_one(database)) == line("One promise.")


def test_a_reminder_that_is_out_becomes_a_plain_line(database: Database) -> None:
    say(database, with_room(database), nudge())
    send_all(database)
    assert listed(database) == [("nudge", "sent")]

    narrow(database, SETTLED, later(5))

    edit = claim_one(database, later(6))
    assert (card_of(edit), edit.ref) == (SETTLED.card, "ref-nudge")
    assert listed(database) == []


def test_a_reminder_that_is_out_cannot_be_withheld(database: Database) -> None:
    say(database, with_room(database), nudge())
    send_all(database)

    narrow(database, None)

    assert states(database) == [("nudge", "sent")]
    assert listed(database) == [("nudge", "sent")]


def test_a_reminder_on_its_way_counts_as_out_and_is_edited_when_it_has_arrived(database: Database) -> None:
    say(database, with_room(database), nudge())
    delivery = claim_one(database)
    assert listed(database) == [("nudge", "sent")]

    narrow(database, SETTLED)
    assert database.relay.sent(delivery, "1.1", later(1))

    edit = claim_one(database, later(1))
    assert (card_of(edit), edit.ref, edit.withdrawn) == (SETTLED.card, "1.1", False)


@pytest.mark.parametrize("order", [SETTLED, None])
def test_a_reminder_on_its_way_that_did_not_arrive_is_not_tried_again(database: Database, order: Post | None) -> None:
    say(database, with_room(database), nudge())
    delivery = claim_one(database)

    narrow(database, order)
    database.relay.retry(delivery, at=AT, not_before=later(1), error="500", unknown=False, counts=True)

    assert claim(database, later(60)) == ()
    assert states(database) == [("nudge", "withheld")]


@pytest.mark.parametrize("order", [SETTLED, None])
def test_a_reminder_that_may_have_arrived_is_looked_for_before_it_is_withheld(
    database: Database, order: Post | None
) -> None:
    say(database, with_room(database), nudge())
    delivery = claim_one(database)
    narrow(database, order)
    lost_answer(database, delivery, later(1))

    look = claim_one(database, later(2))
    assert (look.withdrawn, look.tried_at, look.ref) == (True, AT, "")
    database.relay.retry(look, at=later(2), not_before=later(2), error="not there", unknown=False, counts=False)

    assert claim(database, later(60)) == ()
    assert states(database) == [("nudge", "withheld")]


def test_a_reminder_that_turns_out_to_have_arrived_is_settled(database: Database) -> None:
    say(database, with_room(database), nudge())
    delivery = claim_one(database)
    lost_answer(database, delivery, later(1))
    assert listed(database) == [("nudge", "waiting")]
    narrow(database, None)
    assert listed(database) == []

    assert database.relay.sent(claim_one(database, later(2)), "1.1", later(2))

    assert listed(database) == [("nudge", "sent")]
    narrow(database, SETTLED)
    assert claim_one(database, later(3)).ref == "1.1"


def test_a_reminder_whose_lease_ended_is_looked_for_too(database: Database) -> None:
    say(database, with_room(database), nudge())
    claim_one(database)
    narrow(database, SETTLED)

    look = claim_one(database, later(31))

    assert (look.withdrawn, look.tried_at) == (True, AT)


def test_a_reminder_in_an_outage_waits_so_that_a_higher_step_can_take_its_place(database: Database) -> None:
    say(database, with_room(database), nudge())
    lost_answer(database, claim_one(database), later(1))
    claim_one(database, later(2))

    assert listed(database) == [("nudge", "waiting")]


def test_a_withheld_reminder_comes_back_when_it_is_wanted_again(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, nudge())
    narrow(database, None)

    say(database, incident, nudge("nudge", "20 minutes late."), at=later(1200))

    delivery = claim_one(database, later(1200))
    assert (card_of(delivery), delivery.ref, delivery.queued_at) == (line("20 minutes late."), "", later(1200))


def test_a_withdrawn_reminder_that_is_wanted_again_is_no_longer_withdrawn(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, nudge())
    delivery = claim_one(database)
    narrow(database, None)

    say(database, incident, nudge())
    database.relay.retry(delivery, at=AT, not_before=AT, error="500", unknown=False, counts=True)

    assert not claim_one(database).withdrawn


def test_a_dead_reminder_is_left_alone(database: Database) -> None:
    say(database, an_incident(database, 42, opened(ROOM)), nudge())
    database.relay.dead(claim_one(database), at=later(1), error="is_archived")

    assert listed(database) == []
    with database.store.begin() as transaction:
        transaction.narrow(1, SETTLED, AT)
        transaction.narrow(99, SETTLED, AT)
    assert states(database) == [("nudge", "dead")]
