"""Who may, by every way in; and what must be seen by its people only."""

from pathlib import Path

import pytest

from tests.acceptance.people import TEAM
from tests.acceptance.slack import Answer, settled
from tests.acceptance.story import card, in_room
from tests.acceptance.world import POLICY, World, world

SECRET = "Payroll data is exposed"


async def _declared(here: World) -> str:
    """An incident of Ben's; its room."""
    await here.slack.who("ana").types("declare critical Checkout is down")
    room = str((await here.workspace.room(1))["id"])
    await here.slack.who("ben").types("claim commander", room)
    await card(here, 1, here.workspace.mention("ben"))
    return room


async def _unchanged(here: World) -> None:
    await settled(here.proxy)
    assert "Resolved" not in (await card(here, 1, "INC-1")).words


@pytest.mark.parametrize("way", ["word", "mention", "button", "form"])
async def test_who_may_not_resolve_is_refused_by_every_way(tmp_path: Path, way: str) -> None:
    async with world(tmp_path) as here:
        room = await _declared(here)
        elsewhere = await here.workspace.channel("watercooler")
        otto = here.slack.who("otto")

        match way:
            case "word":
                answer = await otto.types("INC-1 resolve It works again verified:tried it", elsewhere)
            case "mention":
                answer = await otto.mentions("INC-1 resolve It works again verified:tried it", elsewhere)
            case "button":
                answer = await otto.presses(await card(here, 1, "INC-1"), "Resolve")
            case _:
                answer = await _with_bens_form(here)

        await _is_refused(answer)
        await _unchanged(here)
        assert room


async def _with_bens_form(here: World) -> Answer:
    """A form that Ben opened, sent in Otto's name."""
    form = await (await here.slack.who("ben").presses(await card(here, 1, "INC-1"), "Resolve")).form()
    form.person = "otto"
    return await form.fill(how="It works again", verified="Tried it").submit()


async def _is_refused(answer: Answer) -> None:
    errors = answer.ack.payload.get("errors")
    if errors:
        assert "Resolving INC-1 is for" in str(errors)
        return
    await answer.hears("Resolving INC-1 is for", "ask")


async def test_a_user_group_may_what_the_policy_gives_it(tmp_path: Path) -> None:
    policy = f'{POLICY}\n[permissions]\nresolve = ["slack:@sre-oncall"]\n'
    async with world(tmp_path, policy=policy) as here:
        room = await _declared(here)
        words = "resolve It works again verified:tried it"
        await (await here.slack.who("ben").types(words, room)).hears("Resolving INC-1 is for")

        await here.slack.who("chen").types(words, room)

        await in_room(here, 1, "INC-1 Checkout is down is resolved")


async def test_a_guest_may_not_declare(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        gus = here.slack.who("gus")
        await gus.types("help")
        await settled(here.proxy)

        answer = await gus.types("declare critical Checkout is down")

        await answer.hears("member")
        assert not [name for name in await here.workspace.channels() if name.startswith("inc-")]


async def test_whoever_speaks_in_the_room_is_a_responder(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        room = await _declared(here)

        await here.slack.who("otto").types("identified", room)

        await in_room(here, 1, "INC-1 is identified")


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


async def test_a_private_incident_is_seen_by_its_people_only(tmp_path: Path) -> None:
    async with world(tmp_path, settings={"SITREP_LOG_LEVEL": "info"}) as here:
        incidents = await here.workspace.channel("incidents")
        ana, otto = here.slack.who("ana"), here.slack.who("otto")
        await ana.types(f"declare private critical {SECRET}", incidents)
        room = await here.workspace.room(1)
        await card(here, 1, SECRET)
        assert room["name"] == "inc-1"
        assert room["is_private"]
        assert SECRET not in room["topic"]["value"] or room["is_private"]
        await ana.types("role comms @hana", room["id"])
        await ana.types("update Copies were made steps:revoking access next:30m", room["id"])
        await in_room(here, 1, "Copies were made")
        await settled(here.proxy)

        for word in (
            "status INC-1",
            "why INC-1",
            "timeline INC-1",
            "INC-1 note x",
            "INC-1 claim commander",
            "INC-1 resolve a verified:b",
        ):
            hidden = (await (await otto.types(word, incidents)).hears("INC-1")).words
            missing = (await (await otto.types(word.replace("INC-1", "INC-99"), incidents)).hears("INC-99")).words
            assert hidden.replace("INC-1", "INC-N") == missing.replace("INC-99", "INC-N"), word
        for word in ("list", "list all"):
            answer = await otto.types(word, incidents)
            await answer.hears("ncident")
            assert all("INC-1" not in said.words and SECRET not in said.words for said in answer.private())

        await settled(here.proxy)
        await _nowhere_else(here, room["id"])


async def test_an_incident_that_becomes_private_takes_its_title_from_where_channels_are_listed(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        room = await _declared(here)

        answer = await here.slack.who("ben").types("visibility private", room)

        await answer.hears("INC-1 is private from now on", "close it in the chat")
        await settled(here.proxy)
        listed = next(channel for channel in (await here.workspace.channels()).values() if channel["id"] == room)
        assert listed["name"] == "inc-1"
        assert "Checkout" not in listed["topic"]["value"]


async def _nowhere_else(here: World, room: str) -> None:
    for words in (SECRET, "Copies were made", "revoking access"):
        for name, channel in (await here.workspace.channels()).items():
            if channel["id"] == room or not channel["is_member"]:
                continue
            assert words not in str([message.raw for message in await here.workspace.everything(channel["id"])]), name
        for name in here.workspace.ids:
            assert words not in str([message.raw for message in await here.workspace.private(name)]), name
        assert words not in here.sitrep.log
        assert words not in (await here.sitrep.page("/metrics"))[1]
        assert words not in (await here.sitrep.page("/status"))[1]
        metadata = [call.params.get("metadata") for call in here.proxy.calls]
        assert words not in str(metadata)


async def test_a_title_that_plays_tricks_is_shown_as_it_is(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        title = "<!channel> & <@U0> *bold* `code` \u202eevil <https://x.example|bank>"

        await here.slack.who("ana").types(f"declare critical {title}")

        found = await card(here, 1, "INC-1", "bold")
        assert "\u202e" not in found.text + found.words
        assert "&lt;!channel&gt;" in found.text
        assert here.proxy.complaints == []
