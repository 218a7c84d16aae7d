"""A room is a new post in a channel, or the chat it was declared in; a private one is nowhere but there."""

from pathlib import Path
from typing import Any

import pytest

from adapters.sinks import SendFailed
from adapters.teams.rooms import open_room
from bot.commands.record import RecordRoom
from bot.posts import OpenRoom
from bot.refs import Address
from tests.adapters.teams.chat_rig import Rig, delivery, rig
from tests.adapters.teams.saying import BOARD, CHANNEL, CHAT, GROUP, POST, TENANT, activity

NOT_THERE = SendFailed("Sitrep is not installed there", permanent=True, gone="room")
PUBLIC, PRIVATE = OpenRoom(name="inc-1", private=False), OpenRoom(name="inc-1", private=True)


def linked(place: str, *, private: bool = False) -> OpenRoom:
    return OpenRoom(name="inc-1", private=private, at=f"teams:{place}")


async def opened(chat: Rig, order: OpenRoom, where: str, number: int = 1) -> Address:
    made = await open_room(chat.desk, delivery(order, f"teams:{where}", number=number), order)
    assert made.room is not None
    return made.room.address


async def taken(chat: Rig, where: str) -> None:
    """Another incident has that conversation as its room."""
    await chat.hears(activity("declare critical Mail is slow"))
    report = RecordRoom(address=Address(f"teams:{where}"), name="inc-1")
    chat.house.service.record(report, 1, "room-1", chat.house.at)


async def test_declared_in_a_channel_it_is_a_post_there_and_not_in_the_thread(chat: Rig) -> None:
    assert await opened(chat, PUBLIC, f"{BOARD};messageid=170") == f"teams:{BOARD};messageid=post-0"
    assert "INC-1 is open." in chat.book.said[0].text


async def test_the_policy_may_want_every_room_in_one_channel(tmp_path: Path) -> None:
    with rig(tmp_path, fixed=True) as chat:
        assert (await opened(chat, PUBLIC, BOARD)).startswith(f"teams:{CHANNEL};")


async def test_declared_in_a_group_chat_that_is_the_room_and_nothing_is_said_yet(chat: Rig) -> None:
    assert await opened(chat, PUBLIC, GROUP) == f"teams:{GROUP}"
    assert chat.book.said == []


async def test_declared_in_a_personal_chat_it_is_a_post_where_others_are(chat: Rig) -> None:
    await chat.hears(activity("help"))

    assert (await opened(chat, PUBLIC, CHAT)).startswith(f"teams:{CHANNEL};")


async def test_without_any_channel_the_personal_chat_is_the_room(tmp_path: Path) -> None:
    with rig(tmp_path, channel="") as chat:
        await chat.hears(activity("help"))

        assert await opened(chat, PUBLIC, CHAT) == f"teams:{CHAT}"


@pytest.mark.parametrize("where", [CHAT, GROUP])
async def test_a_private_one_stays_in_its_chat(chat: Rig, where: str) -> None:
    await chat.hears(activity("help"))

    assert await opened(chat, PRIVATE, where) == f"teams:{where}"


async def test_a_private_one_stays_in_its_private_channel_whatever_the_policy_wants(tmp_path: Path) -> None:
    with rig(tmp_path, fixed=True) as chat:
        assert (await opened(chat, PRIVATE, BOARD)).startswith(f"teams:{BOARD};")


def of_kind(kind: str) -> dict[str, Any]:
    """What Teams says of the board's channel besides."""
    named = {"id": BOARD, "type": kind} if kind else {"id": BOARD}
    return {"tenant": {"id": TENANT}, "channel": named, "team": {"id": CHANNEL}}


async def test_a_private_one_is_linked_to_a_private_channel(chat: Rig) -> None:
    await chat.hears(activity("here", where=f"{BOARD};messageid=170", channelData=of_kind("private")))
    await chat.hears(activity("here", where=BOARD, channelData=of_kind("")))

    room = await opened(chat, linked(BOARD, private=True), BOARD)

    assert room.startswith(f"teams:{BOARD};")


