"""What customers read is looked over by somebody who did not write it: until then it waits, and the clock runs on."""

import time
from collections.abc import Sequence

import pytest

from tests.acceptance.chats import Opens, Said, Told, World
from tests.acceptance.ladder import SHORT, nudges, on_time
from tests.acceptance.playing import in_both_at_once
from tests.acceptance.reading import until

CAREFUL = SHORT.replace('{ internal = "20s" }', '{ internal = "10m", customers = "25s" }') + (
    """
[audiences.customers]
addresses = ["chat:stakeholders"]

[communication.customers]
must_say = ["what", "next"]
approve = ["critical"]
"""
)
SAID = "Some card payments do not go through. Bank transfer works meanwhile."
BETTER = "Some card payments do not go through. Your basket is kept."

pytestmark = pytest.mark.timeout(120)


async def declared(here: World) -> str:
    """An incident that Ben commands, and Hana speaks for: its room."""
    await here.types("ana", "declare critical Checkout is down")
    room = await here.room(1)
    await here.types("ben", "claim commander", room)
    await here.types("hana", "claim comms", room)
    return room


async def written(here: World, room: str, to: str, words: str) -> Told:
    """Hana fills in the form, sees what is read, and publishes."""
    form = await (await here.types("hana", f"update to:{to.replace(' ', ',')}", room)).form()
    form.fill(what="Cards fail.", words=words, other_time="9m")
    if "steps" in form.required:
        form.fill(steps="Comparing settings.")
    await form.submit()
    assert words.partition(".")[0] in form.words, "the words are shown before they go out"
    return await form.submit()


async def outside(here: World) -> Sequence[Said]:
    return await here.everything(await here.place("stakeholders"))


@in_both_at_once
async def test_an_update_waits_for_its_approver_and_goes_out_as_it_was_seen(world: Opens) -> None:
    async with world(policy=CAREFUL) as here:
        at = time.time()
        room = await declared(here)
        await here.card(1, "Not told yet: customers.")

        await written(here, room, "internal customers", SAID)

        await here.in_room(1, "Update 1 on INC-1", "To customers once it is approved.")
        await here.card(1, "Update 1 to customers waits for approval by", here.mention("ben"))
        asked = await here.to_person("ben", "Update 1 to customers waits for approval", SAID)
        assert {"Approve", "Send back"} <= set(asked.buttons)
        own = await here.types("hana", "approve 1", room)
        await own.hears("somebody else approves it")
        assert await outside(here) == []

        nudge = await here.to_person("ben", "Update on INC-1", "waits for your approval", SAID, within=20)
        found = await nudges(here, 1)
        on_time([one for one in found if one.to == "ben"], "ben", at + 15)
        on_time([one for one in found if one.to == "hana"], "hana", at + 15)

        await here.presses("ben", nudge, "Approve")
        read = await here.somewhere(await here.place("stakeholders"), SAID)
        for line in here.seen(read).splitlines()[:2]:
            assert line in here.seen(asked), "not a letter differs from what was approved"
        await here.in_room(1, "Update 1 to customers on INC-1 is out", "approved by")
        await here.to_person("ben", "was approved by", "it is out")
        await here.card(1, "Cards fail.")
        timeline = await here.types("dee", "timeline 1")
        await timeline.hears("approved by")


@in_both_at_once
async def test_an_edit_asks_again_and_what_is_sent_back_is_never_read(world: Opens) -> None:
    async with world(policy=CAREFUL.replace('customers = "25s"', 'customers = "10m"')) as here:
        room = await declared(here)
        await written(here, room, "customers", SAID)
        first = await here.to_person("ben", "Update 1 to customers waits for approval", SAID)

        await written(here, room, "customers", BETTER)

        second = await here.to_person("ben", "Update 2 to customers waits for approval", BETTER)
        await here.to_person("ben", "Update 1 to customers on INC-1 waits no more: update 2 takes its place.")
        stale = await here.presses("ben", first, "Approve")
        await stale.hears("does not wait for approval")
        form = await (await here.presses("ben", second, "Send back")).form()
        await form.fill(reason="Say since when.").submit()
        back = await here.to_person("hana", "was sent back by", "Say since when.")
        assert "Edit update" in back.buttons

        again = await (await here.presses("hana", back, "Edit update")).form()
        assert BETTER in again.words, "the words that were sent back are filled in"
        assert await outside(here) == []

        async def nothing_waits() -> bool:
            return "waits for approval" not in (await here.card(1, "Not told yet: customers.")).words

        await until(nothing_waits, within=5, what="a card that waits for nobody")


@in_both_at_once
async def test_an_internal_update_does_not_silence_what_customers_were_promised(world: Opens) -> None:
    async with world(policy=CAREFUL.replace('approve = ["critical"]\n', "")) as here:
        at = time.time()
        room = await declared(here)

        await here.types("hana", "update Cards fail. steps:Comparing settings next:9m", room)
        await here.in_room(1, "Update 1 on INC-1", "to internal")

        await here.in_room(1, "Update on INC-1", "promised to customers by", within=35)
        found = await nudges(here, 1)
        before = on_time([one for one in found if one.to == "hana"], "hana", at + 15)
        due = on_time([one for one in found if one.to == "room"], "room", at + 25)
        assert "internal" not in before.words + due.words
        await here.card(1, "Not told yet: customers.")
