"""From a typed line to a word with values."""

from dataclasses import dataclass, replace
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import claim, declare, next_update, priority, role, snooze
from bot.commands.fields import fields_of
from bot.commands.parse import read
from bot.commands.spec import Param, Spec
from bot.policy import Priority
from bot.questions import Ask
from bot.refusals import Refused
from bot.typed import clean_text
from tests.core.asking import refused, toy, typed
from tests.core.builders import POLICY


def values(text: str, *specs: Spec) -> dict[str, str]:
    return dict(typed(text, *specs).values)


# ------------------------------------------------------------------------------------------------------- The word


def test_nothing_typed_is_no_word() -> None:
    found = typed("  \n ")

    assert (found.spec, found.number, found.values) == (None, None, {})


def test_a_reference_alone_names_the_incident() -> None:
    found = typed("inc-42")

    assert (found.spec, found.number) == (None, 42)


@pytest.mark.parametrize("text", ["toy hello", "TOY hello", "Play hello"])
def test_a_word_or_its_alias_is_found_however_it_is_capitalised(text: str) -> None:
    assert typed(text, toy(aliases=("play",))).spec is not None


def test_an_unknown_word_gets_the_nearest_as_a_suggestion() -> None:
    refusal = refused(lambda: typed("resovle it", toy(word="resolve"), toy(word="list")))

    assert refusal.sentence == "There is no word `resovle`: did you mean `resolve`?"


def test_a_word_like_no_other_leads_to_help() -> None:
    assert refused(lambda: typed("xyzzy")).sentence == "There is no word `xyzzy`: see `help`."


def test_a_hidden_word_cannot_be_typed_and_is_not_suggested() -> None:
    assert refused(lambda: typed("toy", toy(hidden=True))).sentence == "There is no word `toy`: see `help`."


def test_a_person_is_no_word() -> None:
    assert refused(lambda: typed("@P-3 hello")).sentence == "A line begins with a word, as in `status`: see `help`."


def test_a_line_that_is_too_long_says_how_long_it_may_be() -> None:
    assert refused(lambda: typed("toy " + "a" * 4000)).sentence == "Shorten this to 4,000 characters: it has 4,004."


# -------------------------------------------------------------------------------------------------- The incident


@pytest.mark.parametrize("text", ["toy INC-42 hello", "toy inc-42: hello", "INC-42 toy hello"])
def test_a_first_word_with_a_reference_names_the_incident(text: str) -> None:
    found = typed(text)

    assert (found.number, found.values) == (42, {"text": "hello"})


def test_a_reference_further_on_is_text() -> None:
    found = typed("toy same as INC-42")

    assert (found.number, found.values) == (None, {"text": "same as INC-42"})


def test_a_bare_number_is_text() -> None:
    found = typed("toy 42 customers wait")

    assert (found.number, found.values) == (None, {"text": "42 customers wait"})


def test_a_bare_number_names_the_incident_where_the_usage_shows_a_reference() -> None:
    status = toy(word="status", line=(), ref_first=True)

    assert typed("status 42", status).number == 42
    assert typed("status INC-42", status).number == 42
    assert typed("status", status).number is None


def test_a_word_that_is_never_about_an_incident_takes_a_reference_as_text() -> None:
    found = typed("toy INC-42 is wrong", toy(about="none"))

    assert (found.number, found.values) == (None, {"text": "INC-42 is wrong"})


@pytest.mark.parametrize(
    ("text", "number", "other"),
    [("INC-41", None, "INC-41"), ("41", None, "41"), ("INC-42 INC-41", 42, "INC-41"), ("INC-42 41", 42, "41")],
)
def test_a_word_about_two_incidents_names_its_own_only_beside_the_other(
    text: str, number: int | None, other: str
) -> None:
    found = typed(f"duplicate {text}", toy(word="duplicate", line=("other",)))

    assert (found.number, found.values) == (number, {"other": other})


def test_a_bare_number_for_a_word_without_text_is_not_taken_for_this_room() -> None:
    refusal = refused(lambda: typed("close 42", toy(word="close", line=())))

    assert refusal.sentence == "`close` takes no bare number: write `close INC-42` for that incident."


def test_words_too_many_are_named() -> None:
    refusal = refused(lambda: typed("close it now", toy(word="close", line=())))

    assert refusal.sentence == "`close` takes nothing more: leave out `it now`."


def test_people_too_many_are_not_named_by_their_id() -> None:
    refusal = refused(lambda: typed("toy @P-1 @P-2", toy(line=("person",))))

    assert refusal.sentence == "`toy` takes nobody more: leave out the last person."


# ------------------------------------------------------------------------------------------------ Values by name


def test_a_named_value_runs_to_the_next_name_or_the_end() -> None:
    found = values("toy Rolling back short:EU names:a, b when:30m")

    assert found == {"text": "Rolling back", "short": "EU", "names": "a, b", "when": "30m"}


