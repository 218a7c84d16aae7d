"""A card's actions as Teams' buttons."""

from typing import Any

import pytest

from adapters.teams.buttons import needs_form
from adapters.teams.limits import violations
from adapters.teams.render import message
from adapters.teams.spans import Setting
from bot.cards import Action, Confirm, Names, Open, Press, Style, line
from bot.refs import Address
from tests.adapters.teams.reading import TEAMS_NAMES, TENANT
from tests.adapters.teams.reading import actions as actions_of
from tests.adapters.teams.reading import card as card_of
from tests.samples.world import NOW

CHANNEL = Setting(tenant=TENANT)
ALONE = Setting(tenant=TENANT, personal=True)
QUESTION = Confirm(title="Cancel INC-42?", text="The room reads it.", yes="Cancel INC-42", no="Keep it open")


def rows(*actions: Action, setting: Setting = CHANNEL, names: Names = TEAMS_NAMES) -> list[list[dict[str, Any]]]:
    found = message(line("Words.", actions=actions), NOW, names, setting)
    assert violations(found) == []
    return [element["actions"] for element in card_of(found)["body"] if element["type"] == "ActionSet"]


def buttons(*actions: Action, setting: Setting = CHANNEL, names: Names = TEAMS_NAMES) -> list[dict[str, Any]]:
    return [button for row in rows(*actions, setting=setting, names=names) for button in row]


def press(label: str = "Claim comms", command: str = "claim", **more: Any) -> Press:
    return Press(**{"label": label, "command": command, "incident": 42, "values": {"role": "comms"}, **more})


def test_a_button_carries_its_word_its_values_and_its_incident() -> None:
    (found,) = buttons(press())

    data = {"sitrep": {"w": "claim", "i": 42, "v": {"role": "comms"}}}
    assert found == {
        "type": "Action.Execute",
        "title": "Claim comms",
        "verb": "claim",
        "data": data,
        "tooltip": "Claim comms on INC-42",
        "fallback": {"type": "Action.Submit", "title": "Claim comms", "data": data, "tooltip": "Claim comms on INC-42"},
    }


def test_a_press_that_needs_a_form_opens_a_dialog_where_others_read_along() -> None:
    (found,) = buttons(press("Post update", "update", values={}))

    assert found["type"] == "Action.Submit"
    assert found["data"] == {"msteams": {"type": "task/fetch"}, "sitrep": {"w": "update", "i": 42}}


def test_a_press_that_asks_first_opens_a_dialog_and_carries_its_question() -> None:
    (found,) = buttons(press("Close", "close", values={}, confirm=QUESTION))

    assert found["data"]["msteams"] == {"type": "task/fetch"}
    assert found["data"]["sitrep"]["q"] == ["Cancel INC-42?", "The room reads it.", "Cancel INC-42", "Keep it open"]


def test_in_a_personal_chat_every_press_is_answered_by_a_message() -> None:
    found = buttons(
        press("Post update", "update", values={}), press("Close", "close", confirm=QUESTION), press(), setting=ALONE
    )

    assert {button["type"] for button in found} == {"Action.Execute"}
    assert not any("msteams" in button["data"] for button in found)


@pytest.mark.parametrize(
    ("command", "values", "needed"),
    [
        ("claim", {"role": "ic"}, False),
        ("claim", {}, True),
        ("claim", {"role": " "}, True),
        ("identified", {"was": "investigating"}, False),
        ("reopen", {}, True),
        ("update", {"to": "all"}, True),
        ("resolve", {"how": "a", "verified": "b"}, True),
        ("close", {}, False),
        ("timeline", {}, False),
        ("no-such-word", {}, False),
    ],
)
def test_a_press_needs_a_form_where_its_command_may_ask_for_more(
    command: str, values: dict[str, str], needed: bool
) -> None:
    assert needs_form(press(command=command, values=values)) is needed


