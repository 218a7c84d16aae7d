"""Durations of a policy: `45s`, `15m`, `2h`, `3d`, `1h30m`."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.durations import LONGEST, duration, positive_duration, signed_duration

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


@st.composite
def written(draw: st.DrawFn) -> tuple[str, timedelta]:
    """A duration as somebody may write it, and what it means."""
    units = draw(st.lists(st.sampled_from("dhms"), unique=True, min_size=1))
    parts = {unit: draw(st.integers(0, 90)) for unit in UNITS if unit in units}
    return "".join(f"{number}{unit}" for unit, number in parts.items()), timedelta(
        **{UNITS[unit]: number for unit, number in parts.items()}
    )


@given(written())
def test_what_is_written_is_what_is_read(pair: tuple[str, timedelta]) -> None:
    text, span = pair

    assert duration(text) == span


@given(written())
def test_a_minus_comes_before_the_moment(pair: tuple[str, timedelta]) -> None:
    text, span = pair

    assert signed_duration(f"-{text}") == -span
    assert signed_duration(text) == span


@given(st.text())
def test_anything_else_is_refused_in_words(text: str) -> None:
    assert _answer(text).startswith(("write a duration such as 45s", "read"))


@pytest.mark.parametrize(
    "text",
    ["", "15", "m", "15 m", "1.5h", "15min", "30m1h", "1h1h", "-5m", "+5m", "५m", "15M", 15, 15.0, True, None, []],
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="write a duration such as"):
        duration(text)


@pytest.mark.parametrize("text", ["367d", "999999999d", "9" * 40 + "s"])
def test_a_duration_ends_after_a_year(text: str) -> None:
    with pytest.raises(ValueError, match="write a duration"):
        duration(text)


def test_nothing_is_no_positive_duration() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        positive_duration("0s")


@pytest.mark.parametrize("text", ["--5m", "-", "- 5m", 5])
def test_a_sign_needs_a_duration(text: object) -> None:
    with pytest.raises(ValueError, match="with a minus before it"):
        signed_duration(text)


def _answer(text: str) -> str:
    try:
        span = duration(text)
    except ValueError as error:
        return str(error)
    return "read" if timedelta() <= span <= LONGEST else "out of bounds"
