"""Who speaks for the first time is looked up before they are judged: a guest counts as a member not even once."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from adapters.sinks import SendFailed
from adapters.teams.reception import STRANGER
from tests.adapters.teams.chat_rig import Rig, rig
from tests.adapters.teams.people_rig import Rosters, member
from tests.adapters.teams.saying import CHAT, POST, TENANT, activity, fetches, of, presses

WORDS = "declare critical Checkout is down"
NO_TENANT: dict[str, Any] = {"channelData": {}}
FILLED = {"sitrep": {"w": "declare", "c": {"fields": "title"}}, "title": "Checkout is down"}


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as made:
        made.desk.directory.soon = 0.05
        yield made


@dataclass
class Silent:
    """A Teams that says nothing of anybody."""

    fault: str

    async def members(self, service_url: str, conversation: str) -> list[Mapping[str, Any]]:
        raise AssertionError((service_url, conversation))

    async def member(self, service_url: str, conversation: str, user: str) -> None:
        assert (service_url, conversation, user) > ("", "", "")
        if self.fault == "refuses":
            raise SendFailed("Teams is not reached")
        if self.fault == "hangs":
            await asyncio.sleep(60)


def listed(chat: Rig, *people: Mapping[str, Any]) -> Rosters:
    """These are everywhere."""
    rosters = Rosters(people)
    chat.desk.directory.asks = rosters
    return rosters


@pytest.mark.parametrize("stranger", [member("zoe", userRole="guest"), member("zoe", tenantId="elsewhere")])
@pytest.mark.parametrize(
    "first", [activity(WORDS, who="zoe"), activity(value=FILLED, who="zoe"), activity(WORDS, who="zoe", **NO_TENANT)]
)
async def test_a_guests_first_words_are_a_guests(chat: Rig, stranger: dict[str, Any], first: dict[str, Any]) -> None:
    listed(chat, stranger)

    await chat.hears(first)

    assert chat.numbers() == 0


async def test_a_guests_first_press_is_a_guests(chat: Rig) -> None:
    await chat.hears(activity(WORDS))
    listed(chat, member("zoe", userRole="guest"))

    body, _ = await chat.invoked(presses(of("claim", 1, role="scribe"), who="zoe", where=POST))

    assert "answers members of" in body["value"]
    assert "RoleAssigned" not in chat.kinds()


async def test_a_members_first_words_count(chat: Rig) -> None:
    listed(chat, member("ana"))

    await chat.hears(activity(WORDS))

    assert chat.numbers() == 1


async def test_where_the_policy_lets_guests_in_nobody_is_asked(chat: Rig) -> None:
    rosters = listed(chat, member("ana"))
    open_to_all = replace(chat.reception, policy=replace(chat.house.policy, guests=True))

    await open_to_all.heard(activity(WORDS))

    assert (rosters.asked, chat.numbers()) == ([], 1)


async def test_members_are_asked_about_once_even_across_a_restart(tmp_path: Path) -> None:
    for asked in ([f"{CHAT}/29:ana"], []):
        with rig(tmp_path) as chat:
            rosters = listed(chat, member("ana"))
            await chat.hears(activity(WORDS))
            await chat.hears(activity("list"))

            assert rosters.asked == asked


async def test_who_is_in_a_list_that_was_read_is_not_asked_about(chat: Rig) -> None:
    rosters = listed(chat, member("ana"))
    chat.desk.directory.met(CHAT)
    await chat.desk.directory.look()

    await chat.hears(activity(WORDS))

    assert rosters.asked == [CHAT]


@pytest.mark.parametrize("fault", ["refuses", "hangs", "nobody"])
async def test_where_teams_cannot_say_who_writes_from_the_tenant_is_a_member(chat: Rig, fault: str) -> None:
    chat.desk.directory.asks = Silent(fault)

    await chat.hears(activity(WORDS))

    assert chat.numbers() == 1


@pytest.mark.parametrize("fault", ["refuses", "hangs", "nobody"])
async def test_what_names_no_tenant_is_not_done_then_and_is_told_so(chat: Rig, fault: str) -> None:
    chat.desk.directory.asks = Silent(fault)

    said = await chat.hears(activity(WORDS, **NO_TENANT))

    assert chat.numbers() == 0
    assert [STRANGER in one.text for one in said] == [True]


@pytest.mark.parametrize("how", [presses, fetches])
async def test_so_is_a_press(chat: Rig, how: Any) -> None:
    await chat.hears(activity(WORDS))
    chat.desk.directory.asks = Silent("refuses")

    body, _ = await chat.invoked(how(of("claim", 1, role="scribe"), who="ben", **NO_TENANT))

    assert STRANGER in str(body)
    assert "RoleAssigned" not in chat.kinds()


async def test_a_member_who_could_not_be_looked_up_is_not_taken_for_a_guest_later(chat: Rig) -> None:
    chat.desk.directory.asks = Silent("refuses")
    await chat.hears(activity(WORDS, **NO_TENANT))
    listed(chat, member("ana"))

    await chat.hears(activity(WORDS))

    assert chat.numbers() == 1


async def test_a_stand_in_that_names_no_tenant_is_heard(tmp_path: Path) -> None:
    with rig(tmp_path, tenant="") as open_to_all:
        await open_to_all.hears(activity(WORDS, **NO_TENANT))

        assert open_to_all.numbers() == 1


async def test_who_is_named_by_the_bots_id_alone_is_who_teams_says(chat: Rig) -> None:
    listed(chat, member("zoe", userRole="guest"))

    await chat.hears(activity(WORDS) | {"from": {"id": "29:zoe", "name": "Zoe"}})

    assert chat.numbers() == 0
    assert await chat.desk.contacts.identity("29:zoe") == f"teams:{TENANT}/o-zoe"
