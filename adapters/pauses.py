"""How long a failed delivery waits, and when it is given up. Pure: chance comes in as an argument."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The outbox's spans of real time."""

    in_flight: int = 16
    """Deliveries under way at once, for each chat."""
    unwritten: int = 400
    """Deliveries under way or not written down, for all chats. With more, nothing is claimed: none is forgotten."""
    longest: timedelta = timedelta(seconds=20)
    """For one delivery, all its calls together. One call takes 10 seconds at most."""
    lease: timedelta = timedelta(seconds=50)
    """30 seconds more than `longest`, so that a row is never anybody else's while it is being sent."""
    poll: timedelta = timedelta(seconds=1)
    """Between two looks at the rows, where nothing woke the relay earlier."""
    first: tuple[float, float] = (0.5, 1.5)
    """Seconds, at random between: the first repeat of a failed call comes within two."""
    refused: timedelta = timedelta(seconds=60)
    """Between two tries at a chat that refuses us altogether."""
    ceiling: timedelta = timedelta(minutes=5)
    """The longest pause between two attempts."""
    ceiling_urgent: timedelta = timedelta(seconds=30)
    """The same for a reminder: after an outage it must not wait for minutes more."""
    give_up: timedelta = timedelta(hours=24)
    """How long a delivery may fail."""
    finish: timedelta = timedelta(seconds=8)
    """At a stop, for what is under way."""
    mark_again: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0)
    """Seconds between tries to write an outcome down while the database does not answer."""
    poison: int = 5
    """Faults of ours after which a row is given up."""


def pause(failures: int, *, urgent: bool, pace: Pace, chance: Random) -> timedelta:
    """The time until the next attempt, when `failures` attempts in a row had failed before this one.

    Soon at first, then full jitter below a ceiling that doubles.
    """
    if failures <= 0:
        return timedelta(seconds=chance.uniform(*pace.first))
    ceiling = pace.ceiling_urgent if urgent else pace.ceiling
    most = min(ceiling.total_seconds(), 2.0 ** min(failures, 16))
    return timedelta(seconds=chance.uniform(pace.first[0], max(most, pace.first[0])))
