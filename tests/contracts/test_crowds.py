"""The same words to many people at once: what becomes of them is what becomes of each alone."""

from bot.posts import Post, ToPerson
from bot.refs import Identity, Person
from storage.database import Database
from tests.contracts.given import (
    AT,
    an_incident,
    card_of,
    claim,
    later,
    one_person,
    post,
    say,
    send_all,
    to_internal,
    with_room,
)

KEY = "subscribed:update-1"
UNKNOWN = Person("P-999")


def people(database: Database, count: int = 3) -> tuple[Person, ...]:
    with database.store.begin() as transaction:
        return tuple(transaction.person(Identity(f"slack:T1/U{number}")) for number in range(count))


def to_each(readers: tuple[Person, ...], text: str = "It is down.") -> tuple[Post, ...]:
    return tuple(post(KEY, text, ToPerson(person=person)) for person in readers)


def edits(readers: tuple[Person, ...], text: str) -> tuple[Post, ...]:
    return tuple(Post(to=each.to, card=each.card, key=each.key, only_edit=True) for each in to_each(readers, text))


def test_each_gets_it_where_their_chat_knows_them(database: Database) -> None:
    readers, incident = people(database), an_incident(database)

    say(database, incident, *to_each((*readers, UNKNOWN)))

    assert sorted(each.address for each in claim(database)) == ["slack:T1/U0", "slack:T1/U1", "slack:T1/U2"]


def test_the_same_again_says_nothing_twice(database: Database) -> None:
    readers, incident = people(database), an_incident(database)
    say(database, incident, *to_each(readers))
    assert len(send_all(database)) == 3

    say(database, incident, *to_each(readers))

    assert claim(database) == ()


def test_other_words_edit_what_was_said(database: Database) -> None:
    readers, incident = people(database), an_incident(database)
    say(database, incident, *to_each(readers[:2]))
    send_all(database)

    say(database, incident, *to_each(readers, "It works again."))

    found = claim(database)
    assert sorted((each.address, bool(each.ref)) for each in found) == [
        ("slack:T1/U0", True),
        ("slack:T1/U1", True),
        ("slack:T1/U2", False),
    ]
    assert {str(card_of(each)) for each in found} == {str(to_each(readers, "It works again.")[0].card)}


def test_what_is_only_an_edit_reaches_only_who_had_it(database: Database) -> None:
    readers, incident = people(database), an_incident(database)
    say(database, incident, *to_each(readers[:2]))
    waiting = claim(database)
    with database.store.begin() as transaction:
        transaction.narrow(waiting[0].id, None, AT)
    for each in waiting:
        database.relay.retry(each, at=AT, not_before=AT, error="busy", unknown=False, counts=True)

    say(database, incident, *edits(readers, "It goes on in its room."))

    assert len(claim(database, later(60))) == 1


def test_two_ids_of_one_person_are_told_once(database: Database) -> None:
    older, newer, other = people(database)
    incident = an_incident(database)
    one_person(database, newer, older)

    say(database, incident, *to_each((older, newer, other)))

    assert len(claim(database)) == 2


def test_an_edit_goes_where_the_message_went_whichever_chat_is_used_now(database: Database) -> None:
    readers, incident = people(database, 2), an_incident(database)
    say(database, incident, *to_each(readers))
    send_all(database)
    elsewhere = Identity("teams:T9/ana")
    with database.store.begin() as transaction:
        newer = transaction.person(elsewhere)
    one_person(database, newer, readers[0])
    with database.store.begin() as transaction:
        transaction.was_seen(elsewhere)

    say(database, incident, *to_each(readers, "It works again."))

    assert sorted(each.address for each in claim(database)) == ["slack:T1/U0", "slack:T1/U1"]


def test_nothing_waits_behind_a_crowd(database: Database) -> None:
    readers = people(database)
    first, second = with_room(database, 42), an_incident(database, 43)
    say(database, first, *to_each(readers))

    say(database, second, to_internal("update-1"), at=later(1))

    found = claim(database, later(1), limit=1)
    assert [(each.incident, each.order.key) for each in found] == [(43, "update-1")]
