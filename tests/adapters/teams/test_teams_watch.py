"""What happens in Teams beside words means something to the incidents it concerns, once, and to no other."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.record import RecordRoom
from bot.refs import Address
from tests.adapters.teams.chat_rig import Rig, rig
from tests.adapters.teams.saying import BOARD, BOT, CHANNEL, CHAT, GROUP, POST, TENANT, activity

INSTALLED: dict[str, Any] = {"type": "installationUpdate"}
CHANGED: dict[str, Any] = {"type": "conversationUpdate"}


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Rig]:
    with rig(tmp_path) as made:
        await made.hears(activity("declare critical Checkout is down"))
        yield made


def room(chat: Rig, where: str, number: int = 1) -> None:
    report = RecordRoom(address=Address(f"teams:{where}"), name=f"inc-{number}")
    chat.house.service.record(report, number, f"room-{number}", chat.house.at)


def channel_event(kind: str, channel: str = CHANNEL, **more: Any) -> dict[str, Any]:
    """As Teams sends it: to the team's first channel, whichever channel it is about."""
    data = {"tenant": {"id": TENANT}, "eventType": kind, "channel": {"id": channel}, "team": {"id": BOARD}}
    return activity(where=BOARD, channelData=data, **CHANGED, **more)


def lost(chat: Rig, number: int = 1) -> list[str]:
    return [one.lost for one in chat.house.incident(number).rooms]


async def test_a_channel_that_is_deleted_takes_its_rooms_with_it(chat: Rig) -> None:
    room(chat, POST)

    await chat.reception.happened(channel_event("channelDeleted"))

    assert lost(chat) == ["its channel was deleted"]


async def test_another_channel_that_is_deleted_takes_none(chat: Rig) -> None:
    room(chat, POST)

    await chat.reception.happened(channel_event("channelDeleted", "19:other@thread.tacv2"))

    assert lost(chat) == [""]


async def test_a_channel_that_is_restored_gives_them_back(chat: Rig) -> None:
    room(chat, POST)
    await chat.reception.happened(channel_event("channelDeleted"))

    await chat.reception.happened(channel_event("channelRestored"))

    assert lost(chat) == [""]


@pytest.mark.parametrize(
    "removed",
    [
        INSTALLED | {"action": "remove"},
        INSTALLED | {"action": "remove-upgrade"},
        CHANGED | {"membersRemoved": [{"id": BOT}]},
    ],
)
@pytest.mark.parametrize(
    "added",
    [INSTALLED | {"action": "add"}, INSTALLED | {"action": "add-upgrade"}, CHANGED | {"membersAdded": [{"id": BOT}]}],
)
async def test_a_chat_that_puts_sitrep_out_is_no_room_until_it_is_let_in_again(
    chat: Rig, removed: dict[str, Any], added: dict[str, Any]
) -> None:
    room(chat, GROUP)

    await chat.reception.happened(activity(where=GROUP, **removed))
    assert lost(chat) == ["Sitrep was removed from it"]

    await chat.reception.happened(activity(where=GROUP, **added))
    assert lost(chat) == [""]


async def test_that_sitrep_is_put_out_is_told_once_however_often_teams_says_it(chat: Rig) -> None:
    room(chat, GROUP)
    event = activity(where=GROUP, **INSTALLED, action="remove")

    await chat.reception.happened(event)
    await chat.reception.happened(event)
    await chat.reception.happened(activity(where=GROUP, **CHANGED, membersRemoved=[{"id": BOT}]))

    assert chat.kinds().count("RoomLost") == 1


async def test_a_chat_that_was_no_room_concerns_nobody(chat: Rig) -> None:
    room(chat, GROUP)

    await chat.reception.happened(activity(where=CHAT, **INSTALLED, action="remove"))

    assert lost(chat) == [""]


async def test_who_leaves_the_chat_gives_up_their_roles_there(chat: Rig) -> None:
    room(chat, GROUP)
    await chat.hears(activity("INC-1 claim scribe", who="ben"))

    await chat.reception.happened(activity(where=GROUP, **CHANGED, membersRemoved=[{"id": "29:ben"}]))

    assert "RoleReleased" in chat.kinds()


async def test_who_leaves_another_chat_keeps_them(chat: Rig) -> None:
    room(chat, GROUP)
    await chat.hears(activity("INC-1 claim scribe", who="ben"))

    await chat.reception.happened(activity(where=CHANNEL, **CHANGED, membersRemoved=[{"id": "29:ben"}]))

    assert "RoleReleased" not in chat.kinds()


@pytest.mark.parametrize(
    "event", [CHANGED | {"membersAdded": [{"id": "29:new"}]}, CHANGED | {"membersRemoved": [{"id": "29:x"}]}]
)
async def test_who_comes_or_goes_makes_the_people_of_the_chat_be_read_again(chat: Rig, event: dict[str, Any]) -> None:
    await chat.desk.directory.look()
    chat.book.people[CHAT] = [{"id": "29:ben", "aadObjectId": "o-ben", "name": "Ben"}]

    await chat.reception.happened(activity(where=CHAT, **event))
    await chat.desk.directory.look()

    assert [name for _, name in chat.desk.directory.offered(CHAT)] == ["Ben"]


