"""Times of day and weekdays of a policy."""

from datetime import time

import pytest

from config.clock import clock_time, weekdays


@pytest.mark.parametrize(
    ("text", "read"),
    [("20:00", time(20)), ("8:05", time(8, 5)), ("00:00", time(0)), ("23:59", time(23, 59)), (time(7), time(7))],
)
def test_a_time_of_day_is_read(text: object, read: time) -> None:
    assert clock_time(text) == read


@pytest.mark.parametrize("text", ["24:00", "8", "8pm", "08:60", "", 8, None])
def test_what_is_no_time_of_day_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="write a time of day such as 20:00"):
        clock_time(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("mon,wed", {0, 2}),
        ("sat-mon", {5, 6, 0}),
        ("Mon - Wed, FRI", {0, 1, 2, 4}),
        ("sun", {6}),
        ("mon-sun", set(range(7))),
        ("tue-tue", {1}),
    ],
)
def test_days_are_ranges_and_lists(text: str, days: set[int]) -> None:
    assert weekdays(text) == days


@pytest.mark.parametrize("text", ["", "monday", "mon-", "-fri", "mon,,tue", "mo-fr", 1, ["mon"]])
def test_what_are_no_days_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="write days such as mon-fri"):
        weekdays(text)
