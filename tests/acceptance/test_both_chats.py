"""One incident in Slack and in Microsoft Teams at once: commander in the one, communications officer in the other."""

from pathlib import Path

from tests.acceptance.reading import Message, until
from tests.teams.story import card, in_room, somewhere, to_person
from tests.teams.tenant import channel_id
from tests.teams.world import BOTH, World, world

SOON = """
[reminders]
settle = "0s"

[[reminders.update]]
at = "-14m57s"
to = ["communications_officer"]
where = "private"
"""
"""The first reminder comes three seconds after a promise that stands 15 minutes away."""


async def in_slack(here: World, *words: str, within: float = 8) -> Message:
    """A message in the incident's Slack room that says all of these words."""
    assert here.slack is not None
    workspace = here.slack.workspace
    room = (await workspace.room(1, within))["id"]

    async def look() -> Message | None:
        said = await workspace.everything(room)
        return next((one for one in said if all(word in one.words for word in words)), None)

    found = await until(look, within=within, what=f"{words} in Slack")
    assert found is not None
    return found


async def linked(here: World) -> str:
    """An incident declared in Slack, commanded there by Ben, with a second room in Teams: that room."""
    assert here.slack is not None
    workspace = here.slack.workspace
    incidents = await workspace.channel("incidents")
    await here.slack.who("ana").types("declare critical Checkout is down", incidents)
    room = (await workspace.room(1))["id"]
    await here.slack.who("ben").types("claim commander", room)
    await in_slack(here, "is incident commander of INC-1")
    await here.slack.who("ben").types(f"link teams:{channel_id('watercooler')}", room)
    first = await somewhere(here, channel_id("watercooler"), "INC-1 Checkout is down", "@ben", within=8)
    return first.conversation


async def test_a_role_taken_in_one_chat_is_seen_in_both(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True) as here:
        thread = await linked(here)

        await here.teams.who("hana").says("claim comms", thread)

        await in_slack(here, "Communications officer", "Hana Lowe")
        await somewhere(here, thread, "Communications officer: @Hana Lowe")


async def test_words_in_the_second_room_are_words_of_its_people(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True) as here:
        thread = await linked(here)

        await here.teams.who("chen").says("identified", thread)

        await in_slack(here, "INC-1 is identified", "Chen Wu")
        await somewhere(here, thread, "INC-1 is identified", "@Chen Wu")


async def test_the_nudge_comes_where_its_holder_is_and_the_update_goes_to_both(tmp_path: Path) -> None:
    async with world(tmp_path, policy=BOTH + SOON, slack=True) as here:
        assert here.slack is not None
        thread = await linked(here)
        await here.teams.who("hana").says("claim comms", thread)
        await somewhere(here, thread, "Communications officer: @Hana Lowe")
        await here.teams.who("hana").says("next 15m", thread)

        nudge = await to_person(here, "hana", "Update on INC-1 is due in", within=20)
        form = await (await here.teams.who("hana").presses(nudge, "Post update")).form()
        form.fill(what="Cards fail in Europe.", steps="Rolling back release 5.8.")
        answer = await form.submit()

        assert answer.status == 200
        await in_slack(here, "Update 1 on INC-1", "Cards fail in Europe.")
        await somewhere(here, thread, "Update 1 on INC-1", "Cards fail in Europe.")
        incidents = await here.slack.workspace.channel("incidents")
        announced = await here.slack.workspace.everything(incidents)
        assert any("Cards fail in Europe." in one.words for one in announced)
        await somewhere(here, channel_id("incidents"), "Update 1 on INC-1", "Cards fail in Europe.")


async def test_killed_between_two_chats_both_are_told_and_slack_once(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True) as here:
        assert here.slack is not None
        thread = await linked(here)
        here.connector.fail("send", "delay", seconds=3.0)
        room = (await here.slack.workspace.room(1))["id"]
        await here.slack.who("ben").types("update Cards fail steps:rolling back next:30m", room)
        await in_slack(here, "Update 1 on INC-1", "Cards fail")

        await here.sitrep.kill()
        here.connector.mend()
        await here.sitrep.start()

        await somewhere(here, thread, "Update 1 on INC-1", "Cards fail", within=45)
        said = await here.slack.workspace.everything(room)
        assert len([one for one in said if "Update 1 on INC-1" in one.words]) == 1


async def test_a_person_of_the_other_chat_is_named_and_not_mentioned(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True) as here:
        await linked(here)

        shown = await card(here, 1, "@ben")

        assert "<at>" not in shown.words
        assert await in_room(here, 1, "@ben")


async def test_a_login_that_hangs_takes_nothing_from_slack_and_is_found_again(tmp_path: Path) -> None:
    async with world(tmp_path, slack=True, start=False) as here:
        assert here.slack is not None
        here.microsoft.login.hang()
        here.microsoft.keys.hang()
        await here.sitrep.start()

        assert "teams" in (await here.sitrep.page("/readyz"))[1]
        incidents = await here.slack.workspace.channel("incidents")
        answer = await here.slack.who("ana").types("declare critical Checkout is down", incidents)
        assert answer.ack.status == 200
        await here.slack.workspace.room(1)

        here.microsoft.login.mend()
        here.microsoft.keys.mend()
        await somewhere(here, channel_id("incidents"), "INC-1 Checkout is down", within=90)
