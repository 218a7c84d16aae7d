"""Spans of time as a policy writes them: `45s`, `15m`, `2h`, `3d`, `1h30m`; a rung before its moment has a minus."""

import re
from datetime import timedelta

LONGEST = timedelta(days=366)

HINT = "write a duration such as 45s, 15m, 2h, 3d or 1h30m"
AHEAD_HINT = f"{HINT}, longer than nothing and at most {LONGEST.days} days"
SIGNED_HINT = f"{HINT}, with a minus before it for what comes earlier, as in -5m"

_PARTS = re.compile(r"(?=.)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)


def duration(text: object) -> timedelta:
    """The span that `text` writes, zero allowed. Each unit at most once, the longest first.

    Raises ValueError, saying what to write, for anything else and for more than `LONGEST`.
    """
    found = _PARTS.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(HINT)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span > LONGEST:
        raise ValueError(f"{HINT}, at most {LONGEST.days} days")
    return span


def positive_duration(text: object) -> timedelta:
    """As `duration`, and longer than nothing."""
    span = duration(text)
    if not span:
        raise ValueError(AHEAD_HINT)
    return span


def signed_duration(text: object) -> timedelta:
    """As `duration`, with an optional sign: `-5m` lies before the moment it is counted from."""
    if not isinstance(text, str):
        raise ValueError(SIGNED_HINT)  # noqa: TRY004 - the reader of the file is told by ValueError only
    sign = -1 if text.startswith("-") else 1
    try:
        return sign * duration(text.removeprefix("-"))
    except ValueError:
        raise ValueError(SIGNED_HINT) from None
