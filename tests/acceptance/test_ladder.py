"""The promise of the next update: reminded of before, at and after its moment, and never forgotten."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.acceptance.ladder import PROMISE, SHORT, Started, nudges, on_time, started
from tests.acceptance.reading import Message
from tests.acceptance.story import in_room, to_person
from tests.acceptance.world import World, world

pytestmark = pytest.mark.timeout(180)


@pytest.mark.xdist_group("timed")
async def test_each_step_comes_once_at_its_moment_and_words_move_it(tmp_path: Path) -> None:
    async with world(tmp_path, policy=SHORT) as here:
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
    assert story.here.workspace.mention("hana") in due.words
    assert [nudge.to for nudge in found if nudge.to in {"hana", "ben"}] == ["hana", "ben"]
    await _one_room_message(story)


async def _one_room_message(story: Started) -> None:
    """What is late is one message in the room; later steps reply under it."""
    said = [m for m in await story.here.workspace.messages(story.room) if f"Update on INC-{story.number}" in m.words]
    assert len(said) == 1, [message.words for message in said]
    replies = await story.here.workspace.thread(said[0])
    assert any(story.here.workspace.mention("ben") in reply.words for reply in replies)


async def _an_update_resets_it(story: Started) -> None:
    here = story.here
    nudge = await to_person(here, "lena", "Update on INC-2", within=14)
    assert "Snooze 5 min" in nudge.buttons
    form = await (await here.slack.who("lena").presses(nudge, "Post update")).form()
    posted = time.time()
    await form.fill(what="Half of all searches fail", steps="Restarting", **_soon(form.inputs)).submit()
    await in_room(here, 2, "Update 1 on INC-2", "Half of all searches fail")

    await story.until(posted - story.at + 11.8)

    found = await nudges(here, 2)
    assert [nudge.to for nudge in found] == ["lena", "lena"]
    on_time(found, "lena", posted + 10)
    settled = [message for message in await here.workspace.private("lena") if message.ts == nudge.ts]
    assert "Post update" not in settled[0].buttons, "a nudge that was heeded keeps no buttons"


def _soon(inputs: Mapping[str, object]) -> dict[str, str]:
    """20 seconds from now, in whichever field takes a typed time."""
    return {"other_time": "20s"} if "other_time" in inputs else {"next": "20s"}


async def _snooze_quiets_one(story: Started) -> None:
    here = story.here
    nudge = await to_person(here, "dee", "Update on INC-3", within=14)
    pressed = await here.slack.who("dee").presses(nudge, "Snooze 5 min")
    await pressed.hears("Quiet until")
    await story.until(11.2)
    await (await here.slack.who("dee").types("snooze 13s", story.room)).hears("Quiet until")
    over = time.time() + 13
    await story.until(29)

    found = await nudges(here, 3)

    on_time(found, "dee", over)
    on_time(found, "kim", story.at + 25)
    assert [nudge.to for nudge in found if nudge.to == "room" and nudge.at < story.at + 24.7] == []


async def _next_moves_it(story: Started) -> None:
    here = story.here
    await to_person(here, "otto", "Update on INC-4", within=14)
    await here.slack.who("otto").types("next 30s a host is being replaced", story.room)
    at = time.time()
    await in_room(here, 4, "The next update on INC-4 comes by", "a host is being replaced")
    await story.until(at - story.at + 22)

    found = await nudges(here, 4)

    assert [nudge.to for nudge in found] == ["otto", "otto"]
    on_time(found, "otto", at + 20)


async def test_killed_between_any_two_steps_it_goes_on_with_nothing_lost_or_doubled(tmp_path: Path) -> None:
    async with world(tmp_path, policy=SHORT) as here:
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


async def test_down_for_the_whole_ladder_it_sends_one_reminder_that_says_how_late(tmp_path: Path) -> None:
    async with world(tmp_path, policy=SHORT) as here:
        story = await started(here, 1, comms="hana", commander="ben")
        await story.until(6)
        await here.sitrep.kill()
        await story.until(33)

        await here.sitrep.start()
        await asyncio.sleep(3)

        found = await nudges(here, 1)
        assert sorted(nudge.to for nudge in found) == ["ben", "hana", "leadership", "room"]
        assert all("late" in nudge.text for nudge in found)


async def test_killed_after_the_reminder_was_decided_and_before_it_was_sent(tmp_path: Path) -> None:
    async with world(tmp_path, policy=SHORT) as here:
        story = await started(here, 1, comms="hana", commander="ben")
        here.proxy.fail(
            "chat.postMessage", "500", times=-1, when=lambda params: "Update on INC-1" in str(params.get("text"))
        )
        await story.until(12)
        await here.sitrep.kill()
        here.proxy.mend()

        await here.sitrep.start()

        await to_person(here, "hana", "Update on INC-1", within=4)
        assert len(await _about(here, "hana")) == 1


async def _about(here: World, name: str) -> list[Message]:
    return [message for message in await here.workspace.private(name) if "Update on INC-1" in message.words]
