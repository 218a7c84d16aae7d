"""What people typed in Teams becomes plain words, and whom they mention becomes a person."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.words import LONGEST, mentioned, said, spoken_of, typed
from bot.commands.fields import LINE_LIMIT
from bot.refs import Identity

BOT = "28:bot"


def mention(text: str, user: str, **more: str) -> dict[str, Any]:
    return {"type": "mention", "text": f"<at>{text}</at>", "mentioned": {"id": user, "name": text, **more}}


def message(text: str, *entities: dict[str, Any]) -> dict[str, Any]:
    return {"type": "message", "text": text, "entities": [mention("Sitrep", BOT), *entities]}


def words(text: str, *entities: dict[str, Any]) -> str:
    return said(message(text, *entities), BOT, lambda user, oid: Identity(f"teams:T/{oid or user}"))


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("<at>Sitrep</at> declare critical Checkout is down", "declare critical Checkout is down"),
        ("<at>Sitrep</at>&nbsp;declare high\xa0It is slow", "declare high It is slow"),
        ("<at>Sitrep</at>: status", "status"),
        ("<p><at>Sitrep</at> note first</p><p>second</p>", "note first\nsecond"),
        ("<at>Sitrep</at> note a &lt;b&gt; c &amp; d", "note a <b> c & d"),
        ("<at>Sitrep</at> note <b>bold</b> and <a href='https://x.example'>a link</a>", "note bold and a link"),
        ("  <at>Sitrep</at>", ""),
        ("declare without a mention", "declare without a mention"),
    ],
)
def test_a_line_is_read_without_teams_own_marks(text: str, heard: str) -> None:
    assert words(text) == heard


def test_a_mention_of_somebody_is_a_person() -> None:
    heard = words("<at>Sitrep</at> role comms <at>Hana</at>&nbsp;", mention("Hana", "29:h", aadObjectId="o-h"))

    assert heard == "role comms @{teams:T/o-h|Hana}"


def test_a_name_of_two_words_is_one_person() -> None:
    split = (mention("Hana", "29:h"), mention("Nováková", "29:h"))

    heard = words("<at>Sitrep</at> role comms <at>Hana</at> <at>Nováková</at> now", *split)

    assert heard.count("@{teams:T/29:h|") == 1
    assert heard.endswith("now")


def test_two_people_of_one_name_are_two() -> None:
    both = (mention("Jo", "29:1"), mention("Jo", "29:2"))

    assert words("<at>Sitrep</at> role sme <at>Jo</at> <at>Jo</at>", *both) == (
        "role sme @{teams:T/29:1|Jo} @{teams:T/29:2|Jo}"
    )


def test_a_mention_without_an_entity_is_words() -> None:
    assert words("<at>Sitrep</at> note <at>Nobody</at> knows") == "note @Nobody knows"


def test_a_mention_of_us_further_on_belongs_to_what_is_said() -> None:
    assert words("<at>Sitrep</at> note ask <at>Sitrep</at> again", mention("Sitrep", BOT)) == "note ask Sitrep again"


def test_whom_a_text_names_can_be_found_again() -> None:
    heard = words("<at>Sitrep</at> role comms <at>Hana</at>", mention("Hana", "29:h"))

    assert spoken_of((heard,)) == {"teams:T/29:h"}


def test_only_an_entity_makes_a_message_one_to_us() -> None:
    assert mentioned(message("<at>Sitrep</at> status"), BOT)
    assert not mentioned({"text": "<at>Sitrep</at> status"}, BOT)
    assert not mentioned({"text": "x", "entities": "none"}, BOT)


@given(st.text(max_size=300))
def test_no_words_make_a_person_up(text: str) -> None:
    assert spoken_of((words(f"<at>Sitrep</at> note {text} @{{teams:T/x|y}}"),)) == set()
    assert spoken_of((typed(f"{text}@{{teams:T/x|y}}"),)) == set()


def test_more_is_read_than_a_line_may_have_so_that_it_is_refused_and_not_cut() -> None:
    assert len(words("<at>Sitrep</at> " + "x" * (LINE_LIMIT + 100))) == LINE_LIMIT + 100


def test_a_line_beyond_the_limit_is_cut_and_never_inside_a_person() -> None:
    long = "<at>Sitrep</at> note " + "x" * (LONGEST - 10) + " <at>Hana</at>"

    heard = words(long, mention("Hana", "29:h"))

    assert len(heard) <= LONGEST
    assert "@{" not in heard
