"""`link`: one incident, two rooms."""

import pytest

from bot.announce import posts
from bot.commands import here, link
from bot.events import DeliveryFailed, RoomAsked, RoomOpened
from bot.incident import Incident
from bot.messages import news
from bot.posts import Invite, OpenRoom, Order, Pin, Post, ToRoom
from bot.refs import Address
from tests.core.asking import refused, said
from tests.core.builders import BEN, HANA, POLICY, TEN, context, declared, grown, log, staffed, words

OPEN = staffed(declared())
ELSEWHERE = Address("slack:#payments")
FIRST = RoomOpened(address=Address("slack:T1/C42"), name="inc-42")
SECOND = RoomOpened(address=Address("slack:T1/C9/1.2"), name="payments", own=False)


def told(before: Incident, event: RoomAsked | RoomOpened) -> tuple[Order, ...]:
    (entry,) = log((TEN, BEN, event), after=before)
    return posts(before, (entry,), grown(before, TEN, BEN, event), POLICY, {})


def test_a_second_room_is_asked_for_at_an_address() -> None:
    outcome = said(OPEN, link.SPEC, ELSEWHERE, context(BEN))

    assert outcome.events == (RoomAsked(address=ELSEWHERE),)
    assert words(outcome.reply) == "INC-42 gets a second room there: its card follows."


def test_the_same_place_is_asked_for_once() -> None:
    asked = grown(OPEN, TEN, BEN, RoomAsked(address=ELSEWHERE))
    opened = grown(OPEN, TEN, BEN, FIRST)

    assert said(asked, link.SPEC, ELSEWHERE, context(BEN)).events == ()
    assert said(opened, link.SPEC, FIRST.address, context(BEN)).events == ()


def test_one_that_could_not_be_made_is_asked_for_anew() -> None:
    asked = grown(OPEN, TEN, BEN, RoomAsked(address=ELSEWHERE))
    failed = grown(asked, TEN, None, DeliveryFailed(what="room", to="the room", reason="there is no such channel"))
    again = said(failed, link.SPEC, ELSEWHERE, context(BEN)).events

    assert again == (RoomAsked(address=ELSEWHERE),)
    first, second = (
        next(order.key for order in told(before, RoomAsked(address=ELSEWHERE)) if isinstance(order, OpenRoom))
        for before in (OPEN, failed)
    )
    assert first != second


def test_the_commander_reads_that_it_is_the_second_that_is_not_there() -> None:
    opened = grown(OPEN, TEN, BEN, FIRST)

    assert "INC-42 has no second room" in words(news.undelivered(opened, "room", "the room", "it was deleted"))
    assert "INC-42 has no room" in words(news.undelivered(OPEN, "room", "the room", "it was deleted"))


def test_what_is_no_address_is_refused() -> None:
    assert "`payments` is no address" in refused(lambda: said(OPEN, link.SPEC, "payments", context(BEN))).sentence


def test_the_chat_is_asked_to_open_it_there() -> None:
    orders = told(grown(OPEN, TEN, BEN, FIRST), RoomAsked(address=ELSEWHERE))

    assert [order.at for order in orders if isinstance(order, OpenRoom)] == [ELSEWHERE]


def test_the_second_room_gets_the_card_the_pin_and_the_people() -> None:
    orders = told(grown(OPEN, TEN, BEN, FIRST), SECOND)

    assert [order.key for order in orders if isinstance(order, Post) and order.to == ToRoom()] == ["card"]
    assert [order.of for order in orders if isinstance(order, Pin)] == ["card"]
    assert [set(order.people) >= {BEN, HANA} for order in orders if isinstance(order, Invite)] == [True]


def test_the_first_room_got_them_when_it_was_declared() -> None:
    assert not [order for order in told(OPEN, FIRST) if isinstance(order, (Pin, Invite))]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("slack:T1/C1", "slack:C1"),
        ("slack:T1/C1/1700000000.000100", "slack:C1"),
        ("chat:19:abc@thread;messageid=17", "chat:19:abc@thread"),
        ("local:incidents", "local:incidents"),
    ],
)
def test_an_address_to_write_down_is_the_conversations_and_no_threads(place: str, shown: str) -> None:
    assert here.as_policy(Address(place)) == shown


def test_a_second_room_that_cannot_be_made_leaves_the_first_one_to_come() -> None:
    asked = grown(OPEN, TEN, BEN, RoomAsked(address=ELSEWHERE))

    failed = grown(asked, TEN, None, DeliveryFailed(what="second room", to="the room", reason="it is not there"))

    assert (failed.linked, failed.roomless) == ((), "")
    assert "INC-42 has no second room" in words(
        news.undelivered(grown(failed, TEN, BEN, FIRST), "second room", "-", "-")
    )
