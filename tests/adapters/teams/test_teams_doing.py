"""Buttons, dialogs and forms as messages: each does its command, and its presser alone hears of it."""

from typing import Any

import pytest

from adapters.teams.doing import IN_CHAT, IN_DIALOG, UNCHANGED
from adapters.teams.extensions import OLD
from tests.adapters.teams.chat_rig import Rig, buttons, text_of
from tests.adapters.teams.saying import CHAT, GROUP, POST, activity, fetches, invoke, of, presses, submits

QUESTION = ["Cancel INC-1?", "The room reads that it was a false alarm.", "Cancel INC-1", "Keep it open"]
TYPED = "A long sentence that nobody wants to type again"


def cancelling(*, confirmed: bool = False) -> dict[str, Any]:
    told = of("cancel", 1, reason="a false alarm")["sitrep"]
    return {"sitrep": told | ({"y": True} if confirmed else {"q": QUESTION, "d": True})}


def sent(opened: dict[str, Any], **filled: str) -> dict[str, Any]:
    """What a dialog sends: what its submit button carries, and what was filled in."""
    return dict(next(iter(buttons(opened)))["data"]) | filled


def shown(opened: dict[str, Any]) -> dict[str, str]:
    """By name, what stands in a dialog's fields."""
    body = opened["task"]["value"]["card"]["content"]["body"]
    return {one["id"]: str(one.get("value", "")) for one in body if "id" in one}


async def test_a_press_is_done_and_said_to_its_presser_alone(open_one: Rig) -> None:
    body, said = await open_one.invoked(presses(of("claim", 1, role="scribe"), where=POST, replyToId="9"))

    assert open_one.kinds().count("RoleAssigned") == 1
    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert said == []


async def test_a_refusal_of_a_press_is_for_its_presser_alone(open_one: Rig) -> None:
    body, said = await open_one.invoked(presses(of("resolve", 7), where=POST, replyToId="9"))

    assert "INC-7" in body["value"]
    assert said == []


async def test_a_button_opens_a_dialog_and_what_was_typed_comes_back_with_what_is_wrong(open_one: Rig) -> None:
    opened, _ = await open_one.invoked(fetches(of("resolve", 1), where=POST))

    again, _ = await open_one.invoked(submits(sent(opened, how=TYPED), where=POST))

    assert again["task"]["type"] == "continue"
    assert TYPED in shown(again).values()
    assert "Say " in text_of(again)


async def test_a_dialog_that_is_refused_gives_back_what_was_typed(open_one: Rig) -> None:
    opened, _ = await open_one.invoked(fetches(of("note", 1), where=POST))
    form = sent(opened, text=TYPED)

    refused, _ = await open_one.invoked(submits(form | {"sitrep": form["sitrep"] | {"i": 9}}, where=POST))

    assert refused["task"]["type"] == "message"
    assert TYPED in refused["task"]["value"]


async def test_a_dialog_that_is_done_closes(open_one: Rig) -> None:
    opened, _ = await open_one.invoked(fetches(of("note", 1), where=POST))

    body, said = await open_one.invoked(submits(sent(opened, text=TYPED), where=POST))

    assert "NoteAdded" in open_one.kinds()
    assert body["task"]["type"] == "message"
    assert said == []


async def test_what_asks_first_asks_in_a_dialog_where_others_read(open_one: Rig) -> None:
    opened, said = await open_one.invoked(fetches(cancelling(), where=POST))

    assert QUESTION[0] in text_of(opened)
    assert said == []
    assert "Cancelled" not in open_one.kinds()


async def test_its_yes_does_it_and_its_no_changes_nothing(open_one: Rig) -> None:
    opened, _ = await open_one.invoked(fetches(cancelling(), where=POST))
    yes, no = (dict(one["data"]) for one in buttons(opened))

    closed, _ = await open_one.invoked(submits(no, where=POST))
    assert closed == {}
    assert "Cancelled" not in open_one.kinds()

    await open_one.invoked(submits(yes, where=POST))
    assert "Cancelled" in open_one.kinds()


async def test_no_question_is_put_before_the_eyes_of_others(open_one: Rig) -> None:
    body, said = await open_one.invoked(presses(cancelling(), where=POST, replyToId="9"))

    assert body["value"] == IN_DIALOG
    assert said == []


async def test_in_a_personal_chat_the_question_is_a_card_and_its_answer_takes_its_place(open_one: Rig) -> None:
    _, said = await open_one.invoked(presses(cancelling()))
    question = said[0]
    no, yes = question.button(QUESTION[3]), question.button(QUESTION[2])

    _, left = await open_one.invoked(presses(no, replyToId=question.activity))
    _, done = await open_one.invoked(presses(yes, replyToId=question.activity))

    assert [(one.edit, one.activity, UNCHANGED in one.text) for one in left] == [(True, question.activity, True)]
    assert [(one.edit, one.activity) for one in done] == [(True, question.activity)]
    assert "Cancelled" in open_one.kinds()


@pytest.mark.parametrize("data", [cancelling(confirmed=True), {"sitrep": {"w": "", "no": True}}])
async def test_an_answer_made_up_elsewhere_takes_the_place_of_no_card(open_one: Rig, data: dict[str, Any]) -> None:
    _, said = await open_one.invoked(presses(data, where=POST, replyToId="the-incident-card"))

    assert [one for one in said if one.edit] == []


