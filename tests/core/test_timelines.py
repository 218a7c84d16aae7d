"""The worked timelines of docs/promises.md, row by row."""

from dataclasses import replace

from bot.deadlines import deadlines
from bot.events import PromiseEnded, ReminderHeld, StepPassed
from bot.ladders import still_true
from bot.people import Profile
from bot.policy import COMMANDER, COMMS, SCRIBE
from bot.ports import Downtime
from bot.promises import owed_final_word
from tests.scenario import ANA, BEN, DEE, HANA, LENA, MINUTE, QUIET, Story, at, policy


def critical(**reminders: object) -> Story:
    story = Story(policy=policy(**reminders))
    story.declare("10:00")
    story.hold("10:00")
    return story


def test_row_1_nothing_is_posted() -> None:
    story = critical(silence_after=99 * 60 * MINUTE)
    assert story.run("11:05") == [
        "10:25 Hana internal",
        "10:30 room @Hana internal",
        "10:35 room @Ben internal",
        "10:35 Ben internal",
        "10:45 leadership internal",
        "10:55 Hana customers",
        "11:00 leadership internal",
        "11:00 room @Hana customers",
        "11:05 room @Ben customers",
        "11:05 Ben customers",
    ]
    later = [line for line in story.run("14:30") if "internal" in line]
    assert later == [
        "11:30 leadership internal+customers",
        "12:30 leadership internal",
        "14:30 leadership internal",
    ]


def test_row_1_the_first_repeat_of_both_ladders_is_one_message() -> None:
    story = critical()
    assert [line for line in story.run("11:30") if line.startswith("11:30")] == ["11:30 leadership internal+customers"]


def test_row_2_steps_four_minutes_apart_are_one_message() -> None:
    story = critical()
    assert story.run("10:26") == ["10:25 Hana internal"]
    story.update("10:26", ("internal",), "10:56")
    assert story.run("10:55") == ["10:51 Hana internal+customers"]


def test_row_2_with_a_short_gather_they_are_two() -> None:
    story = critical(gather=MINUTE)
    story.run("10:26")
    story.update("10:26", ("internal",), "10:56")
    assert story.run("10:55") == ["10:51 Hana internal", "10:55 Hana customers"]


def test_row_3_a_snooze_quiets_its_person_only_and_ends_with_one_message() -> None:
    story = critical()
    story.run("10:26")
    story.snooze("10:26", HANA, 10)
    assert story.run("10:36") == ["10:35 room @Ben internal", "10:35 Ben internal", "10:36 Hana internal"]


def test_row_4_a_moved_promise_starts_its_ladder_anew() -> None:
    story = critical()
    story.next("10:24", ("internal", "customers"), "11:00")
    assert story.run("10:59") == ["10:55 Hana internal+customers"]


def test_row_5_after_downtime_one_reminder_each_and_leadership_waits() -> None:
    story = critical()
    story.downtime = Downtime(since=at("10:20"), until=at("10:47"))
    assert story.tick("10:47") == ["10:47 Hana internal", "10:47 room @Ben internal", "10:47 Ben internal"]
    passed = [entry.event.rung.step for entry in story.entries if isinstance(entry.event, StepPassed)]
    assert passed == [-300, 0]
    for minute in range(48, 52):
        assert story.tick(f"10:{minute}") == []
    assert story.tick("10:52") == ["10:52 leadership internal"]
    assert story.run("11:08")[-1] == "11:07 leadership internal"


def test_row_6_no_communications_officer_falls_to_the_commander() -> None:
    story = Story()
    story.declare()
    story.hold(roles={COMMANDER: BEN, SCRIBE: DEE})
    assert story.run("10:25") == [f"10:05 room {COMMS}", "10:25 Ben internal"]


def test_row_7_no_role_at_all_falls_to_who_declared() -> None:
    story = Story()
    story.declare()
    assert story.run("10:25") == [f"10:05 room {SCRIBE}+{COMMANDER}+{COMMS}", "10:25 Ana internal"]


def test_row_8_raised_to_critical() -> None:
    story = Story()
    story.declare("08:00", priority="low")
    story.hold("08:00")
    story.prioritise("13:00", "critical")
    assert {name: promise.due for name, promise in story.incident.promises.items()} == {
        "internal": at("13:05"),
        "customers": at("14:00"),
    }
    lines = [line for line in story.run("13:05") if line.startswith("13")]
    assert lines == ["13:05 room @Hana internal"]


def test_row_9_lowered_keeps_what_was_promised() -> None:
    story = critical()
    story.update("10:10", ("internal",), "10:40")
    story.prioritise("10:15", "medium")
    assert story.incident.promises["internal"].due == at("10:40")


def test_row_10_a_promise_in_two_minutes_has_no_step_before() -> None:
    story = critical()
    story.update("10:20", ("internal",), "10:22")
    assert story.run("10:27") == ["10:22 room @Hana internal", "10:27 room @Ben internal", "10:27 Ben internal"]


