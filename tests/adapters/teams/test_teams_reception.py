"""What people type and press in Teams reaches the core once, and the answer reaches them alone."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.sinks import SendFailed
from adapters.teams.privacy import NOT_HERE
from adapters.teams.reception import OLD
from bot.refs import Identity
from tests.adapters.teams.chat_rig import Rig, rig
from tests.adapters.teams.saying import BOT, CHANNEL, CHAT, GROUP, POST, activity, fetches, invoke, of, presses, submits

SECRET = "Payroll data is exposed"
WITHOUT_APP = SendFailed("Sitrep is not installed there", permanent=True, gone="person")
TITLE = {"sitrep": {"w": "declare", "c": {"fields": "title"}}, "title": "Checkout is down"}


async def test_words_in_a_personal_chat_need_no_mention(chat: Rig) -> None:
    said = await chat.hears(activity("list"))

    assert [(one.conversation, "No open incident" in one.text) for one in said] == [(CHAT, True)]


@pytest.mark.parametrize("where", [POST, GROUP])
async def test_where_everything_arrives_only_words_to_us_count(chat: Rig, where: str) -> None:
    said = await chat.hears(activity("declare Checkout is down", where=where, entities=None))

    assert said == []
    assert chat.numbers() == 0


async def test_a_mention_of_somebody_else_is_not_words_to_us(chat: Rig) -> None:
    ben = {"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": "29:ben", "name": "Ben"}}

    await chat.hears(activity(where=GROUP, entities=[ben]) | {"text": "<at>Ben</at> declare X"})

    assert chat.numbers() == 0


async def test_what_another_bot_says_is_not_acted_on(chat: Rig) -> None:
    bot = {"id": "28:another", "name": "Robot"}

    said = await chat.hears(activity("declare Checkout is down", where=GROUP) | {"from": bot})

    assert (said, chat.numbers()) == ([], 0)


async def test_a_declaration_is_answered_where_it_was_made_for_everybody_there(chat: Rig) -> None:
    said = await chat.hears(activity("declare critical Checkout is down", where=POST))

    assert [one.conversation for one in said] == [POST]
    assert "INC-1 is open" in said[0].text


async def test_an_answer_for_one_person_goes_to_their_personal_chat(chat: Rig) -> None:
    said = await chat.hears(activity("list", where=POST))

    assert [one.conversation for one in said] == ["a:29:ana"]


async def test_who_lacks_the_app_reads_one_line_that_says_nothing_of_what_was_asked(chat: Rig) -> None:
    await chat.hears(activity(f"declare private {SECRET}"))
    chat.book.refuses["29:ben"] = WITHOUT_APP

    said = await chat.hears(activity("INC-1 status", where=POST, who="ben"))

    assert [one.conversation for one in said] == [POST]
    assert "add Sitrep to your apps" in said[0].text
    assert "INC-1" not in said[0].text
    assert SECRET not in said[0].text


async def test_the_card_of_a_private_incident_is_not_shown_where_others_read(chat: Rig) -> None:
    await chat.hears(activity(f"declare private {SECRET}"))

    said = await chat.hears(activity("status INC-1", where=POST))

    assert [one.conversation for one in said] == [CHAT]


async def test_a_form_about_a_private_incident_is_not_offered_where_others_read(chat: Rig) -> None:
    await chat.hears(activity(f"declare private {SECRET}"))

    said = await chat.hears(activity("INC-1 resolve", where=POST))

    assert [one.conversation for one in said] == [CHAT]


async def test_a_repeated_message_is_neither_done_nor_answered_again(chat: Rig) -> None:
    sent = activity("declare critical Checkout is down", where=POST)
    await chat.hears(sent)

    assert await chat.hears(sent) == []
    assert chat.numbers() == 1


async def test_a_repeated_message_is_not_done_again_after_a_restart(tmp_path: Path) -> None:
    sent = activity("declare critical Checkout is down", where=POST)
    with rig(tmp_path) as before:
        await before.hears(sent)

    with rig(tmp_path) as after:
        assert await after.hears(sent) == []
        assert after.numbers() == 1


@pytest.mark.parametrize("where", [POST, CHANNEL])
async def test_nothing_private_is_declared_where_a_team_reads_along(chat: Rig, where: str) -> None:
    sent = activity(f"declare private critical {SECRET}", where=where)

    said = await chat.hears(sent)

    assert chat.numbers() == 0
    assert [NOT_HERE in one.text for one in said] == [True]
    assert SECRET not in said[0].text
    assert await chat.hears(sent) == []  # a repeat is not answered again


async def test_who_lacks_the_app_is_told_there_that_nothing_private_was_declared(chat: Rig) -> None:
    chat.book.refuses["29:ana"] = WITHOUT_APP

    said = await chat.hears(activity(f"declare private critical {SECRET}", where=POST))

    assert [(one.conversation, NOT_HERE in one.text, SECRET in one.text) for one in said] == [(POST, True, False)]


@pytest.mark.parametrize("where", [CHAT, GROUP])
async def test_where_only_invited_people_read_it_is_declared(chat: Rig, where: str) -> None:
    await chat.hears(activity(f"declare private critical {SECRET}", where=where))

    assert chat.house.incident().private


async def test_in_a_private_channel_it_is_declared(chat: Rig) -> None:
    private = {"tenant": {"id": "larkfield"}, "channel": {"type": "private"}}

    await chat.hears(activity(f"declare private critical {SECRET}", where=POST, channelData=private))

    assert chat.house.incident().private


async def test_a_form_with_the_box_ticked_is_refused_where_a_team_reads_along(chat: Rig) -> None:
    body, said = await chat.invoked(submits({**TITLE, "title": SECRET, "private": "yes"}, where=POST))

    assert chat.numbers() == 0
    assert body["task"]["type"] == "message"
    assert said == []


async def test_a_word_that_asks_for_more_opens_its_form_where_the_asker_reads_alone(chat: Rig) -> None:
    said = await chat.hears(activity("declare"))

    assert [one.conversation for one in said] == [CHAT]
    assert {one["title"] for one in said[0].words["attachments"][0]["content"]["body"][-1]["actions"]} >= {"Declare"}


async def test_in_a_channel_it_is_a_button_that_opens_a_dialog(chat: Rig) -> None:
    said = await chat.hears(activity("declare", where=POST))

    assert said[0].button("Open the form")["msteams"] == {"type": "task/fetch"}


async def test_somebody_without_an_object_id_is_who_their_id_was_known_to_be(chat: Rig) -> None:
    await chat.hears(activity("declare critical Checkout is down"))

    await chat.hears(activity("INC-1 claim scribe") | {"from": {"id": "29:ana", "name": "Ana"}})

    people = chat.house.db.reads
    assert chat.kinds().count("RoleAssigned") == 1
    assert people.person_of(Identity("teams:larkfield/29:ana")) is None


async def test_a_stand_in_without_tenants_has_one_person_in_messages_and_presses(tmp_path: Path) -> None:
    user, place = {"id": "user-id-0", "name": "Alex"}, {"id": "personal-chat-id"}
    plain: dict[str, Any] = {"from": user, "conversation": place, "channelData": None}
    with rig(tmp_path, tenant="", channel="") as playground:
        await playground.hears(activity("declare critical Checkout is down", **plain))
        with_tenant = plain | {"channelData": {"tenant": {"id": "0000"}}}
        body, _ = await playground.invoked(presses(of("claim", 1, role="scribe"), **with_tenant))

        people = playground.house.db.reads
        assert "did" not in body["value"]
        assert people.person_of(Identity("teams:teams/user-id-0"))
        assert people.person_of(Identity("teams:0000/user-id-0")) is None
        assert await playground.desk.personal_chat("teams:teams/user-id-0") == "personal-chat-id"


@pytest.mark.parametrize("user", ["29:ben}@{slack:U1", "29:b en", "a/b", "29:\x00"])
async def test_a_mention_that_is_no_person_is_plain_words(chat: Rig, user: str) -> None:
    sent = activity("declare critical Tell <at>Ben</at>", where=GROUP)
    sent["entities"].append({"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": user, "name": "Ben"}})

    await chat.hears(sent)

    assert chat.house.incident().title == "Tell @Ben"


async def test_an_invoke_that_is_repeated_gets_the_answer_of_the_first(chat: Rig) -> None:
    await chat.hears(activity("declare critical Checkout is down"))
    press = presses(of("claim", 1, role="scribe"), where=POST, id="f:1", replyToId="9")

    first, _ = await chat.invoked(press)
    again, said = await chat.invoked(press)

    assert again == first
    assert said == []
    assert chat.kinds().count("RoleAssigned") == 1


async def test_a_dialog_whose_first_opening_was_lost_opens_all_the_same(chat: Rig) -> None:
    opening = fetches(of("declare"), where=POST, id="f:1")

    first, again = (await chat.invoked(opening))[0], (await chat.invoked(opening))[0]

    assert first["task"]["type"] == "continue"
    assert again == first


async def test_two_of_the_same_at_once_are_one(chat: Rig) -> None:
    await chat.hears(activity("declare critical Checkout is down"))
    opening = fetches(of("update", 1), where=POST, id="f:1")

    first, again = await asyncio.gather(chat.reception.invoked(opening), chat.reception.invoked(opening))

    assert first is not None
    assert again == first


async def test_what_nobody_serves_has_no_answer(chat: Rig) -> None:
    assert await chat.reception.invoked(invoke("composeExtension/query", {})) is None
    assert await chat.reception.invoked(fetches({"msteams": {}})) is None


async def test_a_button_that_is_not_ours_is_said_to_be_of_another_release(chat: Rig) -> None:
    body, _ = await chat.invoked(presses({"other": 1}, where=POST))

    assert body["value"] == OLD


async def test_the_bots_own_id_is_the_one_it_was_spoken_to_by(chat: Rig) -> None:
    await chat.hears(activity("list"))

    assert chat.desk.contacts.bot == BOT
