"""What only Slack has: a channel for each incident, with a name, a topic, members and a pinned card."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.acceptance.emulator import SOMEBODY
from tests.acceptance.reading import until
from tests.acceptance.slack import settled
from tests.acceptance.story import card, somewhere
from tests.acceptance.world import POLICY, World, world

WITHIN = 2.0
"""Seconds, from the request, in which everything stands."""
MOST_CALLS = 7
SECRET = "Payroll data is exposed"


@pytest.mark.xdist_group("timed")
async def test_a_declaration_stands_within_two_seconds_and_seven_calls(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        await settled(here.proxy, quiet=1)
        start = time.time()

        answer = await here.slack.who("ana").types("declare critical Checkout is down", incidents)

        assert answer.ack.status == 200
        assert "INC-1 is open" in answer.private()[0].words
        await asyncio.wait_for(_everything_stands(here, incidents), timeout=start + WITHIN - time.time())
        link = await answer.hears("INC-1 is open in", within=start + WITHIN - time.time())
        room = await here.workspace.room(1)
        assert f"<#{room['id']}" in link.words
        await settled(here.proxy, quiet=1.5)
        calls = here.proxy.since(start)
        assert len(calls) <= MOST_CALLS, [call.method for call in calls]


async def _everything_stands(here: World, incidents: str) -> None:
    room = await here.workspace.room(1)
    assert room["name"] == "inc-1-checkout-is-down"

    async def stands() -> bool:
        found = await here.workspace.room(1)
        topic = found["topic"]["value"] == "INC-1 · Critical · Checkout is down"
        inside = "ana" in await here.workspace.members(room["id"])
        return (
            topic
            and inside
            and bool(await here.workspace.pinned(room["id"]))
            and bool(await here.workspace.messages(incidents))
        )

    await until(stands, within=WITHIN, what="topic, declarer, pinned card and announcement")
    (card,) = await here.workspace.pinned(room["id"])
    (announcement,) = await here.workspace.messages(incidents)
    assert "INC-1 Checkout is down" in card.words
    assert "Next update by" in card.words
    assert {"Claim commander", "Post update", "Assign role"} <= set(card.buttons)
    assert "INC-1 Checkout is down" in announcement.words


async def test_who_is_on_call_is_invited_and_mentioned_once(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY + CALLED) as here:
        await here.slack.who("ana").types("declare critical Checkout is down")
        room = await here.workspace.room(1)

        async def inside() -> bool:
            return {"ana", "chen", "dee"} <= await here.workspace.members(room["id"])

        await until(inside, within=4, what="the people on call in the room")
        await settled(here.proxy)
        mentioned = [
            message
            for message in await here.workspace.everything(room["id"])
            if "<!subteam^S0SREONCALL" in message.words
        ]
        assert len(mentioned) == 1


CALLED = """
[[priorities]]
name = "critical"
means = "Severe disruption or degradation."
example = "The shop cannot be reached."
major = true
respond_within = "15m"
resolve_within = "2h"
update_every = { internal = "30m" }
roles = ["incident_commander"]
call = ["slack:@sre-oncall"]

[[priorities]]
name = "high"
update_every = { internal = "1h" }
"""


@pytest.mark.parametrize("hidden", [False, True], ids=["by a public channel", "by a channel nobody sees"])
async def test_a_name_that_is_taken_gets_a_suffix(tmp_path: Path, hidden: bool) -> None:
    async with world(tmp_path) as here:
        taken = "inc-1-checkout-is-down"
        await here.workspace.call("conversations.create", token=SOMEBODY, name=taken, is_private=hidden)

        await here.slack.who("ana").types("declare critical Checkout is down")

        async def look() -> list[str]:
            return [name for name in await here.workspace.channels() if name.startswith(f"{taken}-")]

        assert len(await until(look, within=8, what="a room with another name")) == 1


async def test_where_no_channel_may_be_made_the_room_is_a_thread(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        here.proxy.fail("conversations.create", "restricted_action", times=-1)

        await here.slack.who("ana").types("declare critical Checkout is down", incidents)

        said = await somewhere(here, incidents, "INC-1 Checkout is down", "this thread is the room", within=20)
        assert said.raw.get("thread_ts")


async def test_the_room_of_a_private_incident_is_private_and_named_by_its_number_alone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.slack.who("ana").types(f"declare private critical {SECRET}")
        await card(here, 1, SECRET)

        room = await here.workspace.room(1)

        assert room["name"] == "inc-1"
        assert room["is_private"]


async def test_an_incident_that_becomes_private_takes_its_title_from_where_channels_are_listed(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        ana = here.slack.who("ana")
        await ana.types("declare critical Checkout is down")
        room = str((await here.workspace.room(1))["id"])
        await ana.types("claim commander", room)

        answer = await ana.types("visibility private", room)

        await answer.hears("INC-1 is private from now on", "close it in the chat")
        await settled(here.proxy)
        listed = next(channel for channel in (await here.workspace.channels()).values() if channel["id"] == room)
        assert listed["name"] == "inc-1"
        assert "Checkout" not in listed["topic"]["value"]
