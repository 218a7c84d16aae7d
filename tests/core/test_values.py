"""From values to a command: what each kind of field takes, and what a refusal says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.fields import field_of, fields_of
from bot.commands.priority import SetPriority
from bot.commands.values import command, missing_words, spoken, unread
from bot.events import Status
from bot.people import Profile
from bot.policy import SME
from bot.refs import Person
from bot.refusals import Refused, Unreadable
from tests.core.asking import Toy, refused, toy
from tests.core.builders import ANA, BEN, PEOPLE, POLICY, context, moment

TOY = toy()
NOW = context(at=moment("10:20"))


def made(**values: str) -> Toy:
    found = command(TOY, {"text": "Back", **values}, NOW, POLICY)
    assert isinstance(found, Toy)
    return found


def refusal(**values: str) -> Refused:
    return refused(lambda: made(**values))


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        ("short", "  e\u0301\n b ", "\u00e9 b"),
        ("text", "one\r\n\r\ntwo\u202e", "one\n\ntwo"),
        ("text", "ask @P-2 or @P-99 @P-1", "ask @Ben or @P-99 @Ana"),
        ("names", "cart search", ("cart", "search")),
        ("names", "cart, card payments,cart", ("cart", "card payments")),
        ("names", "card payments,", ("card payments",)),
        ("names", "cart\ncard payments", ("cart", "card payments")),
        ("names", "None", ()),
        ("role", "SME", SME),
        ("role", "subject  matter expert", SME),
        ("role", "Subject_Matter_Expert", SME),
        ("priority", "P1", "critical"),
        ("priority", "Critical", "critical"),
        ("level", "High", "high"),
        ("status", "Monitoring", Status.MONITORING),
        ("to", "customers, internal customers", ("customers", "internal")),
        ("to", "customers", ("customers",)),
        ("audience", "ALL", "all"),
        ("audience", "internal", "internal"),
        ("choice", "Mine", "mine"),
        ("person", "@P-2", BEN),
        ("person", "P-2", BEN),
        ("people", "@P-2, @P-1 P-2", (BEN, ANA)),
        ("people", "none", ()),
        ("when", "30m", moment("10:50")),
        ("when", "12:00", moment("11:00")),
        ("when", "None", None),
        ("next", "30m", moment("10:50")),
        ("next", "none", "none"),
        ("length", "5m", timedelta(minutes=5)),
        ("length", "Long", "long"),
        ("other", "INC-41", 41),
        ("other", "41", 41),
        ("quiet", "yes", True),
        ("quiet", "Quiet", True),
        ("quiet", "off", False),
        ("quiet", " ", False),
    ],
)
def test_a_value_becomes_what_the_field_holds(field: str, said: str, value: Any) -> None:
    assert getattr(made(**{field: said}), field) == value


@pytest.mark.parametrize(
    ("field", "said", "sentence"),
    [
        ("short", "12345678901", "Shorten this text to 10 characters."),
        ("text", "a" * 3001, "Shorten this text to 3,000 characters."),
        ("names", "a" * 3001, "Shorten this text to 3,000 characters."),
        (
            "role",
            "boss",
            "`toy` needs a role: incident commander, communications officer, scribe or subject matter expert.",
        ),
        ("priority", "urgent", "`toy` needs a priority: critical, high, medium or low."),
        ("level", "huge", "`toy` needs a level: high, medium or low."),
        ("status", "resolved", "`toy` needs a status: investigating, identified or monitoring."),
        ("to", "press", "`toy` needs an audience: internal, customers, stakeholders or leadership."),
        ("choice", "theirs", "`toy` needs one of these: open or mine."),
        ("person", "@jo", "Nobody called Jo was found: pick the name from the list after @."),
        ("person", "P-99", "Nobody called P-99 was found: pick the name from the list after @."),
        ("person", "@P-1 @P-2", "Only one person can be named here: choose one."),
        ("people", "@P-1 jo", "Nobody called Jo was found: pick the name from the list after @."),
        ("when", "half four", "`half four` is not a time Sitrep can read: write 30m, 2h or 16:45."),
        ("next", "09:00", "09:00 has passed: name a later time."),
        ("length", "ages", "`ages` is not a length of time Sitrep can read: write 30m, 1h30m or 2h."),
        ("other", "the first", "`the first` names no incident: write it as in INC-42."),
        ("quiet", "maybe", "`maybe` is neither: write yes or no."),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_at_its_field(field: str, said: str, sentence: str) -> None:
    found = refusal(**{field: said})

    assert (found.sentence, found.field, type(found)) == (sentence, field, Unreadable)


def test_the_word_for_priorities_asks_for_a_level() -> None:
    spec = toy(word="priority", command=SetPriority)

    found = refused(lambda: command(spec, {"level": "hgih"}, NOW, POLICY))

    assert found.sentence == "`priority` needs a level: critical, high, medium or low."


def test_what_is_missing_takes_its_default() -> None:
    found = made()

    assert (found.role, found.people, found.when, found.quiet) == ("", (), None, False)


def test_what_is_missing_and_has_no_default_is_asked_for() -> None:
    found = refused(lambda: command(TOY, {"text": " \u200e "}, NOW, POLICY))

    assert (found.sentence, found.field) == ("Say it.", "text")


def test_names_the_command_does_not_have_are_left_alone() -> None:
    assert made(nonsense="x").text == "Back"


def test_every_field_that_cannot_be_read_is_found() -> None:
    found = unread(TOY, {"role": "boss", "when": "late", "text": "fine", "level": " "}, NOW, POLICY)

    assert set(found) == {"role", "when"}


def test_nobody_is_named_by_an_id() -> None:
    people = {**PEOPLE, BEN: Profile(name=""), ANA: Profile(name="Ana\u202e\nKeller")}

    assert spoken("@P-2 and @P-1", replace(NOW, people=people)) == "@someone and @Ana Keller"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text", "Say it."),
        ("short", "Say it in a few words."),
        ("people", "Choose at least one person."),
        ("when", "Choose a time, or none with a reason."),
        ("role", "Choose one."),
    ],
)
def test_an_empty_field_says_what_it_needs(name: str, words: str) -> None:
    field = field_of(TOY, name)

    assert field is not None
    assert missing_words(field) == words


def test_a_field_that_is_not_there_is_not_found() -> None:
    assert field_of(TOY, "nonsense") is None


VALUES = st.dictionaries(st.sampled_from([field.name for field in fields_of(TOY)]), st.text(max_size=40))


@given(VALUES)
def test_any_values_make_a_command_or_a_refusal(values: Mapping[str, str]) -> None:
    try:
        assert isinstance(command(TOY, values, NOW, POLICY), Toy)
    except Refused:
        return


@given(
    st.sampled_from([role.name for role in POLICY.roles]),
    st.sampled_from([priority.name for priority in POLICY.priorities]),
    st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1, unique=True),
    st.integers(min_value=1, max_value=24 * 60),
)
def test_what_was_typed_by_name_is_what_the_command_holds(
    role: str, priority: str, people: list[Person], minutes: int
) -> None:
    listed = " ".join(f"@{person}" for person in people)

    found = made(role=role, priority=priority, people=listed, when=f"{minutes}m")

    assert (found.role, found.priority, found.people) == (role, priority, tuple(people))
    assert isinstance(found.when, datetime)
    assert found.when - NOW.at == timedelta(minutes=minutes)
