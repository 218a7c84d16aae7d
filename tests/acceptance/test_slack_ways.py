"""What only Slack has: a slash command with its alias, mentions beside it, user groups, workspaces."""

from pathlib import Path

import pytest

from tests.acceptance.people import TEAM
from tests.acceptance.slack import settled
from tests.acceptance.story import card, in_room
from tests.acceptance.world import POLICY, World, world


async def _declared(here: World) -> str:
    """An incident of Ben's; its room."""
    await here.slack.who("ana").types("declare critical Checkout is down")
    room = str((await here.workspace.room(1))["id"])
    await here.slack.who("ben").types("claim commander", room)
    await card(here, 1, here.workspace.mention("ben"))
    return room


@pytest.mark.parametrize("way", ["slash", "alias", "mention"])
async def test_the_same_words_come_in_three_ways(tmp_path: Path, way: str) -> None:
    async with world(tmp_path) as here:
        ana = here.slack.who("ana")
        incidents = await here.workspace.channel("incidents")

        match way:
            case "mention":
                await ana.mentions("declare critical Checkout is down", incidents)
            case "alias":
                await ana.types("declare critical Checkout is down", incidents, command="/inc")
            case _:
                await ana.types("declare critical Checkout is down", incidents)

        await card(here, 1, "INC-1 Checkout is down")


async def test_a_mention_that_lacks_values_gets_one_button_that_opens_the_form(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        ana = here.slack.who("ana")
        incidents = await here.workspace.channel("incidents")
        answer = await ana.mentions("declare", incidents)

        pressed = await answer.presses("Open the form")
        form = await pressed.form()
        await form.fill(title="Search is slow", priority="medium").submit()

        await card(here, 1, "INC-1 Search is slow")


async def test_who_may_not_resolve_is_refused_after_a_mention_too(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await _declared(here)
        elsewhere = await here.workspace.channel("watercooler")

        answer = await here.slack.who("otto").mentions("INC-1 resolve It works again verified:tried it", elsewhere)

        await answer.hears("Resolving INC-1 is for", "ask")
        await settled(here.proxy)
        assert "Resolved" not in (await card(here, 1, "INC-1")).words


async def test_a_user_group_may_what_the_policy_gives_it(tmp_path: Path) -> None:
    policy = f'{POLICY}\n[permissions]\nresolve = ["slack:@sre-oncall"]\n'
    async with world(tmp_path, policy=policy) as here:
        room = await _declared(here)
        words = "resolve It works again verified:tried it"
        await (await here.slack.who("ben").types(words, room)).hears("Resolving INC-1 is for")

        await here.slack.who("chen").types(words, room)

        await in_room(here, 1, "INC-1 Checkout is down is resolved")


async def test_another_workspace_is_turned_away(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        payload = here.slack.who("ana").command("declare critical Ours", "C1", trigger="1.1.1") | {
            "team_id": "T0ANOTHER"
        }
        assert payload["team_id"] != TEAM

        ack = await here.slack.transport.send("slash_commands", payload)

        await settled(here.proxy)
        assert "is open" not in ack.body
        assert not [name for name in await here.workspace.channels() if name.startswith("inc-")]
