"""A value with other fields is what `dataclasses.replace` makes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.changing import changed
from bot.incident import Incident, Snooze

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_what_is_not_named_stays_and_the_value_itself_as_well() -> None:
    before = Incident(number=42, title="Checkout is down")
    after = changed(before, version=3, last_at=NOON)
    assert after == replace(before, version=3, last_at=NOON)
    assert (before.version, before.last_at) == (0, None)


def test_it_is_as_frozen_and_as_equal_as_any_other() -> None:
    later = changed(Snooze(until=NOON, reason="lunch"), until=NOON + timedelta(hours=1))
    assert later == Snooze(until=NOON + timedelta(hours=1), reason="lunch")
    with pytest.raises(AttributeError):
        later.reason = "dinner"  # type: ignore[misc]


def test_a_field_that_there_is_not_is_a_fault_of_ours() -> None:
    with pytest.raises(AttributeError):
        changed(Incident(number=42), colour="red")
