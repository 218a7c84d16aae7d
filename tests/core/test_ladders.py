"""Vacancies, SLA, silence, closing and who stands in (docs/promises.md, sections 2 to 4)."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot import ladders
from bot.deadlines import coming, deadlines, next_due
from bot.due import due_events
from bot.events import (
    HandoverEnded,
    HandoverOffered,
    NoteAdded,
    PersonUnreachable,
    Recipient,
    Reminded,
    ReminderHeld,
    Reopened,
    RoleAssigned,
    RoleWaived,
    Rung,
    StepPassed,
    Why,
)
from bot.firings import Tick
from bot.incident import Incident
from bot.people import Profile
from bot.policy import COMMANDER, COMMS, SCRIBE, SME, Priority, Quiet, Step, Where
from bot.ports import Downtime
from bot.succession import in_line, outside, quiet_until, recipients, still_theirs, zone_of
from tests.scenario import ANA, BEN, DEE, HANA, LENA, MINUTE, QUIET, SLA, Story, at, policy


def critical(**reminders: object) -> Story:
    story = Story(policy=policy(**reminders))
    story.declare("10:00")
    story.hold("10:00")
    return story


def reminded(story: Story) -> list[Reminded]:
    return [entry.event for entry in story.entries if isinstance(entry.event, Reminded)]


def with_sla(**reminders: object) -> Story:
    story = critical(sla=SLA, **reminders)
    first = replace(story.policy.priorities[0], respond_within=15 * MINUTE, resolve_within=timedelta(hours=2))
    low = replace(story.policy.priorities[2], resolve_within=timedelta(hours=48))
    story.policy = replace(story.policy, priorities=(first, story.policy.priorities[1], low))
    return story


def test_nothing_yet_owes_nothing() -> None:
    empty = Incident(number=1)
    assert next_due(empty, policy()) is None
    assert due_events(empty, Tick(now=at("10:00"), policy=policy(), people={})) == ()


def test_a_role_is_wanted_from_the_priority_that_requires_it() -> None:
    story = Story()
    story.declare("10:00", priority="low")
    story.prioritise("10:20", "medium")
    assert ladders.vacancies(story.incident, story.policy) == ()
    story.prioritise("10:30", "critical")
    assert {vacancy.since for vacancy in ladders.vacancies(story.incident, story.policy)} == {at("10:30")}


def test_a_waived_or_filled_role_is_not_wanted() -> None:
    story = Story()
    story.declare("10:00")
    story.hold("10:01", {COMMANDER: BEN})
    story.write("10:01", (RoleWaived(role=SCRIBE, reason="small"),), by=BEN)
    assert [vacancy.role for vacancy in ladders.vacancies(story.incident, story.policy)] == [COMMS]


def test_a_role_step_counts_for_every_role_it_names() -> None:
    story = Story(policy=policy(role=(Step(at=5 * MINUTE, to=("room",)), Step(at=10 * MINUTE, to=(COMMANDER,)))))
    story.declare("10:00")
    story.hold("10:00")
    story.leave("10:01", SCRIBE, DEE)
    story.run("10:05")
    story.leave("10:05", COMMS, HANA)
    wanted = [line for line in story.run("10:20") if "internal" not in line]
    assert wanted == [f"10:06 room {SCRIBE}+{COMMS}", f"10:11 Ben {SCRIBE}+{COMMS}"]


def test_after_downtime_the_role_ladder_speaks_once() -> None:
    story = Story(policy=policy(role=(Step(at=5 * MINUTE, to=("room",)), Step(at=10 * MINUTE, to=("room",)))))
    story.declare("10:00")
    assert story.tick("10:12") == [f"10:12 room {SCRIBE}+{COMMANDER}+{COMMS}"]
    passed = [entry.event.rung.step for entry in story.entries if isinstance(entry.event, StepPassed)]
    assert passed == [300.0, 300.0, 300.0]
    assert story.tick("10:13") == []


def test_the_response_sla_ends_with_the_first_response() -> None:
    story = Story(policy=with_sla().policy)
    story.declare("10:00")
    assert [line for line in story.run("10:15") if "sla" in line] == [
        "10:12 Ana sla:respond",
        "10:15 Ana sla:respond",
    ]
    story.write("10:16", (RoleAssigned(role=COMMANDER, person=BEN),), by=BEN)
    subjects = {item.rung.subject for item in ladders.of_sla(story.incident, story.policy)}
    assert subjects == {"sla:resolve"}


def test_the_resolution_sla_warns_and_breaches_once_and_a_lower_priority_does_not_repeat_it() -> None:
    story = with_sla()
    assert [line for line in story.run("12:00") if "sla" in line] == ["11:36 Ben sla:resolve", "12:00 Ben sla:resolve"]
    story.prioritise("12:01", "low")
    assert [item for item in ladders.of_sla(story.incident, story.policy) if item.rung.subject == "sla:resolve"] == []


def test_a_raise_that_passes_shares_says_only_the_highest() -> None:
    story = Story(policy=with_sla().policy)
    story.declare("08:00", priority="low")
    story.hold("08:00")
    story.run("10:29")
    story.prioritise("10:30", "critical")
    lines = [line for line in story.tick("10:30") if "sla" in line]
    assert lines == ["10:30 Ben sla:resolve"]


def test_time_resolved_does_not_count_towards_the_sla() -> None:
    story = with_sla()
    story.resolve("10:30")
    story.write("11:30", (Reopened(reason="back"),), by=BEN)
    assert ladders.sla_end(story.incident, "sla:resolve", story.policy) == at("13:00")


def test_the_sla_may_count_from_the_detection() -> None:
    story = with_sla(sla_from="detected")
    assert ladders.sla_end(story.incident, "sla:resolve", story.policy) == at("12:00")
    story.incident = replace(story.incident, detected_at=at("09:50"))
    assert ladders.sla_end(story.incident, "sla:resolve", story.policy) == at("11:50")


def test_silence_is_asked_about_once_for_each_silence() -> None:
    story = critical(update=(), role=(), silence_after=30 * MINUTE)
    assert story.run("13:00") == ["10:30 Ben silence"]
    story.write("13:00", (NoteAdded(text="still here"),), by=DEE)
    assert story.run("16:00") == ["13:30 Ben silence"]


def test_silence_is_four_intervals_and_at_least_half_an_hour() -> None:
    story = critical()
    assert ladders.silence_after(story.incident, story.policy) == timedelta(hours=2)
    short = replace(story.policy.priorities[0], update_every={"internal": MINUTE})
    quick = replace(story.policy, priorities=(short,))
    assert ladders.silence_after(story.incident, quick) == 30 * MINUTE


def test_closing_is_asked_about_once_after_the_policys_time() -> None:
    story = critical(close_within=timedelta(hours=1))
    story.resolve("10:10")
    assert story.run("15:00") == ["11:10 Ben close"]


@pytest.mark.parametrize(
    ("subject", "true"),
    [
        ("update:internal", True),
        ("update:nobody", False),
        ("sla:respond", False),
        ("sla:resolve", True),
        ("silence", False),
        ("close", False),
        ("role:scribe", False),
    ],
)
def test_a_reminder_holds_as_long_as_its_reason(subject: str, *, true: bool) -> None:
    story = critical()
    rung = Rung(subject=subject, generation=1, step=0, moment=at("10:30"), about=at("10:30"))
    assert ladders.still_true(story.incident, rung, story.policy) is true


def test_after_resolve_no_silence_or_vacancy_is_left() -> None:
    story = critical()
    story.resolve("10:10")
    assert deadlines(story.incident, story.policy) == ()


def test_an_unanswered_handover_ends_and_changes_nothing() -> None:
    story = critical()
    offer = HandoverOffered(role=COMMS, giver=HANA, taker=LENA, until=at("10:12"))
    story.write("10:02", (offer,), by=HANA)
    story.tick("10:05")
    story.run("10:12")
    ended = [entry.event for entry in story.entries if isinstance(entry.event, HandoverEnded)]
    assert [(event.outcome, event.taker) for event in ended] == [("unanswered", LENA)]
    assert story.incident.holder(COMMS) == HANA


def test_a_person_who_cannot_be_reached_is_passed_over_and_that_is_said() -> None:
    story = critical()
    story.write("10:01", (PersonUnreachable(person=HANA, reason="blocked"),))
    line = in_line(story.incident, COMMS, {})
    assert (line.people, line.why, line.via) == ((BEN,), Why.UNREACHABLE, "commander")


def test_the_line_ends_in_the_room() -> None:
    story = Story()
    story.declare()
    gone = {ANA: Profile(gone=True)}
    assert in_line(story.incident, SME, gone).via == "room"
    step = Step(at=MINUTE, to=(SME, "room"), where=Where.PRIVATE)
    assert {to.room for to in recipients(story.incident, step, story.policy, gone)} == {True}


def test_an_audience_without_an_address_falls_to_the_commander_or_the_room() -> None:
    story = critical()
    quiet = replace(story.policy, audiences={})
    step = Step(at=MINUTE, to=("leadership",))
    (to,) = recipients(story.incident, step, quiet, {})
    assert (to.person, to.why) == (BEN, Why.NO_ADDRESS)
    nobody = {ANA: Profile(gone=True), BEN: Profile(gone=True)}
    (room,) = recipients(story.incident, step, quiet, nobody)
    assert (room.room, room.why) == (True, Why.NO_ADDRESS)


def test_only_audiences_beyond_the_incident_are_outside() -> None:
    found = policy()
    assert outside(Step(at=MINUTE, to=("leadership",)), found)
    assert not outside(Step(at=MINUTE, to=("internal", "room", COMMS)), found)


def test_a_reminder_stays_with_the_room_and_leaves_who_gave_the_role_away() -> None:
    story = critical()
    assert still_theirs(story.incident, Recipient(room=True, person=DEE, role=COMMS), {})
    assert still_theirs(story.incident, Recipient(person=DEE), {})
    assert not still_theirs(story.incident, Recipient(person=DEE, role=COMMS), {})


def test_an_unknown_zone_is_the_organisations() -> None:
    found = replace(policy(), time_zone="Europe/Berlin")
    assert zone_of(Profile(zone="No/Where"), found) == ZoneInfo("Europe/Berlin")
    assert zone_of(Profile(zone="Asia/Tokyo"), found) == ZoneInfo("Asia/Tokyo")
    assert zone_of(None, found) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        ("2026-11-23T12:00+00:00", None),
        ("2026-11-23T20:00+00:00", "2026-11-24T08:00:00+00:00"),
        ("2026-11-23T07:59+00:00", "2026-11-23T08:00:00+00:00"),
        ("2026-11-27T21:00+00:00", "2026-11-30T08:00:00+00:00"),
        ("2026-11-28T12:00+00:00", "2026-11-30T08:00:00+00:00"),
    ],
)
def test_quiet_is_all_that_is_not_a_working_hour(clock: str, until: str | None) -> None:
    story = Story(policy=policy(quiet=QUIET))
    story.declare("10:00", priority="low")
    found = quiet_until(story.incident, HANA, datetime.fromisoformat(clock), story.policy, {})
    assert (found.isoformat() if found else None) == until


def test_without_any_working_day_nothing_waits() -> None:
    never = replace(QUIET, days=frozenset[int]())
    story = Story(policy=policy(quiet=never))
    story.declare("10:00", priority="low")
    assert quiet_until(story.incident, HANA, at("23:00"), story.policy, {}) is None


def test_a_room_step_for_the_room_itself_is_said_though_its_person_is_quiet() -> None:
    ladder = (Step(at=0 * MINUTE, to=("room", COMMS), where=Where.ROOM),)
    story = critical(update=ladder)
    story.run("10:26")
    story.snooze("10:26", HANA, 30)
    assert story.run("10:30") == ["10:30 room internal"]


def test_the_room_keeps_its_mention_when_a_step_names_the_room_after_a_person() -> None:
    ladder = (Step(at=0 * MINUTE, to=(COMMS, "room"), where=Where.ROOM),)
    assert critical(update=ladder).run("10:30") == ["10:30 room @Hana internal"]


def test_what_is_kept_joins_the_message_of_the_same_minute() -> None:
    ladder = (Step(at=0 * MINUTE, to=(COMMS,)), Step(at=5 * MINUTE, to=(COMMS,)))
    story = critical(update=ladder)
    story.run("10:25")
    story.snooze("10:25", HANA, 10)
    assert story.run("10:40") == ["10:35 Hana internal"]
    assert [event.quiet_over for event in reminded(story)] == ["snooze"]


def test_what_is_kept_is_not_for_who_gave_the_role_away() -> None:
    story = critical()
    story.run("10:24")
    story.snooze("10:24", HANA, 10)
    story.run("10:31")
    story.leave("10:32", COMMS, HANA)
    story.hold("10:32", {COMMS: LENA})
    assert [line for line in story.run("10:36") if "Hana" in line] == []
    assert story.incident.kept == ()


def test_silence_is_kept_from_a_commander_who_asked_for_quiet() -> None:
    story = critical(update=(), role=(), silence_after=30 * MINUTE)
    story.run("10:20")
    story.snooze("10:20", BEN, 40)
    assert story.run("11:00") == ["11:00 Ben silence"]


def test_two_kinds_kept_from_one_person_come_as_two_messages() -> None:
    story = with_sla()
    ladder = (Step(at=5 * MINUTE, to=(COMMANDER,)),)
    story.policy = replace(story.policy, reminders=replace(story.policy.reminders, update=ladder))
    story.run("11:20")
    story.snooze("11:20", BEN, 60)
    held = story.run("12:19")
    assert [line for line in held if "Ben" in line] == []
    assert [line for line in story.run("12:20") if "Ben" in line] != []


def test_a_step_the_policy_put_below_what_fired_is_not_said() -> None:
    story = critical()
    story.run("10:36")
    more = (*story.policy.reminders.update[:3], Step(at=2 * MINUTE, to=(COMMS,)), story.policy.reminders.update[3])
    ordered = tuple(sorted(more, key=lambda step: step.at))
    story.policy = replace(story.policy, reminders=replace(story.policy.reminders, update=ordered))
    assert story.tick("10:37") == []


def test_a_step_that_leaves_the_incidents_people_outside_downtime_fires_on_time() -> None:
    story = critical()
    story.downtime = Downtime(since=at("09:00"), until=at("09:30"))
    assert [line for line in story.run("10:45") if "leadership" in line] == ["10:45 leadership internal"]


def test_repeats_double_up_to_four_hours() -> None:
    story = critical(silence_after=timedelta(days=9))
    story.write("10:01", (RoleWaived(role=SCRIBE, reason="x"),), by=BEN)
    moments = []
    for _ in range(200):
        due = next_due(story.incident, story.policy)
        if due is None or due > at("10:00") + timedelta(hours=30):
            break
        moments += [due for line in story.tick(due) if "leadership" in line and "internal" in line]
    gaps = [round((later - sooner) / MINUTE) for sooner, later in pairwise(moments)]
    assert gaps[:5] == [15, 30, 60, 120, 240]
    assert set(gaps[5:]) == {240}


def test_a_late_repeat_counts_from_when_it_was_said() -> None:
    story = critical(silence_after=timedelta(days=9))
    story.run("10:46")
    story.tick("11:07")
    due = [item.moment for item in coming(story.incident, story.policy, {}) if item.rung.subject == "update:internal"]
    assert due == [at("11:37")]


def test_why_tells_what_will_come_and_to_whom() -> None:
    story = critical()
    first = coming(story.incident, story.policy, {})[0]
    assert (first.moment, first.rung.subject, [to.person for to in first.to]) == (
        at("10:25"),
        "update:internal",
        [HANA],
    )


def test_a_priority_the_policy_no_longer_has_takes_the_times_of_the_highest() -> None:
    story = critical()
    other = Priority(name="severe", update_every={"internal": 10 * MINUTE}, roles=(SME,))
    gone = replace(story.policy, priorities=(other,))
    assert gone.interval("critical", "internal") == 10 * MINUTE
    assert [vacancy.role for vacancy in ladders.vacancies(story.incident, gone)] == [SME]
    assert gone.role("pilot").several
    assert gone.higher("critical", "severe")
    assert not gone.knows_priority("critical")


def test_an_sla_without_a_time_has_no_end() -> None:
    story = critical(sla=SLA)
    assert list(ladders.of_sla(story.incident, story.policy)) == []


def test_held_by_the_hours_and_released_once() -> None:
    quiet = Quiet(priorities=("medium",), starts=QUIET.starts, ends=QUIET.ends, days=QUIET.days)
    story = Story(policy=policy(quiet=quiet, silence_after=timedelta(days=9)))
    story.declare("19:00", priority="medium")
    story.hold("19:00")
    story.run("23:59")
    held = [entry.event for entry in story.entries if isinstance(entry.event, ReminderHeld)]
    assert {event.why for event in held} == {"hours"}
    lines = story.tick("23:59")
    assert lines == []
    morning = at("08:00") + timedelta(days=1)
    said = story.tick(morning)
    assert len([line for line in said if "Hana" in line]) == 1
    assert story.tick(morning) == []


def test_a_waiting_reminder_of_another_ladder_stays() -> None:
    story = Story()
    story.declare()
    story.hold(roles={COMMANDER: BEN})
    story.outage = True
    story.run("10:25")
    assert {rung.subject for one in story.waiting for rung in one.rungs} == {
        f"role:{COMMS}",
        f"role:{SCRIBE}",
        "update:internal",
    }


def test_who_is_quiet_leaves_the_room_to_whom_else_its_message_addresses() -> None:
    story = critical()
    story.snooze("10:20", BEN, 30)
    story.downtime = Downtime(since=at("10:21"), until=at("10:36"))
    assert story.tick("10:36") == ["10:36 Hana internal", "10:36 room @Hana internal"]
    story.downtime = None
    assert [line for line in story.run("10:50") if "Ben" in line] == ["10:50 Ben internal"]


def test_the_room_mentions_whom_the_highest_step_addresses() -> None:
    story = critical()
    story.next("10:01", ("internal",), "10:54")
    story.next("10:01", ("customers",), "10:59:30")
    story.run("10:58")
    assert story.tick("10:59:30") == ["10:59 room @Ben internal+customers", "10:59 Ben internal"]
