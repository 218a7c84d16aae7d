"""A form as a Slack modal, and what comes back from one."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.limits import violations
from adapters.slack.mrkdwn import Workspace
from adapters.slack.payload_faults import BadPayload
from adapters.slack.views import again, kept, refusal, shown_fields, values_of, view
from bot.questions import Ask, Field, Form, Option
from tests.gallery import FORMS, NAMES
from tests.samples.world import NOW

WORKSPACE = Workspace(team="T1")
LEVELS = tuple(Option(value=name, label=name.capitalize()) for name in ("critical", "high", "low"))
CHOICES = (Ask.ROLE, Ask.PRIORITY, Ask.LEVEL, Ask.STATUS, Ask.AUDIENCE, Ask.CHOICE, Ask.MOMENT, Ask.DURATION)


def made(form: Form, **carried: str) -> dict[str, Any]:
    found = view(form, NOW, NAMES, WORKSPACE, carried)
    assert violations(found) == []
    return found


def asked(**field: Any) -> dict[str, Any]:
    """The input block of one field."""
    one = Field(**{"name": "text", "label": "What?", "ask": Ask.TEXT, **field})
    blocks = made(Form(title="T", command="note", submit="Send", fields=(one,)))["blocks"]
    found: dict[str, Any] = blocks[0]
    return found


def many(count: int) -> tuple[Option, ...]:
    return tuple(Option(value=str(number), label=f"Option {number}", description="d") for number in range(count))


def test_a_form_is_its_command() -> None:
    found = made(FORMS["resolve"])

    assert found["callback_id"] == "resolve"
    assert found["title"]["text"] == "Resolve INC-42"
    assert found["submit"]["text"] == "Resolve"
    assert kept(found).incident == 42


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Post update: INC-42", "Post update: INC-42"),
        ("Hand over communications officer: INC-42", "Hand over…: INC-42"),
        ("Cancel this incident for all INC-42", "Cancel this…: INC-42"),
        ("Which of the open incidents do you mean?", "Which of the open…"),
        ("", "Sitrep"),
    ],
)
def test_a_title_is_cut_and_keeps_its_incident(title: str, shown: str) -> None:
    form = Form(title=title, command="note", submit="Send", fields=(), incident=42)

    assert made(form)["title"]["text"] == shown


def test_a_field_is_named_as_its_parameter() -> None:
    block = asked(name="how")

    assert block["block_id"] == block["element"]["action_id"] == "how"


def test_what_may_stay_empty_is_optional() -> None:
    assert asked()["optional"] is False
    assert asked(required=False)["optional"] is True


def test_a_text_is_typed_within_its_limit() -> None:
    element = asked(value="x" * 200, limit=100, hint="A few words.")["element"]

    assert element["type"] == "plain_text_input"
    assert element["multiline"] is False
    assert element["max_length"] == 100
    assert element["initial_value"] == "x" * 99 + "…"


def test_a_long_text_has_several_lines() -> None:
    element = asked(ask=Ask.LONG_TEXT)["element"]

    assert element["multiline"] is True
    assert element["max_length"] == 3_000
    assert "initial_value" not in element


def test_a_person_is_picked() -> None:
    assert asked(ask=Ask.PERSON, value="@P-2")["element"] == {
        "action_id": "text",
        "type": "users_select",
        "initial_user": "UBEN",
    }


def test_people_are_picked_and_those_of_another_chat_are_not_proposed() -> None:
    value = "P-2 @P-6 @{slack:T1/UANA|Ana Lovelace} @{slack:T2/UX|X} P-2"

    element = asked(ask=Ask.PERSON, several=True, value=value)["element"]

    assert element["type"] == "multi_users_select"
    assert element["initial_users"] == ["UBEN", "UANA"]


@pytest.mark.parametrize("ask", CHOICES)
def test_few_choices_stand_open(ask: Ask) -> None:
    element = asked(ask=ask, options=many(10), value="3")["element"]

    assert element["type"] == "radio_buttons"
    assert element["initial_option"] == element["options"][3]
    assert element["options"][3]["description"]["text"] == "d"


@pytest.mark.parametrize("ask", CHOICES)
def test_many_choices_are_a_list(ask: Ask) -> None:
    element = asked(ask=ask, options=many(11), value="3")["element"]

    assert element["type"] == "static_select"
    assert element["initial_option"] == element["options"][3]


def test_several_of_few_are_ticked() -> None:
    element = asked(ask=Ask.AUDIENCE, options=LEVELS, several=True, value="high low other")["element"]

    assert element["type"] == "checkboxes"
    assert [option["value"] for option in element["initial_options"]] == ["high", "low"]


def test_several_of_many_are_a_list() -> None:
    assert asked(ask=Ask.AUDIENCE, options=many(11), several=True)["element"]["type"] == "multi_static_select"


def test_more_than_a_list_holds_is_left_out() -> None:
    assert len(asked(ask=Ask.INCIDENT, options=many(150))["element"]["options"]) == 100


@pytest.mark.parametrize("ask", [*CHOICES, Ask.INCIDENT])
def test_without_choices_a_value_is_typed(ask: Ask) -> None:
    assert asked(ask=ask, value="30m")["element"]["initial_value"] == "30m"


def test_a_flag_is_one_box_and_never_required() -> None:
    block = asked(ask=Ask.FLAG, label="Private", hint="Only people you invite see it.", value="yes")

    assert block["optional"] is True
    assert "hint" not in block
    assert block["element"]["options"] == block["element"]["initial_options"]
    assert block["element"]["options"][0]["text"]["text"] == "Only people you invite see it."


def test_what_is_known_stands_above() -> None:
    assert made(FORMS["snooze"])["blocks"][0]["text"]["text"].startswith("The promise is still <!date^")


def test_a_finding_stands_under_its_field() -> None:
    blocks = made(FORMS["update-findings"])["blocks"]

    place = [block.get("block_id") for block in blocks].index("words")
    assert blocks[place + 1]["elements"][0]["text"].startswith("*'fixed' says more than identified: wait for resolve.")


def test_what_is_settled_comes_back() -> None:
    values = {"to": "internal & <all>", "next": "30m"}
    found = kept(made(replace(FORMS["resolve"], values=values), place="slack:T1/C42"))

    assert found.values == values
    assert found.carried == {"place": "slack:T1/C42"}


def test_what_is_too_long_to_carry_along_is_shown_instead_of_lost() -> None:
    found = made(replace(FORMS["resolve"], values={"text": "x" * 2_990, "to": "internal"}))

    assert kept(found).values == {"to": "internal"}
    assert list(shown_fields(found)) == ["how", "verified", "words", "text"]
    assert found["blocks"][-1]["element"]["initial_value"] == "x" * 2_990


@pytest.mark.parametrize("metadata", ["[]", "no", '{"i": "42"}', '{"i": true}', '{"v": {"a": 1}}', '{"c": []}', 7])
def test_what_is_not_ours_is_a_bad_payload(metadata: object) -> None:
    with pytest.raises(BadPayload):
        kept({"private_metadata": metadata})


def test_nothing_carried_along_is_nothing_known() -> None:
    assert kept({"private_metadata": ""}).incident is None


def submission(**state: dict[str, Any]) -> dict[str, Any]:
    return {"view": {"state": {"values": {name: {name: answer} for name, answer in state.items()}}}}


def test_what_was_filled_in_comes_back_as_typed() -> None:
    payload = submission(
        text={"type": "plain_text_input", "value": "a &amp; b @{slack:T1/U9|x} <@U1>\x00"},
        empty={"type": "plain_text_input", "value": None},
        level={"type": "radio_buttons", "selected_option": {"value": "high"}},
        nothing={"type": "static_select", "selected_option": None},
        to={"type": "checkboxes", "selected_options": [{"value": "internal"}, {"value": "customers"}]},
        private={"type": "checkboxes", "selected_options": []},
        people={"type": "multi_users_select", "selected_users": ["U1", "W2"]},
        person={"type": "users_select", "selected_user": "U3"},
        nobody={"type": "users_select", "selected_user": None},
        odd={"type": "file_input", "files": []},
    )

    assert values_of(payload, "T1") == {
        "text": "a & b @ {slack:T1/U9|x} <@U1>",
        "level": "high",
        "to": "internal customers",
        "people": "@{slack:T1/U1|} @{slack:T1/W2|}",
        "person": "@{slack:T1/U3|}",
    }


@pytest.mark.parametrize("payload", [{}, {"view": {}}, {"view": {"state": {"values": []}}}, submission(a=[])])  # type: ignore[arg-type]
def test_a_state_that_is_none_is_a_bad_payload(payload: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        values_of(payload, "T1")


def test_findings_are_told_at_their_fields() -> None:
    form = FORMS["update-lacking"]

    assert again(form, made(form), NOW, NAMES, WORKSPACE) == {
        "response_action": "errors",
        "errors": {
            "who": "Say who is affected, or that it is not known yet.",
            "expect": "Say what people can expect or do.",
        },
    }


def test_a_refusal_is_told_at_the_first_field() -> None:
    assert refusal(made(FORMS["resolve"]), "INC-42 is closed.")["errors"] == {"how": "INC-42 is closed."}


def test_a_refusal_of_a_form_without_fields_closes_it() -> None:
    assert refusal({"blocks": []}, "No.") == {"response_action": "clear"}


def test_a_form_that_asks_for_more_is_shown_anew_and_keeps_what_it_carried() -> None:
    submitted = made(FORMS["update"], place="slack:T1/C42")

    answer = again(FORMS["update-findings"], submitted, NOW, NAMES, WORKSPACE)

    assert answer["response_action"] == "update"
    assert kept(answer["view"]).carried == {"place": "slack:T1/C42"}
    assert "publish_as_it_is" in shown_fields(answer["view"])


@given(st.text(max_size=400), st.lists(st.text(max_size=90), max_size=12), st.sampled_from(Ask), st.booleans())
def test_any_form_keeps_to_the_limits(words: str, values: list[str], ask: Ask, several: bool) -> None:
    options = tuple(Option(value=value, label=words, description=words) for value in values)
    field = Field(
        name="f", label=words, ask=ask, hint=words, value=words, finding=words, options=options, several=several
    )
    form = Form(
        title=words, command="note", submit=words, fields=(field,), above=(words,), incident=42, values={"v": words}
    )

    json.dumps(made(form), ensure_ascii=False).encode()
