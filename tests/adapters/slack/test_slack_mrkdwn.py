"""Spans as Slack's mrkdwn."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.mrkdwn import Scene, Workspace, mrkdwn
from adapters.slack.text import LOOKALIKES
from bot.cards import Code, Due, Group, Link, Mention, Names, RoomLink, Span, Strong, When
from bot.refs import Address, Identity, Person
from tests.samples.world import BEN, KIM, NAMES, NOW

WORKSPACE = Workspace(team="T1", groups={"slack:@sre-oncall": "S0NCALL"})
SCENE = Scene(at=NOW, names=NAMES, workspace=WORKSPACE)
UNIX = int(NOW.timestamp())
STAR, TICK = LOOKALIKES["*"], LOOKALIKES["`"]


def written(*spans: Span, limit: int = 3_000, scene: Scene = SCENE) -> str:
    return mrkdwn(spans, scene, limit)


def test_plain_words_are_escaped_once() -> None:
    assert written("a < b && c > d &amp; <!channel>") == "a &lt; b &amp;&amp; c &gt; d &amp;amp; &lt;!channel&gt;"


def test_what_nobody_sees_is_taken_out() -> None:
    assert written("a\x00b\u202ec\u2066d\ud800e\x1b[1m\tf") == "abcde[1m f"


def test_empty_lines_in_a_row_become_one() -> None:
    assert written("a\r\n\n\n\nb\u2028c") == "a\n\nb\nc"


def test_somebody_of_this_workspace_is_mentioned() -> None:
    assert written(Mention(BEN), " leads") == "<@UBEN> leads"


def test_somebody_of_another_workspace_is_named() -> None:
    names = Names(people={BEN: "Ben <b>"}, identities={BEN: (Identity("slack:T2/UBEN"),)})

    assert written(Mention(BEN), scene=Scene(at=NOW, names=names, workspace=WORKSPACE)) == "@Ben &lt;b&gt;"


def test_somebody_with_several_identities_is_mentioned_by_the_one_of_this_workspace() -> None:
    known = (Identity("teams:t/o"), Identity("slack:T2/U2"), Identity("slack:T1/W1"))
    names = Names(people={BEN: "Ben"}, identities={BEN: known})

    assert written(Mention(BEN), scene=Scene(at=NOW, names=names, workspace=WORKSPACE)) == "<@W1>"


def test_somebody_of_another_chat_is_named() -> None:
    assert written(Mention(KIM)) == "@Kim"


@pytest.mark.parametrize("identity", ["slack:T1/U1> <!channel", "slack:T1/", "slack:T1/U1|x", "slack:T1/u1"])
def test_an_identity_that_is_none_mentions_nobody(identity: str) -> None:
    names = Names(people={BEN: "Ben"}, identities={BEN: (Identity(identity),)})

    assert written(Mention(BEN), scene=Scene(at=NOW, names=names, workspace=WORKSPACE)) == "@Ben"


def test_a_group_is_mentioned_where_its_id_is_known() -> None:
    assert written(Group("slack:@sre-oncall")) == "<!subteam^S0NCALL>"


def test_a_group_whose_id_is_not_known_is_named() -> None:
    assert written(Group("slack:@nobody")) == "@nobody"


def test_a_person_whom_the_policy_calls_is_mentioned() -> None:
    assert written(Group("slack:U0BEN"), " ", Group("slack:T1/U0ANA")) == "<@U0BEN> <@U0ANA>"
    assert written(Group("slack:T2/U0KIM")) == "T2/U0KIM"


def test_a_link_leads_to_a_page() -> None:
    assert (
        written(Link("Status | all", "https://s.example/?a=1&b=2")) == "<https://s.example/?a=1&amp;b=2|Status ¦ all>"
    )


def test_a_links_label_cannot_end_it() -> None:
    assert (
        written(Link("a > <!here>", "https://s.example/<x>|y"))
        == "<https://s.example/%3Cx%3E%7Cy|a &gt; &lt;!here&gt;>"
    )


def test_a_link_without_a_label_shows_its_address() -> None:
    assert written(Link("", "https://s.example/")) == "<https://s.example/|https://s.example/>"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "slack://x", "file:///etc/passwd", "https://", "http://[", "//a.b"]
)
def test_a_link_to_anything_but_a_page_is_only_its_label(url: str) -> None:
    assert written(Link("Press me", url)) == "Press me"


def test_an_address_in_plain_words_becomes_a_link() -> None:
    assert written("see https://d.example/x?a=1&b=2, then call") == "see <https://d.example/x?a=1&amp;b=2>, then call"


def test_a_room_of_this_workspace_is_linked() -> None:
    assert written("join ", RoomLink(42)) == "join <#C42>"


def test_a_room_that_is_a_thread_is_linked_by_its_channel() -> None:
    names = Names(places={42: (Address("slack:T1/C9/1700000000.000100"),)})

    assert written(RoomLink(42), scene=Scene(at=NOW, names=names, workspace=WORKSPACE)) == "<#C9>"


def test_a_room_elsewhere_is_named() -> None:
    names = Names(rooms={42: "inc-42-checkout"}, places={42: (Address("slack:T2/C42"), Address("teams:19:x"))})

    assert written(RoomLink(42), scene=Scene(at=NOW, names=names, workspace=WORKSPACE)) == "#inc-42-checkout"


def test_a_moment_is_shown_in_the_readers_zone_with_utc_beside_it() -> None:
    assert written(When(NOW)) == f"<!date^{UNIX}^{{time}}|02:10> (02:10 UTC)"


def test_a_far_moment_has_its_day_on_both_sides() -> None:
    far = NOW + timedelta(hours=13)

    assert written(When(far)) == (
        f"<!date^{int(far.timestamp())}^{{date_short_pretty}} {{time}}|Mon 23 Nov 15:10> (Mon 23 Nov 15:10 UTC)"
    )


def test_lateness_is_worded_at_sending() -> None:
    assert written(Due(NOW - timedelta(minutes=5))) == "5 minutes late"


def test_words_to_type_stand_in_code() -> None:
    assert written("write ", Code("next `30m`\n<now>")) == f"write `next {TICK}30m{TICK} &lt;now&gt;`"


def test_bold_holds_all_that_is_in_it() -> None:
    assert written(Strong(("Next update by ", When(NOW), ".")), " More.") == (
        f"*Next update by <!date^{UNIX}^{{time}}|02:10> (02:10 UTC).* More."
    )


def test_bold_survives_asterisks_line_ends_and_blanks() -> None:
    assert written("a", Strong((" 2*3\nis *six* ",)), "b") == f"a *2{STAR}3 is {STAR}six{STAR}* b"


def test_bold_in_bold_is_bold() -> None:
    assert written(Strong(("a ", Strong(("b",)), " c"))) == "*a b c*"


def test_an_odd_mark_gives_way_beside_our_own() -> None:
    assert written("rm *.log ", Strong(("now",)), " or ` ", Code("help")) == f"rm {STAR}.log *now* or {TICK} `help`"


def test_marks_in_pairs_and_marks_alone_stay_as_typed() -> None:
    assert written("rm *.log") == "rm *.log"
    assert written("*yes* ", Strong(("now",))) == "*yes* *now*"


def test_what_is_too_long_ends_at_a_word_with_an_ellipsis() -> None:
    assert written("one two three four", limit=15) == "one two three…"


def test_a_cut_closes_bold_and_code() -> None:
    assert written(Strong(("one two three four",)), limit=12) == "*one two…*"
    assert written("x ", Code("one two three four"), limit=14) == "x `one two…`"


def test_a_cut_never_falls_into_an_entity() -> None:
    spans: tuple[Span, ...] = ("& < ", Mention(BEN), " ", When(NOW), Link("go", "https://a.example"), "&&&")
    whole = written(*spans)

    for limit in range(1, len(whole)):
        words = written(*spans, limit=limit)
        assert len(words) <= limit
        assert words.count("<") == words.count(">")
        assert not words.removesuffix("…").endswith(("&", "&a", "&am", "&amp", "&l", "&lt"))


@given(st.text(max_size=60), st.integers(min_value=1, max_value=80))
def test_any_words_fit_any_room(text: str, limit: int) -> None:
    words = mrkdwn((text, Strong((text,)), Code(text), Link(text, "https://a.example")), SCENE, limit + 4)

    assert len(words) <= limit + 4


@given(st.text(max_size=200))
def test_no_words_make_an_entity(text: str) -> None:
    words = mrkdwn((text, Mention(Person(text))), SCENE, 3_000)

    assert all(found.startswith(("http://", "https://")) for found in words.split("<")[1:])
