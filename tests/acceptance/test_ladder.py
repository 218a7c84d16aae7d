"""The promise of the next update: reminded of before, at and after its moment, and never forgotten."""

import asyncio
import time
from collections.abc import Collection

import pytest

from tests.acceptance.chats import Opens
from tests.acceptance.ladder import PROMISE, SHORT, Started, nudges, on_time, started
from tests.acceptance.playing import in_both_at_once

pytestmark = pytest.mark.timeout(180)


@pytest.mark.xdist_group("timed")
@in_both_at_once
async def test_each_step_comes_once_at_its_moment_and_words_move_it(world: Opens) -> None:
    async with world(policy=SHORT) as here:
        alone = await started(here, 1, comms="hana", commander="ben")
        told = await started(here, 2, comms="lena", commander="chen")
        quiet = await started(here, 3, comms="dee", commander="kim")
        moved = await started(here, 4, comms="otto", commander="ana")

        await asyncio.gather(
            _nothing_is_posted(alone), _an_update_resets_it(told), _snooze_quiets_one(quiet), _next_moves_it(moved)
        )


async def _nothing_is_posted(story: Started) -> None:
    await story.until(PROMISE + 21.5)
    found = await nudges(story.here, story.number)

    on_time(found, "hana", story.at + 10)
    due = on_time(found, "room", story.at + 20)
    on_time(found, "ben", story.at + 25)
    on_time(found, "leadership", story.at + 30)
    on_time(found, "leadership", story.at + 40)
    assert story.here.mention("hana") in due.words
    assert [nudge.to for nudge in found if nudge.to in {"hana", "ben"}] == ["hana", "ben"]
    await _later_steps_stand_with_the_first(story)


async def _later_steps_stand_with_the_first(story: Started) -> None:
    """What is late is one message in the room; later steps reply under it."""
    here, words = story.here, f"Update on INC-{story.number}"
    said = [message for message in await here.everything(story.room) if words in message.words]
    loud = [message for message in await here.messages(story.room) if words in message.words]
    assert any(here.mention("ben") in message.words for message in said)
    assert len(loud) == (1 if here.ways.replies_within_a_room else len(said)), [message.words for message in loud]


async def _an_update_resets_it(story: Started) -> None:
    here = story.here
    nudge = await here.to_person("lena", "Update on INC-2", within=14)
    assert "Snooze 5 min" in nudge.buttons
    form = await (await here.presses("lena", nudge, "Post update")).form()
    posted = time.time()
    await form.fill(what="Half of all searches fail", steps="Restarting", **_soon(form.inputs)).submit()
    await here.in_room(2, "Update 1 on INC-2", "Half of all searches fail")

    await story.until(posted - story.at + 11.8)

    found = await nudges(here, 2)
    assert [nudge.to for nudge in found] == ["lena", "lena"]
    on_time(found, "lena", posted + 10)
    assert "Post update" not in (await here.now(nudge)).buttons, "a nudge that was heeded keeps no buttons"


def _soon(inputs: Collection[str]) -> dict[str, str]:
    """20 seconds from now, in whichever field takes a typed time."""
    return {"other_time": "20s"} if "other_time" in inputs else {"next": "20s"}


async def _snooze_quiets_one(story: Started) -> None:
    here = story.here
    nudge = await here.to_person("dee", "Update on INC-3", within=14)
    await (await here.presses("dee", nudge, "Snooze 5 min")).hears("Quiet until")
    await story.until(11.2)
    await (await here.types("dee", "snooze 13s", story.room)).hears("Quiet until")
    over = time.time() + 13
    await story.until(29)

    found = await nudges(here, 3)

    on_time(found, "dee", over)
    on_time(found, "kim", story.at + 25)
    assert [nudge.to for nudge in found if nudge.to == "room" and nudge.at < story.at + 24.7] == []


async def _next_moves_it(story: Started) -> None:
    here = story.here
    await here.to_person("otto", "Update on INC-4", within=14)
    await here.types("otto", "next 30s a host is being replaced", story.room)
    at = time.time()
    await here.in_room(4, "The next update on INC-4 comes by", "a host is being replaced")
    await story.until(at - story.at + 22)

    found = await nudges(here, 4)

    assert [nudge.to for nudge in found] == ["otto", "otto"]
    on_time(found, "otto", at + 20)


@in_both_at_once
async def test_killed_between_any_two_steps_it_goes_on_with_nothing_lost_or_doubled(world: Opens) -> None:
    async with world(policy=SHORT) as here:
        story = await started(here, 1, comms="hana", commander="ben")

        for after in (12, 21.7, 26.7):
            await story.until(after)
            await here.sitrep.kill()
            await here.sitrep.start()
        await story.until(32)

        found = await nudges(here, 1)
        assert sorted(nudge.to for nudge in found) == ["ben", "hana", "leadership", "room", "room"]
        on_time(found, "hana", story.at + 10)
        on_time([nudge for nudge in found if nudge.at < story.at + 24], "room", story.at + 20)
        on_time(found, "ben", story.at + 25)
        on_time(found, "leadership", story.at + 30)


@in_both_at_once
async def test_down_for_the_whole_ladder_it_sends_one_reminder_that_says_how_late(world: Opens) -> None:
    async with world(policy=SHORT) as here:
        story = await started(here, 1, comms="hana", commander="ben")
        await story.until(6)
        await here.sitrep.kill()
        await story.until(31.5)

        await here.sitrep.start()
        await asyncio.sleep(3)

        found = await nudges(here, 1)
        assert sorted(nudge.to for nudge in found) == ["ben", "hana", "leadership", "room"], found
        assert all("late" in nudge.words for nudge in found)


@in_both_at_once
async def test_killed_after_the_reminder_was_decided_and_before_it_was_sent(world: Opens) -> None:
    async with world(policy=SHORT) as here:
        story = await started(here, 1, comms="hana", commander="ben")
        here.lose("Update on INC-1")
        await story.until(12)
        await here.sitrep.kill()
        here.mend()

        await here.sitrep.start()

        await here.to_person("hana", "Update on INC-1", within=4)
        assert len([said for said in await here.private("hana") if "Update on INC-1" in said.words]) == 1
