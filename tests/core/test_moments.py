"""Times as people type them: what each means, at the edges of the clocks too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.moments import duration, is_duration, is_moment, moment, moment_words, past, zone_named
from bot.refusals import Refused, Unreadable
from tests.core.asking import refused

BERLIN, LONDON, UTC_ZONE = "Europe/Berlin", "Europe/London", "Etc/UTC"
ZONES = st.sampled_from(sorted(available_timezones()))
INSTANTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2030, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
CLOCKS = st.times()
HALF_A_DAY = timedelta(hours=12)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = utc("2026-11-23T01:10:20")
"""A Monday; 02:10 in Berlin."""


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("1h 30m", timedelta(hours=1, minutes=30)),
        ("90s", timedelta(seconds=90)),
        ("2h", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("30 min", timedelta(minutes=30)),
        ("1 HOUR", timedelta(hours=1)),
        ("0m", timedelta()),
    ],
)
def test_a_length_of_time_is_a_number_with_a_unit(text: str, length: timedelta) -> None:
    assert duration(text) == length
    assert is_duration(text)


@pytest.mark.parametrize(
    "text", ["", "30", "m", "half an hour", "30m1h", "1h1h", "-5m", "٣m", "16:45", "9999999d", "1 hm"]
)
def test_other_words_are_no_length_of_time(text: str) -> None:
    with pytest.raises(Unreadable):
        duration(text)


def test_the_refusal_of_a_length_says_what_to_write() -> None:
    sentence = refused(lambda: duration("soon")).sentence

    assert sentence == "`soon` is not a length of time Sitrep can read: write 30m, 1h30m or 2h."


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("30m", BERLIN, "2026-11-23T01:40:20"),
        ("02:40", BERLIN, "2026-11-23T01:40"),
        ("2:40", BERLIN, "2026-11-23T01:40"),
        ("02:40", UTC_ZONE, "2026-11-23T02:40"),
        ("02:40Z", BERLIN, "2026-11-23T02:40"),
        ("02:40z", BERLIN, "2026-11-23T02:40"),
        ("2026-11-24 09:00", BERLIN, "2026-11-24T08:00"),
        ("2026-11-24T09:00Z", BERLIN, "2026-11-24T09:00"),
        ("2026-11-24T09:00:00Z", BERLIN, "2026-11-24T09:00"),
        ("2026-11-24   09:00", LONDON, "2026-11-24T09:00"),
    ],
)
def test_a_moment_is_read_in_the_zone_of_who_typed_it(text: str, zone: str, meant: str) -> None:
    assert moment(text, NIGHT, zone) == utc(meant)


def test_a_clock_time_just_after_midnight_is_the_next_day() -> None:
    late = utc("2026-11-23T22:50")

    assert moment("00:20", late, BERLIN) == utc("2026-11-23T23:20")


@pytest.mark.parametrize("text", ["01:45", "02:10", "14:11", "2026-11-22 09:00", "01:10Z"])
def test_what_lies_behind_or_too_far_ahead_has_passed(text: str) -> None:
    assert refused(lambda: moment(text, NIGHT, BERLIN)).sentence == f"{text} has passed: name a later time."


@pytest.mark.parametrize(
    "text",
    ["half four", "25:00", "12:60", "2026-02-30 09:00", "2026-11-24 09:00:60", "1999-01-01 09:00", "4pm", "", "12:3"],
)
def test_other_words_are_no_time(text: str) -> None:
    sentence = refused(lambda: moment(text, NIGHT, BERLIN)).sentence

    assert sentence == f"`{text}` is not a time Sitrep can read: write 30m, 2h or 16:45."


def test_long_words_are_not_repeated_whole() -> None:
    sentence = refused(lambda: moment("when the cows come home and ` everybody has had breakfast", NIGHT, BERLIN))

    assert sentence.sentence.startswith("`when the cows come home and ' everybody…` is not a time")


def test_a_missing_hour_is_the_next_minute_that_exists() -> None:
    before_spring = utc("2026-03-29T00:30")

    assert moment("02:30", before_spring, BERLIN) == utc("2026-03-29T01:00")
    assert moment("2026-03-29 02:59", before_spring, BERLIN) == utc("2026-03-29T01:00")


def test_a_double_hour_is_the_first_that_is_still_ahead() -> None:
    before, between = utc("2026-10-24T23:30"), utc("2026-10-25T00:45")

    assert moment("02:30", before, BERLIN) == utc("2026-10-25T00:30")
    assert moment("02:30", between, BERLIN) == utc("2026-10-25T01:30")


def test_a_double_hour_that_is_over_has_passed() -> None:
    refusal = refused(lambda: moment("02:30", utc("2026-10-25T01:31"), BERLIN))

    assert refusal.sentence == "02:30 has passed: name a later time."


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10m", "2026-11-23T01:00:20"),
        ("10m ago", "2026-11-23T01:00:20"),
        ("1h 5m AGO", "2026-11-23T00:05:20"),
        ("01:52", "2026-11-23T00:52"),
        ("02:10", "2026-11-23T01:10"),
        ("02:11", "2026-11-22T01:11"),
        ("23:50Z", "2026-11-22T23:50"),
        ("2026-11-20 09:00", "2026-11-20T08:00"),
    ],
)
def test_looking_back_a_clock_time_is_the_last_one(text: str, meant: str) -> None:
    assert past(text, NIGHT, BERLIN) == utc(meant)


def test_looking_back_a_double_hour_is_the_last_that_has_been() -> None:
    assert past("02:30", utc("2026-10-25T01:45"), BERLIN) == utc("2026-10-25T01:30")
    assert past("02:30", utc("2026-10-25T01:15"), BERLIN) == utc("2026-10-25T00:30")


def test_looking_back_what_is_still_to_come_is_refused() -> None:
    refusal = refused(lambda: past("2026-11-24 09:00", NIGHT, BERLIN))

    assert refusal.sentence == "2026-11-24 09:00 is still to come: name an earlier time."


@pytest.mark.parametrize("text", ["30m", "16:45", "99:99", "2026-11-24 09:00"])
def test_a_shape_of_time_is_known_before_it_is_read(text: str) -> None:
    assert is_moment(text)


@pytest.mark.parametrize("text", ["the", "4", "INC-42", "16:45 or so"])
def test_other_words_do_not_have_the_shape_of_a_time(text: str) -> None:
    assert not is_moment(text)


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "../etc/passwd", "Pacific Standard Time"])
def test_a_zone_nobody_knows_is_utc(name: str) -> None:
    assert zone_named(name) is UTC


def test_a_moment_is_said_in_the_readers_zone_and_in_utc() -> None:
    assert moment_words(utc("2026-11-23T02:40"), NIGHT, BERLIN) == "03:40 (02:40 UTC)"


def test_a_moment_more_than_half_a_day_away_is_said_with_its_day() -> None:
    said = moment_words(utc("2026-11-23T23:30"), NIGHT, BERLIN)

    assert said == "Tue 24 Nov 00:30 (Mon 23 Nov 23:30 UTC)"


@given(at=INSTANTS, clock=CLOCKS, zone=ZONES)
@example(at=utc("2026-03-29T00:30"), clock=datetime(2026, 1, 1, 2, 30, tzinfo=UTC).time(), zone=BERLIN)
@example(at=utc("2026-10-25T00:45"), clock=datetime(2026, 1, 1, 2, 30, tzinfo=UTC).time(), zone=BERLIN)
@example(at=utc("2026-04-04T12:00"), clock=datetime(2026, 1, 1, 1, 45, tzinfo=UTC).time(), zone="Australia/Lord_Howe")
def test_a_clock_time_is_ahead_by_half_a_day_at_most_and_shows_what_was_typed(
    at: datetime, clock: "datetime", zone: str
) -> None:
    text = f"{clock:%H:%M}"
    try:
        found = moment(text, at, zone)
    except Refused:
        return

    assert timedelta() < found - at <= HALF_A_DAY
    shown = found.astimezone(ZoneInfo(zone))
    assert f"{shown:%H:%M}" == text or _is_first_after_a_gap(shown)


@given(at=INSTANTS, ahead=st.integers(min_value=1, max_value=11 * 60 + 59), zone=ZONES)
def test_whatever_a_clock_will_show_within_half_a_day_can_be_typed(at: datetime, ahead: int, zone: str) -> None:
    goal = at.replace(second=0, microsecond=0) + timedelta(minutes=ahead)
    shown = goal.astimezone(ZoneInfo(zone))

    found = moment(f"{shown:%H:%M}", at, zone)

    assert at < found <= goal
    assert found.astimezone(ZoneInfo(zone)).strftime("%H:%M") == f"{shown:%H:%M}"


@given(at=INSTANTS, back=st.integers(min_value=0, max_value=11 * 60), zone=ZONES)
def test_whatever_a_clock_has_shown_within_half_a_day_can_be_typed_looking_back(
    at: datetime, back: int, zone: str
) -> None:
    goal = at.replace(second=0, microsecond=0) - timedelta(minutes=back)
    shown = goal.astimezone(ZoneInfo(zone))

    found = past(f"{shown:%H:%M}", at, zone)

    assert goal <= found <= at


@given(at=INSTANTS, goal=INSTANTS, zone=ZONES)
def test_a_date_and_time_is_that_minute_there(at: datetime, goal: datetime, zone: str) -> None:
    shown = goal.astimezone(ZoneInfo(zone))
    text = f"{shown:%Y-%m-%d %H:%M}"
    try:
        found = moment(text, at, zone)
    except Refused:
        found = past(text, at, zone)

    assert f"{found.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == text


@given(text=st.text(max_size=30), at=INSTANTS, zone=ZONES)
def test_any_words_are_a_time_or_a_refusal(text: str, at: datetime, zone: str) -> None:
    for read in (moment, past):
        try:
            assert read(text, at, zone).tzinfo is UTC
        except Refused:
            continue


@given(seconds=st.integers(min_value=0, max_value=10**7))
def test_a_length_of_time_reads_back(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)

    assert duration(f"{minutes}m {rest}s") == timedelta(seconds=seconds)


def _is_first_after_a_gap(shown: datetime) -> bool:
    before = (shown.astimezone(UTC) - timedelta(seconds=1)).astimezone(shown.tzinfo)
    return before.utcoffset() != shown.utcoffset()
