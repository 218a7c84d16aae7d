"""Typed words made safe."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import clean_line, clean_text, names_line, quoted, shortened


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1bc", "abc"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("\ufeff  hello\t", "hello"),
        ("e\u0301", "\u00e9"),
        ("family \U0001f468\u200d\U0001f469\u200d\U0001f467", "family \U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("half \ud83d emoji", "half  emoji"),
    ],
)
def test_text_loses_what_cannot_be_seen_and_nothing_else(text: str, kept: str) -> None:
    assert clean_text(text) == kept


def test_a_line_has_single_blanks_and_no_breaks() -> None:
    assert clean_line("  Checkout \n is\t\tdown ") == "Checkout is down"


@given(st.text())
def test_cleaned_text_can_be_stored_and_is_clean_already(text: str) -> None:
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert cleaned.encode() == unicodedata.normalize("NFC", cleaned).encode()


def test_quoted_words_cannot_end_their_quotes() -> None:
    assert quoted("a`b\nc") == "`a'b c`"


def test_short_text_is_not_shortened() -> None:
    assert shortened("exactly", 7) == "exactly"


def test_long_text_ends_at_a_word() -> None:
    assert shortened("The shop cannot be reached.", 12) == "The shop…"
    assert shortened("The shop, cannot", 10) == "The shop…"


def test_a_long_word_is_cut() -> None:
    assert shortened("Donaudampfschiff", 6) == "Donau…"


@pytest.mark.parametrize(
    ("names", "line"), [((), ""), (("a",), "a"), (("card payments",), "card payments,"), (("a", "b c"), "a, b c")]
)
def test_names_stand_as_somebody_would_type_them(names: tuple[str, ...], line: str) -> None:
    assert names_line(names) == line
