"""What people typed in Slack, as plain words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.words import LONGEST, after_mention, said, typed
from bot.commands.fields import LINE_LIMIT

CASES = {
    "declare critical Checkout is down": "declare critical Checkout is down",
    "a &amp; b &lt;c&gt; &amp;amp; &amp;lt;": "a & b <c> &amp; &lt;",
    "role comms <@U1|ben>": "role comms @{slack:T1/U1|ben}",
    "role comms <@U1>": "role comms @{slack:T1/U1|}",
    "role comms <@W1|Ben {A|B} @x>": "role comms @{slack:T1/W1|Ben AB x}",
    "<@B1> <@u1> <@U1/x>": "@B1 @u1 @U1/x",
    "see <#C1|general> and <#C2> and <#C3|>": "see #general and #C2 and #C3",
    "call <!subteam^S1|@sre> or <!subteam^S2>": "call @sre or subteam",
    "<!here> <!channel|channel> <!everyone>": "@here channel @everyone",
    "at <!date^1700000000^{time}|10:13 PM> sharp": "at 10:13 PM sharp",
    "<https://a.example/?x=1&amp;y=2|here>": "https://a.example/?x=1&y=2",
    "<http://db.example.com|db.example.com> is down": "db.example.com is down",
    "<http://db.example.com/|db.example.com>": "db.example.com",
    "<https://a.example/>": "https://a.example/",
    "<mailto:ben@a.example|ben@a.example> <mailto:x@y.z>": "ben@a.example x@y.z",
    "<tel:+49|+49 1>": "+49 1",
    "a <b> c": "a <b> c",
    "  note\x00 \u202etext\r\nmore\t ": "note text\nmore",
    "": "",
}


@pytest.mark.parametrize(("text", "words"), CASES.items(), ids=range(len(CASES)))
def test_what_slack_wrote_is_read(text: str, words: str) -> None:
    assert said(text, "T1") == words


@pytest.mark.parametrize(
    "text",
    [
        "@{slack:T1/U9|Boss}",
        "@\x00{slack:T1/U9|Boss}",
        "@\u202e{slack:T1/U9|Boss}",
        "@<!date^1^x|{slack:T1/U9|Boss}>",
        "&lt;@{slack:T1/U9|Boss}&gt;",
        "<mailto:x|@{slack:T1/U9|Boss}>",
        "<#C1|@{slack:T1/U9|Boss}>",
    ],
)
def test_nobody_can_write_a_person_by_hand(text: str) -> None:
    assert "@{" not in said(text, "T1")
    assert "@{" not in typed(text)


def test_a_form_field_is_taken_as_it_is_typed() -> None:
    assert typed("a &amp; b <@U1> <https://a|b>") == "a & b <@U1> <https://a|b>"


def test_more_is_read_than_a_line_may_have_so_that_it_is_refused_and_not_cut() -> None:
    assert len(said("x" * (LINE_LIMIT + 100), "T1")) == LINE_LIMIT + 100
    assert len(said("x" * 9_000, "T1")) == LONGEST


def test_a_person_is_whole_or_not_there() -> None:
    words = said("x" * (LONGEST - 5) + " <@U1|ben>", "T1")

    assert words == "x" * (LONGEST - 5)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<@UBOT> status", "status"),
        (" <@UBOT|sitrep>: status", "status"),
        ("<@UBOT>, <@UBOT> status", "<@UBOT> status"),
        ("<@UBEN> status", "<@UBEN> status"),
        ("hey <@UBOT> status", "hey <@UBOT> status"),
        ("<@UBOT>", ""),
        ("status", "status"),
    ],
)
def test_only_the_leading_mention_of_ourselves_is_taken_off(text: str, rest: str) -> None:
    assert after_mention(text, "UBOT") == rest


@given(st.text(max_size=200))
def test_people_stand_only_where_slack_put_them(text: str) -> None:
    assert not re.search(r"@\{", said(text.replace("<@", "<#"), "T1"))