def test_a_press_that_names_no_incident_may_have_to_ask_for_it() -> None:
    assert needs_form(press(incident=None))
    assert not needs_form(press(command="list", values={}, incident=None))


def test_a_screen_reader_hears_which_incident_a_button_is_about() -> None:
    update, cancel, room = buttons(press("Post update"), press("Cancel INC-42"), Open(label="Open room", room=42))

    assert update["tooltip"] == "Post update on INC-42"
    assert "tooltip" not in cancel
    assert room["tooltip"] == "Open room of INC-42"


def test_there_is_one_primary_button_at_most() -> None:
    found = buttons(press("a", style=Style.PRIMARY), press("b", style=Style.PRIMARY), press("c"))

    assert [button.get("style") for button in found] == ["positive", None, None]


def test_danger_stands_on_the_button_that_does_it() -> None:
    asks, does = buttons(
        press("Cancel", "cancel", style=Style.DANGER, confirm=QUESTION), press("Do", "cancel", style=Style.DANGER)
    )

    assert "style" not in asks
    assert asks["data"]["sitrep"]["d"] is True
    assert does["style"] == "destructive"


def test_a_row_has_as_many_buttons_as_a_phone_shows() -> None:
    labels = ("Post update", "Mark identified", "Assign role", "A label as long as a whole row is")

    found = rows(*(press(label) for label in labels))

    assert [[button["title"] for button in row] for row in found] == [[*labels[:2]], [labels[2]], [labels[3]]]


def test_more_stands_after_the_last_row() -> None:
    found = rows(press("Add note", more=True), press("Post update"), press("Mark identified"), press("Assign role"))

    assert [[(button["title"], button.get("mode")) for button in row] for row in found] == [
        [("Post update", None), ("Mark identified", None)],
        [("Assign role", None), ("Add note", "secondary")],
    ]


def test_more_alone_is_a_row() -> None:
    assert [button["mode"] for button in buttons(press(more=True))] == ["secondary"]


def test_more_than_teams_takes_is_left_out() -> None:
    assert len(buttons(*(press(f"More {n}", more=True) for n in range(9)))) == 6
    assert len(buttons(*(press(f"{n}") for n in range(60)))) <= 24


def test_a_button_whose_values_do_not_fit_is_left_out_and_not_spoken_of() -> None:
    card = line("Words.", actions=(press("Too much", values={"text": "é" * 1_500}), press("Good")))

    assert message(card, NOW, TEAMS_NAMES, CHANNEL)["summary"] == "Words. Buttons: Good."


def test_a_room_opens_in_teams() -> None:
    (found,) = buttons(Open(label="Join room", room=42))

    assert found["type"] == "Action.OpenUrl"
    assert found["url"] == (
        "https://teams.microsoft.com/l/message/19%3A42%40thread.tacv2/1700000000042?tenantId=larkfield"
    )


def test_a_channel_that_is_a_room_opens_as_one() -> None:
    names = Names(rooms={42: "inc 42"}, places={42: (Address("teams:19:x@thread.tacv2"),)})

    (found,) = buttons(Open(label="Join room", room=42), names=names)

    assert found["url"] == "https://teams.microsoft.com/l/channel/19%3Ax%40thread.tacv2/inc%2042?tenantId=larkfield"


def test_a_room_that_is_not_here_has_no_button() -> None:
    assert buttons(Open(label="Join room", room=42), names=Names()) == []


def test_a_page_opens_where_it_is_one() -> None:
    (found,) = buttons(Open(label="Open", url="https://a.example/<x>"), Open(label="Bad", url="javascript:alert(1)"))

    assert found["url"] == "https://a.example/%3Cx%3E"


def test_the_fallback_says_the_same() -> None:
    found = message(line("Words.", actions=(press(),)), NOW, TEAMS_NAMES, CHANNEL)

    assert all(button["fallback"]["data"] == button["data"] for button in actions_of(found))
