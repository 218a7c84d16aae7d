"""A card as a Slack message."""

import json
from typing import Any

from adapters.slack.limits import violations
from adapters.slack.mrkdwn import Workspace
from adapters.slack.render import SHORTENED, message
from bot.cards import Action, Card, Confirm, Facts, Lines, Names, Note, Open, Press, Rule, Style, Text, Tone, line
from bot.refs import Address
from tests.samples.world import NAMES, NOW

WORKSPACE = Workspace(team="T1")


def blocks(card: Card, names: Names = NAMES) -> list[dict[str, Any]]:
    made = message(card, NOW, names, WORKSPACE)
    assert violations(made) == []
    found: list[dict[str, Any]] = made["blocks"]
    return found


def elements(*actions: Action, names: Names = NAMES) -> list[dict[str, Any]]:
    found = blocks(line("Words.", actions=actions), names)
    rows = [block for block in found if block["type"] == "actions"]
    assert len(rows) <= 1
    assert not rows or found[-1] is rows[0]
    return list(rows[0]["elements"]) if rows else []


def test_a_headlines_title_is_a_header_with_its_emoji() -> None:
    first = blocks(Card(title=("INC-42 a*b <c>",), tone=Tone.CRITICAL, headline=True))[0]

    assert first == {"type": "header", "text": {"type": "plain_text", "text": "🔴 INC-42 a*b <c>", "emoji": True}}


def test_any_other_title_is_bold() -> None:
    first = blocks(Card(title=("Update on INC-42 is due now",), tone=Tone.WARNING))[0]

    assert first["type"] == "section"
    assert first["text"]["text"] == "⚠️ *Update on INC-42 is due now*"


def test_a_neutral_title_has_no_emoji() -> None:
    assert blocks(Card(title=("INC-42",)))[0]["text"]["text"] == "*INC-42*"


def test_a_line_has_no_emoji_whatever_its_tone() -> None:
    assert (
        blocks(Card(tone=Tone.CRITICAL, body=(Text(("INC-42 is closed.",)),)))[0]["text"]["text"] == "INC-42 is closed."
    )


def test_no_emoji_is_spoken() -> None:
    assert message(Card(title=("INC-42",), tone=Tone.GOOD), NOW, NAMES, WORKSPACE)["text"] == "INC-42."


def test_slack_guesses_nothing_in_our_words() -> None:
    card = Card(title=("T",), body=(Text(("@here",)), Note(("#general",)), Facts((("a", ("b",)),)), Lines((("c",),))))

    rich = _rich(blocks(card))
    assert len(rich) == 5
    assert all(text["verbatim"] is True for text in rich)


def _rich(part: object) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        return [part] if part.get("type") == "mrkdwn" else [text for one in part.values() for text in _rich(one)]
    return [text for one in part for text in _rich(one)] if isinstance(part, list) else []


def test_facts_stand_eight_to_a_section_label_over_value() -> None:
    found = blocks(Card(body=(Facts(tuple((f"Label {n}", (f"value {n}",)) for n in range(10))),)))

    assert [len(block["fields"]) for block in found] == [8, 2]
    assert found[0]["fields"][0]["text"] == "*Label 0*\nvalue 0"


def test_lines_stand_one_under_the_other() -> None:
    assert blocks(Card(body=(Lines((("one",), ("two",))),)))[0]["text"]["text"] == "• one\n• two"


def test_many_lines_go_on_in_the_next_section() -> None:
    found = blocks(Card(body=(Lines(tuple((f"{n} " + "x" * 1_000,) for n in range(6))),)))

    assert len(found) == 3
    assert all(f"{n} x" in json.dumps(found) for n in range(6))


def test_a_note_is_a_context() -> None:
    assert blocks(Card(body=(Note(("quietly",)),)))[0]["elements"][0]["text"] == "quietly"


def test_a_gap_is_no_divider() -> None:
    assert [block["type"] for block in blocks(Card(body=(Text(("a",)), Rule(), Text(("b",)))))] == ["section"] * 2


def test_what_does_not_fit_is_not_left_out_in_silence() -> None:
    found = blocks(Card(body=tuple(Text(("x" * 3_000,)) for _ in range(9)), actions=(_press("Post update"),)))

    assert SHORTENED in json.dumps(found)
    assert found[-1]["type"] == "actions"


def test_what_is_spoken_names_its_buttons_however_long_the_card_is() -> None:
    made = message(line("& " * 9_000, actions=(_press("Post update"),)), NOW, NAMES, WORKSPACE)

    assert len(made["text"]) <= 3_900
    assert made["text"].endswith("… Buttons: Post update.")


