"""An incident from its declaration to its close, by typed words alone."""

from pathlib import Path

import pytest

from tests.acceptance.slack import Answer, settled
from tests.acceptance.story import card, in_room, plain, somewhere, to_person
from tests.acceptance.world import World, world


class Room:
    """People typing in the incident's room."""

    def __init__(self, here: World, channel: str) -> None:
        self.here = here
        self.channel = channel

    async def __call__(self, name: str, text: str) -> Answer:
        answer = await self.here.slack.who(name).types(text, self.channel)
        assert answer.ack.status == 200, answer.ack
        return answer


async def test_the_life_of_an_incident_by_words(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        await here.slack.who("ana").types("declare critical Checkout is down", incidents)
        typed = Room(here, (await here.workspace.room(1))["id"])
        mention = here.workspace.mention

        await typed("ben", "claim commander")
        await in_room(here, 1, mention("ben"), "is incident commander of INC-1")
        await typed("ben", "role comms @hana")
        await to_person(here, "hana", "You are communications officer of INC-1 Checkout is down")
        await typed("ben", "role sme @chen @dee")
        await card(here, 1, mention("ben"), mention("hana"), mention("chen"), mention("dee"))

        await typed("ben", "priority high only one region is affected")
        await in_room(here, 1, "INC-1 is high, before critical", "only one region is affected")

        await typed("hana", "update About 4 in 10 payments do not go through steps:comparing settings next:45m")
        await in_room(here, 1, "Update 1 on INC-1 Checkout is down", "About 4 in 10 payments", "Next update by")
        reply = await somewhere(here, incidents, "Update 1 on INC-1", "About 4 in 10 payments")
        assert reply.raw["thread_ts"] == (await here.workspace.messages(incidents))[0].ts
        assert not reply.broadcast

        noted = await typed("dee", "note The first alert came at 01:52")
        await noted.hears("Noted at")
        told = await typed("dee", "timeline")
        await told.hears("The first alert came at 01:52")

        await typed("ana", "identified")
        await in_room(here, 1, "INC-1 is identified", mention("ana"))
        await typed("ana", "monitoring")
        await in_room(here, 1, "INC-1 is monitoring")

        lacking = await typed("ben", "resolve Release 5.8 was rolled back")
        assert "verified" in (await lacking.form()).required
        await card(here, 1, "monitoring since")
        await typed("ben", "resolve Release 5.8 was rolled back verified:errors normal for 20 min")
        await in_room(
            here, 1, "INC-1 Checkout is down is resolved", "Release 5.8 was rolled back", "errors normal for 20 min"
        )
        final = await somewhere(here, incidents, "INC-1 Checkout is down is resolved", "errors normal for 20 min")
        assert final.broadcast or final.ts

        await typed("ben", "close")
        await in_room(here, 1, "INC-1 is closed")
        await typed("ben", "reopen card errors at 6 percent")
        await in_room(here, 1, "INC-1 is open again", "card errors at 6 percent")
        await typed("ben", "resolve A host was replaced verified:payments went through")
        await in_room(here, 1, "is resolved", "A host was replaced")
        await typed("ben", "close")
        await card(here, 1, "Closed at")

        await settled(here.proxy)
        assert len(await here.workspace.pinned(typed.channel)) == 1
        assert (await here.workspace.room(1))["topic"]["value"].startswith("INC-1 · ")
        _check_export(await here.sitrep.says("export", "INC-1", "--format", "md"))
        assert "INC-1" not in await here.sitrep.says("list")
        assert "INC-1" in await here.sitrep.says("show", "INC-1")


def _check_export(markdown: str) -> None:
    """Its whole timeline with times, people, and what was sent where."""
    for said in (
        "Checkout is down",
        "ben",
        "hana",
        "only one region is affected",
        "About 4 in 10 payments",
        "The first alert came at 01:52",
        "dentified",
        "onitoring",
        "Release 5.8 was rolled back",
        "errors normal for 20 min",
        "losed",
        "card errors at 6 percent",
        "A host was replaced",
        "UTC",
        "#incidents",
    ):
        assert said in markdown, said


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


async def test_an_unknown_word_changes_nothing_and_names_the_nearest(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        answer = await here.slack.who("ana").types("declaer critical Checkout is down")

        await answer.hears("declaer", "declare")
        await settled(here.proxy)
        assert not [name for name in await here.workspace.channels() if name.startswith("inc-")]


async def test_next_moves_the_promise_and_says_so(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        await here.slack.who("ana").types("declare critical Checkout is down", incidents)
        typed = Room(here, (await here.workspace.room(1))["id"])

        await typed("ana", "next 50m the rollback takes one more step")

        await in_room(here, 1, "The next update on INC-1 comes by", "the rollback takes one more step")


async def test_reading_words_answer_privately_and_leave_no_trace(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        await here.slack.who("ana").types("declare critical Checkout is down", incidents)
        room = (await here.workspace.room(1))["id"]
        await settled(here.proxy)
        before = [message.text for message in await here.workspace.everything(room)]
        typed = Room(here, room)

        for word, said in (
            ("status", "INC-1 Checkout is down"),
            ("list", "INC-1 Checkout is down"),
            ("timeline", "INC-1"),
            ("why", "Reminders of INC-1"),
            ("terms", "Severe disruption or degradation"),
            ("help", "declare"),
            ("help update", "update"),
            ("roles", "ommander"),
            ("here", room),
        ):
            await (await typed("otto", word)).hears(said)

        await settled(here.proxy)
        assert [message.text for message in await here.workspace.everything(room)] == before


async def test_times_are_in_the_readers_zone_with_utc_beside_them(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.slack.who("ben").types("declare critical Checkout is down")
        room = (await here.workspace.room(1))["id"]
        await settled(here.proxy)

        answer = await here.slack.who("ben").types("next 45m", room)

        said = await answer.hears("moved") if answer.private() else await in_room(here, 1, "comes by")
        assert "UTC" in plain(said.words)
