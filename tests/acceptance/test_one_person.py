"""One person who is in Slack and in Microsoft Teams, and one incident they see in both."""

import asyncio
import re
from pathlib import Path

from tests.acceptance import story
from tests.acceptance.reading import until
from tests.acceptance.test_both_chats import SOON, in_slack, linked
from tests.acceptance.world import World as SlackWorld
from tests.teams.story import somewhere, to_person
from tests.teams.tenant import channel_id
from tests.teams.world import BOTH, World, world

LINKED = f"""
[rooms]
link = ["teams:{channel_id("watercooler")}"]
"""


def slack_side(here: World) -> SlackWorld:
    """The same incident as people in Slack see it."""
    assert here.slack is not None
    return SlackWorld(sitrep=here.sitrep, slack=here.slack, proxy=here.slack.proxy, workspace=here.slack.workspace)


async def code_from_slack(here: World, name: str) -> str:
    assert here.slack is not None
    answer = await here.slack.who(name).types("me")
    said = await answer.hears("to Sitrep in the other chat by")
    found = re.search(r"me (\d{6})", said.words)
    assert found, said.words
    return found[1]


async def test_a_code_from_one_chat_typed_in_the_other_makes_one_person(tmp_path: Path) -> None:
    async with world(tmp_path, policy=BOTH + SOON, slack=True) as here:
        assert here.slack is not None
        thread = await linked(here)
        room = (await here.slack.workspace.room(1))["id"]
        await here.slack.who("hana").types("claim comms", room)
        await in_slack(here, "Communications officer", here.slack.workspace.mention("hana"))

        answer = await here.teams.who("hana").says(f"me {await code_from_slack(here, 'hana')}")

        await answer.hears("You are one person in both chats now")
        await story.to_person(slack_side(here), "hana", "Hana Lowe in the other chat typed your code")
        await here.teams.who("hana").says("next 15m", thread)
        await to_person(here, "hana", "Update on INC-1 is due in", within=20)
        await asyncio.sleep(2)
        direct = await here.slack.workspace.private("hana")
        assert not [one for one in direct if "is due in" in one.words], "one nudge, by the chat they used last"
        await here.teams.who("hana").says("release comms", thread)
        await in_slack(here, "INC-1 has no communications officer")


async def test_a_wrong_code_joins_nobody_and_five_end_the_right_one(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True) as here:
        code = await code_from_slack(here, "hana")
        otto = here.teams.who("otto")
        for guess in range(5):
            await (await otto.says(f"me {(int(code) + 1 + guess) % 10**6:06}")).hears("is not good, or no longer")

        late = await here.teams.who("hana").says(f"me {code}")

        await late.hears("is not good, or no longer")


async def test_members_with_the_same_e_mail_address_are_one_person(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True, mail="larkfield.example") as here:
        assert here.slack is not None
        thread = await linked(here)
        await here.teams.who("ben").says("list")

        async def is_commander() -> bool:
            await here.teams.who("ben").says("release commander", thread)
            await asyncio.sleep(1)
            return any("Incident commander: nobody yet" in one.words for one in here.screen.cards(1))

        await until(is_commander, within=30, what="that Ben, who commands in Slack, gives it up in Teams")


async def test_the_policy_gives_every_incident_a_room_in_the_other_chat(tmp_path: Path) -> None:
    async with world(tmp_path, policy=BOTH + LINKED, slack=True) as here:
        assert here.slack is not None
        incidents = await here.slack.workspace.channel("incidents")

        await here.slack.who("ana").types("declare critical Checkout is down", incidents)

        first = await somewhere(here, channel_id("watercooler"), "INC-1 Checkout is down", within=10)
        await here.teams.who("chen").says("identified", first.conversation)
        await in_slack(here, "INC-1 is identified", "Chen Wu")


async def test_a_private_incident_gets_none(tmp_path: Path) -> None:
    async with world(tmp_path, policy=BOTH + LINKED, slack=True) as here:
        assert here.slack is not None
        await here.slack.who("ana").types("declare private critical Payroll data is exposed")
        await here.slack.workspace.room(1)

        await here.slack.who("ana").types("declare critical Checkout is down")

        await somewhere(here, channel_id("watercooler"), "INC-2 Checkout is down", within=10)
        said = here.tenant.messages
        assert all("Payroll" not in str(one.activity) for one in said)
