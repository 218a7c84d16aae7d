"""What the try-out chat keeps: each message once, each change in one count, and what each person sees."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.refs import Address, Identity
from storage.database import Database
from storage.local_chat import LocalChat

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
INCIDENTS, ROOM = Address("local:incidents"), Address("local:inc-1")


@pytest.fixture
def chat(database: Database) -> LocalChat:
    database.local.make_room(["incidents"], private=False, token="channel")
    database.local.make_room(["inc-1"], private=True, token="room")
    return database.local


def words(chat: LocalChat, text: str, where: Address = INCIDENTS, **more: object) -> int:
    return chat.say(where, kind="words", data=text, at=NOW, **more)  # type: ignore[arg-type]


def read(chat: LocalChat, viewer: str = "ana", where: Address = INCIDENTS) -> list[str]:
    return [one.data for one in chat.messages(where, viewer, None, 50)]


def test_a_room_asked_for_again_by_the_same_token_is_the_same_room(chat: LocalChat) -> None:
    again = chat.make_room(["inc-1", "inc-1-2"], private=True, token="room")

    assert again.address == ROOM
    assert len(chat.rooms()) == 2


def test_a_name_that_is_taken_is_passed_over(chat: LocalChat) -> None:
    assert chat.make_room(["inc-1", "inc-1-2"], private=False, token="another").address == "local:inc-1-2"


def test_a_room_whose_names_are_all_taken_is_refused(chat: LocalChat) -> None:
    with pytest.raises(LookupError):
        chat.make_room(["inc-1"], private=False, token="another")


def test_people_join_once_and_leave(chat: LocalChat) -> None:
    assert chat.join(ROOM, ("ana", "ben")) == ("ana", "ben")
    assert chat.join(ROOM, ("ben", "dee")) == ("dee",)
    assert chat.leave(ROOM, "ben")
    assert not chat.leave(ROOM, "ben")

    assert next(room for room in chat.rooms() if room.address == ROOM).members == {"ana", "dee"}


def test_topic_and_pin_stand_in_the_room(chat: LocalChat) -> None:
    card = words(chat, "card", ROOM)

    assert chat.set_topic(ROOM, "INC-1 · High")
    assert chat.pin(ROOM, card)

    room = next(room for room in chat.rooms() if room.address == ROOM)
    assert (room.topic, room.pinned, room.private) == ("INC-1 · High", card, True)


def test_what_is_not_there_is_said_to_be(chat: LocalChat) -> None:
    assert not chat.set_topic(Address("local:nowhere"), "x")
    assert not chat.pin(Address("local:nowhere"), 1)
    with pytest.raises(LookupError):
        words(chat, "x", Address("local:nowhere"))


def test_what_is_said_with_a_token_is_said_once(chat: LocalChat) -> None:
    first = words(chat, "once", token="t1")

    assert words(chat, "once", token="t1") == first == chat.said_with("t1")
    assert read(chat) == ["once"]
    assert chat.said_with("t2") is None


def test_an_edit_changes_the_message_and_counts(chat: LocalChat) -> None:
    message = words(chat, "before")
    before = chat.last_change()

    assert chat.edit(message, "after")

    (changed,) = chat.changes(before, 10)
    assert (changed.id, changed.data, changed.edited, changed.changed) == (message, "after", True, before + 1)


def test_an_edit_that_changes_nothing_counts_as_nothing(chat: LocalChat) -> None:
    message = words(chat, "same")
    before = chat.last_change()

    assert chat.edit(message, "same")
    assert chat.changes(before, 10) == ()


def test_a_message_that_is_not_there_cannot_be_edited(chat: LocalChat) -> None:
    assert not chat.edit(99, "words")


def test_what_only_one_person_sees_is_seen_by_nobody_else(chat: LocalChat) -> None:
    words(chat, "for ana", only_for="ana")

    assert read(chat, "ana") == ["for ana"]
    assert read(chat, "ben") == []


def test_only_they_take_it_away_and_pages_are_told(chat: LocalChat) -> None:
    message = words(chat, "for ana", only_for="ana")
    before = chat.last_change()

    assert not chat.take_away(message, "ben")
    assert chat.take_away(message, "ana")

    assert read(chat, "ana") == []
    assert [(one.gone, one.data) for one in chat.changes(before, 10)] == [(True, "")]
    assert not chat.edit(message, "back")


def test_replies_stay_in_their_thread_unless_they_are_broadcast(chat: LocalChat) -> None:
    root = words(chat, "root")
    words(chat, "reply", thread=root)
    words(chat, "loud", thread=root, broadcast=True)
    words(chat, "between us", thread=root, only_for="dee")

    assert read(chat) == ["root", "loud"]
    assert [one.data for one in chat.thread(root, "ana")] == ["root", "reply", "loud"]
    assert [one.replies for one in chat.thread(root, "ana")] == [2, 2, 2]


def test_a_reply_to_a_reply_stands_in_the_same_thread(chat: LocalChat) -> None:
    root = words(chat, "root")
    reply = words(chat, "reply", thread=root)
    words(chat, "again", thread=reply)

    assert [one.data for one in chat.thread(root, "ana")] == ["root", "reply", "again"]


def test_a_reply_to_a_message_of_another_room_stands_alone(chat: LocalChat) -> None:
    root = words(chat, "elsewhere", ROOM)
    words(chat, "reply", thread=root)

    assert read(chat) == ["reply"]


def test_earlier_messages_are_read_page_by_page(chat: LocalChat) -> None:
    ids = [words(chat, str(number)) for number in range(5)]

    newest = chat.messages(INCIDENTS, "ana", None, 2)
    before = chat.messages(INCIDENTS, "ana", newest[0].id, 2)

    assert [one.id for one in (*before, *newest)] == ids[1:]


def test_unread_counts_what_others_said_since(chat: LocalChat) -> None:
    seen = words(chat, "old", author="ben")
    root = words(chat, "new", author="ben")
    words(chat, "my own", author="ana")
    words(chat, "in a thread", author="ben", thread=root)
    words(chat, "for one", only_for="ana")

    chat.read_to(INCIDENTS, "ana", seen)

    newest = chat.last_change()
    assert chat.unread("ana") == (newest, {INCIDENTS: 1})
    assert chat.unread("dee") == (newest, {INCIDENTS: 3})


def test_reading_never_goes_back(chat: LocalChat) -> None:
    first, second = words(chat, "1", author="ben"), words(chat, "2", author="ben")

    chat.read_to(INCIDENTS, "ana", second)
    chat.read_to(INCIDENTS, "ana", first)

    assert chat.unread("ana") == (second, {})


def test_nobody_reads_what_was_not_said_yet(chat: LocalChat) -> None:
    words(chat, "1", author="ben")
    chat.read_to(INCIDENTS, "ana", 2**31 - 1)
    later = words(chat, "2", author="ben")

    assert chat.unread("ana") == (later, {INCIDENTS: 1})


def test_every_change_has_a_number_of_its_own_whoever_asks(chat: LocalChat, replica: Database) -> None:
    for number in range(10):
        words(chat if number % 2 else replica.local, str(number))

    assert [one.changed for one in chat.changes(0, 100)] == list(range(1, 11))
    assert [one.changed for one in chat.changes(7, 2)] == [8, 9]


def test_a_turned_clock_is_kept_and_is_no_downtime(database: Database, replica: Database) -> None:
    with database.store.begin() as tx:
        tx.tick(NOW, "one")
    database.turn_clock(timedelta(hours=5), NOW + timedelta(hours=5), "by hand")

    with database.store.begin() as tx:
        assert tx.tick(NOW + timedelta(hours=5, seconds=1), "one") is None
    assert replica.clock_ahead() == timedelta(hours=5)


def test_a_clock_that_never_ran_can_be_turned(database: Database) -> None:
    database.turn_clock(timedelta(minutes=5), NOW, "by hand")

    assert database.clock_ahead() == timedelta(minutes=5)


def test_a_database_knows_which_chats_were_ever_seen_in_it(database: Database) -> None:
    assert not database.reads.knows(("slack", "teams"))
    with database.store.begin() as tx:
        tx.person(Identity("local:@ana"))
    assert not database.reads.knows(("slack", "teams"))

    with database.store.begin() as tx:
        tx.person(Identity("slack:T1/U1"))

    assert database.reads.knows(("slack", "teams"))


def test_an_address_alone_shows_that_a_chat_was_there(database: Database) -> None:
    database.reads.remember_address("slack:#incidents", Address("slack:T1/C1"))

    assert database.reads.knows(("slack",))
    assert not database.reads.knows(("teams",))
