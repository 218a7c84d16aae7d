"""Slack's payloads as requests."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.payload_faults import BadPayload, ForeignTeam
from adapters.slack.payloads import commanded, mentioned, pressed, submitted

COMMAND = {
    "command": "/incident",
    "text": "declare critical Checkout &amp; <@UBEN|ben>",
    "user_id": "UANA",
    "user_name": "ana",
    "channel_id": "C1",
    "channel_name": "general",
    "team_id": "T1",
    "trigger_id": "13.37.abc",
    "response_url": "https://hooks.slack.example/secret",
}
MENTION = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {
        "type": "app_mention",
        "user": "UANA",
        "text": "<@UBOT> status INC-42",
        "channel": "C42",
        "ts": "1700000001.000100",
        "thread_ts": "1700000000.000100",
        "team": "T1",
    },
}
PRESS: dict[str, Any] = {
    "type": "block_actions",
    "trigger_id": "13.37.def",
    "team": {"id": "T1"},
    "user": {"id": "UANA", "team_id": "T1"},
    "channel": {"id": "C42"},
    "container": {"channel_id": "C42"},
    "actions": [
        {"type": "button", "action_id": "claim#2", "action_ts": "1.2", "value": '{"i":42,"v":{"role":"scribe"}}'}
    ],
}
SUBMISSION: dict[str, Any] = {
    "type": "view_submission",
    "trigger_id": "13.37.ghi",
    "team": {"id": "T1"},
    "user": {"id": "UANA", "team_id": "T1"},
    "view": {
        "id": "V1",
        "hash": "1.abc",
        "callback_id": "update",
        "private_metadata": '{"i":42,"v":{"to":"customers","text":"old"},"c":{"place":"slack:T1/C42"}}',
        "state": {"values": {"text": {"text": {"type": "plain_text_input", "value": "4 in 10 fail"}}}},
    },
}


def press(**action: Any) -> dict[str, Any]:
    return {**PRESS, "actions": [{**PRESS["actions"][0], **action}]}


def submission(**view: Any) -> dict[str, Any]:
    return {**SUBMISSION, "view": {**SUBMISSION["view"], **view}}


def test_a_command_is_its_words_who_said_them_and_where() -> None:
    request = commanded(COMMAND, "T1")

    assert request.text == "declare critical Checkout & @{slack:T1/UBEN|ben}"
    assert request.identity == "slack:T1/UANA"
    assert request.place == "slack:T1/C1"
    assert request.key == "slack:command:13.37.abc"
    assert request.word == ""


def test_a_mention_is_its_words_without_us() -> None:
    request = mentioned(MENTION, "T1", "UBOT")

    assert request is not None
    assert request.text == "status INC-42"
    assert request.identity == "slack:T1/UANA"
    assert request.key == "slack:event:Ev1"


def test_a_mention_in_a_thread_names_the_thread_for_it_may_be_a_room() -> None:
    request = mentioned(MENTION, "T1", "UBOT")

    assert request is not None
    assert request.place == "slack:T1/C42/1700000000.000100"


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"edited": {"ts": "1.2"}}, {"user": "UBOT"}])
def test_what_bots_say_and_what_was_heard_before_is_not_acted_on(more: dict[str, Any]) -> None:
    assert mentioned({**MENTION, "event": {**MENTION["event"], **more}}, "T1", "UBOT") is None  # type: ignore[dict-item]


def test_a_press_is_its_word_its_values_and_its_incident() -> None:
    request = pressed(PRESS, "T1")

    assert request is not None
    assert request.word == "claim"
    assert request.values == {"role": "scribe"}
    assert request.incident == 42
    assert request.place == "slack:T1/C42"
    assert request.key == "slack:press:13.37.def"
    assert not request.submitted


def test_a_press_without_a_trigger_is_named_by_who_when_and_what() -> None:
    request = pressed({**PRESS, "trigger_id": ""}, "T1")

    assert request is not None
    assert request.key == "slack:press:UANA/1.2/claim#2"


def test_a_choice_from_a_menu_is_a_press() -> None:
    chosen = {"value": '{"w":"cancel","i":42}'}

    request = pressed(press(type="overflow", action_id="_more#2", value=None, selected_option=chosen), "T1")

    assert request is not None
    assert (request.word, request.incident, request.values) == ("cancel", 42, {})


def test_a_button_that_opened_a_page_asks_for_nothing() -> None:
    assert pressed(press(action_id="_open#2", value=None), "T1") is None


def test_a_button_without_a_value_is_its_word() -> None:
    request = pressed(press(action_id="help", value=None), "T1")

    assert request is not None
    assert (request.word, request.incident) == ("help", None)


def test_a_form_is_its_word_with_what_was_filled_in_over_what_was_settled() -> None:
    request = submitted(SUBMISSION, "T1")

    assert request.word == "update"
    assert request.values == {"to": "customers", "text": "4 in 10 fail"}
    assert request.incident == 42
    assert request.place == "slack:T1/C42"
    assert request.submitted


def test_what_was_emptied_in_a_form_stays_empty() -> None:
    empty = {"values": {"text": {"text": {"type": "plain_text_input", "value": None}}}}

    assert submitted(submission(state=empty), "T1").values == {"to": "customers"}


def test_the_same_form_delivered_twice_has_one_name() -> None:
    assert submitted(SUBMISSION, "T1").key == submitted(deepcopy(SUBMISSION), "T1").key


def test_a_form_put_right_and_sent_again_is_another_request() -> None:
    corrected = {"values": {"text": {"text": {"type": "plain_text_input", "value": "5 in 10 fail"}}}}

    assert submitted(submission(state=corrected), "T1").key != submitted(SUBMISSION, "T1").key


def test_a_form_from_nowhere_has_no_place() -> None:
    for metadata in ("", '{"c":{"place":"slack:T2/C1"}}', '{"c":{"place":"slack:T1/U1"}}'):
        assert submitted(submission(private_metadata=metadata), "T1").place is None


Read = Callable[[Any], object]

WAYS: dict[str, tuple[Read, dict[str, Any]]] = {
    "command": (lambda body: commanded(body, "T1"), COMMAND),
    "mention": (lambda body: mentioned(body, "T1", "UBOT"), MENTION),
    "press": (lambda body: pressed(body, "T1"), PRESS),
    "form": (lambda body: submitted(body, "T1"), SUBMISSION),
}


@pytest.mark.parametrize(
    ("way", "change"),
    [
        ("command", {"team_id": "T2"}),
        ("mention", {"team_id": "T2"}),
        ("mention", {"event": {**MENTION["event"], "user_team": "T2"}}),  # type: ignore[dict-item]
        ("press", {"team": {"id": "T2"}}),
        ("press", {"user": {"id": "UANA", "team_id": "T2"}}),
        ("form", {"user": {"id": "UANA", "team_id": "T2"}}),
    ],
)
def test_people_of_another_workspace_are_strangers(way: str, change: dict[str, Any]) -> None:
    read, body = WAYS[way]

    with pytest.raises(ForeignTeam):
        read({**body, **change})


def test_people_of_the_same_organisation_are_none() -> None:
    body = {**PRESS, "team": {"id": "T1", "enterprise_id": "E1"}, "user": {"id": "WANA", "team_id": "E1"}}

    assert pressed(body, "T1") is not None


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("command", {"trigger_id": None}),
    ("command", {"user_id": ""}),
    ("command", {"user_id": "U1/../x"}),
    ("command", {"channel_id": "general"}),
    ("command", {"text": 5}),
    ("command", {"team_id": 7}),
    ("mention", {"event": None}),
    ("mention", {"event": {"type": "message"}}),
    ("mention", {"event_id": None}),
    ("press", {"actions": []}),
    ("press", {"actions": ["x"]}),
    ("press", {"actions": [{"action_id": 5}]}),
    ("press", press(value="no")),
    ("press", press(value="[1]")),
    ("press", press(value='{"i":"42"}')),
    ("press", press(value='{"i":true}')),
    ("press", press(value='{"i":-1}')),
    ("press", press(value='{"i":99999999999999}')),
    ("press", press(value='{"v":{"a":1}}')),
    ("press", press(value='{"v":[]}')),
    ("press", press(value="[" * 100_000)),
    ("press", press(action_id="_more", selected_option=None)),
    ("press", {"user": {}}),
    ("press", {"user": "UANA"}),
    ("form", {"view": None}),
    ("form", submission(callback_id="")),
    ("form", submission(id=None)),
    ("form", submission(state={})),
    ("form", submission(private_metadata="no")),
]


@pytest.mark.parametrize(("way", "change"), BROKEN, ids=range(len(BROKEN)))
def test_what_makes_no_sense_is_a_bad_payload(way: str, change: dict[str, Any]) -> None:
    read, body = WAYS[way]

    with pytest.raises(BadPayload):
        read({**body, **change})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("way", WAYS)
@given(data=st.data())
def test_nothing_that_arrives_breaks_more_than_itself(way: str, data: st.DataObject) -> None:
    read, body = WAYS[way]
    broken = deepcopy(body)
    spot = broken
    while True:
        key = data.draw(st.sampled_from(sorted(spot)))
        if not isinstance(spot[key], dict) or not spot[key] or data.draw(st.booleans()):
            spot[key] = data.draw(JSON)
            break
        spot = spot[key]

    try:
        read(broken)
    except BadPayload:
        return
