"""Who reads along in private: subscribed by a button or by words, in Slack and in Microsoft Teams."""

import asyncio
from pathlib import Path

from tests.acceptance import story
from tests.acceptance.reading import Message, until
from tests.acceptance.slack import settled
from tests.acceptance.world import World, world
from tests.teams.story import settled as quiet
from tests.teams.story import somewhere, to_person
from tests.teams.world import world as teams_world

STAKEHOLDERS = """
[organisation]
name = "Larkfield"
default_priority = "critical"

[[priorities]]
name = "critical"
update_every = { internal = "30m", stakeholders = "1h" }
roles = ["incident_commander"]

[audiences.internal]
addresses = ["slack:#incidents"]

[audiences.stakeholders]
addresses = ["slack:#leadership"]

[communication.internal]
must_say = ["what"]

[communication.stakeholders]
must_say = ["what"]
"""


async def _declared(here: World, words: str = "declare critical Checkout is down") -> str:
    """An incident that Ben commands: its room."""
    await here.slack.who("ana").types(words, await here.workspace.channel("incidents"))
    room = str((await here.workspace.room(1))["id"])
    await here.slack.who("ben").types("claim commander", room)
    await story.card(here, 1, here.workspace.mention("ben"))
    return room


async def _publish(here: World, room: str, what: str, to: str = "internal") -> None:
    """An update by its form, through its preview where it has one."""
    answer = await here.slack.who("ben").types(f"update to:{to}", room)
    form = (await answer.form()).fill(what=what, next="30m")
    await form.submit()
    await form.submit()


async def _private(here: World, name: str, count: int) -> list[Message]:
    """What somebody was told in private, once it is that many messages and no more come."""

    async def look() -> list[Message] | None:
        found = await here.workspace.private(name)
        return found if len(found) >= count else None

    await until(look, within=8, what=f"{count} messages to {name}")
    await settled(here.proxy, quiet=1.5)
    return await here.workspace.private(name)


async def test_a_press_under_the_announcement_brings_each_update_in_private_until_another_ends_it(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        room = await _declared(here)
        kim, incidents = here.slack.who("kim"), await here.workspace.channel("incidents")
        announced = await story.somewhere(here, incidents, "INC-1 Checkout is down", "to read along, subscribe")

        await (await kim.presses(announced, "Subscribe")).hears("Updates of INC-1 come to you in private")
        await (await kim.presses(announced, "Subscribe")).hears("You are subscribed to INC-1; nothing changed")
        await here.slack.who("ben").types("update Payments fail steps:comparing settings next:30m", room)

        (told,) = await _private(here, "kim", 1)
        assert "INC-1 Checkout is down: update 1" in told.words
        assert "Next update by" in told.words
        assert "comparing settings" not in told.words
        await (await kim.presses(told, "Unsubscribe")).hears("Updates of INC-1 come to you in private no more")
        await here.slack.who("ben").types("update Payments work in part steps:watching next:30m", room)
        await story.in_room(here, 1, "Update 2 on INC-1")
        assert len(await _private(here, "kim", 1)) == 1


async def test_a_subscriber_hears_what_stakeholders_hear_three_messages_in_all(tmp_path: Path) -> None:
    async with world(tmp_path, policy=STAKEHOLDERS) as here:
        room = await _declared(here)
        await (await here.slack.who("kim").types("subscribe 1")).hears("Updates of INC-1")

        await _publish(here, room, "Payments fail", "internal,stakeholders")
        await story.in_room(here, 1, "Update 1 on INC-1")
        await here.slack.who("ben").types("update A replica is back next:30m", room)
        await story.in_room(here, 1, "Update 2 on INC-1")
        await _publish(here, room, "Payments work in part", "internal,stakeholders")
        await story.in_room(here, 1, "Update 3 on INC-1")
        resolve = await (await here.slack.who("ben").types("resolve", room)).form()
        await resolve.fill(how="It was rolled back", verified="200 test payments went through").submit()

        told = await _private(here, "kim", 3)
        assert ["update 1" in told[0].words, "update 3" in told[1].words, "update 4" in told[2].words] == [True] * 3
        assert "No further update is expected" in told[2].words
        assert len(told) == 3


async def test_what_stands_for_a_service_brings_the_next_incident_and_never_a_private_one(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        kim = here.slack.who("kim")
        form = await (await kim.types("subscribe")).form()
        await form.fill(service="checkout").submit()

        await here.slack.who("ana").types("declare private critical Keys were read services:checkout")
        await here.slack.who("ana").types("declare critical Payments fail services:checkout")

        (told,) = await _private(here, "kim", 1)
        assert "INC-2 Payments fail" in told.words
        assert "You are told because you subscribed to incidents that affect checkout" in told.words
        mine = await kim.types("unsubscribe")
        await mine.hears("Which subscription ends?")
        await (await mine.presses("End checkout")).hears("come to you in private no more")
        await here.slack.who("ana").types("declare critical Search is slow services:checkout")
        await here.workspace.room(3)
        assert len(await _private(here, "kim", 1)) == 1


async def test_who_cannot_be_reached_is_subscribed_no_more_and_nobody_is_bothered(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        room = await _declared(here)
        await here.slack.who("kim").types("subscribe 1")
        here.proxy.fail(
            "chat.postMessage",
            "user_disabled",
            when=lambda params: "update 1" in str(params.get("text")) and str(params["channel"])[0] in "UD",
        )

        await here.slack.who("ben").types("update Payments fail steps:looking next:30m", room)

        async def ended() -> bool:
            return "no longer subscribed" in await here.sitrep.says("export", "INC-1")

        await until(ended, within=10, what="the end of the subscription")
        await asyncio.sleep(1)
        assert await here.workspace.private("ben") == []


async def test_a_press_in_teams_brings_each_update_to_the_personal_chat(tmp_path: Path) -> None:
    async with teams_world(tmp_path) as here:
        ana, chen = here.teams.who("ana"), here.teams.who("chen")
        await ana.says("declare critical Checkout is down", here.tenant.channel("watercooler"))
        announced = await somewhere(here, here.tenant.channel("incidents"), "INC-1 Checkout is down", "Join room")

        await (await chen.presses(announced, "Subscribe")).hears("Updates of INC-1 come to you in private")
        room = await here.screen.room(1)
        await ana.says("update Payments fail steps:comparing settings next:30m", room)

        told = await to_person(here, "chen", "INC-1 Checkout is down: update 1", "Payments fail", "Next update by")
        assert "comparing settings" not in told.words
        await (await chen.presses(told, "Unsubscribe")).hears("come to you in private no more")
        await ana.says("update Payments work steps:watching next:30m", room)
        await quiet(here.connector)
        assert not [one for one in here.screen.private("chen") if "update 2" in one.words]
