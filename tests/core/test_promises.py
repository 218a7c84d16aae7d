"""Promises rule by rule (docs/promises.md, section 1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import promises
from bot.events import PromiseEnded, PromiseMade, Status
from bot.policy import Audience, Priority
from bot.refusals import Refused
from tests.scenario import BEN, MINUTE, Story, at, policy


def story(clock: str = "10:00", priority: str = "critical", *, private: bool = False) -> Story:
    found = Story()
    found.declare(clock, priority=priority, private=private)
    return found


def test_1_1_an_audience_without_an_address_is_promised_nothing() -> None:
    found = policy()
    audiences = {name: audience for name, audience in found.audiences.items() if name != "customers"}
    assert promises.promised_audiences("critical", False, replace(found, audiences=audiences)) == ("internal",)
    assert promises.promised_audiences("critical", False, found) == ("internal", "customers")
    assert promises.promised_audiences("critical", True, found) == ("internal",)


def test_1_2_the_first_word_may_have_a_time_of_its_own() -> None:
    found = policy()
    first = replace(found.priorities[0], first_word_within={"internal": 10 * MINUTE})
    made = promises.at_declaration("critical", False, replace(found, priorities=(first,)), at("10:00"))
    assert [(event.audience, event.due) for event in made if isinstance(event, PromiseMade)] == [
        ("internal", at("10:10")),
        ("customers", at("11:00")),
    ]


def test_1_3_an_update_leaves_other_audiences_alone_and_may_promise_nothing() -> None:
    told = story()
    told.update("10:10", ("internal",), "")
    assert told.incident.promise("internal") is None
    assert told.incident.promises["customers"].due == at("11:00")


def test_1_3_no_further_update_needs_a_reason_and_stands_without_a_moment() -> None:
    found = story()
    events = promises.by_update(found.incident, ("internal",), {"internal": None}, "stable", at("10:10"), found.policy)
    found.write("10:10", events)
    promise = found.incident.promises["internal"]
    assert (promise.standing, promise.due, promise.reason) == (True, None, "stable")
    settled = promises.by_update(
        found.incident, ("internal",), {"internal": at("10:40")}, "", at("10:20"), found.policy
    )
    assert [type(event) for event in settled] == [PromiseMade]


@pytest.mark.parametrize("when", ["10:00", "09:59"])
def test_1_4_a_moment_must_lie_ahead(when: str) -> None:
    found = story()
    with pytest.raises(Refused, match="has passed: name a later time"):
        promises.check_moment(at(when), found.incident, found.policy, at("10:00"))


def test_1_4_a_moment_lies_within_a_day() -> None:
    found = story()
    with pytest.raises(Refused, match="name an earlier time"):
        promises.check_moment(at("10:00") + timedelta(hours=25), found.incident, found.policy, at("10:00"))
    promises.check_moment(at("10:00") + timedelta(hours=24), found.incident, found.policy, at("10:00"))


def test_1_4_a_move_before_its_moment_is_kept_and_after_it_missed_without_grace() -> None:
    for clock, outcome in (("10:29", "kept-moved"), ("10:30:01", "missed")):
        found = story()
        found.next(clock, ("internal",), "11:00")
        ended = [entry.event for entry in found.entries if isinstance(entry.event, PromiseEnded)]
        assert [event.outcome for event in ended] == [outcome]


def test_1_4_the_audience_is_told_unless_it_never_was() -> None:
    found = story()
    found.next("10:10", ("internal", "customers"), "11:30")
    made = {entry.event.audience: entry.event for entry in found.entries if isinstance(entry.event, PromiseMade)}
    assert (made["internal"].tell, made["customers"].tell) == (True, False)
    assert made["internal"].before == at("10:30")


def test_1_4_an_audience_nobody_can_reach_is_refused() -> None:
    found = story()
    with pytest.raises(Refused, match="names no address"):
        promises.by_next(found.incident, ("press",), at("11:00"), "", at("10:10"), found.policy)


def test_1_4_an_audience_with_an_address_and_no_promise_gets_one() -> None:
    found = story()
    (made,) = promises.by_next(found.incident, ("leadership",), at("11:00"), "", at("10:10"), found.policy)
    assert isinstance(made, PromiseMade)
    assert (made.audience, made.before) == ("leadership", None)


def test_1_4_none_ends_the_promise() -> None:
    found = story()
    events = promises.by_next(found.incident, ("internal",), None, "night", at("10:10"), found.policy)
    assert [type(event).__name__ for event in events] == ["PromiseEnded", "PromiseMade"]
    found.write("10:10", events)
    again = promises.by_next(found.incident, ("internal",), at("11:00"), "", at("10:20"), found.policy)
    assert [type(event).__name__ for event in again] == ["PromiseMade"]


def test_1_5_a_rise_never_lengthens_and_leaves_what_is_sooner() -> None:
    found = story(priority="medium")
    found.update("10:10", ("internal",), "10:20")
    found.prioritise("10:15", "critical")
    assert found.incident.promises["internal"].due == at("10:20")
    assert found.incident.promises["internal"].generation == 2


def test_1_5_a_rise_counts_from_the_last_update() -> None:
    found = story(priority="medium")
    found.update("11:00", ("internal",), "15:00")
    found.prioritise("11:10", "critical")
    assert found.incident.promises["internal"].due == at("11:30")


def test_1_5_who_is_told_that_nothing_is_expected_stays_so() -> None:
    found = story(priority="medium")
    found.write("10:05", promises.by_next(found.incident, ("internal",), None, "x", at("10:05"), found.policy))
    found.prioritise("10:10", "critical")
    assert found.incident.promises["internal"].due is None


def test_1_5_an_audience_the_new_priority_does_not_name_keeps_its_promise() -> None:
    found = story()
    found.prioritise("10:10", "low")
    assert found.incident.promises["customers"].due == at("11:00")
    found.prioritise("10:20", "medium")
    assert found.incident.promises["customers"].due == at("11:00")


def test_1_5_a_standing_promise_without_an_interval_is_not_shortened() -> None:
    found = story()
    twice = (
        Priority(name="top", update_every={"internal": MINUTE * 30}),
        *found.policy.priorities,
    )
    found.policy = replace(found.policy, priorities=twice)
    found.prioritise("10:10", "top")
    assert found.incident.promises["customers"].due == at("11:00")


def test_1_5_nothing_moves_while_resolved() -> None:
    found = story()
    found.resolve("10:10")
    assert promises.by_priority(found.incident, "low", at("10:20"), found.policy) == ()


def test_1_5_without_a_step_before_the_lead_is_five_minutes() -> None:
    assert promises.lead(policy(update=())) == 5 * MINUTE


def test_1_6_words_at_the_resolution_end_the_promise_of_their_audience() -> None:
    found = story()
    found.update("10:10", ("customers",), "11:10")
    found.update("10:20", ("customers",), "", final=True)
    found.resolve("10:20", frozenset({"customers"}))
    assert found.incident.standing() == ()
    assert promises.owed_final_word(found.incident) == ()


def test_1_6_a_final_word_may_be_moved_and_not_dropped() -> None:
    found = story()
    found.update("10:10", ("customers",), "11:10")
    found.resolve("10:20")
    with pytest.raises(Refused, match="waive customers"):
        promises.by_next(found.incident, ("customers",), None, "x", at("10:21"), found.policy)
    found.next("10:21", ("customers",), "11:00")
    assert (found.incident.promises["customers"].due, found.incident.promises["customers"].cause) == (
        at("11:00"),
        "final",
    )


def test_1_6_while_resolved_nothing_else_is_promised() -> None:
    found = story()
    found.resolve("10:20")
    with pytest.raises(Refused, match="promises no further update"):
        promises.by_next(found.incident, ("internal",), at("11:00"), "", at("10:30"), found.policy)
    assert promises.by_update(found.incident, ("internal",), {}, "", at("10:30"), found.policy) == ()


def test_1_6_a_promise_overdue_at_its_end_was_missed() -> None:
    found = story()
    found.cancel("10:40")
    ended = {entry.event.audience: entry.event for entry in found.entries if isinstance(entry.event, PromiseEnded)}
    assert (ended["internal"].outcome, ended["internal"].late) == ("missed", 10 * MINUTE)
    assert ended["customers"].outcome == "ended"


def test_1_6_a_waiver_ends_what_is_owed() -> None:
    found = story()
    found.update("10:10", ("customers",), "11:10")
    found.resolve("10:20")
    found.write("10:30", promises.by_waiver(found.incident, "customers", "nobody noticed", at("10:30")))
    assert promises.owed_final_word(found.incident) == ()
    assert found.incident.promise("customers") is None


def test_1_6_a_waiver_needs_no_promise() -> None:
    (ended,) = promises.by_waiver(story().incident, "leadership", "no need", at("10:30"))
    assert isinstance(ended, PromiseEnded)
    assert ended.due == at("10:30")


def test_1_6_a_reopening_promises_anew_and_forgets_the_final_word() -> None:
    found = story()
    found.update("10:10", ("customers",), "11:10")
    found.resolve("10:20")
    found.write("10:30", promises.by_reopen(found.incident, at("10:30"), found.policy))
    assert {name: promise.due for name, promise in found.incident.promises.items()} == {
        "internal": at("11:00"),
        "customers": at("11:30"),
    }


def test_1_7_a_status_other_than_monitoring_ends_the_silence() -> None:
    found = story()
    found.write("10:05", promises.by_next(found.incident, ("internal",), None, "x", at("10:05"), found.policy))
    assert promises.by_status(found.incident, Status.MONITORING, at("10:10"), found.policy) == ()
    (made,) = promises.by_status(found.incident, Status.IDENTIFIED, at("10:10"), found.policy)
    assert isinstance(made, PromiseMade)
    assert made.due == at("10:40")


def test_1_7_an_audience_no_longer_told_stays_silent() -> None:
    found = story()
    found.write("10:05", promises.by_next(found.incident, ("customers",), None, "x", at("10:05"), found.policy))
    found.policy = replace(found.policy, audiences={"internal": Audience(name="internal")})
    assert promises.by_status(found.incident, Status.IDENTIFIED, at("10:10"), found.policy) == ()


def test_a_form_proposes_the_interval() -> None:
    found = story()
    assert promises.proposal(found.incident, "internal", found.policy, at("10:10")) == at("10:40")
    assert promises.proposal(found.incident, "press", found.policy, at("10:10")) is None


def test_1_5_who_was_waived_is_promised_nothing_by_another_priority() -> None:
    found = story()
    found.update("10:05", ("internal", "customers"), "10:35")
    found.write("10:06", promises.by_waiver(found.incident, "customers", "nobody reads it", at("10:06")), by=BEN)
    found.prioritise("10:07", "medium")
    assert found.incident.promise("customers") is None
