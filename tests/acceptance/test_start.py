"""The first two seconds of an incident."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.acceptance.reading import Message, until
from tests.acceptance.slack import settled
from tests.acceptance.world import POLICY, World, world

pytestmark = pytest.mark.xdist_group("timed")

WITHIN = 2.0
"""Seconds, from the request, in which everything stands."""
MOST_CALLS = 7


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


async def test_a_low_incident_that_was_not_meant_low_is_put_right_with_one_press(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        answer = await here.slack.who("ana").types("declare low disk on db-3")
        room = await here.workspace.room(1)

        await answer.presses("It is part of the title")

        card = await _card_that_says(here, room["id"], "INC-1 low disk on db-3")
        assert "Low" not in card.words


async def test_without_a_priority_the_default_stands_and_each_other_is_one_press(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        answer = await here.slack.who("ana").types("declare Search is slow")
        said = await answer.hears("INC-1")
        room = await here.workspace.room(1)

        assert {"Critical", "High", "Medium", "Low"} <= set(said.buttons)
        await answer.presses("Critical")

        await _card_that_says(here, room["id"], "Critical, investigating")


async def test_choosing_a_priority_shows_what_the_organisation_means_by_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        answer = await here.slack.who("ana").types("declare")

        form = await answer.form()

        said = form.words.lower()
        assert "critical: severe disruption or degradation" in said
        assert "such as: the shop cannot be reached" in said


async def test_a_like_incident_is_pointed_out_and_made_a_duplicate_with_one_press(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.slack.who("ana").types("declare critical Checkout is down")
        answer = await here.slack.who("ben").types("declare critical Checkout is down in Europe")

        await answer.presses("Duplicate of INC-1")

        async def merged() -> list[Message]:
            room = await here.workspace.room(2)
            return [
                message for message in await here.workspace.messages(room["id"]) if "the same as INC-1" in message.words
            ]

        assert await until(merged, within=4, what="that INC-2 is the same as INC-1")


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


async def _card_that_says(here: World, room: str, words: str) -> Message:
    async def look() -> Message | None:
        return next((card for card in await here.workspace.pinned(room) if words in card.words), None)

    found = await until(look, within=4, what=words)
    assert found is not None
    return found
