"""The rig proves itself: what it lets through, refuses, breaks and sends is what Slack would."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.acceptance.emulator import EVERYTHING, emulator, free_port
from tests.acceptance.people import BOT_TOKEN, SIGNING_SECRET
from tests.acceptance.proxy import Proxy, proxy
from tests.acceptance.reading import Message, Workspace
from tests.acceptance.slack import Http, Slack


class Rig:
    """A workspace without Sitrep; the tests play it with Slack's own library."""

    def __init__(self, front: Proxy, workspace: Workspace, bot: AsyncWebClient) -> None:
        self.proxy = front
        self.workspace = workspace
        self.bot = bot


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with aiohttp.ClientSession() as session, emulator(scopes=EVERYTHING) as url, proxy(url) as front:
        workspace = Workspace(url, session)
        await workspace.meet()
        yield Rig(
            front,
            workspace,
            AsyncWebClient(BOT_TOKEN, base_url=f"{front.url}/api/", session=session, retry_handlers=[]),
        )


async def test_a_room_is_made_named_filled_and_read_back(rig: Rig) -> None:
    made = await rig.bot.conversations_create(name="inc-1-test", is_private=False)
    room = made["channel"]["id"]
    await rig.bot.conversations_setTopic(channel=room, topic="INC-1")
    await rig.bot.conversations_invite(channel=room, users=[rig.workspace.ids["ana"], rig.workspace.ids["ben"]])
    posted = await rig.bot.chat_postMessage(
        channel=room, text="A card.", metadata={"event_type": "x", "event_payload": {"key": "k"}}
    )
    await rig.bot.pins_add(channel=room, timestamp=posted["ts"])

    found = await rig.workspace.room(1)

    assert found["topic"]["value"] == "INC-1"
    assert await rig.workspace.members(room) == {"ana", "ben", "sitrep"}
    assert [message.text for message in await rig.workspace.messages(room)] == ["A card."]
    assert [message.ts for message in await rig.workspace.pinned(room)] == [posted["ts"]]
    assert rig.proxy.counted(0)["conversations.create"] == 1


async def test_a_private_room_is_private(rig: Rig) -> None:
    made = await rig.bot.conversations_create(name="inc-2", is_private=True)

    assert made["channel"]["is_private"] is True


async def test_posting_where_the_bot_has_not_joined_is_refused(rig: Rig) -> None:
    incidents = await rig.workspace.channel("incidents")

    with pytest.raises(SlackApiError, match="not_in_channel"):
        await rig.bot.chat_postMessage(channel=incidents, text="Hello.")

    await rig.bot.conversations_join(channel=incidents)
    assert (await rig.bot.chat_postMessage(channel=incidents, text="Hello."))["ok"]


async def test_a_message_that_slack_would_not_take_is_refused_and_noted(rig: Rig) -> None:
    room = (await rig.bot.conversations_create(name="inc-3"))["channel"]["id"]

    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await rig.bot.chat_postMessage(channel=room, text="Attention <!channel>")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await rig.bot.chat_postMessage(
            channel=room, text="x", blocks=[{"type": "header", "text": {"type": "plain_text", "text": "y" * 151}}]
        )

    assert len(rig.proxy.complaints) == 2


async def test_metadata_comes_back_only_when_asked_for(rig: Rig) -> None:
    room = (await rig.bot.conversations_create(name="inc-4"))["channel"]["id"]
    await rig.bot.chat_postMessage(channel=room, text="A.", metadata={"event_type": "x", "event_payload": {"key": "k"}})

    silent = await rig.bot.conversations_history(channel=room)
    loud = await rig.bot.conversations_history(channel=room, include_all_metadata=True, oldest=str(time.time() - 60))
    later = await rig.bot.conversations_history(channel=room, oldest=str(time.time() + 60))

    assert "metadata" not in silent["messages"][0]
    assert loud["messages"][0]["metadata"]["event_payload"] == {"key": "k"}
    assert later["messages"] == []


async def test_people_have_zones_and_guests_are_marked(rig: Rig) -> None:
    ben = await rig.bot.users_info(user=rig.workspace.ids["ben"])
    gus = await rig.bot.users_info(user=rig.workspace.ids["gus"])

    assert ben["user"]["tz"] == "Europe/Berlin"
    assert gus["user"]["is_restricted"] is True


async def test_a_user_group_has_members(rig: Rig) -> None:
    groups = await rig.bot.usergroups_list()
    members = await rig.bot.usergroups_users_list(usergroup=groups["usergroups"][0]["id"])

    assert groups["usergroups"][0]["handle"] == "sre-oncall"
    assert set(members["users"]) == {rig.workspace.ids["chen"], rig.workspace.ids["dee"]}


