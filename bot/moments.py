"""Times as people type them, and back: `30m`, `16:45`, `16:45Z`, `2026-11-24 09:00`.

The rules are those of docs/promises.md, section 5. Moments go in and come out as instants with a time zone; what is
given back is UTC. An hour that the clocks leave out means the next minute that exists; an hour that they repeat means
the first of the two that is still ahead (or, looking back, the last that has been).
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.refusals import Unreadable
from bot.typed import clean_line, quoted

HALF_A_DAY = timedelta(hours=12)
"""How far ahead a bare `16:45` may lie."""
LONGEST = timedelta(days=3660)
"""Nothing here is planned for more than ten years."""

_UNITS = (
    ("days", r"d|days?"),
    ("hours", r"h|hrs?|hours?"),
    ("minutes", r"m|mins?|minutes?"),
    ("seconds", r"s|secs?|seconds?"),
)
_DURATION = re.compile(
    r"\s*".join(rf"(?:(?P<{unit}>\d{{1,9}})\s*(?:{words})(?![a-z]))?" for unit, words in _UNITS),
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?P<utc>z)?", re.IGNORECASE | re.ASCII)
_DATED = re.compile(
    r"(?P<day>2\d{3}-\d\d-\d\d)(?:\s+|t)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::[0-5]\d)?(?P<utc>z)?",
    re.IGNORECASE | re.ASCII,
)
_MINUTE = timedelta(minutes=1)


def zone_named(name: str) -> tzinfo:
    """The zone of that IANA name; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def duration(text: str) -> timedelta:
    """`30m`, `1h30m`, `90s`, `2h`, `3d` or `1h 30m` as a length of time. Raises Unreadable."""
    length = _length(text)
    if length is None:
        raise Unreadable(f"{quoted(text)} is not a length of time Sitrep can read: write 30m, 1h30m or 2h.")
    return length


def moment(text: str, at: datetime, zone: str) -> datetime:
    """The moment ahead of `at` that somebody in `zone` means, as UTC.

    A clock time is the next one if it is at most 12 hours ahead. Raises Unreadable for what has passed or is no time.
    """
    length = _length(text)
    if length is not None:
        return at.astimezone(UTC) + length
    found = next((when for when in sorted(_meant(text, at, zone)) if when > at), None)
    if found is None or (_is_clock(text) and found - at > HALF_A_DAY):
        raise Unreadable(f"{clean_line(text)} has passed: name a later time.")
    return found


def past(text: str, at: datetime, zone: str) -> datetime:
    """The moment not after `at` that somebody in `zone` means, as UTC: `10m` (ago), the last `01:52`, a date.

    Raises Unreadable for what is still to come or is no time.
    """
    length = _length(re.sub(r"\s+ago\s*$", "", text, flags=re.IGNORECASE))
    if length is not None:
        return at.astimezone(UTC) - length
    found = next((when for when in sorted(_meant(text, at, zone), reverse=True) if when <= at), None)
    if found is None:
        raise Unreadable(f"{clean_line(text)} is still to come: name an earlier time.")
    return found


def is_duration(text: str) -> bool:
    """Whether the text is a length of time."""
    return _length(text) is not None


def is_moment(text: str) -> bool:
    """Whether the text has the shape of a time, passed or not."""
    return is_duration(text) or _is_clock(text) or _DATED.fullmatch(clean_line(text)) is not None


def moment_words(moment: datetime, at: datetime, zone: str) -> str:
    """A moment for a reader in `zone`, with UTC: `03:40 (02:40 UTC)`; more than 12 hours from `at`, with both days."""
    local, utc = moment.astimezone(zone_named(zone)), moment.astimezone(UTC)
    far = abs(moment - at) > HALF_A_DAY
    return f"{_clock_words(local, far)} ({_clock_words(utc, far)} UTC)"


def _clock_words(moment: datetime, far: bool) -> str:
    return f"{moment:%a} {moment.day} {moment:%b} {moment:%H:%M}" if far else f"{moment:%H:%M}"


def _length(text: str) -> timedelta | None:
    found = _DURATION.fullmatch(clean_line(text))
    given = {unit: int(number) for unit, number in found.groupdict().items() if number} if found else {}
    if not given or sum(given.values()) > LONGEST.total_seconds():
        return None
    length = timedelta(**given)
    return length if length <= LONGEST else None


def _is_clock(text: str) -> bool:
    return _CLOCK.fullmatch(clean_line(text)) is not None


def _meant(text: str, at: datetime, zone: str) -> Iterator[datetime]:
    """Every instant the words may stand for, around `at`. Raises Unreadable for words that are no time."""
    line = clean_line(text)
    dated = _DATED.fullmatch(line)
    found = dated or _CLOCK.fullmatch(line)
    if found is None:
        raise _no_time(text)
    home = UTC if found["utc"] else zone_named(zone)
    try:
        clock = time(int(found["hour"]), int(found["minute"]))
        days = [date.fromisoformat(dated["day"])] if dated else _days_around(at, home)
    except ValueError:
        raise _no_time(text) from None
    return (when for day in days for when in _instants(datetime.combine(day, clock), home))


def _no_time(text: str) -> Unreadable:
    return Unreadable(f"{quoted(text)} is not a time Sitrep can read: write 30m, 2h or 16:45.")


def _days_around(at: datetime, home: tzinfo) -> list[date]:
    today = at.astimezone(home).date()
    return [today + timedelta(days=step) for step in (-1, 0, 1)]


def _instants(wall: datetime, home: tzinfo) -> set[datetime]:
    """When a clock there shows that time: two instants in a repeated hour; for one left out, the next minute."""
    shown = wall
    while True:
        both = {shown.replace(tzinfo=home, fold=fold).astimezone(UTC) for fold in (0, 1)}
        there = {when for when in both if when.astimezone(home).replace(tzinfo=None, fold=0) == shown}
        if there:
            return there
        shown += _MINUTE
