"""Teams' limits as we keep them ourselves, and one call at a time in a conversation."""

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.sinks import SendFailed
from adapters.teams.budget import LIMITS, MOST_CONVERSATIONS, WHOLE, Budget, Kind
from adapters.teams.turns import Turns

NOW = 1000.0


def spend(budget: Budget, kind: Kind = "send", *, at: float = NOW, place: str = "19:a", urgent: bool = False) -> int:
    """How many calls go now."""
    said = 0
    while budget.ask(kind, place, at, urgent=urgent) == 0.0:
        said += 1
    return said


@pytest.mark.parametrize(("kind", "most"), [("send", 7), ("read", 14)])
def test_a_second_has_so_many_calls_and_the_next_one_more(kind: Kind, most: int) -> None:
    budget = Budget()

    assert spend(budget, kind, urgent=True) == most
    assert budget.ask(kind, "19:a", NOW, urgent=True) == pytest.approx(1.0)
    assert spend(budget, kind, at=NOW + 1.0, urgent=True) == most // 7
    assert budget.ask(kind, "19:a", NOW + 1.0, urgent=True) == pytest.approx(1.0)


def test_reading_and_saying_are_counted_apart() -> None:
    budget = Budget()
    spend(budget, "send")

    assert budget.ask("read", "19:a", NOW) == 0.0


def test_those_who_must_wait_are_told_moments_of_their_own() -> None:
    budget = Budget()
    for _ in range(6):
        budget.ask("send", "19:a", NOW)

    waits = [round(budget.ask("send", "19:a", NOW), 3) for _ in range(8)]

    assert waits == [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 3.0]


def test_who_comes_back_when_told_may_go() -> None:
    budget = Budget()
    spend(budget)
    wait = budget.ask("send", "19:a", NOW)

    assert budget.ask("send", "19:a", NOW + wait) == 0.0


def test_a_busy_conversation_does_not_slow_another() -> None:
    budget = Budget()
    spend(budget)

    assert budget.ask("send", "19:b", NOW) == 0.0


def test_a_reminder_passes_what_waits() -> None:
    budget = Budget()
    spend(budget)
    for _ in range(50):
        budget.ask("send", "19:a", NOW)

    assert budget.ask("send", "19:a", NOW, urgent=True) == 0.0


def test_the_tenant_has_a_ceiling_with_room_left_for_reminders() -> None:
    budget, said = Budget(), 0
    while budget.ask("send", f"19:{said}", NOW) == 0.0:
        said += 1

    assert said == WHOLE[0].most - WHOLE[0].kept
    assert budget.ask("send", "19:z", NOW, urgent=True) == 0.0
    assert budget.ask("send", "19:y", NOW + 1.0) == 0.0


def test_what_teams_says_wins_over_a_full_budget() -> None:
    budget = Budget()
    budget.close("send", "19:a", 30, NOW)

    assert budget.ask("send", "19:a", NOW + 10, urgent=True) == pytest.approx(20)
    assert budget.ask("send", "19:b", NOW) == 0.0
    assert budget.ask("read", "19:a", NOW) == 0.0
    assert budget.ask("send", "19:a", NOW + 30) == 0.0


def test_a_named_time_is_obeyed_and_a_missing_one_grows_until_a_call_gets_through() -> None:
    budget = Budget(chance=Random(1))

    assert budget.limited("send", "19:a", 17.0, NOW) == 17.0
    guesses = [budget.limited("send", "19:a", None, NOW) for _ in range(8)]
    budget.went("send", "19:a")

    for number, guess in enumerate(guesses):
        ceiling = min(2.0 ** (number + 2), 60.0)
        assert ceiling / 2 <= guess <= ceiling
    assert budget.limited("send", "19:a", None, NOW) <= 2.0
    assert budget.limited("send", "19:b", 1e9, NOW) == 3600.0


def test_conversations_longest_unused_are_forgotten_and_no_others() -> None:
    budget = Budget()
    spend(budget, place="19:busy")
    for number in range(5000):
        budget.ask("send", f"19:{number}", NOW + number / 1e6, urgent=True)
        budget.limited("send", f"19:{number}", 1.0, NOW)
        assert budget.ask("send", "19:busy", NOW + number / 1e6) > 0.0

    assert len(budget.tracks) <= MOST_CONVERSATIONS
    assert len(budget.strikes) <= MOST_CONVERSATIONS
    assert len(budget.closed) <= MOST_CONVERSATIONS


