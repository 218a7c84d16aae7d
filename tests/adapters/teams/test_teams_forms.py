"""A form as a dialog or a message, and the question before a press counts."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.carried import NOT_TICKED, of_press, read
from adapters.teams.forms import SHORTENED, dialog, form_message, question_dialog, question_message
from adapters.teams.limits import violations
from adapters.teams.spans import Setting
from bot.cards import Confirm, Press
from bot.questions import Ask, Field, Form, Option
from bot.refs import Identity
from tests.adapters.teams.reading import TEAMS_NAMES, TENANT, actions, shown
from tests.adapters.teams.reading import card as card_of
from tests.gallery import FORMS
from tests.samples.world import NOW

SETTING = Setting(tenant=TENANT)
LEVELS = tuple(Option(value=name, label=name.capitalize()) for name in ("critical", "high", "low"))
CHOICES = (Ask.ROLE, Ask.PRIORITY, Ask.LEVEL, Ask.STATUS, Ask.AUDIENCE, Ask.CHOICE, Ask.MOMENT, Ask.DURATION)


def made(form: Form, setting: Setting = SETTING, **carried: str) -> dict[str, Any]:
    found = dialog(form, NOW, TEAMS_NAMES, setting, carried)
    assert violations(found) == []
    said = form_message(form, NOW, TEAMS_NAMES, setting, carried)
    assert violations(said) == []
    return found


def elements(form: Form, setting: Setting = SETTING) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = card_of(made(form, setting))["body"]
    return found


def asked(setting: Setting = SETTING, **field: Any) -> dict[str, Any]:
    """The input of one field."""
    one = Field(**{"name": "text", "label": "What?", "ask": Ask.TEXT, **field})
    found = elements(Form(title="T", command="note", submit="Send", fields=(one,)), setting)
    return next(element for element in found if "id" in element)


def many(count: int) -> tuple[Option, ...]:
    return tuple(Option(value=str(number), label=f"Option {number}", description="D") for number in range(count))


def ids(found: Mapping[str, Any]) -> list[str]:
    return [element["id"] for element in card_of(found)["body"] if "id" in element]


def test_a_form_is_its_command() -> None:
    found = made(FORMS["resolve"], place="teams:19:x")

    (submit,) = actions(found)
    told = read(submit["data"])
    assert found["title"] == "Resolve INC-42"
    assert (submit["type"], submit["title"]) == ("Action.Submit", "Resolve")
    assert told is not None
    assert (told.word, told.incident, told.carried) == ("resolve", 42, {"place": "teams:19:x"})


def test_a_form_with_many_fields_is_a_tall_dialog() -> None:
    assert made(FORMS["note"])["height"] == "medium"
    assert made(FORMS["update"])["height"] == "large"


def test_a_field_is_named_as_its_parameter_and_its_input_says_its_label() -> None:
    found = asked(name="how", label="How *was* it?")

    assert (found["id"], found["label"]) == ("how", "How *was* it?")


def test_what_is_required_says_what_to_do_in_the_words_of_its_command() -> None:
    inputs = {element["id"]: element for element in elements(FORMS["resolve"]) if "id" in element}

    assert inputs["verified"]["isRequired"] is True
    assert inputs["verified"]["errorMessage"] == "Say how it was checked: a test, a measure, a person who looked."
    assert "isRequired" not in asked(required=False)
    assert asked(name="unknown", hint="In a few words.")["errorMessage"] == "In a few words."
    assert asked(name="unknown")["errorMessage"] == "Answer this."


def test_a_text_is_typed_within_its_limit() -> None:
    found = asked(value="x" * 200, limit=100)

    assert found["type"] == "Input.Text"
    assert found["isMultiline"] is False
    assert found["maxLength"] == 100
    assert found["value"] == "x" * 99 + "…"


def test_a_long_text_has_several_lines() -> None:
    found = asked(ask=Ask.LONG_TEXT)

    assert found["isMultiline"] is True
    assert found["maxLength"] == 3_000
    assert "value" not in found


def test_what_was_typed_stands_in_an_input_as_it_is() -> None:
    assert asked(value="a *b* <at>\nc")["value"] == "a *b* <at>\nc"


def test_people_are_offered_and_searched_for() -> None:
    people = ((Identity("teams:larkfield/zoe"), "Zoë"),)

    found = asked(Setting(tenant=TENANT, people=people), ask=Ask.PERSON, value="@P-2")

    assert found["type"] == "Input.ChoiceSet"
    assert found["choices"] == [
        {"title": "Ben", "value": "teams:larkfield/ben"},
        {"title": "Zoë", "value": "teams:larkfield/zoe"},
    ]
    assert found["choices.data"] == {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
    assert (found["value"], found["isMultiSelect"]) == ("teams:larkfield/ben", False)


def test_people_of_another_place_are_not_proposed() -> None:
    value = "P-2 @{teams:larkfield/zoe|Zoë Ray} @{teams:other/x|X} @{slack:T1/UANA|Ana} P-404 P-2"

    found = asked(ask=Ask.PERSON, several=True, value=value)

    assert found["value"] == "teams:larkfield/ben,teams:larkfield/zoe"
    assert found["choices"][1]["title"] == "Zoë Ray"


@pytest.mark.parametrize("ask", CHOICES)
def test_few_choices_stand_open_each_with_its_description(ask: Ask) -> None:
    found = asked(ask=ask, options=many(10), value="3")

    assert (found["type"], found["style"], found["wrap"]) == ("Input.ChoiceSet", "expanded", True)
    assert found["value"] == "3"
    assert found["choices"][3] == {"title": "Option 3. D", "value": "3"}


@pytest.mark.parametrize("ask", [*CHOICES, Ask.INCIDENT])
def test_many_choices_are_a_list(ask: Ask) -> None:
    found = asked(ask=ask, options=many(11), value="3")

    assert found["style"] == "compact"
    assert found["choices"][3] == {"title": "Option 3", "value": "3"}


def test_several_are_ticked() -> None:
    found = asked(ask=Ask.AUDIENCE, options=LEVELS, several=True, value="high low other")

    assert found["isMultiSelect"] is True
    assert found["value"] == "high,low"


def test_more_than_a_list_holds_is_left_out() -> None:
    assert len(asked(ask=Ask.INCIDENT, options=many(150))["choices"]) == 100


def test_a_value_that_would_not_come_back_is_left_out() -> None:
    options = tuple(Option(value=value, label=value) for value in ("a,b", "c", "", "d\ne", "c"))

    assert [choice["value"] for choice in asked(ask=Ask.CHOICE, options=options, several=True)["choices"]] == ["c"]


@pytest.mark.parametrize("ask", [*CHOICES, Ask.INCIDENT])
def test_without_choices_a_value_is_typed(ask: Ask) -> None:
    assert asked(ask=ask, value="30m")["value"] == "30m"


def test_a_flag_is_one_box_and_never_required() -> None:
    found = asked(ask=Ask.FLAG, label="Private", hint="Only people you invite see it.", value="yes")

    assert found["type"] == "Input.Toggle"
    assert found["title"] == "Only people you invite see it."
    assert (found["valueOn"], found["valueOff"], found["value"]) == ("yes", NOT_TICKED, "yes")
    assert "isRequired" not in found


def test_what_is_known_stands_above() -> None:
    assert elements(FORMS["snooze"])[0]["text"].startswith("The promise is still {{TIME(")


def test_a_finding_stands_above_its_field_and_the_hint_below() -> None:
    field = Field(name="what", label="What?", ask=Ask.TEXT, hint="In a few words.", finding="Say *more*.")

    finding, question, hint = elements(Form(title="T", command="note", submit="Send", fields=(field,)))

    assert (finding["text"], finding["color"]) == (r"**Say \*more\*.**", "Attention")
    assert question["id"] == "what"
    assert (hint["text"], hint["size"]) == ("In a few words.", "Small")


def test_what_is_settled_comes_back() -> None:
    values = {"to": "internal & <all>", "next": "30m"}

    told = read(actions(made(replace(FORMS["resolve"], values=values)))[0]["data"])

    assert told is not None
    assert told.values == values


def test_what_is_too_long_to_carry_along_is_shown_instead_of_lost() -> None:
    found = made(replace(FORMS["resolve"], values={"text": "é" * 2_990, "to": "internal"}))

    told = read(actions(found)[0]["data"])
    assert told is not None
    assert told.values == {"to": "internal"}
    assert ids(found) == [*(field.name for field in FORMS["resolve"].fields), "text"]
    assert card_of(found)["body"][-1]["value"] == "é" * 2_990


def test_what_does_not_fit_is_shortened_and_says_so() -> None:
    fields = tuple(
        Field(name=f"f{n}", label="What?", ask=Ask.LONG_TEXT, value="日本 " * 900, options=()) for n in range(9)
    )

    found = made(Form(title="T", command="note", submit="Send", fields=fields))

    assert SHORTENED in shown(found)
    assert len(ids(found)) == 9


def test_a_form_alone_with_its_reader_is_a_message_that_can_be_left() -> None:
    found = form_message(FORMS["resolve"], NOW, TEAMS_NAMES, SETTING, {})

    submit, back = actions(found)
    assert (submit["type"], submit["fallback"]["type"], submit["verb"]) == (
        "Action.Execute",
        "Action.Submit",
        "resolve",
    )
    assert (back["title"], back["associatedInputs"]) == ("Back", "none")
    assert ids(found) == ids(made(FORMS["resolve"]))
    assert found["summary"].startswith("Resolve INC-42. ")
    assert found["summary"].endswith("Buttons: Resolve, Back.")


QUESTION = Confirm(title="Cancel INC-42?", text="The *room* reads it.", yes="Cancel INC-42", no="Keep it open")


@pytest.mark.parametrize("dangerous", [True, False])
def test_a_question_is_asked_in_its_own_words_and_its_yes_is_the_press(*, dangerous: bool) -> None:
    told = read(of_press(Press(label="x", command="cancel", incident=42, confirm=QUESTION), dangerous=dangerous))
    assert told is not None

    for found in (question_dialog(told, SETTING), question_message(told, SETTING)):
        yes, no = actions(found)
        assert violations(found) == []
        assert "The *room* reads it." in shown(found)
        assert (yes["title"], no["title"]) == ("Cancel INC-42", "Keep it open")
        assert yes["style"] == ("destructive" if dangerous else "positive")
        confirmed, closing = read(yes["data"]), read(no["data"])
        assert confirmed is not None
        assert (confirmed.word, confirmed.incident, confirmed.confirmed) == ("cancel", 42, True)
        assert closing is not None
        assert closing.closing


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_question_keeps_to_the_limits(words: str, more: str) -> None:
    asking = Confirm(title=words, text=more, yes=words, no=more)
    told = read(of_press(Press(label="x", command="cancel", confirm=asking)))
    assert told is not None

    assert violations(question_dialog(told, SETTING)) == []
    assert violations(question_message(told, SETTING)) == []


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
