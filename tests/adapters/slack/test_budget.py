"""Slack's limits as we keep them ourselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.slack.budget import CEILING_BURST, CEILING_KEPT, METHODS, POST, TIERS, Budget

NOW = 1000.0


def test_buckets_start_full_so_a_whole_declare_goes_at_once() -> None:
    budget = Budget()
    steps = ["conversations.create", "conversations.setTopic", "conversations.invite", "pins.add", "users.info"]

    waits = [budget.ask(step, "", NOW) for step in steps] + [budget.ask(POST, room, NOW) for room in ("C1", "C2")]

    assert waits == [0.0] * 7


@pytest.mark.parametrize("method", ["conversations.create", "chat.update", "users.info", "some.other"])
def test_a_method_has_a_minutes_worth_and_then_refills_evenly(method: str) -> None:
    budget = Budget()
    most = TIERS[METHODS.get(method, 3)]

    assert [budget.ask(method, "", NOW) for _ in range(most)] == [0.0] * most
    assert budget.ask(method, "", NOW) == pytest.approx(60 / most)
    assert budget.ask(method, "", NOW + 60 / most) == 0.0


def test_those_who_must_wait_are_told_moments_of_their_own() -> None:
    budget = Budget()
    for _ in range(20):
        budget.ask("pins.add", "", NOW)

    assert [round(budget.ask("pins.add", "", NOW)) for _ in range(4)] == [3, 6, 9, 12]


def test_a_busy_channel_does_not_slow_another() -> None:
    budget = Budget()
    while budget.ask(POST, "C1", NOW) == 0.0:
        pass

    assert budget.ask(POST, "C2", NOW) == 0.0


def test_a_reminder_passes_what_waits() -> None:
    budget = Budget()
    while budget.ask(POST, "C1", NOW) == 0.0:
        pass
    for _ in range(50):
        budget.ask(POST, "C1", NOW)

    assert budget.ask(POST, "C1", NOW, urgent=True) == 0.0


def test_the_workspace_has_a_ceiling_with_room_left_for_reminders() -> None:
    budget = Budget()
    said = 0
    while budget.ask(POST, f"C{said}", NOW) == 0.0:
        said += 1

    assert said == CEILING_BURST - CEILING_KEPT
    assert budget.ask(POST, "D1", NOW, urgent=True) == 0.0


def test_what_slack_says_wins_over_a_full_bucket() -> None:
    budget = Budget()
    budget.close("chat.update", 30, NOW)

    assert budget.ask("chat.update", "", NOW + 10) == pytest.approx(20)
    assert budget.ask("pins.add", "", NOW) == 0.0
    assert budget.ask("chat.update", "", NOW + 30) == 0.0


def test_channels_long_silent_are_forgotten() -> None:
    budget = Budget()
    for number in range(5000):
        budget.ask(POST, f"C{number}", NOW + 10 * number)

    assert len(budget.channels) <= 1000


@given(some.lists(some.tuples(some.floats(0, 5), some.booleans()), max_size=200))
def test_no_minute_ever_sees_more_than_burst_and_refill(steps: list[tuple[float, bool]]) -> None:
    budget, now = Budget(), NOW
    gone: list[float] = []
    for pause, urgent in steps:
        now += pause
        if budget.ask("conversations.create", "", now, urgent=urgent) == 0.0:
            gone.append(now)

    for moment in gone:
        within = [other for other in gone if moment <= other < moment + 60]
        assert len(within) <= 2 * TIERS[2]
