"""Slack in trouble: nothing is lost, nothing is said twice, and the incident can be used meanwhile."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.emulator import SOMEBODY
from tests.acceptance.reading import Message, until
from tests.acceptance.slack import settled
from tests.acceptance.story import card, in_room, somewhere
from tests.acceptance.world import POLICY, World, world

pytestmark = pytest.mark.timeout(240)

KINDS = ("429", "500", "html", "internal_error", "drop_before", "drop_after")
OF_A_DECLARATION = (
    "conversations.create",
    "conversations.setTopic",
    "conversations.invite",
    "chat.postMessage",
    "pins.add",
)
OF_AN_UPDATE = ("chat.postMessage", "chat.update")
FIRST_REPEAT = 2.0
"""Seconds after which a failed call is tried again at the latest; `Retry-After` may ask for more."""


@pytest.mark.parametrize("method", OF_A_DECLARATION)
async def test_a_declaration_survives_each_fault_of(tmp_path: Path, method: str) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        incidents = await here.workspace.channel("incidents")
        for number, kind in enumerate(KINDS, start=1):
            here.proxy.fail(method, kind, seconds=1)
            started = time.time()

            answer = await here.slack.who("ana").types(f"declare critical Trouble {number}", incidents)
            assert f"INC-{number} is open" in answer.private()[0].words
            await _usable_at_once(here, number)

            await _complete(here, number, incidents)
            _tried_again_soon(here, method, started)
            here.proxy.mend()
        await settled(here.proxy, quiet=2.5)
        for number in range(1, len(KINDS) + 1):
            await _said_once(here, number, incidents)


async def _usable_at_once(here: World, number: int) -> None:
    """Words about it work before its room stands."""
    answer = await here.slack.who("ana").types(f"INC-{number} note Seen by two people")
    await answer.hears("Noted")


async def _complete(here: World, number: int, incidents: str) -> None:
    await card(here, number, f"INC-{number} Trouble {number}", within=12)
    room = await here.workspace.room(number)
    await somewhere(here, incidents, f"INC-{number} Trouble {number}", within=12)
    for _ in range(200):
        room = await here.workspace.room(number)
        if room["topic"]["value"] and "ana" in await here.workspace.members(room["id"]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(
        f"INC-{number}: topic {room['topic']['value']!r}, members {await here.workspace.members(room['id'])}"
    )


def _tried_again_soon(here: World, method: str, started: float) -> None:
    calls = here.proxy.since(started, method)
    failed = next(call for call in calls if call.fault)
    again = next((call for call in calls if call.at > failed.at and _same(call.params, failed.params)), None)
    assert again is None or again.at - failed.at <= FIRST_REPEAT + 0.5, (
        f"{method}: again after {again.at - failed.at:.1f} s"
    )


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    return one.get("channel") == other.get("channel") and one.get("name") == other.get("name")


async def _said_once(here: World, number: int, incidents: str) -> None:
    rooms = [name for name in await here.workspace.channels() if name.startswith(f"inc-{number}-")]
    assert len(rooms) == 1, rooms
    room = (await here.workspace.room(number))["id"]
    _no_doubles(await here.workspace.everything(room))
    announced = [
        message for message in await here.workspace.messages(incidents) if f"INC-{number} Trouble" in message.words
    ]
    assert len(announced) == 1
    assert len(await here.workspace.pinned(room)) == 1


def _no_doubles(messages: list[Message]) -> None:
    keys = Counter(str(message.raw.get("metadata") or message.words) for message in messages)
    assert max(keys.values(), default=1) == 1, keys


@pytest.mark.parametrize("method", OF_AN_UPDATE)
async def test_an_update_survives_each_fault_of(tmp_path: Path, method: str) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        incidents = await here.workspace.channel("incidents")
        await here.slack.who("ana").types("declare critical Checkout is down", incidents)
        await card(here, 1, "INC-1")
        room = (await here.workspace.room(1))["id"]
        await settled(here.proxy)
        for number, kind in enumerate(KINDS, start=1):
            fault = here.proxy.fail(method, kind, seconds=1)

            answer = await here.slack.who("ana").types(f"update Words {number} steps:looking next:{20 + number}m", room)
            assert answer.ack.status == 200

            await in_room(here, 1, f"Update {number} on INC-1", f"Words {number}", within=12)
            await somewhere(here, incidents, f"Update {number} on INC-1", f"Words {number}", within=12)
            await card(here, 1, f"Words {number}", within=12)
            assert fault.times == 0
            here.proxy.mend()
        await settled(here.proxy, quiet=2.5)
        for place in (room, incidents):
            updates = [
                message
                for message in await here.workspace.everything(place)
                if "on INC-1 Checkout is down" in message.words
            ]
            assert len(updates) == len(KINDS), [message.words for message in updates]


async def test_while_slack_is_away_the_incident_goes_on_and_catches_up(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        incidents = await here.workspace.channel("incidents")
        here.proxy.fail("*", "drop_before", times=-1)
        ana = here.slack.who("ana")

        answer = await ana.types("declare critical Checkout is down", incidents)
        assert "INC-1 is open" in answer.private()[0].words
        assert (await ana.types("INC-1 identified", incidents)).ack.status == 200
        assert (
            await ana.types("INC-1 update Half of all carts fail steps:looking next:30m", incidents)
        ).ack.status == 200
        await asyncio.sleep(3)
        here.proxy.mend()

        await card(here, 1, "identified since", "Half of all carts fail", within=30)
        await in_room(here, 1, "Update 1 on INC-1", within=20)
        status, body = await here.sitrep.page("/readyz")
        assert status == 200, body


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


async def test_killed_while_calls_are_under_way_everything_stands_after_the_next_start(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        here.proxy.latency = 0.3
        for number in range(1, 4):
            await here.slack.who("ana").types(f"declare critical Trouble {number}", incidents)
        await asyncio.sleep(0.5)
        await here.sitrep.kill()
        here.proxy.latency = 0

        await here.sitrep.start()

        for number in range(1, 4):
            await _complete(here, number, incidents)
        await settled(here.proxy, quiet=2)
        for number in range(1, 4):
            await _said_once(here, number, incidents)
