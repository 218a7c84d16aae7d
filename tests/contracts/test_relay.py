"""What may go when, to whom it belongs meanwhile, and what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.cards import Card, Mention, Open, RoomLink, Text
from bot.events import DeliveryFailed
from bot.posts import Invite, OpenRoom, Pin, Post, SetTopic, ToAudience, ToPerson, ToRoom
from bot.refs import Address
from storage.database import Database
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    LEASE,
    ROOM,
    an_incident,
    claim,
    claim_one,
    declared,
    happened,
    keys,
    later,
    nudge,
    opened,
    post,
    resolve,
    say,
    send_all,
    to_internal,
    with_room,
)

# ------------------------------------------------------------------ order


def test_messages_to_one_address_go_one_at_a_time_and_in_order(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"), post("update-2"))

    assert keys(claim(database)) == ["card"]
    assert claim(database) == ()


def test_the_next_goes_when_the_one_before_is_out(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"))

    database.relay.sent(claim_one(database), "1.1", AT)

    assert keys(claim(database)) == ["update-1"]


def test_other_addresses_lanes_and_incidents_do_not_wait(database: Database) -> None:
    one = with_room(database)
    two = with_room(database, 43, Address("slack:T1/C43"))
    say(database, one, post("card"), SetTopic(text="INC-42"), Invite(people=()), to_internal("announcement"))
    say(database, two, post("card"), to_internal("announcement"))

    assert sorted(keys(claim(database))) == ["announcement", "announcement", "card", "card", "invite", "topic"]


def test_a_row_that_fails_holds_up_its_followers_for_a_minute(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"))
    fails(database, "card", AT, again_at=later(300))

    assert claim(database, later(60) - timedelta(microseconds=1)) == ()
    assert keys(claim(database, later(60))) == ["update-1"]


def test_the_held_up_row_comes_first_where_both_may_go(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"))
    fails(database, "card", AT, again_at=later(300))

    assert [one.order.key for one in send_all(database, later(300))] == ["card", "update-1"]


def test_two_of_one_lane_are_never_on_their_way_at_once(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"))
    fails(database, "card", AT, again_at=later(70))
    assert keys(claim(database, later(65))) == ["update-1"]

    assert claim(database, later(75)) == ()


def test_a_dead_row_holds_up_nobody(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"))

    database.relay.dead(claim_one(database), at=AT, error="msg_too_long")

    assert keys(claim(database)) == ["update-1"]


def test_reminders_go_first_and_edits_last(database: Database) -> None:
    incidents = [with_room(database, number, Address(f"slack:T1/C{number}")) for number in (1, 2, 3)]
    say(database, incidents[0], post("card", "One"))
    send_all(database)
    say(database, incidents[0], post("card", "Two"), at=later(1))
    say(database, incidents[1], post("card"), at=later(2))
    say(database, incidents[2], nudge("nudge"), at=later(3))

    assert [one.incident for one in claim(database, later(4))] == [3, 2, 1]


def test_of_reminders_those_of_the_highest_priority_go_first(database: Database) -> None:
    incidents = [with_room(database, number, Address(f"slack:T1/C{number}")) for number in (1, 2, 3)]
    for incident, rank in zip(incidents, (12, 1, 0), strict=True):
        say(database, incident, replace(nudge("nudge"), rank=rank), at=later(incident.number))
    say(database, incidents[0], to_internal("announcement"))

    assert [one.incident for one in claim(database, later(4))] == [3, 2, 1, 1]


def test_what_a_reminder_has_to_wait_for_is_as_urgent_as_it_is(database: Database) -> None:
    incidents = [with_room(database, number, Address(f"slack:T1/C{number}")) for number in (1, 2, 3)]
    say(database, incidents[0], post("update-1"), at=later(1))
    say(database, incidents[1], post("update-1"), at=later(2))
    say(database, incidents[2], replace(nudge("low"), rank=5), post("update-1"), at=later(3))
    say(database, incidents[1], replace(nudge("nudge"), rank=1), at=later(4))
    say(database, incidents[2], replace(nudge("nudge"), rank=0), at=later(4))

    out = [(one.incident, one.order.key) for one in send_all(database, later(5), limit=1)]

    assert out == [
        *((3, "low"), (3, "update-1"), (3, "nudge")),
        *((2, "update-1"), (2, "nudge")),
        (1, "update-1"),
    ]


def test_no_edit_becomes_urgent_and_nothing_to_anybody_else_does(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    send_all(database)
    say(database, incident, post("card", "Two"), to_internal("update-1"), at=later(1))
    say(database, with_room(database, 43, Address("slack:T1/C43")), post("card"), at=later(1))
    say(database, incident, nudge("nudge"), at=later(2))

    out = [one.order.key for one in send_all(database, later(3), limit=1)]

    assert out == ["nudge", "update-1", "card", "card"]


def test_what_is_on_its_way_and_comes_back_is_as_urgent_as_what_waits_for_it(database: Database) -> None:
    first, second = (with_room(database, number, Address(f"slack:T1/C{number}")) for number in (1, 2))
    say(database, second, post("update-1"))
    under_way = claim_one(database)
    say(database, first, post("update-1"), at=later(1))
    say(database, second, nudge("nudge"), at=later(2))
    at = later(3)
    database.relay.retry(under_way, at=at, not_before=at, error="no answer", unknown=False, counts=True)

    assert [one.incident for one in claim(database, later(4), limit=1)] == [second.number]


def test_a_reminder_does_not_wait_for_the_edit_of_a_card_in_its_room(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    send_all(database)
    say(database, incident, post("card", "Two"), at=later(1))
    say(database, incident, nudge("nudge"), at=later(2))

    assert [one.order.key for one in send_all(database, later(3))] == ["nudge", "card"]


def test_an_edit_and_what_is_new_in_its_lane_go_one_at_a_time(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    send_all(database)
    say(database, incident, post("card", "Two"), at=later(1))
    say(database, incident, post("update-1"), at=later(2))

    assert [one.order.key for one in claim(database, later(3))] == ["update-1"]


def test_a_priority_that_changes_is_no_reason_to_say_a_reminder_anew(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, nudge("nudge"))
    send_all(database)

    say(database, incident, replace(nudge("nudge"), rank=2), at=later(1))

    assert claim(database, later(2)) == ()


def test_no_more_are_claimed_than_asked_for(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, post("update-1", to=ToAudience(name="stakeholders")), to_internal("update-1"))

    assert len(claim(database, limit=2)) == 2
    assert len(claim(database, limit=2)) == 1


def test_chats_that_refuse_us_are_left_out(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, post("update-1", to=ToAudience(name="stakeholders")))

    assert [one.address for one in database.relay.claim(AT, 10, LEASE, ["slack", "tea%s"])] == [
        "mailto:board@example.com"
    ]
    assert database.relay.wake_at({"slack"}) == later(30)
    assert database.relay.wake_at({"slack", "mailto"}) is None
    assert [one.address for one in database.relay.claim(AT, 10, LEASE)] == ["slack:#board"]


# ------------------------------------------------------------------ what a row waits for


def test_a_reply_knows_the_message_it_replies_to(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, to_internal("announcement"), to_internal("update-1", thread="announcement"))

    database.relay.sent(claim_one(database), "1.1", AT)

    assert claim_one(database).thread_ref == "1.1"


def test_a_reply_waits_for_its_message_for_a_minute_and_then_goes_on_its_own(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, to_internal("announcement"), to_internal("update-1", thread="announcement"))
    fails(database, "announcement", AT, again_at=later(300))

    assert claim(database, later(59)) == ()
    assert claim_one(database, later(60)).thread_ref == ""


def test_a_reply_to_a_message_that_is_dead_or_was_never_there_goes_on_its_own(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, to_internal("announcement"), to_internal("update-1", thread="announcement"))
    database.relay.dead(claim_one(database), at=AT, error="is_archived")

    reply = claim_one(database)
    database.relay.sent(reply, "1.2", AT)
    say(database, incident, to_internal("update-2", thread="nothing"))

    assert reply.thread_ref == ""
    assert claim_one(database).thread_ref == ""


def test_a_pin_waits_for_its_message(database: Database) -> None:
    say(database, with_room(database), Pin(of="card"), post("card"))
    card = claim_one(database)
    assert card.order.key == "card"
    assert database.relay.wake_at() == later(30)

    database.relay.sent(card, "1.1", AT)

    pin = claim_one(database)
    assert (pin.order, pin.thread_ref) == (Pin(of="card"), "1.1")


def test_a_pin_of_a_message_that_will_never_arrive_is_given_up_with_it(database: Database) -> None:
    say(database, with_room(database), Pin(of="card"), post("card"))

    database.relay.dead(claim_one(database), at=AT, error="msg_too_long")

    assert database.relay.depth() == (0, None)


# ------------------------------------------------------------------ leases and fencing


def test_what_waits_for_a_room_that_will_never_be_is_given_up_with_it(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, OpenRoom(name="inc-42", private=True), post("card"), Invite(people=()), Pin(of="card"))

    assert database.relay.dead(claim_one(database), at=AT, error="it may not be made")

    assert database.relay.depth() == (0, None)
    with database.store.reading() as transaction:
        assert {(sent.state, sent.error) for sent in transaction.sent(42)} == {("dead", "it may not be made")}


def test_nothing_waits_for_a_room_that_will_never_be(database: Database) -> None:
    incident = an_incident(database, 42, DeliveryFailed(what="room", to="the room", reason="it may not be made"))

    say(database, incident, post("card"), SetTopic(text="INC-42"), Invite(people=()))

    assert database.relay.depth() == (0, None)


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(database: Database, replica: Database) -> None:
    say(database, with_room(database), post("card"))
    first = claim_one(database)

    assert claim(replica, later(30)) == ()
    second = claim_one(replica, later(30.001))

    assert (first.tried_at, second.tried_at) == (None, AT)
    assert second.attempt > first.attempt
    assert (second.failures, second.failing_since) == (1, AT)


def test_the_outcome_of_an_attempt_that_lost_its_claim_is_refused(database: Database) -> None:
    say(database, with_room(database), post("card"))
    lost = claim_one(database)
    mine = claim_one(database, later(31))

    assert not database.relay.sent(lost, "1.1", later(32))
    assert not database.relay.dead(lost, at=later(32), error="is_archived")
    assert not database.relay.retry(lost, at=later(32), not_before=later(32), error="late", unknown=False, counts=True)
    database.relay.release(lost)

    assert claim(database, later(33)) == ()
    assert database.relay.sent(mine, "1.2", later(34))
    assert not database.relay.sent(mine, "1.3", later(35))


def test_an_attempt_from_before_an_edit_cannot_speak_for_the_edit(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    lost = claim_one(database)
    database.relay.sent(claim_one(database, later(31)), "1.1", later(31))
    say(database, incident, post("card", "Two"))
    edit = claim_one(database, later(32))

    assert not database.relay.sent(lost, "9.9", later(33))
    assert database.relay.sent(edit, "", later(33))
    say(database, incident, post("card", "Three"))
    assert claim_one(database, later(34)).ref == "1.1"


def test_an_unknown_outcome_is_remembered_until_the_row_is_out(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card"))
    first = claim_one(database, later(1))
    database.relay.retry(first, at=later(2), not_before=later(3), error="timeout", unknown=True, counts=True)
    second = claim_one(database, later(3))
    database.relay.retry(second, at=later(4), not_before=later(5), error="500", unknown=False, counts=True)
    third = claim_one(database, later(5))

    assert (second.tried_at, third.tried_at) == (later(1), later(1))
    database.relay.sent(third, "1.1", later(6))
    say(database, incident, post("card", "Two"))
    assert claim_one(database, later(7)).tried_at is None


def test_failures_count_since_the_row_was_last_out(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    fails(database, "card", AT, again_at=later(1))
    fails(database, "card", later(1), again_at=later(2))
    third = claim_one(database, later(2))
    assert (third.failures, third.failing_since) == (2, AT)

    database.relay.sent(third, "1.1", later(2))
    say(database, incident, post("card", "Two"))

    edit = claim_one(database, later(3))
    assert (edit.failures, edit.failing_since) == (0, None)


def test_being_told_to_wait_is_no_failure(database: Database) -> None:
    say(database, with_room(database), post("card"))
    refused = claim_one(database)

    assert database.relay.retry(refused, at=AT, not_before=later(30), error="429", unknown=False, counts=False)

    assert claim(database, later(29.9)) == ()
    assert database.relay.wake_at() == later(30)
    again = claim_one(database, later(30))
    assert (again.failures, again.failing_since, again.tried_at) == (0, None, None)


def test_a_released_row_may_go_at_once(database: Database) -> None:
    say(database, with_room(database), post("card"))

    database.relay.release(claim_one(database))

    again = claim_one(database)
    assert (again.failures, again.tried_at) == (0, None)


def test_a_topic_that_was_renewed_while_it_died_is_tried_again(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, SetTopic(text="too long"))
    delivery = claim_one(database)
    say(database, incident, SetTopic(text="short"))

    assert database.relay.dead(delivery, at=AT, error="too_long")

    assert claim_one(database).order == SetTopic(text="short")


# ------------------------------------------------------------------ what a delivery carries


def test_a_delivery_carries_who_and_where_its_card_speaks_of(database: Database) -> None:
    other = Address("slack:T1/C43")
    with_room(database, 43, other)
    with database.store.begin() as transaction:
        ana, ben = transaction.person(ANA, "Ana"), transaction.person(BEN, "Ben")
        incident = happened(transaction, 42, declared(private=True), opened(), by=ana)
        body = (Text((Mention(ana), " see ", RoomLink(43))),)
        card = Card(body=body, actions=(Open(label="Open room", room=42),))
        transaction.enqueue(incident, [Post(to=ToRoom(), card=card, key="card")], resolve, AT)
        transaction.enqueue(incident, [post("role", to=ToPerson(person=ben))], resolve, AT)
        transaction.enqueue(incident, [Invite(people=(ana, ben))], resolve, AT)

    found = {delivery.order.key: delivery for delivery in claim(database)}

    card_names = found["card"].names
    assert found["card"].private
    assert card_names.people == {ana: "Ana"}
    assert card_names.identities == {ana: (ANA,)}
    assert card_names.rooms == {42: "inc-42-checkout-is-down", 43: "inc-42-checkout-is-down"}
    assert card_names.places == {42: (ROOM,), 43: (other,)}
    assert (found["role"].address, found["role"].names.people) == (Address(BEN), {ben: "Ben"})
    assert found["invite"].names.identities == {ana: (ANA,), ben: (BEN,)}


def test_a_token_is_its_rows_own_for_life_and_tells_nothing(database: Database, replica: Database) -> None:
    say(database, with_room(database), post("card"), to_internal("announcement"))
    tokens = [delivery.token for delivery in claim(database)]
    again = [delivery.token for delivery in claim(replica, later(31))]

    assert tokens == again
    assert len(set(tokens)) == 2
    assert all(len(token) == 32 and int(token, 16) for token in tokens)


def test_what_waits_is_counted_with_its_age(database: Database) -> None:
    incident = with_room(database)
    assert database.relay.depth() == (0, None)
    say(database, incident, post("card"), at=later(5))
    say(database, incident, post("update-1"), at=later(9))
    assert database.relay.depth() == (2, later(5))

    send_all(database, later(10))

    assert database.relay.depth() == (0, None)
    assert database.relay.wake_at() is None


def test_something_that_may_go_now_asks_to_be_woken_at_once(database: Database) -> None:
    say(database, with_room(database), post("card"), at=later(1))

    moment = database.relay.wake_at()

    assert moment is not None
    assert moment <= later(1)


def test_a_held_up_row_asks_to_be_woken_when_its_minute_is_over(database: Database) -> None:
    say(database, with_room(database), post("card"), post("update-1"))
    fails(database, "card", AT, again_at=later(300))

    assert database.relay.wake_at() == later(60)


def test_two_replicas_share_the_rows_and_carry_each_once(database: Database, replica: Database) -> None:
    incident = an_incident(database)
    say(database, incident, *(post(f"update-{n}", to=ToAudience(name="stakeholders")) for n in range(20)))

    carried = []
    for turn in range(200):
        relay = (database, replica)[turn % 2].relay
        for delivery in relay.claim(later(turn), 1, LEASE):
            assert relay.sent(delivery, f"{turn}", later(turn))
            carried.append((delivery.address, delivery.order.key))

    assert len(carried) == len(set(carried)) == 40
    for address in ("slack:#board", "mailto:board@example.com"):
        assert [key for place, key in carried if place == address] == [f"update-{n}" for n in range(20)]


@pytest.mark.parametrize("steps", [(), (30,), (30, 60)])
def test_a_row_lives_on_whatever_became_of_earlier_attempts(database: Database, steps: tuple[int, ...]) -> None:
    say(database, with_room(database), replace(post("card"), due=AT))
    for step in steps:
        fails(database, "card", later(step - 30), again_at=later(step))

    delivery = claim_one(database, later(90))

    assert isinstance(delivery.order, Post)
    assert delivery.order.due == AT
    assert delivery.failures == len(steps)
    assert database.relay.sent(delivery, "1.1", later(91))


def fails(database: Database, key: str, at: datetime, *, again_at: datetime) -> None:
    delivery = claim_one(database, at)
    assert delivery.order.key == key
    assert database.relay.retry(delivery, at=at, not_before=again_at, error="500", unknown=False, counts=True)