async def test_closing_is_no_word(chat: Rig) -> None:
    body, said = await chat.invoked(fetches({"sitrep": {"w": "", "no": True}}, where=POST))

    assert (body, said) == ({}, [])


async def test_a_client_without_executes_sends_a_message_and_reads_a_message(open_one: Rig) -> None:
    said = await open_one.hears(activity(None, value=of("resolve", 7), where=GROUP))

    assert [one.conversation for one in said] == ["a:29:ana"]
    assert "INC-7" in said[0].text


async def test_it_reads_nothing_twice(open_one: Rig) -> None:
    question = await open_one.hears(activity(None, value=cancelling()))
    no = question[0].button(QUESTION[3])

    left = await open_one.hears(activity(None, value=no, replyToId=question[0].activity))

    assert (len(question), len(left)) == (1, 1)
    assert left[0].edit


async def test_its_repeat_asks_nothing_again(open_one: Rig) -> None:
    press = activity(None, value=cancelling())
    await open_one.hears(press)

    assert await open_one.hears(press) == []


async def test_a_form_as_a_message_keeps_its_place_until_it_is_done(chat: Rig) -> None:
    form = (await chat.hears(activity("declare")))[0]
    data = form.button("Declare")

    body, wrong = await chat.invoked(presses(data | {"services": TYPED}, replyToId=form.activity))
    assert "see the form" in body["value"]
    assert [(one.edit, one.activity, TYPED in one.text) for one in wrong] == [(True, form.activity, True)]

    _, done = await chat.invoked(presses(data | {"title": "Checkout is down"}, replyToId=form.activity))
    assert chat.numbers() == 1
    assert (True, form.activity) in [(one.edit, one.activity) for one in done]


async def test_the_same_form_sent_unchanged_is_refused_again_and_not_taken_as_done(chat: Rig) -> None:
    form = (await chat.hears(activity("declare")))[0]
    data = form.button("Declare") | {"services": TYPED}

    first, _ = await chat.invoked(presses(data, replyToId=form.activity, id=None))
    again, _ = await chat.invoked(presses(data, replyToId=form.activity, id=None))

    assert first["value"] == again["value"]


async def test_where_others_read_a_form_that_only_the_core_knew_of_is_offered_in_private(open_one: Rig) -> None:
    body, said = await open_one.invoked(presses(of("resolve", 1), where=POST, replyToId="9"))

    assert body["value"] == IN_CHAT
    assert [one.conversation for one in said] == ["a:29:ana"]


@pytest.mark.parametrize("where", [POST, GROUP, CHAT])
async def test_an_action_on_a_message_opens_its_form_with_the_messages_words(chat: Rig, where: str) -> None:
    message = {"body": {"contentType": "html", "content": "<div>Checkout &amp; cards<br>are <b>down</b></div>"}}
    value = {"commandId": "declare", "messagePayload": message}

    opened, _ = await chat.invoked(invoke("composeExtension/fetchTask", value, where=where))
    await chat.invoked(invoke("composeExtension/submitAction", {"data": sent(opened, **shown(opened))}, where=where))

    assert shown(opened)["title"] == "Checkout & cards are down"
    assert chat.house.incident().title == "Checkout & cards are down"


async def test_a_chat_of_two_people_is_never_taken_for_ours_with_one_of_them(chat: Rig) -> None:
    two = {"id": "19:ana_ben@unq.gbl.spaces", "conversationType": "personal"}
    await chat.hears(activity("help"))

    await chat.invoked(invoke("composeExtension/fetchTask", {"commandId": "declare"}, conversation=two))

    assert await chat.desk.personal_chat("teams:larkfield/o-ana") == CHAT
    assert not await chat.desk.contacts.is_personal(two["id"])


async def test_an_action_repeated_opens_again_and_declares_once(chat: Rig) -> None:
    opening = invoke("composeExtension/fetchTask", {"commandId": "declare"}, where=POST, id="f:1")
    first, again = (await chat.invoked(opening))[0], (await chat.invoked(opening))[0]
    sending = invoke(
        "composeExtension/submitAction", {"data": sent(first, title="Checkout is down")}, where=POST, id="f:2"
    )

    await chat.invoked(sending)
    await chat.invoked(sending)

    assert again == first
    assert chat.numbers() == 1


@pytest.mark.parametrize("value", [{}, {"commandId": "resolve"}, {"commandId": ["declare"]}])
async def test_an_action_that_is_not_ours_says_so(chat: Rig, value: dict[str, Any]) -> None:
    body, _ = await chat.invoked(invoke("composeExtension/fetchTask", value, where=POST))

    assert body["task"]["value"] == OLD


@pytest.mark.parametrize("payload", [None, [], {"body": 7}, {"body": {"content": ["x"]}}])
async def test_a_message_that_cannot_be_read_fills_nothing_in(chat: Rig, payload: object) -> None:
    value = {"commandId": "note", "messagePayload": payload}

    body, _ = await chat.invoked(invoke("composeExtension/fetchTask", value, where=POST))

    assert body["task"]["type"] in ("continue", "message")