@pytest.mark.parametrize(
    "odd",
    [
        {"membersRemoved": [None, 7, {}, {"id": 7}, {"id": "a/b"}, {"id": "x\x00"}]},
        {"membersAdded": "everybody"},
        {"channelData": {"eventType": ["channelDeleted"], "channel": {"id": 7}}},
        {"channelData": {"eventType": "channelDeleted", "channel": {"id": {}}}},
        {"action": {"remove": 1}},
    ],
)
async def test_what_makes_no_sense_happened_to_nobody(chat: Rig, odd: dict[str, Any]) -> None:
    room(chat, GROUP)

    await chat.reception.happened(activity(where=GROUP, **CHANGED, **odd))

    assert lost(chat) == [""]


async def test_a_personal_chat_is_known_once_the_app_is_added(tmp_path: Path) -> None:
    with rig(tmp_path) as fresh:
        await fresh.reception.happened(activity(where=CHAT, **INSTALLED, action="add"))

        assert await fresh.desk.personal_chat("teams:larkfield/o-ana") == CHAT
        assert fresh.book.begun == []


def in_team(channel: str, kind: str = "", team: str = BOARD) -> dict[str, Any]:
    """What Teams says of a channel besides."""
    named = {"id": channel, "type": kind} if kind else {"id": channel}
    return {"tenant": {"id": TENANT}, "channel": named, "team": {"id": team}}


def from_the_team(team: str = BOARD, **more: Any) -> dict[str, Any]:
    """As Teams tells who left a team: in its first channel, and without a word of any other."""
    data = {"tenant": {"id": TENANT}, "eventType": "teamMemberRemoved", "team": {"id": team}}
    return activity(where=team, **CHANGED, channelData=data, **more)


@pytest.fixture
async def scribe(chat: Rig) -> Rig:
    """Ben is scribe of an incident whose room is a post in a channel."""
    room(chat, POST)
    await chat.hears(activity("INC-1 claim scribe", who="ben"))
    return chat


BEN_GONE: dict[str, Any] = {"membersRemoved": [{"id": "29:ben"}]}


@pytest.mark.parametrize("kind", ["", "standard", "private"])
async def test_who_leaves_a_team_gives_up_their_roles_in_all_its_channels(scribe: Rig, kind: str) -> None:
    await scribe.hears(activity("list", where=POST, channelData=in_team(CHANNEL, kind)))

    await scribe.reception.happened(from_the_team(**BEN_GONE))

    assert scribe.kinds().count("RoleReleased") == 1


@pytest.mark.parametrize(
    "known", [in_team(CHANNEL, team="19:other@thread.tacv2"), in_team(CHANNEL, "shared"), {"tenant": {"id": TENANT}}]
)
async def test_who_leaves_another_team_keeps_them(scribe: Rig, known: dict[str, Any]) -> None:
    await scribe.hears(activity("list", where=POST, channelData=known))

    await scribe.reception.happened(from_the_team(**BEN_GONE))

    assert "RoleReleased" not in scribe.kinds()


async def test_in_the_first_channel_of_a_team_nobody_need_have_spoken(scribe: Rig) -> None:
    await scribe.reception.happened(from_the_team(team=CHANNEL, **BEN_GONE))

    assert "RoleReleased" in scribe.kinds()


async def test_who_leaves_one_channel_of_a_team_keeps_their_roles_in_the_others(scribe: Rig) -> None:
    await scribe.hears(activity("list", where=POST, channelData=in_team(CHANNEL)))

    event = activity(where=GROUP, **CHANGED, **BEN_GONE, channelData=in_team("19:closed@thread.tacv2", "private"))
    await scribe.reception.happened(event)

    assert "RoleReleased" not in scribe.kinds()


async def test_which_team_a_channel_is_of_is_known_after_a_restart(tmp_path: Path) -> None:
    with rig(tmp_path) as before:
        await before.hears(activity("declare critical Checkout is down"))
        room(before, POST)
        await before.hears(activity("INC-1 claim scribe", who="ben", where=POST, channelData=in_team(CHANNEL)))

    with rig(tmp_path) as after:
        await after.reception.happened(from_the_team(**BEN_GONE))

        assert "RoleReleased" in after.kinds()


async def test_a_team_that_puts_sitrep_out_takes_the_rooms_of_all_its_channels(chat: Rig) -> None:
    room(chat, POST)
    await chat.hears(activity("list", where=POST, channelData=in_team(CHANNEL)))

    await chat.reception.happened(from_the_team(membersRemoved=[{"id": BOT}]))
    assert lost(chat) == ["Sitrep was removed from it"]

    await chat.reception.happened(from_the_team(membersAdded=[{"id": BOT}]))
    assert lost(chat) == [""]


async def test_a_channel_that_is_deleted_after_somebody_left_takes_its_rooms_all_the_same(scribe: Rig) -> None:
    await scribe.hears(activity("list", where=POST, channelData=in_team(CHANNEL)))

    await scribe.reception.happened(from_the_team(**BEN_GONE))
    await scribe.reception.happened(channel_event("channelDeleted"))

    assert (lost(scribe), scribe.kinds().count("RoleReleased")) == (["its channel was deleted"], 1)
