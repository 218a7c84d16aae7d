"""The servers prove themselves: what they let through, refuse and break is what Microsoft's would."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.teams.echo import BUTTONS, activities_of, card, message
from tests.teams.rig import Rig
from tests.teams.tenant import channel_id

INCIDENTS = channel_id("incidents")


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


@pytest.mark.parametrize("which", ["keys", "login"])
async def test_a_server_may_hang_until_it_is_mended(rig: Rig, which: str) -> None:
    server = rig.bot.servers.keys if which == "keys" else rig.bot.servers.login
    server.hang()
    waiting = asyncio.create_task(rig.ana.says("hello", INCIDENTS))
    await asyncio.sleep(0.3)
    assert not waiting.done()

    server.mend()

    assert (await waiting).status == 200
