"""The rig proves itself: what it lets through, refuses, breaks and sends is what Teams would."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.teams import happenings
from tests.teams.client import Somebody, Teams
from tests.teams.connector import Connector
from tests.teams.echo import BUTTONS, Echo, activities_of, card, echo, message
from tests.teams.forging import FORGERIES
from tests.teams.people import BOT, TENANT
from tests.teams.reading import Screen
from tests.teams.tenant import Tenant, channel_id, channel_of
from tests.teams.world import microsoft

INCIDENTS = channel_id("incidents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """The servers, and a bot that is not Sitrep."""

    teams: Teams
    bot: Echo
    screen: Screen

    @property
    def tenant(self) -> Tenant:
        return self.teams.tenant

    @property
    def connector(self) -> Connector:
        return self.bot.servers.connector

    @property
    def ana(self) -> Somebody:
        return self.teams.who("ana")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with (
        aiohttp.ClientSession() as session,
        microsoft(tmp_path, without_app=["otto"]) as servers,
        echo(servers, session) as bot,
    ):
        teams = Teams(tenant=servers.tenant, keys=servers.keys, session=session, url=bot.url)
        yield Rig(teams=teams, bot=bot, screen=Screen(servers.tenant))


async def test_a_mention_in_a_channel_arrives_as_teams_sends_it(rig: Rig) -> None:
    answer = await rig.ana.says("role comms @hana <now>", INCIDENTS)

    [got] = rig.bot.got
    assert answer.status == 200
    assert got["text"] == "<at>Sitrep</at>&nbsp;role comms <at>Hana Lowe</at>&nbsp; &lt;now&gt;\n"
    assert [one["mentioned"]["id"] for one in got["entities"][:2]] == [BOT, rig.tenant.people["hana"].id]
    assert got["entities"][2]["timezone"] == got["localTimezone"] == "Europe/Madrid"
    assert got["conversation"] == {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": TENANT,
        "id": f"{INCIDENTS};messageid={got['id']}",
    }
    assert got["channelData"]["team"]["id"] == rig.tenant.team
    assert got["serviceUrl"].endswith("/")
    assert rig.tenant.complaints == []


async def test_an_answer_stands_in_the_thread_of_the_post(rig: Rig) -> None:
    answer = await rig.ana.says("hello", INCIDENTS)

    assert await answer.hears("You said: @Sitrep hello", "[Act] [Ask] [Read]")
    [post] = rig.screen.messages(INCIDENTS)
    [reply] = rig.screen.thread(post)
    assert (post.author, reply.author) == ("ana", "")
    assert reply.links == ["https://larkfield.example/read"]


async def test_a_personal_chat_needs_no_mention_and_a_channel_does(rig: Rig) -> None:
    alone = await rig.ana.says("help")
    silent = await rig.ana.says("lunch?", INCIDENTS, mention=False)

    assert alone.status == 200
    assert silent.status == 0
    [got] = rig.bot.got
    assert got["text"] == "help"
    assert got["conversation"]["conversationType"] == "personal"
    assert "isGroup" not in got["conversation"]
    assert [one.words.splitlines()[0] for one in rig.screen.private("ana")] == ["You said: help"]


async def test_a_name_of_two_words_may_come_as_two_mentions(rig: Rig) -> None:
    await rig.ana.says("role comms @hana", INCIDENTS, split=True)

    [got] = rig.bot.got
    assert "<at>Hana</at>&nbsp;<at>Lowe</at>" in got["text"]
    assert [one["text"] for one in got["entities"][1:3]] == ["<at>Hana</at>", "<at>Lowe</at>"]


async def test_a_press_is_an_invoke_and_in_an_old_client_a_message(rig: Rig) -> None:
    offered = (await rig.ana.says("hello", INCIDENTS)).nearby()[0]

    pressed = await rig.ana.presses(offered, "Act")
    old = await rig.ana.presses(offered, "Act", old_client=True)

    assert pressed.told == "Heard {'n': 1}"
    assert pressed.activity["value"]["action"]["verb"] == "act"
    assert pressed.activity["replyToId"] == offered.id
    assert (old.activity["type"], old.activity["value"], "text" in old.activity) == ("message", {"n": 2}, False)
    assert rig.tenant.complaints == []


async def test_a_dialog_opens_is_filled_in_and_sent(rig: Rig) -> None:
    offered = (await rig.ana.says("hello", INCIDENTS)).nearby()[0]

    form = await (await rig.ana.presses(offered, "Ask")).form()
    assert (form.title, form.required, set(form.inputs)) == ("A form", {"words"}, {"words", "pick"})
    with pytest.raises(AssertionError, match="words is empty"):
        await form.submit()
    sent = await form.fill(words="Slow", pick="Two").submit()

    assert sent.told == 'Heard {"n": 4, "pick": "2", "words": "Slow"}'
    assert rig.tenant.complaints == []


async def test_an_action_on_a_message_opens_a_dialog_that_knows_the_message(rig: Rig) -> None:
    said = rig.ana.said(await rig.ana.says("the shop is slow", INCIDENTS, mention=False))

    opened = await rig.teams.who("ben").acts(said, "note")
    sent = await (await opened.form()).fill(words="Slow").submit()

    assert opened.activity["value"]["messagePayload"]["body"]["content"] == "<div>the shop is slow\n</div>".replace(
        "\n", ""
    )
    assert sent.activity["name"] == "composeExtension/submitAction"
    assert (sent.activity["value"]["commandId"], sent.status) == ("note", 200)


async def test_inputs_on_a_message_are_sent_with_its_button(rig: Rig) -> None:
    shown = card("Say it.", inputs=({"type": "Input.Text", "id": "words"},), actions=BUTTONS[:1])
    chat = rig.tenant.personal("ana")
    await rig.bot.call("POST", activities_of(chat), message(holding=shown))

    sent = await rig.ana.form_on(rig.screen.private("ana")[0]).fill(words="Slow").submit()

    assert sent.told == "Heard {'n': 1, 'words': 'Slow'}"


async def test_a_new_post_is_a_thread_and_is_edited_in_place(rig: Rig) -> None:
    status, made = await rig.bot.begin_thread(INCIDENTS, message("One"))
    await rig.bot.call("POST", activities_of(made["id"]), message("Two"))
    await rig.bot.call("PUT", activities_of(made["id"], made["activityId"]), message("Changed"))

    assert status == 201
    assert made["id"] == f"{INCIDENTS};messageid={made['activityId']}"
    assert [(one.words, one.edits) for one in rig.screen.messages(made["id"])] == [("Changed", 1), ("Two", 0)]
    assert rig.connector.counted() == {"create_thread": 1, "send": 1, "update": 1}


async def test_the_chat_with_a_person_is_the_same_every_time_and_only_for_who_has_the_app(rig: Rig) -> None:
    first = await rig.bot.begin_chat(rig.tenant.people["ben"].id)
    second = await rig.bot.begin_chat(rig.tenant.people["ben"].id)
    refused, why = await rig.bot.begin_chat(rig.tenant.people["otto"].id)

    assert first == second
    assert first[1]["id"] == rig.tenant.personal("ben")
    assert (refused, why["error"]["code"]) == (403, "ForbiddenOperationException")


async def test_who_is_in_a_conversation_is_listed_page_by_page(rig: Rig) -> None:
    rig.connector.page_size = 4
    path, found, token = f"v3/conversations/{INCIDENTS}/pagedmembers", [], ""
    for _ in range(3):
        _, page = await rig.bot.call("GET", f"{path}?pageSize=500&continuationToken={token}")
        found += page["members"]
        token = page.get("continuationToken", "")

    assert token == ""
    assert [one["name"] for one in found] == sorted(one.full_name for one in rig.tenant.people.values())
    assert {one["userRole"] for one in found if one["name"] == "Gus Guest"} == {"guest"}
    one = await rig.bot.call("GET", f"v3/conversations/{INCIDENTS}/members/{rig.tenant.people['ben'].id}")
    assert one[1]["aadObjectId"] == rig.tenant.people["ben"].object_id
    assert (await rig.bot.call("GET", f"v3/conversations/{INCIDENTS}/members/29:nobody"))[0] == 404


async def test_only_who_has_a_token_of_the_login_service_is_heard(rig: Rig) -> None:
    token = await rig.bot.token()
    good, _ = await rig.bot.begin_thread(INCIDENTS, message("One"), token=token)
    forged, _ = await rig.bot.begin_thread(INCIDENTS, message("Two"), token="forged")
    rig.bot.servers.login.revoke()
    late, _ = await rig.bot.begin_thread(INCIDENTS, message("Three"), token=token)
    rig.bot.servers.login.refuse()

    assert (good, forged, late) == (201, 401, 401)
    assert await rig.bot.token() == ""
    assert rig.bot.servers.login.asked.count("token") == 2


async def test_a_conversation_without_the_bot_or_that_nobody_knows_is_refused(rig: Rig) -> None:
    rig.tenant.conversations[INCIDENTS].installed = False

    out, why = await rig.bot.begin_thread(INCIDENTS, message("One"))
    unknown, _ = await rig.bot.call("POST", activities_of("19:nowhere@thread.v2"), message("One"))
    no_thread, _ = await rig.bot.call("POST", activities_of(f"{rig.tenant.team};messageid=1"), message("One"))

    assert (out, why["error"]["code"], unknown, no_thread) == (403, "BotNotInConversationRoster", 404, 404)


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (message(), "nothing to show"),
        (message("<at>Hana Lowe</at> look"), "shown as words"),
        (message(holding={**card("x"), "version": "1.6"}), "card version '1.6'"),
        (message(holding=card("{{DATE(2026-11-23 10:00,SHORT)}}")), "shown raw"),
        (message(holding=card("x" * 29_000)), "29"),
        (message(holding=card("<at>Hana Lowe</at>") | {"msteams": {"entities": [{"type": "mention"}]}}), "mention"),
        (message(holding=card("x", actions=BUTTONS * 3)), "9 buttons"),
        (message(holding=card("x", actions=({"type": "Action.Http", "title": "x"},))), "Action.Http"),
        (message(holding=card("x", inputs=({"type": "Input.Text"},))), "without an id"),
    ],
)
async def test_what_teams_would_show_wrongly_is_complained_of(rig: Rig, sent: dict[str, Any], complaint: str) -> None:
    await rig.bot.begin_thread(INCIDENTS, sent)

    assert any(complaint in found for found in rig.tenant.complaints), rig.tenant.complaints


async def test_what_is_beyond_the_limit_is_refused(rig: Rig) -> None:
    status, why = await rig.bot.begin_thread(INCIDENTS, message("x" * 60_000))

    assert (status, why["error"]["code"]) == (413, "MessageSizeTooBig")


async def test_a_conversation_takes_seven_messages_a_second(rig: Rig) -> None:
    chat, token = activities_of(rig.tenant.personal("ana")), await rig.bot.token()

    found = await asyncio.gather(*(rig.bot.call("POST", chat, message("x"), token=token) for _ in range(9)))

    assert sorted(status for status, _ in found) == [201] * 7 + [429] * 2


@pytest.mark.parametrize(
    ("kind", "status", "acted"),
    [("429", 429, False), ("412", 412, False), ("503", 503, False), ("html", 502, False), ("403", 403, False)],
)
async def test_a_fault_strikes_the_call_it_is_meant_for(rig: Rig, kind: str, status: int, acted: bool) -> None:
    rig.connector.fail("create_thread", kind, skip=1, headers={"Retry-After": "2"})

    first, _ = await rig.bot.begin_thread(INCIDENTS, message("One"))
    second, why = await rig.bot.begin_thread(INCIDENTS, message("Two"))
    third, _ = await rig.bot.begin_thread(INCIDENTS, message("Three"))

    assert (first, second, third) == (201, status, 201)
    assert ("page" in why) is (kind == "html")
    assert [call.acted for call in rig.connector.since(0, "create_thread")] == [True, acted, True]


@pytest.mark.parametrize(("kind", "posts"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_reset_comes_before_or_after_the_effect(rig: Rig, kind: str, posts: int) -> None:
    rig.connector.fail("create_thread", kind)

    with pytest.raises(aiohttp.ClientError):
        await rig.bot.begin_thread(INCIDENTS, message("One"))

    assert len(rig.screen.messages(INCIDENTS)) == posts


async def test_who_blocked_the_bot_is_refused_in_a_form_of_its_own(rig: Rig) -> None:
    rig.tenant.conversations[rig.tenant.personal("ana")].blocked = True

    status, why = await rig.bot.call("POST", activities_of(rig.tenant.personal("ana")), message("x"))

    assert status == 403
    assert "MessageWritesBlocked" in why["message"]


@pytest.mark.parametrize("kind", FORGERIES)
async def test_a_forged_request_is_seen_through_by_a_careful_bot(rig: Rig, kind: str) -> None:
    true = await rig.ana.says("hello", INCIDENTS)
    forged = await rig.teams.forged(kind, true.activity)

    assert (true.status, forged.status) == (200, 401)
    assert len(rig.bot.got) == 1


async def test_keys_rotate(rig: Rig) -> None:
    old = rig.teams.keys.bearer(rig.tenant.service_url)
    true = await rig.ana.says("hello", INCIDENTS)
    rig.teams.keys.rotate()

    assert (await rig.teams.again(true)).status == 200
    assert (await rig.teams.deliver(true.activity, {"Authorization": old})).status == 401
    assert [one["id"] for one in rig.bot.got] == [true.activity["id"]] * 2


@pytest.mark.parametrize("which", ["keys", "login"])
async def test_a_server_may_hang_until_it_is_mended(rig: Rig, which: str) -> None:
    server = rig.bot.servers.keys if which == "keys" else rig.bot.servers.login
    server.hang()
    waiting = asyncio.create_task(rig.ana.says("hello", INCIDENTS))
    await asyncio.sleep(0.3)
    assert not waiting.done()

    server.mend()

    assert (await waiting).status == 200


async def test_apps_people_and_channels_come_and_go(rig: Rig) -> None:
    await happenings.uninstalled(rig.teams, rig.tenant.team)
    assert (await rig.bot.begin_thread(INCIDENTS, message("One")))[0] == 403
    await happenings.installed(rig.teams, rig.tenant.team)
    await happenings.left(rig.teams, rig.tenant.team, "kim")
    await happenings.renamed(rig.teams, INCIDENTS, "trouble")
    await happenings.deleted(rig.teams, INCIDENTS)

    told = [(one["type"], one["channelData"].get("eventType") or one.get("action")) for one in rig.bot.got]
    assert told == [
        ("conversationUpdate", "teamMemberRemoved"),
        ("installationUpdate", "remove"),
        ("conversationUpdate", "teamMemberAdded"),
        ("installationUpdate", "add"),
        ("conversationUpdate", "teamMemberRemoved"),
        ("conversationUpdate", "channelRenamed"),
        ("conversationUpdate", "channelDeleted"),
    ]
    assert (await rig.bot.begin_thread(INCIDENTS, message("One")))[0] == 404


async def test_reactions_and_edits_are_told(rig: Rig) -> None:
    said = rig.ana.said(await rig.ana.says("hello", INCIDENTS))

    await rig.ana.reacts(said)
    await rig.ana.edits(said, "goodbye")

    assert [one["type"] for one in rig.bot.got[1:]] == ["messageReaction", "messageUpdate"]
    assert rig.bot.got[1]["reactionsAdded"] == [{"type": "like"}]
    assert (said.edits, said.text.strip()) == (1, "@Sitrep goodbye")


async def test_moments_mentions_and_marks_are_shown_as_people_read_them(rig: Rig) -> None:
    hana = rig.tenant.people["hana"]
    text = "**Next by {{TIME(2026-11-23T02:40:00Z)}}** <at>Hana Lowe</at>: 1 \\* 2 &lt; 3 [here](https://x.example)"
    mention = {"type": "mention", "text": "<at>Hana Lowe</at>", "mentioned": {"id": hana.id, "name": "Hana Lowe"}}
    await rig.bot.begin_thread(INCIDENTS, message(holding=card(text) | {"msteams": {"entities": [mention]}}))

    [post] = rig.screen.messages(INCIDENTS)
    assert post.words == "Next by 02:40 @Hana Lowe: 1 * 2 < 3 here"
    assert post.links == ["https://x.example"]
    assert rig.tenant.complaints == []


async def test_ids_look_like_those_of_teams(rig: Rig) -> None:
    assert re.fullmatch(r"19:[0-9a-z]{29}@thread\.tacv2", INCIDENTS)
    assert all(one.id.startswith("29:1") for one in rig.tenant.people.values())
    assert channel_of(f"{INCIDENTS};messageid=1") == INCIDENTS