def test_pauses_told_by_another_process_do_not_pile_up() -> None:
    budget = Budget()
    for number in range(2 * MOST_CONVERSATIONS):
        budget.pause(f"send 19:{number}", 60.0, NOW)

    assert len(budget.closed) == MOST_CONVERSATIONS
    assert budget.ask("send", f"19:{number}", NOW) == 60.0


@given(
    some.lists(some.tuples(some.floats(0, 3), some.booleans()), max_size=200),
    some.sampled_from(list(LIMITS)),
)
def test_no_span_ever_sees_more_than_its_limit(steps: list[tuple[float, bool]], kind: Kind) -> None:
    budget, now, gone = Budget(), NOW, list[float]()
    for pause, urgent in steps:
        now += pause
        if budget.ask(kind, "19:a", now, urgent=urgent) == 0.0:
            gone.append(now)

    for limit in LIMITS[kind]:
        for moment in gone:
            within = [other for other in gone if moment <= other < moment + limit.seconds - 1e-5]
            assert len(within) <= limit.most


async def test_two_calls_in_a_conversation_go_one_after_the_other_in_order() -> None:
    turns, order = Turns(), list[str]()

    async def call(name: str, place: str) -> None:
        async with turns.turn(place):
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    await asyncio.gather(call("first", "19:a"), call("second", "19:a"), call("third", "19:a"))

    assert order == ["first begins", "first ends", "second begins", "second ends", "third begins", "third ends"]
    assert not turns.places


async def test_another_conversation_need_not_wait() -> None:
    turns = Turns()

    async with turns.turn("19:a"), turns.turn("19:b"):
        assert set(turns.places) == {"19:a", "19:b"}


async def test_a_turn_that_does_not_come_is_the_outboxs_to_wait_for() -> None:
    turns = Turns(patience=0.0)

    async with turns.turn("19:a"):
        with pytest.raises(SendFailed) as failed:
            async with turns.turn("19:a"):
                raise AssertionError("nobody else may be in there")

    assert failed.value.retry_after == 1.0
    assert not failed.value.outcome_unknown
    assert not turns.places


async def test_a_call_that_fails_or_is_given_up_leaves_its_place() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="ours"):
        async with turns.turn("19:a"):
            raise ValueError("ours")
    async with turns.turn("19:a"):
        waiting = asyncio.create_task(_wait(turns))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    async with turns.turn("19:a"):
        assert turns.places["19:a"].wanted == 1
    assert not turns.places


async def _wait(turns: Turns) -> None:
    async with turns.turn("19:a"):
        raise AssertionError("it was given up")


@pytest.mark.parametrize("among", [2, 3, 8])
def test_processes_that_share_a_bot_have_its_limits_together(among: int) -> None:
    budgets = [Budget() for _ in range(among)]
    for budget in budgets:
        budget.share(among)

    gone = [
        tenth / 10
        for tenth in range(600)
        for budget in budgets
        if budget.ask("send", "19:a", NOW + tenth / 10, urgent=True) == 0.0
    ]

    assert 90 <= len(gone) <= 120 + among
    assert max(sum(at <= one < at + 1.0 for one in gone) for at in gone) <= max(7, among)


def test_a_process_that_is_alone_again_has_the_whole_limit_again() -> None:
    budget = Budget()
    budget.share(8)
    spend(budget, urgent=True)

    budget.share(1)

    assert spend(budget, at=NOW + 60, urgent=True) == 7


def test_what_one_process_was_told_holds_for_the_other() -> None:
    told, other = Budget(), Budget()
    told.close("send", "19:a b", 30.0, NOW)

    for what, seconds in told.pauses(NOW + 1).items():
        other.pause(what, seconds, NOW + 1)

    assert other.ask("send", "19:a b", NOW + 1) == pytest.approx(29.0)
    assert other.ask("read", "19:a b", NOW + 1) == 0.0
    assert told.pauses(NOW + 31) == {}
