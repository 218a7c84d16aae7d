"""Times of day and days of the week as a policy writes them: `20:00`, `mon-fri`."""

import re
from datetime import time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `datetime.weekday`."""

CLOCK_HINT = "write a time of day such as 20:00"
DAYS_HINT = "write days such as mon-fri, sat-mon or mon,wed,fri"

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def clock_time(text: object) -> time:
    """The time of day that `text` writes; TOML's own `20:00:00` is taken as it is.

    Raises ValueError, saying what to write, for anything else.
    """
    if isinstance(text, time):
        return text
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(CLOCK_HINT)
    return time(int(found[1]), int(found[2]))


def weekdays(text: object) -> frozenset[int]:
    """The days that `text` names, Monday 0: ranges may pass Sunday, commas separate.

    Raises ValueError, saying what to write, for anything else.
    """
    if not isinstance(text, str):
        raise ValueError(DAYS_HINT)  # noqa: TRY004 - the reader of the file is told by ValueError only
    return frozenset(day for part in text.casefold().split(",") for day in _range(part.strip()))


def _range(text: str) -> tuple[int, ...]:
    first, dash, last = (part.strip() for part in text.partition("-"))
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(DAYS_HINT)
    start = DAYS.index(first)
    length = (DAYS.index(last) - start) % 7 + 1 if dash else 1
    return tuple((start + step) % 7 for step in range(length))
