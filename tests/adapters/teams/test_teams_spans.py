"""Spans as the markdown of Teams' text blocks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.mentions import calls
from adapters.teams.spans import Scene, Setting, markdown
from adapters.teams.text import BREAK, defused
from adapters.visible import clean
from bot.cards import Code, Due, Group, Link, Mention, Names, RoomLink, Span, Strong, When, line
from bot.refs import Address, Identity, Person
from tests.adapters.teams.reading import TEAMS_NAMES, TENANT, read
from tests.samples.world import BEN, KIM, NOW

SETTING = Setting(tenant=TENANT)


def written(*spans: Span, limit: int = 3_000, names: Names = TEAMS_NAMES, setting: Setting = SETTING) -> str:
    called = calls(line(*spans), names, setting)
    return markdown(spans, Scene(at=NOW, names=names, setting=setting, calls=called), limit)


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("rm *.log", r"rm \*.log"),
        ("_so_ be it", r"\_so\_ be it"),
        ("db_7_main", "db_7_main"),
        ("a ` b ` c", r"a \` b \` c"),
        ("as in `update INC-42`", "as in **update INC-42**"),
        ("~5 or ~~6~~", r"~5 or \~~6\~\~"),
        (r"C:\temp", r"C:\\temp"),
        ("a < b > c & d", "a < b > c & d"),
        ("5 < 6", "5 < 6"),
        ("<at>Ben</at>", f"<{BREAK}at>Ben<{BREAK}/at>"),
        ("{{TIME(2026-11-23T02:10:00Z)}}", f"{{{BREAK}{{TIME(2026-11-23T02:10:00Z)}}}}"),
        ("[good](bad)", rf"\[good\]{BREAK}(bad)"),
        ("&lt;at&gt;", f"&{BREAK}lt;at&{BREAK}gt;"),
        ("R&D", f"R&{BREAK}D"),
        ("R&D today", "R&D today"),
        ("Stop! Now!", r"Stop! Now\!"),
    ],
)
def test_no_mark_of_somebodys_own_marks_anything(typed: str, escaped: str) -> None:
    assert written(typed) == escaped


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("1. a", r"1\. a"),
        ("12) a", r"12\) a"),
        ("# a", r"\# a"),
        ("> a", r"\> a"),
        ("---", r"\---"),
        ("    code", "code"),
        ("#inc-42", "#inc-42"),
        ("-5 degrees", "-5 degrees"),
        ("1.5 of 3", "1.5 of 3"),
    ],
)
def test_a_line_is_no_item_heading_or_quotation(typed: str, escaped: str) -> None:
    assert written(typed) == escaped
    assert written(f"first\n{typed}") == f"first\n\n{escaped}"


def test_lines_stand_by_themselves() -> None:
    assert written("one\r\n two\n\n\n\nthree\n") == "one\n\ntwo\n\nthree"


def test_two_strings_make_no_mark_together() -> None:
    made = [written("<", "at>Ben</at>"), written("{", "{TIME(1)}}"), written("[a]", "(https://e.example)")]

    assert made[0] == f"<{BREAK}at>Ben<{BREAK}/at>"
    assert made[1] == f"{{{BREAK}{{TIME(1)}}}}"
    assert made[2].startswith(rf"\[a\]{BREAK}(")


def test_what_nobody_sees_is_taken_out() -> None:
    assert written("a\x00b\u202ec\u2066d\ud800e") == "abcde"


def test_somebody_of_this_tenant_is_mentioned() -> None:
    assert written(Mention(BEN), " leads") == "<at>Ben</at> leads"


@pytest.mark.parametrize(
    "identity", ["teams:other/ben", "slack:T1/UBEN", "teams:19:x@thread.tacv2", "teams:larkfield/"]
)
def test_somebody_of_another_place_is_named(identity: str) -> None:
    names = Names(people={BEN: "Ben <b>"}, identities={BEN: (Identity(identity),)})

    assert written(Mention(BEN), names=names) == f"@Ben <{BREAK}b>"


def test_where_no_tenant_is_known_anybody_of_teams_is_mentioned() -> None:
    assert written(Mention(KIM), setting=Setting(tenant="")) == "<at>Kim</at>"


def test_a_group_of_another_chat_is_named() -> None:
    assert written(Group("slack:@sre-oncall")) == "@sre-oncall"


def test_a_person_whom_the_policy_calls_is_mentioned_where_their_name_is_known() -> None:
    known = Setting(tenant=TENANT, people=((Identity("teams:larkfield/zoe"), "Zoë"),))

    assert written(Group("teams:zoe"), " ", Group("teams:larkfield/zoe"), setting=known) == "<at>Zoë</at> <at>Zoë</at>"
    assert written(Group("teams:zoe")) == "zoe"


def test_a_link_leads_to_a_page() -> None:
    assert written(Link("Status [all]", "https://s.example/?a=(1)")) == (
        r"[Status \[all\]](https://s.example/?a=%281%29)".replace(r"\]]", rf"\]{BREAK}]")
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "http://[", "//a.b"])
def test_a_link_to_anything_but_a_page_is_only_its_label(url: str) -> None:
    assert written(Link("Press me", url)) == "Press me"


def test_an_address_in_plain_words_becomes_a_link() -> None:
    assert (
        written("see https://d.example/a_b?x=1, then")
        == "see [https://d.example/a_b?x=1](https://d.example/a_b?x=1), then"
    )


def test_a_room_in_a_channel_is_linked_by_its_first_message() -> None:
    assert written(RoomLink(42)) == (
        "[its thread](https://teams.microsoft.com/l/message/19%3A42%40thread.tacv2/1700000000042?tenantId=larkfield)"
    )


def test_a_room_that_is_a_chat_is_linked_as_one() -> None:
    names = Names(rooms={42: "inc-42"}, places={42: (Address("teams:19:abc@thread.v2"),)})

    assert written(RoomLink(42), names=names) == (
        "[its chat](https://teams.microsoft.com/l/chat/19%3Aabc%40thread.v2/0?tenantId=larkfield)"
    )


def test_a_room_elsewhere_is_named() -> None:
    names = Names(rooms={42: "inc-42-checkout"}, places={42: (Address("slack:T1/C42"),)})

    assert written(RoomLink(42), names=names) == "#inc-42-checkout"


def test_a_moment_is_shown_in_the_readers_zone_with_utc_beside_it() -> None:
    assert written(When(NOW)) == "{{TIME(2026-11-23T02:10:00Z)}} (02:10 UTC)"


def test_a_far_moment_has_its_day_on_both_sides() -> None:
    assert written(When(NOW + timedelta(hours=13, microseconds=7))) == (
        "{{DATE(2026-11-23T15:10:00Z,SHORT)}} {{TIME(2026-11-23T15:10:00Z)}} (Mon 23 Nov 15:10 UTC)"
    )


def test_lateness_is_worded_at_sending() -> None:
    assert written(Due(NOW - timedelta(minutes=5))) == "5 minutes late"


def test_words_to_type_are_bold() -> None:
    assert written("write ", Code("next `30m`\n<now>")) == rf"write **next \`30m\` <{BREAK}now>**"


def test_bold_holds_all_that_is_in_it() -> None:
    assert written(Strong(("Next update by ", When(NOW), ".")), " More.") == (
        "**Next update by {{TIME(2026-11-23T02:10:00Z)}} (02:10 UTC).** More."
    )


def test_bold_survives_asterisks_line_ends_blanks_and_neighbours() -> None:
    assert written("a", Strong((" 2*3\nis *six* ",)), "b") == r"a **2\*3 is \*six\*** b"
    assert written("a", Strong(("(b)",)), "c") == f"a**{BREAK}(b){BREAK}**c"
    assert written(Strong(("a ", Strong(("b",)), " c"))) == "**a b c**"
    assert written(Strong((" ",)), "x") == "x"
    assert written(Strong(("a",)), "", Code("b")) == "**ab**"


def test_an_address_never_becomes_a_picture() -> None:
    assert written("see!https://a.example") == r"see\![https://a.example](https://a.example)"


def test_what_is_too_long_ends_at_a_word_with_an_ellipsis() -> None:
    assert written("one two three four", limit=15) == "one two…"


def test_a_cut_closes_bold_and_never_falls_into_a_mark() -> None:
    spans: tuple[Span, ...] = (
        "& <at> * ",
        Mention(BEN),
        " ",
        When(NOW),
        Link("go", "https://a.example"),
        Strong(("*_*",)),
    )

    for limit in range(1, len(written(*spans).encode()) + 4):
        words = written(*spans, limit=limit)
        assert len(words.encode()) <= limit + len(BREAK.encode()) * 2 + 3
        assert words.count("**") % 2 == 0
        read(words)


@given(st.lists(st.text(alphabet="*_`~[]()<>{}&\\#-+1.;: \nabtlTIMEDAhs/", max_size=12), max_size=4))
def test_no_words_make_a_mark_and_all_are_read_as_typed(parts: list[str]) -> None:
    """But for backticks, between which words are bold instead."""
    typed = " ".join(clean("".join(parts)).replace("`", "").split())

    assert " ".join(read(written(*parts, limit=100_000)).replace("`", "").split()) == typed


@given(st.text(max_size=60), st.integers(min_value=1, max_value=80))
def test_any_words_fit_any_room(text: str, limit: int) -> None:
    words = written(text, Strong((text,)), Code(text), Link(text, "https://a.example"), limit=limit)

    assert len(words.encode()) <= limit + 40


@given(st.text(max_size=200))
def test_no_words_make_a_mention(text: str) -> None:
    assert "<at>" not in written(text, Mention(Person(text)))


@given(st.text(alphabet="*_`~[]()<>{}&\\#-+1. \nab", max_size=40))
def test_words_without_escapes_lose_no_letter(text: str) -> None:
    words = defused(text, 200)

    assert [char for char in words if char in "ab1"] == [char for char in text if char in "ab1"]
    assert not any(mark in words for mark in ("*", "`", "[", "~~"))