def test_a_name_may_stand_first_and_be_capitalised() -> None:
    assert values("toy Short:EU text:Rolling back") == {"short": "EU", "text": "Rolling back"}


def test_a_blank_may_follow_the_colon_of_a_text_but_of_nothing_else() -> None:
    assert values("toy Back short: EU") == {"text": "Back", "short": "EU"}
    assert values("toy Back when: the rest follows") == {"text": "Back when: the rest follows"}


def test_an_address_is_no_name() -> None:
    assert values("toy see short://x and https://y") == {"text": "see short://x and https://y"}


def test_other_words_with_a_colon_are_text() -> None:
    assert values("toy at 16:45 cause:unknown") == {"text": "at 16:45 cause:unknown"}


def test_the_text_may_speak_its_own_name() -> None:
    assert values("toy Error text: none") == {"text": "Error text: none"}


def test_a_second_of_the_same_name_is_text() -> None:
    assert values("toy Back short:a short:b") == {"text": "Back", "short": "a short:b"}


def test_a_field_without_a_label_cannot_be_typed() -> None:
    assert values("toy pressed:yes") == {"text": "pressed:yes"}


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("to:internal, customers Rolling back", "to", "internal, customers"),
        ("to:internal,customers Rolling back", "to", "internal,customers"),
        ("next:30m Rolling back", "next", "30m"),
        ("next:none Rolling back", "next", "none"),
        ("when:2026-11-24 09:00 Rolling back", "when", "2026-11-24 09:00"),
        ("length:1h 30m Rolling back", "length", "1h 30m"),
        ("people:@P-1, @P-2 Rolling back", "people", "@P-1, @P-2"),
        ("role:subject matter expert Rolling back", "role", "subject matter expert"),
        ("priority:High Rolling back", "priority", "High"),
        ("other:INC-41 Rolling back", "other", "INC-41"),
        ("choice:mine Rolling back", "choice", "mine"),
        ("quiet:quiet Rolling back", "quiet", "quiet"),
        ("next:30m, Rolling back", "next", "30m"),
        ("priority:High, Rolling back", "priority", "High"),
        ("quiet:quiet, Rolling back", "quiet", "quiet"),
    ],
)
def test_a_named_value_that_is_no_text_gives_back_the_words_that_are_not_its_own(
    said: str, name: str, value: str
) -> None:
    assert values(f"toy {said}") == {name: value, "text": "Rolling back"}


def test_a_named_value_that_cannot_be_read_is_kept_for_the_refusal() -> None:
    assert values("toy Back next:half four") == {"text": "Back", "next": "half four"}


def test_a_named_value_runs_on_where_no_text_could_follow() -> None:
    assert values("toy text:whole when:30m or so") == {"text": "whole", "when": "30m or so"}


def test_line_breaks_within_a_text_are_kept() -> None:
    assert values("toy first\nsecond short:EU") == {"text": "first\nsecond", "short": "EU"}


# -------------------------------------------------------------------------------------------- Values in their order


def test_a_role_may_have_several_words() -> None:
    spec = role.SPEC

    assert values("role subject matter expert @P-1 @P-2", spec) == {
        "role": "subject matter expert",
        "people": "@P-1 @P-2",
    }
    assert values("role Comms none nobody is needed", spec) == {
        "role": "Comms",
        "people": "none",
        "reason": "nobody is needed",
    }


@pytest.mark.parametrize(
    ("text", "spec", "found"),
    [
        ("priority critical, all of Europe", priority.SPEC, {"level": "critical", "reason": "all of Europe"}),
        ("next 30m, one more step", next_update.SPEC, {"when": "30m", "reason": "one more step"}),
        ("next internal, 1 h 30 min, one more step", next_update.SPEC, {"audience": "internal", "when": "1 h 30 min"}),
        ("snooze 5m, the rollback runs", snooze.SPEC, {"duration": "5m", "reason": "the rollback runs"}),
        ("next 30m: one more step", next_update.SPEC, {"when": "30m", "reason": "one more step"}),
        ("claim comms,", claim.SPEC, {"role": "comms"}),
        ("role comms: @P-1", role.SPEC, {"role": "comms", "people": "@P-1"}),
        ("declare critical, cards fail", declare.SPEC, {"priority": "critical", "title": "cards fail"}),
        ("declare private, Salary list", declare.SPEC, {"private": "private", "title": "Salary list"}),
    ],
)
def test_a_comma_or_colon_after_a_value_is_not_part_of_it(text: str, spec: Spec, found: dict[str, str]) -> None:
    assert values(text, spec).items() >= found.items()


def test_a_role_left_out_is_not_taken_from_the_people() -> None:
    assert values("role @P-1", role.SPEC) == {"people": "@P-1"}


def test_an_unknown_role_is_kept_for_the_refusal() -> None:
    assert values("role boss @P-1", role.SPEC) == {"role": "boss", "people": "@P-1"}


