"""What the outbox carries to Teams: said once where it belongs, then edited in place."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.sinks import SendFailed, Unreadable
from adapters.teams.sink import TeamsSink
from bot.cards import line
from bot.events import Recipient
from bot.posts import Invite, OpenRoom, Pin, Post, Reminder, SetTopic, ToAudience, ToPerson, ToRoom
from bot.refs import Person
from bot.routes import CARD
from tests.adapters.house import AT
from tests.adapters.outbox_rig import Counted
from tests.adapters.teams.chat_rig import Rig, delivery
from tests.adapters.teams.saying import CHANNEL, CHAT, GROUP, POST, activity

WORDS = line("Checkout is down.")
ANA = "teams:larkfield/o-ana"
TO_ROOM = Post(to=ToRoom(), card=WORDS, key="update-1")
CARD_POST = Post(to=ToRoom(), card=WORDS, key=CARD)
TO_ANA = Post(to=ToPerson(person=Person("P-1")), card=WORDS, key="role")
TOLD = Post(to=ToAudience(name="internal"), card=WORDS, key="announcement")


@pytest.fixture
async def sink(chat: Rig) -> TeamsSink:
    await chat.hears(activity("help"))
    chat.book.said.clear()
    return TeamsSink(desk=chat.desk)


async def said(sink: TeamsSink, chat: Rig, order: Post, address: str, **more: Any) -> list[tuple[str, bool]]:
    await sink.deliver(delivery(order, address, **more), AT)
    return [(one.conversation, one.edit) for one in chat.book.said]


async def test_in_a_room_it_is_a_reply(sink: TeamsSink, chat: Rig) -> None:
    assert await said(sink, chat, TO_ROOM, f"teams:{POST}") == [(POST, False)]


async def test_in_a_channel_it_is_a_post_of_its_own(sink: TeamsSink, chat: Rig) -> None:
    assert await said(sink, chat, TOLD, f"teams:{CHANNEL}") == [(f"{CHANNEL};messageid=post-0", False)]


@pytest.mark.parametrize("place", [CHANNEL, POST, GROUP])
async def test_a_reminder_passes_what_waits_wherever_it_is_said(sink: TeamsSink, chat: Rig, place: str) -> None:
    reminder = replace(TOLD, reminder=Reminder(rungs=(), to=Recipient(audience="internal")))

    await said(sink, chat, TOLD, f"teams:{place}")
    await said(sink, chat, reminder, f"teams:{place}")

    assert [one.urgent for one in chat.book.said] == [False, True]


async def test_what_belongs_under_a_post_is_a_reply_to_it(sink: TeamsSink, chat: Rig) -> None:
    thread = f"{CHANNEL};messageid=170"

    assert await said(sink, chat, TOLD, f"teams:{CHANNEL}", thread_ref=f"{thread}|170") == [(thread, False)]


async def test_in_a_group_chat_nothing_is_a_thread(sink: TeamsSink, chat: Rig) -> None:
    assert await said(sink, chat, TOLD, f"teams:{GROUP}", thread_ref=f"{GROUP}|170") == [(GROUP, False)]


async def test_a_person_is_told_in_their_personal_chat(sink: TeamsSink, chat: Rig) -> None:
    assert await said(sink, chat, TO_ANA, ANA) == [(CHAT, False)]
    assert chat.book.begun == []


async def test_a_person_nobody_met_gets_a_chat_of_their_own_which_is_kept(sink: TeamsSink, chat: Rig) -> None:
    ben = "teams:larkfield/o-ben"

    await said(sink, chat, TO_ANA, ben)
    await said(sink, chat, TO_ANA, ben)

    assert chat.book.begun == ["o-ben"]
    assert {one.conversation for one in chat.book.said} == {"a:o-ben"}


@pytest.mark.parametrize(
    ("address", "gone"),
    [("teams:another/o-zoe", "person"), ("teams:a b", ""), ("slack:T1/U1", ""), ("teams:", "")],
)
async def test_an_address_that_leads_nowhere_is_given_up(sink: TeamsSink, chat: Rig, address: str, gone: str) -> None:
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(delivery(TO_ANA, address), AT)

    assert failed.value.permanent
    assert failed.value.gone == gone
    assert chat.book.said == []


async def test_the_card_takes_the_place_of_the_rooms_first_words(sink: TeamsSink, chat: Rig) -> None:
    await sink.deliver(delivery(CARD_POST, f"teams:{POST}"), AT)

    assert [(one.conversation, one.activity, one.edit) for one in chat.book.said] == [(POST, "1700000000000", True)]


async def test_a_message_that_was_said_is_edited(sink: TeamsSink, chat: Rig) -> None:
    done = await sink.deliver(delivery(TO_ROOM, f"teams:{POST}", ref=f"{POST}|act-9"), AT)

    assert done.ref == f"{POST}|act-9"
    assert [(one.activity, one.edit) for one in chat.book.said] == [("act-9", True)]


async def test_one_that_somebody_deleted_is_said_anew(sink: TeamsSink, chat: Rig) -> None:
    chat.book.gone.add("act-9")

    done = await sink.deliver(delivery(TO_ROOM, f"teams:{POST}", ref=f"{POST}|act-9"), AT)

    assert [one.edit for one in chat.book.said] == [False]
    assert done.ref != f"{POST}|act-9"


async def test_but_not_where_it_was_only_to_be_edited(sink: TeamsSink, chat: Rig) -> None:
    chat.book.gone.add("act-9")

    await sink.deliver(delivery(replace(TO_ROOM, only_edit=True), f"teams:{POST}", ref=f"{POST}|act-9"), AT)

    assert chat.book.said == []


@pytest.mark.parametrize(
    "order",
    [SetTopic(text="INC-1"), Invite(people=(Person("P-1"),)), Pin(of="card")],
    ids=lambda one: type(one).__name__,
)
async def test_what_teams_has_not_is_done_already(sink: TeamsSink, chat: Rig, order: Any) -> None:
    assert (await sink.deliver(delivery(order, f"teams:{POST}"), AT)).ref
    assert chat.book.said == []


async def test_only_the_rooms_first_message_is_known_to_be_there(sink: TeamsSink) -> None:
    assert await sink.find(delivery(CARD_POST, f"teams:{POST}")) == f"{POST}|1700000000000"
    assert isinstance(await sink.find(delivery(TO_ROOM, f"teams:{POST}")), Unreadable)
    assert isinstance(await sink.find(delivery(CARD_POST, f"teams:{GROUP}")), Unreadable)


@pytest.mark.parametrize(("tried", "where", "doubles"), [(None, POST, 0), (AT, POST, 1), (AT, GROUP, 0)])
async def test_a_post_made_again_without_knowing_of_the_first_is_counted(
    chat: Rig, tried: Any, where: str, doubles: int
) -> None:
    meter = Counted()
    await chat.hears(activity("help"))
    order = OpenRoom(name="inc-1", private=False)

    await TeamsSink(desk=chat.desk, meter=meter).deliver(delivery(order, f"teams:{where}", tried_at=tried), AT)

    assert meter.doubles == doubles
