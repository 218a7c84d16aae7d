"""What is to be said becomes rows: whom it reaches, and what the same key again means."""

from dataclasses import replace

import pytest

from bot.cards import line
from bot.events import Declared, NoteAdded, RoomLost, RoomOpened
from bot.posts import Invite, OpenRoom, Pin, Post, SetTopic, ToAudience, ToPerson
from bot.refs import Address, Identity, Person
from storage.database import Database
from tests.contracts.given import (
    ANA,
    AT,
    INTERNAL,
    LEASE,
    ROOM,
    an_incident,
    card_of,
    claim,
    claim_one,
    going_wrong,
    happened,
    keys,
    later,
    one_person,
    opened,
    post,
    resolve,
    say,
    send_all,
    to_internal,
    with_room,
)

OPEN_ROOM = OpenRoom(name="inc-42-checkout-is-down", private=False)


# ------------------------------------------------------------------ whom it reaches


def test_a_post_to_the_room_goes_to_every_room_that_is_still_there(database: Database) -> None:
    second, lost = Address("slack:T1/C43"), Address("slack:T1/C44")
    rooms = [RoomOpened(address=address, name="room") for address in (ROOM, second, lost)]
    incident = an_incident(database, 42, *rooms, RoomLost(address=lost, reason="archived"))

    say(database, incident, post())

    assert {delivery.address for delivery in claim(database)} == {ROOM, second}


def test_what_is_for_the_room_waits_until_there_is_one(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, post("card"), SetTopic(text="INC-42"), Pin(of="card"), post("status"))
    assert claim(database) == ()
    assert database.relay.wake_at() is None
    assert database.relay.depth() == (4, AT)

    with database.store.begin() as transaction:
        incident = happened(transaction, 42, opened())
        transaction.give_room(incident, ROOM)

    assert keys(claim(database)) == ["card", "topic"]
    assert {delivery.address for delivery in send_all(database, later(120))} == {ROOM}


def test_a_post_to_an_audience_goes_to_each_of_its_addresses_once(database: Database) -> None:
    incident = with_room(database)

    with database.store.begin() as transaction:
        addresses = ("slack:#board", "mailto:board@example.com", "slack:#board")
        transaction.enqueue(incident, [post("update-1", to=ToAudience(name="stakeholders"))], lambda _: addresses, AT)

    assert sorted(delivery.address for delivery in claim(database)) == ["mailto:board@example.com", "slack:#board"]


def test_an_audience_whose_address_is_the_room_is_not_told_twice(database: Database) -> None:
    incident = with_room(database)

    with database.store.begin() as transaction:
        transaction.enqueue(incident, [to_internal("announcement")], lambda _: (ROOM,), AT)

    assert claim(database) == ()


def test_a_post_to_a_person_goes_to_the_chat_they_used_last(database: Database) -> None:
    incident = an_incident(database)
    on_teams = Identity("teams:T9/ana")
    with database.store.begin() as transaction:
        ana, other = transaction.person(ANA), transaction.person(on_teams)
    one_person(database, other, ana)
    with database.store.begin() as transaction:
        transaction.was_seen(on_teams)

    say(database, incident, post("role", to=ToPerson(person=ana)))

    assert claim_one(database).address == Address(on_teams)


def test_a_message_to_a_person_is_edited_where_it_was_sent_whichever_chat_they_use_now(database: Database) -> None:
    incident = an_incident(database)
    on_teams = Identity("teams:T9/ana")
    with database.store.begin() as transaction:
        ana, other = transaction.person(ANA), transaction.person(on_teams)
    one_person(database, other, ana)
    say(database, incident, post("role", "You are commander.", ToPerson(person=ana)))
    send_all(database)
    with database.store.begin() as transaction:
        transaction.was_seen(on_teams)

    say(database, incident, post("role", "You were commander.", ToPerson(person=other)))
    say(database, incident, post("brief", to=ToPerson(person=ana)))

    assert {(one.address, one.order.key, one.ref) for one in claim(database)} == {
        (Address(ANA), "role", "ref-role"),
        (Address(on_teams), "brief", ""),
    }


def test_a_person_no_chat_knows_is_told_nothing(database: Database) -> None:
    say(database, an_incident(database), post("role", to=ToPerson(person=Person("P-99"))))

    assert database.relay.depth() == (0, None)


def test_a_room_is_made_where_the_incident_was_declared(database: Database) -> None:
    say(database, an_incident(database), OPEN_ROOM)

    delivery = claim_one(database)

    assert (delivery.address, delivery.order) == ("slack:T1", OPEN_ROOM)


