"""What somebody asked for in their personal chat shows what they do with it; nobody else edits those messages."""

from typing import Any

import pytest

from tests.adapters.teams.chat_rig import Rig, Said, buttons
from tests.adapters.teams.saying import CHAT, POST, activity, of, presses


async def sent(chat: Rig, form: Said, title: str, **filled: str) -> list[Said]:
    """A form that is a message, filled in and sent."""
    _, said = await chat.invoked(presses(form.button(title) | filled, where=CHAT, replyToId=form.activity))
    return said


def titles(said: Said) -> list[Any]:
    return [one["title"] for one in buttons(said.words)]


@pytest.mark.parametrize("where", [CHAT, POST])
async def test_a_card_that_was_asked_for_shows_what_its_press_did(open_one: Rig, where: str) -> None:
    [card] = await open_one.hears(activity("status INC-1", where=where))
    assert "Claim commander" in titles(card)

    _, said = await open_one.invoked(
        presses(card.button("Claim commander"), where=card.conversation, replyToId=card.activity)
    )

    [again] = said
    assert (again.edit, again.activity) == (True, card.activity)
    assert "Ana" in again.text
    assert "Claim commander" not in titles(again)


async def test_a_press_that_changes_nothing_leaves_the_card(open_one: Rig) -> None:
    [card] = await open_one.hears(activity("status INC-1"))
    press = presses(card.button("Claim commander"), where=CHAT, replyToId=card.activity)
    await open_one.invoked(press)

    _, said = await open_one.invoked(press)

    assert said == []


async def test_what_the_outbox_said_is_left_to_the_outbox(open_one: Rig) -> None:
    _, said = await open_one.invoked(presses(of("claim", 1, role="scribe"), where=CHAT, replyToId="of-the-outbox"))

    assert said == []


async def test_an_answer_takes_the_place_of_its_form_with_times_in_the_readers_zone(open_one: Rig) -> None:
    await open_one.invoked(presses(of("claim", 1, role="incident_commander"), where=CHAT))
    [form] = await open_one.hears(activity("update INC-1"))

    [answer] = await sent(open_one, form, "Publish", what="Payments fail", steps="Rolling back", next="30m")

    assert answer.activity == form.activity
    assert "Update 1 is out to internal" in answer.text
    assert "{{TIME(" in answer.text


async def test_a_form_whose_command_says_nothing_leads_to_the_card(open_one: Rig) -> None:
    await open_one.invoked(presses(of("claim", 1, role="incident_commander"), where=CHAT))
    [form] = await open_one.hears(activity("resolve INC-1"))

    [answer] = await sent(open_one, form, "Resolve", how="It was rolled back", verified="200 payments went through")

    assert answer.activity == form.activity
    assert answer.text.strip() == "Done: the card of INC-1 shows it."
