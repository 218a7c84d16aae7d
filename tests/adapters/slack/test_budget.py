"""Slack's limits as we keep them ourselves."""

import heapq
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.slack.budget import CEILING_BURST, CEILING_KEPT, LONGEST, METHODS, POST, STEADY, TIERS, Budget, Haste

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
    apart = 60 / (most * STEADY)

    assert [budget.ask(method, "", NOW) for _ in range(most)] == [0.0] * most
    assert budget.ask(method, "", NOW) == pytest.approx(apart)
    assert budget.ask(method, "", NOW + apart + 0.001) == 0.0


def test_calls_that_are_late_on_their_way_come_to_no_minute_that_is_full() -> None:
    budget, chance, now = Budget(), Random(1), NOW
    arrived: list[float] = []
    while now < NOW + 900:
        wait = budget.ask("chat.update", "", now)
        if wait == 0.0:
            arrived.append(now + chance.uniform(0, 2))
        now += wait or 0.01

    begun = [moment for moment in arrived if moment > NOW + 60]  # the first minute's worth is a gift
    fullest = max(sum(moment <= other < moment + 60 for other in begun) for moment in begun)
    assert fullest <= TIERS[3]


def test_those_who_must_wait_are_told_moments_of_their_own() -> None:
    budget = Budget()
    for _ in range(20):
        budget.ask("pins.add", "", NOW)

    assert [round(budget.ask("pins.add", "", NOW)) for _ in range(4)] == [3, 7, 10, 13]


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

    assert budget.ask(POST, "C1", NOW, haste=Haste.REMINDER) == pytest.approx(0.5)
    assert budget.ask(POST, "C1", NOW, haste=Haste.FIRST) == 0.0


def test_a_backlog_of_reminders_is_said_as_fast_as_allowed_without_asking_all_the_time() -> None:
    budget, asked, gone, now = Budget(), 0, 0, NOW
    waiting = [(NOW, number) for number in range(600)]
    while waiting:
        now, number = heapq.heappop(waiting)
        asked += 1
        wait = budget.ask(POST, f"D{number % 4}", now, haste=Haste.REMINDER)
        if wait > 0.0:
            heapq.heappush(waiting, (now + wait, number))
        else:
            gone += 1

    took = now - NOW
    assert gone == 600
    assert took <= 1.3 * (600 - CEILING_BURST) / (CEILING_BURST / 60)
    assert asked <= 600 * (took / LONGEST[Haste.REMINDER] + 2)


def test_those_of_the_highest_priority_pass_a_backlog_of_others() -> None:
    budget, gone, now = Budget(), dict[int, float](), NOW
    waiting = [(NOW + number / 100, number) for number in range(600)]
    while waiting:
        now, number = heapq.heappop(waiting)
        haste = Haste.FIRST if number >= 540 else Haste.REMINDER
        wait = budget.ask(POST, f"C{number}" if number % 2 else f"D{number % 4}", now, haste)
        if wait > 0.0:
            heapq.heappush(waiting, (now + wait, number))
        else:
            gone[number] = now - NOW

    assert len(gone) == 600
    assert max(at for number, at in gone.items() if number >= 540) <= 40


def test_after_a_backlog_of_reminders_news_waits_for_minutes_at_most() -> None:
    budget = Budget()
    for number in range(5000):
        budget.ask(POST, f"D{number % 4}", NOW, haste=Haste.REMINDER)

    assert budget.ask(POST, "C1", NOW) <= LONGEST[Haste.NEWS] + 60


def test_the_workspace_has_a_ceiling_with_room_left_for_reminders() -> None:
    budget = Budget()
    said = 0
    while budget.ask(POST, f"C{said}", NOW) == 0.0:
        said += 1

    assert said == CEILING_BURST - CEILING_KEPT
    assert budget.ask(POST, "D1", NOW, haste=Haste.REMINDER) == 0.0


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
        if budget.ask("conversations.create", "", now, haste=Haste(urgent)) == 0.0:
            gone.append(now)

    for moment in gone:
        within = [other for other in gone if moment <= other < moment + 60]
        assert len(within) <= 2 * TIERS[2]


@pytest.mark.parametrize("among", [2, 3, 7])
def test_processes_that_share_a_workspace_have_its_limits_together(among: int) -> None:
    budgets = [Budget() for _ in range(among)]
    for budget in budgets:
        budget.share(among)

    gone = sum(
        budget.ask(POST, "C1", NOW + tenth / 10, haste=Haste.REMINDER) == 0.0
        for tenth in range(600)
        for budget in budgets
    )

    assert 60 - among <= gone <= 60 + 5 + among


def test_a_process_that_is_alone_again_has_the_whole_limit_again() -> None:
    budget = Budget()
    budget.ask("pins.add", "", NOW)
    budget.share(4)
    budget.ask("pins.add", "", NOW + 1)

    budget.share(1)

    gone = sum(budget.ask("pins.add", "", NOW + 60) == 0.0 for _ in range(30))
    assert gone == TIERS[METHODS["pins.add"]]


def test_what_one_process_was_told_holds_for_the_other() -> None:
    told, other = Budget(), Budget()
    told.close("chat.update", 30.0, NOW)

    for what, seconds in told.pauses(NOW + 1).items():
        other.pause(what, seconds, NOW + 1)

    assert other.ask("chat.update", "C1", NOW + 1) == pytest.approx(29.0)
    assert other.ask(POST, "C1", NOW + 1) == 0.0
    assert other.ask("chat.update", "C1", NOW + 30) == 0.0
    assert told.pauses(NOW + 31) == {}
