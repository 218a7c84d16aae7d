"""The fold, event by event where a rule hangs on it."""

from datetime import timedelta

import pytest

from bot.events import (
    BridgeSet,
    Closed,
    Declared,
    DeliveryFailed,
    DetectedSet,
    Event,
    HandoverEnded,
    HandoverOffered,
    ImpactSet,
    MarkedDuplicate,
    NoteAdded,
    PersonUnreachable,
    PriorityChanged,
    PromiseEnded,
    Recipient,
    Related,
    ReminderHeld,
    ReminderWithheld,
    Reopened,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
    RoomLost,
    RoomOpened,
    RoomRenamed,
    Rung,
    ServicesSet,
    Snoozed,
    Status,
    StatusChanged,
    StepPassed,
    TitleChanged,
    Unknown,
    UrgencySet,
    VisibilityChanged,
)
from bot.incident import Incident
from bot.policy import COMMANDER, COMMS, SME
from bot.refs import Address
from tests.scenario import ANA, BEN, DEE, HANA, LENA, Story, at

ROOM = Address("slack:T1/C1")


def declared() -> Story:
    story = Story()
    story.declare("10:00")
    return story


def after(*events: Event) -> Incident:
    story = declared()
    for event in events:
        story.write("10:10", (event,), by=BEN)
    return story.incident


def test_nothing_yet_has_no_rooms_holders_or_promises() -> None:
    incident = Incident(number=1)
    assert (incident.room, incident.holder(COMMANDER), incident.standing()) == (None, None, ())
    assert incident.is_open
    assert not incident.is_ended


@pytest.mark.parametrize(
    ("event", "field", "value"),
    [
        (TitleChanged(title="Search is slow"), "title", "Search is slow"),
        (ImpactSet(level="high"), "impact", "high"),
        (UrgencySet(level="low"), "urgency", "low"),
        (ServicesSet(services=("web",)), "services", ("web",)),
        (DetectedSet(detected_at=at("09:50")), "detected_at", at("09:50")),
        (BridgeSet(url="https://meet.example/1"), "bridge", "https://meet.example/1"),
        (VisibilityChanged(private=True), "private", True),
        (Related(number=41, how="like this"), "related", (41,)),
        (PersonUnreachable(person=HANA, reason="blocked"), "unreachable", frozenset({HANA})),
        (RoleWaived(role=COMMS, reason="small"), "waived", {COMMS: "small"}),
    ],
)
def test_a_field_is_what_was_last_said(event: Event, field: str, value: object) -> None:
    assert getattr(after(event), field) == value


@pytest.mark.parametrize(
    "event",
    [
        NoteAdded(text="a note"),
        DeliveryFailed(what="update 1", to="customers", reason="gone"),
        Unknown(kind="Later", v=9, data="{}"),
        ReminderWithheld(rungs=(), to=Recipient(room=True), why="untrue"),
    ],
)
def test_what_only_stands_in_the_log_changes_nothing_but_the_version(event: Event) -> None:
    before, now = declared().incident, after(event)
    assert (now.version, now.status, now.promises) == (before.version + 1, before.status, before.promises)


def test_a_priority_has_a_history_and_confirming_it_adds_none() -> None:
    incident = after(
        PriorityChanged(priority="critical", before="critical"), PriorityChanged(priority="low", before="critical")
    )
    assert [name for _, name in incident.priorities] == ["critical", "low"]
    assert incident.confirmed


def test_a_room_is_renamed_and_lost() -> None:
    opened = RoomOpened(address=ROOM, name="inc-42")
    other = RoomOpened(address=Address("slack:T1/C2"), name="other")
    assert [room.name for room in after(opened, other, RoomRenamed(address=ROOM, name="inc-42-a")).rooms] == [
        "inc-42-a",
        "other",
    ]
    assert after(opened, RoomLost(address=ROOM, reason="archived")).room is None


def test_a_role_taken_is_no_longer_waived_and_left_has_a_moment() -> None:
    taken = after(RoleWaived(role=SME, reason="none"), RoleAssigned(role=SME, person=DEE))
    assert taken.waived == {}
    assert taken.roles_of(DEE) == (SME,)
    left = after(RoleAssigned(role=SME, person=DEE), RoleReleased(role=SME, person=DEE))
    assert left.vacated == {SME: at("10:10")}
    assert left.holders(SME) == ()


def test_a_handover_is_open_until_it_ended() -> None:
    offer = HandoverOffered(role=COMMS, giver=HANA, taker=LENA, until=at("10:20"))
    assert [item.taker for item in after(offer).handovers] == [LENA]
    assert after(offer, HandoverEnded(role=COMMS, giver=HANA, taker=LENA, outcome="declined")).handovers == ()


@pytest.mark.parametrize(
    ("event", "responds"),
    [
        (RoleAssigned(role=COMMANDER, person=BEN), True),
        (RoleAssigned(role=COMMS, person=BEN), False),
        (StatusChanged(status=Status.IDENTIFIED, before=Status.INVESTIGATING), True),
        (StatusChanged(status=Status.INVESTIGATING, before=Status.IDENTIFIED), False),
        (NoteAdded(text="looking"), True),
        (Resolved(how="a", verified="b"), True),
        (TitleChanged(title="x"), False),
    ],
)
def test_the_first_response_is_a_commander_a_status_or_words_of_another(event: Event, *, responds: bool) -> None:
    assert (after(event).first_response_at is not None) is responds