def test_row_11_a_reminder_is_untrue_once_the_update_is_committed() -> None:
    story = critical()
    story.run("10:29")
    story.outage = True
    story.tick("10:30")
    (waiting,) = story.waiting
    story.update("10:30:01", ("internal",), "11:00")
    assert not any(still_true(story.incident, rung, story.policy) for rung in waiting.rungs)


def test_row_13_one_person_with_both_roles_is_told_once_in_private() -> None:
    story = Story()
    story.declare()
    story.hold(roles={COMMANDER: BEN, COMMS: BEN, SCRIBE: DEE})
    assert story.run("10:35") == [
        "10:25 Ben internal",
        "10:30 room @Ben internal",
        "10:35 room @Ben internal",
        "10:35 Ben internal",
    ]


def test_row_14_who_took_over_gets_the_next_step() -> None:
    story = critical()
    story.run("10:27")
    story.leave("10:28", COMMS, HANA)
    story.hold("10:28", {COMMS: LENA})
    assert story.run("10:30") == ["10:30 room @Lena internal"]


def test_row_15_a_told_audience_is_owed_the_final_word() -> None:
    story = critical()
    story.update("10:20", ("customers",), "11:20")
    story.resolve("10:40")
    assert story.incident.promise("internal") is None
    assert story.incident.promises["customers"].due == at("10:55")
    assert owed_final_word(story.incident) == ("customers",)
    lines = story.run("10:55")
    assert [line for line in lines if line > "10:41"] == ["10:50 Hana customers", "10:55 room @Hana customers"]
    story.update("10:56", ("customers",), "", final=True)
    assert owed_final_word(story.incident) == ()
    assert deadlines(story.incident, story.policy) == ()


def test_row_16_a_private_incident_never_leaves_its_people() -> None:
    story = Story()
    story.declare(private=True)
    story.hold()
    assert story.run("11:00") == [
        "10:25 Hana internal",
        "10:30 room @Hana internal",
        "10:35 room @Ben internal",
        "10:35 Ben internal",
        "10:45 Ben internal",
        "11:00 Ben internal",
    ]


def test_row_17_and_18_the_same_moment_twice_says_nothing_twice() -> None:
    story = critical()
    story.run("10:29")
    assert story.tick("10:30") == ["10:30 room @Hana internal"]
    assert story.tick("10:30") == []
    assert story.tick("10:31") == []


def test_row_19_a_cancelled_incident_has_no_deadlines() -> None:
    story = critical()
    story.run("10:27")
    story.cancel("10:28")
    assert story.run("23:00") == []
    assert deadlines(story.incident, story.policy) == ()


def test_row_20_a_deactivated_officer_leaves_a_vacancy() -> None:
    story = critical()
    story.run("10:28")
    story.leave("10:29", COMMS, HANA)
    assert story.run("10:34") == ["10:30 room @Ben internal", f"10:34 room {COMMS}"]


def test_row_21_after_a_chat_outage_each_gets_the_highest_step_once() -> None:
    story = critical()
    story.outage = True
    story.run("10:50")
    left = sorted(
        f"{one.to.audience or one.to.person} {'room' if one.to.room else ''}".strip() for one in story.waiting
    )
    assert left == ["Ben", "Ben room", "Hana", "leadership"]
    assert {rung.step for one in story.waiting for rung in one.rungs} == {900.0}


def test_an_update_within_the_grace_is_kept_and_later_is_missed() -> None:
    for clock, outcome in (("10:31", "kept"), ("10:32", "missed")):
        story = critical()
        story.update(clock, ("internal",), "11:00")
        ended = [entry.event for entry in story.entries if isinstance(entry.event, PromiseEnded)]
        assert [event.outcome for event in ended] == [outcome]


def test_what_was_kept_by_a_snooze_is_dropped_when_the_update_came() -> None:
    story = critical()
    story.run("10:26")
    story.snooze("10:26", HANA, 10)
    story.run("10:32")
    story.update("10:33", ("internal",), "11:30")
    assert story.run("10:40") == []


def test_private_reminders_of_a_low_priority_wait_for_the_morning() -> None:
    found = policy(quiet=QUIET)
    story = Story(policy=replace(found, time_zone="Etc/UTC"))
    story.declare("18:00", priority="medium")
    story.hold("18:00")
    lines = story.run("23:59")
    held = [entry.event for entry in story.entries if isinstance(entry.event, ReminderHeld)]
    assert [line for line in lines if "room" not in line and "leadership" not in line] == []
    assert {event.until.isoformat() for event in held} == {"2026-11-24T08:00:00+00:00"}


def test_a_raise_to_major_ends_the_wait_for_the_morning() -> None:
    story = Story(policy=policy(quiet=QUIET))
    story.declare("18:00", priority="medium")
    story.hold("18:00")
    story.run("22:10")
    story.prioritise("22:15", "critical")
    assert story.tick("22:15") != []


def test_the_declarer_is_skipped_where_a_bot_declared() -> None:
    story = Story()
    story.declare()
    story.people[ANA] = Profile(bot=True)
    assert story.run("10:25")[-1] == "10:25 room internal"
    assert BEN not in story.incident.holders(COMMANDER)