def _press(label: str = "Press", command: str = "note", **more: Any) -> Press:
    return Press(label=label, command=command, incident=42, **more)


def test_a_button_carries_its_word_its_values_and_its_incident() -> None:
    (found,) = elements(_press("Claim comms", "claim", values={"role": "comms & <more>"}))

    assert found["action_id"] == "claim"
    assert json.loads(found["value"]) == {"i": 42, "v": {"role": "comms & <more>"}}
    assert not set(found["value"]) & set("&<>")


def test_a_word_that_comes_twice_has_a_number() -> None:
    found = elements(_press("Claim comms", "claim"), _press("Note"), _press("Claim scribe", "claim"))

    assert [element["action_id"] for element in found] == ["claim", "note", "claim#2"]


def test_a_screen_reader_hears_which_incident_a_button_is_about() -> None:
    update, cancel, room = elements(_press("Post update"), _press("Cancel INC-42"), Open(label="Open room", room=42))

    assert update["accessibility_label"] == "Post update on INC-42"
    assert "accessibility_label" not in cancel
    assert room["accessibility_label"] == "Open room of INC-42"


def test_there_is_one_primary_button_at_most() -> None:
    found = elements(_press("a", style=Style.PRIMARY), _press("b", style=Style.PRIMARY), _press("c"))

    assert [element.get("style") for element in found] == ["primary", None, None]


QUESTION = Confirm(title="Cancel INC-42?", text="The room reads it.", yes="Cancel INC-42", no="Keep it open")


def test_danger_stands_on_the_button_that_does_it() -> None:
    asks, does = elements(
        _press("Cancel INC-42", "cancel", style=Style.DANGER, confirm=QUESTION),
        _press("Cancel now", "cancel", style=Style.DANGER),
    )

    assert "style" not in asks
    assert asks["confirm"]["style"] == "danger"
    assert asks["confirm"]["deny"]["text"] == "Keep it open"
    assert does["style"] == "danger"


def test_a_question_about_something_harmless_is_not_red() -> None:
    (found,) = elements(_press("Close", "close", confirm=QUESTION))

    assert "style" not in found["confirm"]


def test_more_is_a_menu_after_the_buttons() -> None:
    found = elements(
        _press("Add note", more=True), _press("Post update", "update"), _press("Resolve", "resolve", more=True)
    )

    assert [element["type"] for element in found] == ["button", "overflow"]
    assert [json.loads(option["value"]) for option in found[1]["options"]] == [
        {"w": "note", "i": 42},
        {"w": "resolve", "i": 42},
    ]


def test_what_asks_first_has_a_menu_of_its_own() -> None:
    calm, asking = elements(
        _press("Add note", more=True),
        _press("Cancel INC-42", "cancel", more=True, style=Style.DANGER, confirm=QUESTION),
    )

    assert "confirm" not in calm
    assert asking["confirm"]["title"]["text"] == "Cancel INC-42?"
    assert asking["confirm"]["style"] == "danger"


def test_a_menu_holds_five_and_the_last_are_left_out() -> None:
    (menu,) = elements(*(_press(f"Press {n}", f"word{n}", more=True) for n in range(7)))

    assert [option["text"]["text"] for option in menu["options"]] == [f"Press {n}" for n in range(5)]


def test_what_a_menu_cannot_carry_is_a_button() -> None:
    (found,) = elements(_press("Note", values={"text": "x" * 100}, more=True))

    assert found["type"] == "button"


def test_a_button_whose_values_do_not_fit_is_left_out_and_not_spoken_of() -> None:
    card = line("Words.", actions=(_press("Too much", values={"text": "x" * 2_001}), _press("Good")))

    assert message(card, NOW, NAMES, WORKSPACE)["text"] == "Words. Buttons: Good."


def test_a_room_opens_in_slack() -> None:
    (found,) = elements(Open(label="Join room", room=42))

    assert found["url"] == "https://slack.com/app_redirect?channel=C42&team=T1"
    assert found["action_id"] == "_open"


def test_a_room_that_is_a_thread_opens_at_its_message() -> None:
    names = Names(places={42: (Address("slack:T1/C9/1700000000.000100"),)})

    (found,) = elements(Open(label="Join room", room=42), names=names)

    assert found["url"] == "https://slack.com/app_redirect?channel=C9&team=T1&message_ts=1700000000.000100"


def test_a_room_that_is_not_here_has_no_button() -> None:
    assert elements(Open(label="Join room", room=42), names=Names()) == []


def test_a_page_opens_where_it_is_one() -> None:
    (found,) = elements(Open(label="Open", url="https://a.example/<x>"), Open(label="Bad", url="javascript:alert(1)"))

    assert found["url"] == "https://a.example/%3Cx%3E"
