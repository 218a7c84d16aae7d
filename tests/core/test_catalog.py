"""The catalog: every word, described once."""

import re
from collections import Counter

import pytest

from bot.catalog import COMMANDS, find, nearest, opening, table
from bot.commands.fields import fields_of
from bot.commands.spec import Spec
from bot.commands.words import does, usage
from bot.questions import Ask
from tests.core.asking import toy

TYPED = [spec for spec in COMMANDS if not spec.hidden]
GROUPS = {"Tell", "People", "Record", "Steer", "Finish", "Look", "Start"}


def test_no_two_words_are_said_alike() -> None:
    said = Counter(word for spec in COMMANDS for word in (spec.word, *spec.aliases))

    assert [word for word, times in said.items() if times > 1] == []


@pytest.mark.parametrize("spec", TYPED, ids=lambda spec: spec.word)
def test_a_word_people_type_is_described_whole(spec: Spec) -> None:
    known = {field.name: field for field in fields_of(spec)}

    assert spec.group in GROUPS
    assert does(spec).endswith(".")
    assert set(spec.line) <= set(known)
    assert all(known[name].typeable and not known[name].param.named for name in spec.line)
    assert spec.doing or spec.who == ("anyone",)


@pytest.mark.parametrize("spec", TYPED, ids=lambda spec: spec.word)
def test_a_form_has_a_title_and_a_button_of_its_own(spec: Spec) -> None:
    asks = [field for field in fields_of(spec) if field.param.required]

    assert not asks or (spec.title and spec.submit)
    assert len(spec.title.replace("{ref}", "INC-42")) <= 24
    assert len(spec.submit.replace("{ref}", "INC-42")) <= 24


@pytest.mark.parametrize("spec", TYPED, ids=lambda spec: spec.word)
def test_fields_that_offer_no_answers_of_their_own_come_from_the_policy(spec: Spec) -> None:
    choices = [field for field in fields_of(spec) if field.param.ask is Ask.CHOICE]

    assert all(field.param.options or field.param.offers for field in choices)


def test_words_and_aliases_are_found() -> None:
    assert find("Severity") is find("priority") is not None
    assert find("retitle") is not None
    assert find("resovle") is None


def test_the_nearest_word_can_be_typed() -> None:
    assert nearest("resovle") == "resolve"
    assert nearest("retitl") == "title"
    assert nearest("xyzzy") == ""


def test_no_word_is_the_card_in_a_room_and_a_declaration_elsewhere() -> None:
    assert (opening(inside=True).word, opening(inside=False).word) == ("status", "declare")


def test_usage_shows_values_in_their_places() -> None:
    known = {spec.word: usage(spec) for spec in TYPED}

    assert known["declare"] == "declare [private] [PRIORITY] TITLE"
    assert known["status"] == "status [REF]"
    assert known["resolve"] == "resolve [HOW] [verified:TEXT]"
    assert known["priority"] == "priority LEVEL [REASON]"
    assert known["identified"] == "identified"


def test_a_field_without_a_place_of_its_own_is_shown_by_its_name() -> None:
    assert usage(toy(line=("short", "text"))) == "toy [SHORT] TEXT"
    assert usage(toy(line=("short", "text"), lacks=lambda *_: ())) == "toy SHORT TEXT"


def test_the_table_of_words_has_a_row_for_each_and_keeps_its_columns() -> None:
    rows = table().splitlines()

    assert rows[:2] == ["| words | what happens |", "|---|---|"]
    assert len(rows) == 2 + len(TYPED)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)
    assert "(also `severity`, `sev`)" in table()
    assert "retitle" not in table()
