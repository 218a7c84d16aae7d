"""Cutting on the edges of what people see as characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cutting import LONGEST_CLUSTER, cut, graphemes

WHOLE = {
    "an accent of its own": "e\u0301",
    "a family": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "a skin tone": "\U0001f44d\U0001f3fd",
    "a flag": "\U0001f1e9\U0001f1ea",
    "the flag of Scotland": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "an emoji made coloured": "\u26a0\ufe0f",
    "a Korean syllable": "\u1112\u1161\u11ab",
    "a keycap": "1\ufe0f\u20e3",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_what_people_see_as_one_character_is_one(text: str) -> None:
    assert list(graphemes(f"a{text}b")) == ["a", text, "b"]


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_it_is_never_cut(text: str) -> None:
    assert cut(f"{text}{text}{text}", len(text) * 2) == f"{text}…"


def test_two_flags_are_two_characters() -> None:
    assert len(list(graphemes("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"))) == 2


def test_a_pile_of_accents_is_cut_all_the_same() -> None:
    assert max(len(one) for one in graphemes("a" + "\u0300" * 1_000)) == LONGEST_CLUSTER


def test_what_fits_stays() -> None:
    assert cut("exactly ten", 11) == "exactly ten"


def test_a_cut_goes_back_to_a_word() -> None:
    assert cut("the shop cannot be reached", 20) == "the shop cannot be…"


def test_a_cut_between_words_keeps_the_last_one() -> None:
    assert cut("the shop cannot", 9) == "the shop…"


def test_one_long_word_is_cut_in_its_middle() -> None:
    assert cut("a" * 50, 10) == "a" * 9 + "…"


def test_a_long_last_word_is_cut_rather_than_lost() -> None:
    assert cut("see " + "a" * 50, 20) == "see " + "a" * 15 + "…"


@pytest.mark.parametrize("limit", [0, -5])
def test_no_room_no_words(limit: int) -> None:
    assert cut("words", limit) == ""


def test_the_cost_is_what_counts() -> None:
    assert cut("&&&&", 11, cost=lambda text: 5 * len(text)) == "&&…"


@given(st.text())
def test_characters_put_together_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@given(st.text(), st.integers(min_value=0, max_value=50))
def test_a_cut_text_is_within_its_limit_and_begins_as_it_did(text: str, limit: int) -> None:
    short = cut(text, limit)

    assert len(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))
