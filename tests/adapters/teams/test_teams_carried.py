"""What buttons and forms carry along comes back as it went, and nothing else is taken for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.carried import NOT_TICKED, Told, answers, of_answer, of_closing, of_form, of_press, read
from adapters.teams.payload_faults import BadPayload
from bot.cards import Confirm, Press
from bot.questions import Ask, Field, Form, Option
from tests.adapters.teams.reading import TENANT

GUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
QUESTION = Confirm(title="Sure?", text="It ends.", yes="End it", no="Keep it")


def test_a_press_comes_back() -> None:
    told = read(of_press(Press(label="x", command="claim", values={"role": "comms\x00 & <more>"}, incident=42)))

    assert told == Told(word="claim", incident=42, values={"role": "comms & <more>"})


def test_a_question_comes_back_and_its_yes_is_the_press() -> None:
    press = Press(label="x", command="cancel", incident=42, confirm=QUESTION)

    asked = read(of_press(press, dangerous=True))
    assert asked == Told(word="cancel", incident=42, question=QUESTION, dangerous=True)
    assert read(of_answer(asked)) == Told(word="cancel", incident=42, confirmed=True)


def test_a_no_closes() -> None:
    assert read(of_closing()) == Told(word="", closing=True)


def test_what_a_form_carries_comes_back() -> None:
    form = Form(title="T", command="update", submit="Send", fields=(), incident=42)

    told = read(of_form(form, {"to": "internal"}, {"place": "teams:19:x"}))

    assert told == Told(word="update", incident=42, values={"to": "internal"}, carried={"place": "teams:19:x"})


def test_what_is_not_ours_is_nothing() -> None:
    assert read({}) is None
    assert read({"action": "somebody else's", "sitrep": None}) is None


@pytest.mark.parametrize(
    "found",
    [
        "x",
        [],
        {},
        {"w": ""},
        {"w": 7},
        {"w": "x" * 101},
        {"w": "note", "i": "42"},
        {"w": "note", "i": True},
        {"w": "note", "i": 0},
        {"w": "note", "i": 2**31 + 1},
        {"w": "note", "i": 4.5},
        {"w": "note", "v": []},
        {"w": "note", "v": {"a": 1}},
        {"w": "note", "c": "x"},
        {"w": "note", "q": "x"},
        {"w": "note", "q": ["a", "b", "c"]},
        {"w": "note", "q": ["a", "b", "c", 4]},
    ],
)
def test_what_makes_no_sense_is_a_bad_payload(found: object) -> None:
    with pytest.raises(BadPayload):
        read({"sitrep": found})


@pytest.mark.parametrize("found", [{"w": "x", "y": "true"}, {"w": "x", "y": 1}, {"w": "x", "no": "no"}])
def test_only_a_true_is_a_yes_or_a_no(found: dict[str, Any]) -> None:
    told = read({"sitrep": found})

    assert told is not None
    assert not told.confirmed
    assert not told.closing


def submitted(ask: Ask, answer: object, *, several: bool = False) -> dict[str, str]:
    options = (Option(value="internal", label="Internal"),) if ask is Ask.AUDIENCE else ()
    field = Field(name="it", label="It", ask=ask, several=several, options=options)
    form = Form(title="T", command="note", submit="Send", fields=(field,))
    return answers({**of_form(form, {}, {}), "msteams": {"type": "x"}, "it": answer}, TENANT)


@pytest.mark.parametrize(
    ("ask", "several", "answer", "typed"),
    [
        (Ask.LONG_TEXT, False, " a, b @{slack:T1/U9|x}\x00\n", "a, b @ {slack:T1/U9|x}"),
        (Ask.TEXT, False, GUID, GUID),
        (Ask.AUDIENCE, True, "internal,customers, ", "internal customers"),
        (Ask.CHOICE, False, "a,b", "a,b"),
        (Ask.CHOICE, True, "checkout, card payments", "checkout, card payments"),
        (Ask.FLAG, False, "yes", "yes"),
        (Ask.FLAG, False, True, "yes"),
        (Ask.PERSON, False, "teams:larkfield/ben", "@{teams:larkfield/ben|}"),
        (Ask.PERSON, True, f"teams:larkfield/ben,{GUID}", f"@{{teams:larkfield/ben|}} @{{teams:larkfield/{GUID}|}}"),
        (Ask.PERSON, True, "29:1a_b-c", "@{teams:larkfield/29:1a_b-c|}"),
    ],
)
def test_what_was_filled_in_comes_back_as_typed(ask: Ask, answer: object, typed: str, *, several: bool) -> None:
    assert submitted(ask, answer, several=several) == {"it": typed}


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (Ask.TEXT, ""),
        (Ask.TEXT, "  \n"),
        (Ask.TEXT, None),
        (Ask.FLAG, NOT_TICKED),
        (Ask.FLAG, False),
        (Ask.PERSON, ""),
        (Ask.PERSON, "teams:other/ben"),
        (Ask.PERSON, "slack:T1/UBEN"),
        (Ask.PERSON, "teams:larkfield/a}|b"),
        (Ask.PERSON, "a b"),
    ],
)
def test_what_was_left_empty_or_is_nobody_is_not_in_it(ask: Ask, answer: object) -> None:
    assert submitted(ask, answer) == {}


@pytest.mark.parametrize("answer", [7, ["a"], {"a": "b"}])
def test_what_no_input_gives_is_a_bad_payload(answer: object) -> None:
    with pytest.raises(BadPayload):
        submitted(Ask.TEXT, answer)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda one: st.lists(one, max_size=3))
)
def test_anything_at_all_is_ours_or_not_or_bad(found: object) -> None:
    for value in ({"sitrep": found}, {"sitrep": {"w": found}}, {"sitrep": {"w": "note", "v": found, "i": found}}):
        try:
            read(value)
            answers(value, TENANT)
        except BadPayload:
            continue


@given(st.text(max_size=80))
def test_nobody_can_be_made_up_in_a_text(words: str) -> None:
    assert "@{" not in "".join(submitted(Ask.TEXT, words).values())