@pytest.mark.parametrize("kind", ["429", "500", "html", "internal_error"])
async def test_a_fault_strikes_once_and_is_over(rig: Rig, kind: str) -> None:
    rig.proxy.fail("auth.test", kind, seconds=3)

    with pytest.raises(SlackApiError) as refusal:
        await rig.bot.auth_test()

    assert (await rig.bot.auth_test())["user"] == "sitrep"
    assert [call.result for call in rig.proxy.calls] == [kind, "ok"]
    if kind == "429":
        assert refusal.value.response.headers["Retry-After"] == "3"


@pytest.mark.parametrize(("kind", "made"), [("drop_before", False), ("drop_after", True)])
async def test_a_dropped_call_has_or_has_not_had_its_effect(rig: Rig, kind: str, made: bool) -> None:
    rig.proxy.fail("conversations.create", kind)

    with pytest.raises(aiohttp.ClientError):
        await rig.bot.conversations_create(name="inc-5")

    assert ("inc-5" in await rig.workspace.channels()) is made


async def test_a_delay_delays(rig: Rig) -> None:
    rig.proxy.fail("auth.test", "delay", seconds=0.3)
    start = time.monotonic()

    await rig.bot.auth_test()

    assert time.monotonic() - start >= 0.3


async def test_what_people_do_arrives_as_slack_sends_it(rig: Rig) -> None:
    came: list[tuple[str, dict[str, Any]]] = []
    verifier = SignatureVerifier(SIGNING_SECRET)

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        assert verifier.is_valid_request(body, dict(request.headers))
        fields = dict(await request.post())
        came.append((body.decode(), json.loads(str(fields["payload"])) if "payload" in fields else dict(fields)))
        return web.json_response({"text": "Well?"})

    port = free_port()
    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    slack = Slack(rig.workspace, rig.proxy, Http(rig.workspace.session, f"http://127.0.0.1:{port}"))
    ana = slack.who("ana")
    room = (await rig.bot.conversations_create(name="inc-6"))["channel"]["id"]
    button = {"type": "button", "action_id": "claim", "value": "v", "text": {"type": "plain_text", "text": "Claim"}}
    await rig.bot.chat_postMessage(
        channel=room, text="A.", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}]
    )
    (message,) = await rig.workspace.messages(room)

    answer = await ana.types("role comms @hana if a<b & c", room)
    await ana.presses(message, "Claim")

    assert came[0][1]["text"] == f"role comms <@{rig.workspace.ids['hana']}|hana> if a&lt;b &amp; c"
    assert (await answer.hears("Well?")).text == "Well?"
    action = came[1][1]["actions"][0]
    assert (action["action_id"], action["value"], action["block_id"]) == ("claim", "v", "b")
    await runner.cleanup()


async def test_a_form_opens_for_a_trigger_once(rig: Rig) -> None:
    slack = Slack(rig.workspace, rig.proxy, Http(rig.workspace.session, "http://127.0.0.1:1"))
    trigger = await slack.trigger("ana")
    field = {"type": "plain_text_input", "action_id": "title"}
    block = {
        "type": "input",
        "block_id": "title",
        "label": {"type": "plain_text", "text": "What is wrong?"},
        "element": field,
    }
    view = {
        "type": "modal",
        "callback_id": "declare",
        "title": {"type": "plain_text", "text": "Declare"},
        "blocks": [block],
    }
    view["submit"] = {"type": "plain_text", "text": "Declare"}

    await rig.bot.views_open(trigger_id=trigger, view=view)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await rig.bot.views_open(trigger_id=trigger, view=view)

    assert rig.proxy.views[trigger]["callback_id"] == "declare"


def test_the_eye_and_the_ear_read_a_message() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "INC-1"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "by <!date^1700000000^{time}|22:13 UTC>"}},
        {
            "type": "actions",
            "elements": [
                {"type": "overflow", "options": [{"text": {"type": "plain_text", "text": "Resolve"}, "value": "r"}]}
            ],
        },
    ]
    message = Message("C1", {"ts": "1.1", "text": "INC-1.", "blocks": blocks})

    assert message.words == "INC-1\nby <!date^1700000000^{time}|22:13 UTC>"
    assert message.moments == [1700000000]
    assert "Resolve" in message.buttons


async def test_calls_of_the_emulator_are_spread_over_tokens(rig: Rig) -> None:
    await asyncio.gather(*(rig.bot.auth_test() for _ in range(200)))

    assert {call.result for call in rig.proxy.calls} == {"ok"}