@pytest.mark.parametrize("kind", ["standard", "shared", ""])
async def test_a_private_one_is_linked_to_no_channel_that_others_may_read(chat: Rig, kind: str) -> None:
    await chat.hears(activity("here", where=BOARD, channelData=of_kind(kind)))
    before = len(chat.book.said)

    with pytest.raises(SendFailed, match="private") as failed:
        await opened(chat, linked(BOARD, private=True), BOARD)

    assert failed.value.permanent
    assert len(chat.book.said) == before


async def test_a_chat_that_is_another_incidents_room_gives_way_to_a_post(chat: Rig) -> None:
    await taken(chat, GROUP)

    assert (await opened(chat, PUBLIC, GROUP, number=2)).startswith(f"teams:{CHANNEL};")


@pytest.mark.parametrize("order", [PRIVATE, linked(GROUP)])
async def test_where_it_must_be_that_chat_it_is_said_that_it_is_taken(chat: Rig, order: OpenRoom) -> None:
    await taken(chat, GROUP)

    with pytest.raises(SendFailed, match="another incident's room") as failed:
        await opened(chat, order, GROUP, number=2)

    assert failed.value.permanent


async def test_its_own_chat_is_the_room_however_often_it_is_asked_for(chat: Rig) -> None:
    await taken(chat, GROUP)

    assert await opened(chat, PUBLIC, GROUP, number=1) == f"teams:{GROUP}"


async def test_declared_where_sitrep_may_not_write_it_is_a_post_where_it_may(chat: Rig) -> None:
    chat.book.refuses[BOARD] = NOT_THERE

    assert (await opened(chat, PUBLIC, BOARD)).startswith(f"teams:{CHANNEL};")


async def test_declared_on_a_message_of_a_chat_without_sitrep_it_is_a_post_where_others_are(chat: Rig) -> None:
    chat.book.refuses[GROUP] = NOT_THERE

    assert (await opened(chat, PUBLIC, GROUP)).startswith(f"teams:{CHANNEL};")


async def test_a_chat_that_does_not_answer_is_asked_again_later(chat: Rig) -> None:
    chat.book.refuses[GROUP] = SendFailed("Teams has a fault")

    with pytest.raises(SendFailed) as failed:
        await opened(chat, PUBLIC, GROUP)

    assert not failed.value.permanent
    assert chat.book.said == []


@pytest.mark.parametrize("order", [PRIVATE, linked(BOARD)])
async def test_what_must_be_there_goes_nowhere_else(chat: Rig, order: OpenRoom) -> None:
    chat.book.refuses[BOARD] = NOT_THERE

    with pytest.raises(SendFailed):
        await opened(chat, order, BOARD)

    assert chat.book.said == []


async def test_a_post_that_may_have_been_made_is_not_made_elsewhere(chat: Rig) -> None:
    chat.book.refuses[BOARD] = SendFailed("no answer", outcome_unknown=True)

    with pytest.raises(SendFailed):
        await opened(chat, PUBLIC, BOARD)

    assert chat.book.said == []


@pytest.mark.parametrize("address", ["teams:larkfield/o-ana", "teams:", "slack:T1/C1"])
async def test_without_a_place_it_is_said_what_to_set(tmp_path: Path, address: str) -> None:
    with rig(tmp_path, channel="") as chat:
        with pytest.raises(SendFailed, match=r"\[rooms\] of the policy") as failed:
            await open_room(chat.desk, delivery(PUBLIC, address), PUBLIC)

        assert failed.value.permanent


async def test_the_room_can_be_opened_with_a_link(chat: Rig) -> None:
    await chat.hears(activity("help", where=POST))

    made = await open_room(chat.desk, delivery(PUBLIC, f"teams:{CHANNEL}"), PUBLIC)

    assert made.room is not None
    assert made.room.url.startswith("https://teams.microsoft.com/l/message/19%3Aincidents%40thread.tacv2/post-")