def test_nothing_more_is_nothing_more() -> None:
    assert values("role comms", role.SPEC) == {"role": "comms"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    """Needs everything."""

    when: Annotated[str, Param(label="When?", ask=Ask.MOMENT, required=True)]
    person: Annotated[str, Param(label="Who?", ask=Ask.PERSON, required=True)] = ""
    first: Annotated[str, Param(label="First?")] = ""
    rest: Annotated[str, Param(label="Rest?")] = ""


def test_a_time_may_have_several_words_and_the_rest_is_text() -> None:
    spec = toy(command=Strict, line=("when", "first", "rest"))

    assert values("toy 2026-11-24 09:00 because of that", spec) == {
        "when": "2026-11-24 09:00",
        "first": "because",
        "rest": "of that",
    }


def test_words_that_are_no_time_are_kept_whole_for_the_refusal() -> None:
    assert values("toy half four", toy(command=Strict, line=("when", "rest"))) == {"when": "half four"}


def test_a_name_that_is_nobody_is_kept_for_the_refusal() -> None:
    spec = toy(command=Strict, line=("person", "rest"))

    assert values("toy Jo because", spec) == {"person": "Jo", "rest": "because"}
    assert values("toy @jo because", spec) == {"person": "@jo", "rest": "because"}


def test_an_optional_word_is_skipped_where_the_line_says_something_else() -> None:
    spec = toy(line=("audience", "text"))

    assert values("toy customers wait", spec) == {"audience": "customers", "text": "wait"}
    assert values("toy All wait", spec) == {"audience": "All", "text": "wait"}
    assert values("toy people wait", spec) == {"text": "people wait"}


def test_the_last_word_of_a_line_is_kept_for_the_refusal_though_it_is_optional() -> None:
    assert values("toy theirs", toy(line=("choice",))) == {"choice": "theirs"}


# ------------------------------------------------------------------------------------------------------- Declaring


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Checkout is down", {"title": "Checkout is down"}),
        (
            "critical Checkout is down",
            {"priority": "critical", "title": "Checkout is down", "taken": "critical"},
        ),
        ("P1 Checkout is down", {"priority": "P1", "title": "Checkout is down", "taken": "P1"}),
        (
            "private sev1 Checkout is down",
            {"private": "private", "priority": "sev1", "title": "Checkout is down", "taken": "private sev1"},
        ),
        ("High latency in search", {"title": "High latency in search"}),
        ("critically slow", {"title": "critically slow"}),
        ("critical: Checkout is down", {"title": "critical: Checkout is down"}),
        ("private: Salaries can be read", {"private": "private", "title": "Salaries can be read", "taken": "private"}),
        ("Private keys leaked", {"title": "Private keys leaked"}),
        (
            "critical private leak",
            {"priority": "critical", "private": "private", "title": "leak", "taken": "critical private"},
        ),
        ("Checkout is down critical", {"title": "Checkout is down critical"}),
        ("critical", {"priority": "critical"}),
        ("critical title:Checkout", {"priority": "critical", "title": "Checkout", "taken": "critical"}),
        ("Checkout priority:Low", {"priority": "Low", "title": "Checkout"}),
        ("Checkout services:cart, card payments", {"title": "Checkout", "services": "cart, card payments"}),
        ("", {}),
    ],
)
def test_first_words_count_as_the_policy_writes_them(line: str, found: dict[str, str]) -> None:
    assert values(f"declare {line}", declare.SPEC) == found


def test_a_priority_of_two_words_is_a_first_word_too() -> None:
    policy = replace(POLICY, priorities=(Priority(name="very_high"), *POLICY.priorities))

    found = read("declare very high load", (declare.SPEC,), policy).values

    assert found == {"priority": "very high", "title": "load", "taken": "very high"}


# ------------------------------------------------------------------------------------------------------ Properties

NAMES = tuple(field.name for field in fields_of(toy()) if field.typeable)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)


@given(st.text(max_size=80))
def test_any_line_is_read_or_refused(text: str) -> None:
    for line in (text, f"toy {text}", f"declare {text}", f"role {text}"):
        try:
            read(line, (toy(), declare.SPEC, role.SPEC), POLICY)
        except Refused:
            continue


@given(st.lists(st.sampled_from([*NAMES, ":", " ", "none", "@P-1", "30m", "INC-4", "critical", "//", "x", "\n"])))
def test_any_line_made_of_our_own_words_is_read_or_refused(parts: list[str]) -> None:
    line = "".join(parts)
    for start in ("toy ", "declare ", "role "):
        try:
            read(start + line, (toy(), declare.SPEC, role.SPEC), POLICY)
        except Refused:
            continue


@given(st.dictionaries(st.sampled_from(["text", "short", "names", "plain"]), st.lists(WORDS, min_size=1).map(" ".join)))
def test_values_typed_by_name_come_back_as_they_were(known: dict[str, str]) -> None:
    line = " ".join(f"{name}:{said}" for name, said in known.items())

    assert values(f"toy {line}") == {name: clean_text(said) for name, said in known.items()}