def test_an_incident_declared_nowhere_gets_its_room_where_its_declarer_is_known(database: Database) -> None:
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
        incident = happened(transaction, 42, Declared(title="Down", priority="high"), by=ana)
        transaction.enqueue(incident, [OPEN_ROOM], resolve, AT)

    assert claim_one(database).address == "slack:T1"


def test_an_incident_that_nobody_declared_anywhere_gets_no_room(database: Database) -> None:
    incident = an_incident(database, 42)
    say(database, replace(incident, place=None), OPEN_ROOM)

    assert claim(database) == ()


@pytest.mark.parametrize(
    "order", [SetTopic(text="INC-42"), Invite(people=(), groups=("slack:@sre-oncall",)), Pin(of="card")]
)
def test_what_is_done_to_the_room_is_done_to_each_of_them(database: Database, order: SetTopic | Invite | Pin) -> None:
    second = Address("slack:T1/C43")
    incident = an_incident(database, 42, opened(), RoomOpened(address=second, name="second"))
    say(database, incident, post("card"))
    send_all(database)

    say(database, incident, order)

    found = claim(database)
    assert {delivery.address for delivery in found} == {ROOM, second}
    assert {delivery.order for delivery in found} == {order}


def test_different_effects_with_the_same_key_do_not_meet(database: Database) -> None:
    incident = with_room(database)

    say(database, incident, post("topic", "The topic is new."), SetTopic(text="INC-42"))

    assert {type(delivery.order) for delivery in claim(database)} == {Post, SetTopic}


# ------------------------------------------------------------------ the same key again


