"""The chat in trouble: nothing is lost, nothing is said twice, and the incident can be used meanwhile."""

import asyncio
import time

import pytest

from tests.acceptance import chat_in_slack, chat_in_teams
from tests.acceptance.chats import Opens, Trouble, World

pytestmark = pytest.mark.timeout(240)

TROUBLE: dict[str, Trouble] = {"slack": chat_in_slack.TROUBLE, "teams": chat_in_teams.TROUBLE}
OF_A_DECLARATION = [(chat, call) for chat, trouble in TROUBLE.items() for call in trouble.of_a_declaration]
OF_AN_UPDATE = [(chat, call) for chat, trouble in TROUBLE.items() for call in trouble.of_an_update]
FIRST_REPEAT = 2.0
"""Seconds after which a failed call is tried again at the latest; `Retry-After` may ask for more."""


@pytest.mark.parametrize(("world", "call"), OF_A_DECLARATION, indirect=["world"])
async def test_a_declaration_survives_each_fault_of(world: Opens, call: str) -> None:
    async with world() as here:
        kinds = TROUBLE[here.name].kinds
        for number, kind in enumerate(kinds, start=1):
            fault = here.fail(call, kind)
            began = time.time()

            await here.types("ana", f"declare critical Trouble {number}")
            await _usable_at_once(here, number)

            await here.complete(number, f"Trouble {number}")
            assert fault.times == 0
            again = here.repeated_after(call, began)
            assert again is None or again <= FIRST_REPEAT + 0.5, f"{call}: {kind}: again after {again:.1f} s"
            here.mend()
        await here.settled(quiet=2.5)
        for number, kind in enumerate(kinds, start=1):
            unknowable = kind == "drop_after" and not here.ways.reads_back
            assert await _doubled(here, number) <= (1 if unknowable else 0), kind


async def _usable_at_once(here: World, number: int) -> None:
    """Words about it work before its room stands."""
    await (await here.types("ana", f"INC-{number} note Seen by two people")).hears("Noted")


async def _doubled(here: World, number: int) -> int:
    """How many messages there are too many."""
    words = f"INC-{number} Trouble"
    announced = [message for message in await here.messages(await here.place("incidents")) if words in message.words]
    cards = await here.cards(number)
    room = [message.words for message in await here.everything(await here.room(number))]
    assert announced
    assert cards
    return len(announced) - 1 + len(cards) - 1 + len(room) - len(set(room))


@pytest.mark.parametrize(("world", "call"), OF_AN_UPDATE, indirect=["world"])
async def test_an_update_survives_each_fault_of(world: Opens, call: str) -> None:
    async with world() as here:
        kinds = TROUBLE[here.name].kinds
        await here.types("ana", "declare critical Checkout is down")
        await here.complete(1, "Checkout is down")
        room, incidents = await here.room(1), await here.place("incidents")
        await here.settled()
        for number, kind in enumerate(kinds, start=1):
            fault = here.fail(call, kind)

            await here.types("ana", f"update Words {number} steps:looking next:{20 + number}m", room)

            await here.in_room(1, f"Update {number} on INC-1", f"Words {number}", within=12)
            await here.somewhere(incidents, f"Update {number} on INC-1", f"Words {number}", within=12)
            await here.card(1, f"Words {number}", within=12)
            assert fault.times == 0, kind
            here.mend()
        await here.settled(quiet=2.5)
        said = [message for place in (room, incidents) for message in await here.everything(place)]
        updates = [message.words for message in said if "on INC-1 Checkout is down" in message.words]
        unknowable = 0 if here.ways.reads_back else 1
        assert 2 * len(kinds) <= len(updates) <= 2 * len(kinds) + unknowable, updates


async def test_while_the_chat_is_away_the_incident_goes_on_and_catches_up(world: Opens) -> None:
    async with world() as here:
        here.go_away()

        declared = await here.types("ana", "declare critical Checkout is down")
        if here.ways.answers_in_place:
            await declared.hears("INC-1 is open")
        await here.types("ana", "INC-1 identified")
        await here.types("ana", "INC-1 update Half of all carts fail steps:looking next:30m")
        await asyncio.sleep(3)
        here.mend()

        await here.card(1, "identified since", "Half of all carts fail", within=30)
        await here.in_room(1, "Update 1 on INC-1", within=20)
        status, body = await here.sitrep.page("/readyz")
        assert status == 200, body


async def test_killed_while_calls_are_under_way_everything_stands_after_the_next_start(world: Opens) -> None:
    async with world() as here:
        here.slow_down(0.3)
        for number in range(1, 4):
            await here.types("ana", f"declare critical Trouble {number}")
        await asyncio.sleep(0.5)
        await here.sitrep.kill()
        here.mend()

        await here.sitrep.start()

        for number in range(1, 4):
            await here.complete(number, f"Trouble {number}", within=40)
        await here.settled(quiet=2)
        unknowable = 0 if here.ways.reads_back else 2
        for number in range(1, 4):
            assert await _doubled(here, number) <= unknowable