def test_a_note_of_who_declared_is_no_response() -> None:
    story = declared()
    story.write("10:10", (NoteAdded(text="still broken"),), by=ANA)
    assert story.incident.first_response_at is None


def test_monitoring_is_the_mitigation() -> None:
    incident = after(StatusChanged(status=Status.MONITORING, before=Status.INVESTIGATING))
    assert incident.mitigated_at == at("10:10")
    assert after(Resolved(how="a", verified="b")).mitigated_at == at("10:10")


def test_time_spent_resolved_is_not_counted_after_a_reopening() -> None:
    story = declared()
    story.resolve("10:30")
    story.write("10:50", (Reopened(reason="back"),), by=BEN)
    assert story.incident.resolved_for == timedelta(minutes=20)
    assert (story.incident.status, story.incident.resolved_at) == (Status.INVESTIGATING, None)


def test_reopening_what_was_never_resolved_counts_from_its_end() -> None:
    story = declared()
    story.cancel("10:30")
    story.write("10:40", (Reopened(reason="real"),), by=BEN)
    assert story.incident.resolved_for == timedelta(minutes=10)


def test_a_reopening_without_an_end_counts_nothing() -> None:
    assert after(Reopened(reason="odd log")).resolved_for == timedelta()


def test_the_endings() -> None:
    assert after(Closed()).status is Status.CLOSED
    duplicate = after(MarkedDuplicate(of=41))
    assert (duplicate.duplicate_of, duplicate.related, duplicate.is_ended) == (41, (41,), True)


def test_a_waived_audience_is_told_even_where_nothing_was_promised() -> None:
    ended = PromiseEnded(audience="leadership", due=at("10:10"), outcome="waived")
    assert after(ended).final_told == frozenset({"leadership"})


def rung(subject: str, step: float = 0.0, generation: int = 1) -> Rung:
    return Rung(subject=subject, generation=generation, step=step, moment=at("10:30"), about=at("10:30"))


def test_a_new_snooze_moves_what_the_old_one_kept() -> None:
    held = ReminderHeld(
        rungs=(rung("update:internal"),), to=Recipient(person=HANA, role=COMMS), why="snooze", until=at("10:36")
    )
    moved = after(held, Snoozed(person=HANA, until=at("10:50")))
    assert [kept.until for kept in moved.kept] == [at("10:50")]
    other = after(held, Snoozed(person=BEN, until=at("10:50")))
    assert [kept.until for kept in other.kept] == [at("10:36")]


def test_what_is_kept_again_is_kept_once() -> None:
    held = ReminderHeld(rungs=(rung("update:internal"),), to=Recipient(person=HANA), why="hours", until=at("10:36"))
    later = ReminderHeld(
        rungs=(rung("update:internal", 300),), to=Recipient(person=HANA), why="snooze", until=at("10:50")
    )
    assert [kept.why for kept in after(held, later).kept] == ["snooze"]


def test_a_reminder_held_from_nobody_is_kept_from_nobody() -> None:
    held = ReminderHeld(rungs=(rung("update:internal"),), to=Recipient(room=True), why="snooze", until=at("10:36"))
    assert after(held).kept == ()


def test_a_step_passed_for_one_person_is_kept_no_longer_from_them() -> None:
    held = ReminderHeld(rungs=(rung("update:internal"),), to=Recipient(person=HANA), why="snooze", until=at("10:36"))
    assert after(held, StepPassed(rung=rung("update:internal"), person=HANA, why="untrue")).kept == ()
    assert len(after(held, StepPassed(rung=rung("update:internal"), person=BEN, why="untrue")).kept) == 1


@pytest.mark.parametrize("subject", ["update:internal", "update:nobody", "role:scribe", "sla:resolve", "odd"])
def test_a_rung_of_another_generation_changes_no_promise(subject: str) -> None:
    story = declared()
    story.write("10:10", (StepPassed(rung=rung(subject, generation=99), why="higher step"),))
    assert story.incident.promises["internal"].handled == frozenset()


def test_a_new_vacancy_forgets_the_steps_of_the_old() -> None:
    story = declared()
    for generation, step in ((1, 300.0), (2, 600.0)):
        passed = StepPassed(rung=rung("role:scribe", step, generation), why="higher step")
        story.write("10:10", (passed,))
    assert story.incident.role_steps == {"scribe": (2, frozenset({600.0}))}


def test_silence_and_closing_are_asked_once() -> None:
    for subject, field in (("silence", "silence_handled"), ("close", "close_handled")):
        incident = after(StepPassed(rung=rung(subject), why="higher step"))
        assert getattr(incident, field) == at("10:30")


def test_a_declaration_keeps_who_where_and_when() -> None:
    story = Story()
    story.write("10:00", (Declared(title="x", priority="critical", place=ROOM, detected_at=at("09:50")),), by=ANA)
    assert (story.incident.declared_by, story.incident.place, story.incident.detected_at) == (ANA, ROOM, at("09:50"))