def test_a_message_that_was_never_sent_takes_its_newest_look_and_keeps_its_place(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"), post("update-1"))

    say(database, incident, post("card", "Two"))
    say(database, incident, post("card", "Three"))

    first, second = send_all(database)
    assert (card_of(first), first.ref, first.revision) == (line("Three"), "", 3)
    assert second.order.key == "update-1"


def test_a_message_that_was_sent_is_edited_once_however_often_it_changed(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    send_all(database)

    for text in ("Two", "Three", "Four"):
        say(database, incident, post("card", text), at=later(5))

    (edit,) = send_all(database, later(6))
    assert (card_of(edit), edit.ref, edit.queued_at) == (line("Four"), "ref-card", later(5))


def test_a_message_that_stays_as_it_is_is_not_edited(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card"))
    send_all(database)

    say(database, incident, post("card"), replace(post("card"), only_edit=True))

    assert claim(database) == ()


def test_a_message_that_changes_while_it_is_being_sent_is_edited_after(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    delivery = claim_one(database)

    say(database, incident, post("card", "Two"))
    assert claim(database) == ()
    assert database.relay.sent(delivery, "1.1", later(1))

    edit = claim_one(database, later(1))
    assert (card_of(edit), edit.ref) == (line("Two"), "1.1")
    assert database.relay.sent(edit, "", later(2))
    assert claim(database, later(3)) == ()


def test_an_edit_goes_behind_what_waits_already(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    send_all(database)

    say(database, incident, post("update-1"))
    say(database, incident, post("card", "Two"))

    assert [one.order.key for one in send_all(database, later(1))] == ["update-1", "card"]


def test_what_only_edits_says_nothing_where_there_is_nothing(database: Database) -> None:
    incident = with_room(database)

    say(database, incident, replace(post("late-1"), only_edit=True))

    assert database.relay.depth() == (0, None)


def test_what_only_edits_changes_what_waits_and_what_was_sent(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("waits", "One"))
    say(database, incident, replace(post("waits", "Two"), only_edit=True))

    (sent,) = send_all(database)
    say(database, incident, replace(post("waits", "Three"), only_edit=True))

    assert card_of(sent) == line("Two")
    assert card_of(claim_one(database)) == line("Three")


def test_a_message_that_died_stays_dead(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    assert database.relay.dead(claim_one(database), at=AT, error="is_archived")

    say(database, incident, post("card", "Two"))

    assert claim(database, later(3600)) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SetTopic(text="INC-42 · High"), SetTopic(text="INC-42 · Critical")),
        (Invite(people=(), groups=("slack:@a",)), Invite(people=(), groups=("slack:@b",))),
    ],
)
def test_a_topic_or_invitation_that_died_comes_back_with_new_content_only(
    database: Database, before: SetTopic | Invite, after: SetTopic | Invite
) -> None:
    incident = with_room(database)
    say(database, incident, before)
    database.relay.dead(claim_one(database), at=AT, error="restricted_action")

    say(database, incident, before)
    assert claim(database) == ()
    say(database, incident, after)

    delivery = claim_one(database)
    assert (delivery.order, delivery.failures) == (after, 0)


def test_invitations_with_keys_of_their_own_are_each_carried_out(database: Database) -> None:
    incident = with_room(database)
    one, two = Invite(people=(), key="invite-P-1"), Invite(people=(), key="invite-P-2")

    say(database, incident, one, two)

    assert [delivery.order for delivery in send_all(database)] == [one, two]


# ------------------------------------------------------------------ the room comes


def test_a_message_that_links_to_the_room_waits_a_moment_for_it(database: Database) -> None:
    incident = an_incident(database)
    announcement = replace(to_internal("announcement"), waits_for_room=True)
    say(database, incident, announcement, to_internal("update-1", thread="announcement"))

    assert claim(database, later(1)) == ()
    assert database.relay.wake_at() == later(2)
    assert keys(claim(database, later(2))) == ["announcement"]


def test_a_message_that_links_to_the_room_goes_as_soon_as_it_exists(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, replace(to_internal("announcement"), waits_for_room=True))

    with database.store.begin() as transaction:
        incident = happened(transaction, 42, opened())
        transaction.give_room(incident, ROOM)

    delivery = claim_one(database, later(1))
    assert delivery.names.rooms == {42: "inc-42-checkout-is-down"}
    assert delivery.names.places == {42: (ROOM,)}


def test_a_message_that_links_to_a_room_that_exists_goes_at_once(database: Database) -> None:
    say(database, with_room(database), replace(to_internal("announcement"), waits_for_room=True))

    assert claim_one(database).address == INTERNAL


def test_a_room_does_not_hasten_what_was_told_to_wait(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, to_internal("announcement"))
    refused = claim_one(database)
    database.relay.retry(refused, at=AT, not_before=later(30), error="429", unknown=False, counts=False)

    with database.store.begin() as transaction:
        incident = happened(transaction, 42, opened())
        transaction.give_room(incident, ROOM)

    assert claim(database, later(29)) == ()


def test_a_room_that_comes_back_has_its_messages_edited(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"), post("gone", "Same"))
    send_all(database)
    with database.store.begin() as transaction:
        incident = happened(transaction, 42, RoomLost(address=ROOM, reason="archived"), NoteAdded(text="x"))
        transaction.enqueue(incident, [post("card", "Two"), post("gone", "Same"), post("new", "Three")], resolve, AT)
    assert claim(database) == ()

    with database.store.begin() as transaction:
        incident = happened(transaction, 42, opened())
        transaction.give_room(incident, ROOM)

    assert [(one.order.key, one.ref) for one in send_all(database)] == [("new", ""), ("card", "ref-card")]


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_card_whose_edit_failed_for_too_long_is_edited_again_when_it_changes(
    database: Database, *, meanwhile: bool
) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"))
    send_all(database)
    say(database, incident, post("card", "Two"))
    database.relay.retry(claim_one(database), at=AT, not_before=AT, error="away", unknown=False, counts=True)
    last = claim_one(database)
    if meanwhile:
        say(database, incident, post("card", "Three"))
    database.relay.dead(last, at=AT, error="away")
    if not meanwhile:
        say(database, incident, post("card", "Two"))
        assert claim(database) == ()
        say(database, incident, post("card", "Three"))

    found = claim_one(database)
    assert (found.ref, card_of(found)) == ("ref-card", line("Three"))
    database.relay.dead(found, at=AT, error="refused")
    say(database, incident, post("card", "Four"))
    assert claim(database) == ()


def test_a_room_that_comes_back_shows_what_could_not_be_edited_in_it(database: Database) -> None:
    incident = with_room(database)
    say(database, incident, post("card", "One"), post("lost", "One"), SetTopic(text="One"))
    first = {one.order.key: one for one in claim(database)}
    database.relay.sent(first["card"], "1.1", AT)
    database.relay.dead(first["topic"], at=AT, error="archived")
    database.relay.dead(claim_one(database), at=AT, error="archived")
    say(database, incident, post("card", "Two"))
    database.relay.dead(claim_one(database), at=AT, error="archived")

    with database.store.begin() as transaction:
        happened(transaction, 42, RoomLost(address=ROOM, reason="archived"))
        incident = happened(transaction, 42, opened())
        transaction.give_room(incident, ROOM)
        transaction.enqueue(incident, [post("card", "Two")], resolve, AT)

    found = {one.order.key: one for one in send_all(database)}
    assert found.keys() == {"card", "topic"}
    assert (found["card"].ref, card_of(found["card"])) == ("1.1", line("Two"))


def test_what_is_queued_is_gone_with_the_transaction_that_failed(database: Database) -> None:
    incident = with_room(database)

    with going_wrong(database) as transaction:
        transaction.enqueue(incident, [post()], resolve, AT)

    assert database.relay.claim(AT, 10, LEASE) == ()
