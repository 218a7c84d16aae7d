"""The check of payloads against Slack's limits finds what Slack would refuse."""

from typing import Any

import pytest

from adapters.slack import limits
from adapters.slack.limits import violations


def plain(length: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": "x" * length}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain(5), **more}


def of(*blocks: dict[str, Any], text: str = "Words.") -> list[str]:
    return violations({"text": text, "blocks": list(blocks)})


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, length: int = 1) -> list[dict[str, Any]]:
    return [{"text": plain(length), "value": f"v{number}"} for number in range(count)]


def asking(element: dict[str, Any], **more: Any) -> list[str]:
    block = {"type": "input", "block_id": "b", "label": plain(5), "element": {"action_id": "b", **element}}
    return violations({"type": "modal", "title": plain(5), "submit": plain(5), "blocks": [block], **more})


def test_a_good_message_has_none() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Words."}, "fields": [plain(5)] * 8}

    assert of({"type": "header", "text": plain(150)}, section, actions(button(value="{}"))) == []


BAD = {
    "no text": of(text=""),
    "blank text": of(text="  "),
    "long text": of(text="x" * (limits.TEXT + 1)),
    "too many blocks": of(*([{"type": "section", "text": plain(1)}] * 51)),
    "too much in all": of(*([{"type": "section", "text": plain(3_000)}] * 5)),
    "unknown block": of({"type": "divider"}),
    "input in a message": of({"type": "input", "label": plain(1)}),
    "long header": of({"type": "header", "text": plain(151)}),
    "header with markup": of({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    "long section": of({"type": "section", "text": plain(3_001)}),
    "empty section text": of({"type": "section", "text": plain(0)}),
    "empty section": of({"type": "section"}),
    "nine fields": of({"type": "section", "fields": [plain(1)] * 9}),
    "long field": of({"type": "section", "fields": [plain(2_001)]}),
    "eleven notes": of({"type": "context", "elements": [plain(1)] * 11}),
    "no buttons": of(actions()),
    "26 buttons": of(actions(*(button(action_id=str(number)) for number in range(26)))),
    "the same id twice": of(actions(button(), button())),
    "the same block twice": of(*({"type": "section", "block_id": "b", "text": plain(1)} for _ in range(2))),
    "long label": of(actions(button(text=plain(76)))),
    "long value": of(actions(button(value="x" * 2_001))),
    "long address": of(actions(button(url="https://a.example/" + "x" * 3_000))),
    "no address": of(actions(button(url="javascript:alert(1)"))),
    "long spoken label": of(actions(button(accessibility_label="x" * 76))),
    "long id": of(actions(button(action_id="x" * 256))),
    "six in a menu": of(actions({"type": "overflow", "action_id": "m", "options": options(6)})),
    "long option": of(actions({"type": "overflow", "action_id": "m", "options": options(1, 76)})),
    "same value twice": of(actions({"type": "overflow", "action_id": "m", "options": options(1) * 2})),
    "long question": of(
        actions(button(confirm={"title": plain(101), "text": plain(1), "confirm": plain(1), "deny": plain(1)}))
    ),
    "eleven radio buttons": asking({"type": "radio_buttons", "options": options(11)}),
    "101 in a list": asking({"type": "static_select", "options": options(101)}),
    "long value of a field": asking({"type": "plain_text_input", "initial_value": "x" * 3_001}),
    "long title": asking({"type": "plain_text_input"}, title=plain(25)),
    "no submit": violations(
        {"type": "modal", "title": plain(1), "blocks": [{"type": "input", "label": plain(1), "element": {}}]}
    ),
    "no title": violations({"type": "modal", "blocks": []}),
    "long metadata": asking({"type": "plain_text_input"}, private_metadata="x" * 3_001),
    "long chosen option": asking({"type": "static_select", "initial_option": options(1, 76)[0], "options": options(1)}),
}


@pytest.mark.parametrize("found", BAD.values(), ids=BAD)
def test_a_breach_is_found(found: list[str]) -> None:
    assert len(found) == 1


def test_a_breach_names_its_place() -> None:
    found = of(actions(button(), button(action_id="b", text=plain(80))))

    assert found == ["blocks[0].elements[1].text: 80 characters, 75 allowed"]
