"""Each kind of event has its line: the timeline and the export read the same words."""

from datetime import timedelta
from typing import get_args

import pytest

from bot.cards import When
from bot.events import (
    BridgeSet,
    Cancelled,
    Closed,
    Declared,
    DeliveryFailed,
    DetectedSet,
    DraftEnded,
    Entry,
    Event,
    HandoverEnded,
    HandoverOffered,
    ImpactSet,
    MarkedDuplicate,
    NoteAdded,
    PersonReachable,
    PersonUnreachable,
    PriorityChanged,
    PromiseEnded,
    PromiseMade,
    Recipient,
    Redacted,
    Related,
    Reminded,
    ReminderHeld,
    ReminderWithheld,
    Reopened,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
    RoomAsked,
    RoomLost,
    RoomOpened,
    RoomRenamed,
    Rung,
    ServicesSet,
    Snoozed,
    Status,
    StatusChanged,
    StepPassed,
    Subscribed,
    TitleChanged,
    Unknown,
    Unsubscribed,
    UpdateDrafted,
    UpdatePublished,
    UrgencySet,
    VisibilityChanged,
)
from bot.messages.rungs import addressee, rung_words
from bot.messages.timeline import entry_line, entry_words
from bot.plain import plain_spans
from bot.policy import COMMS, CUSTOMERS, INTERNAL, SCRIBE
from bot.refs import Address, Person
from tests.core.builders import ANA, BEN, DEE, HANA, NAMES, POLICY, moment

AT = moment("10:20")
PLACE = Address("slack:T1/C1")
DUE = moment("10:30")


def rung(subject: str, step: float = 0, repeat: int = 0) -> Rung:
    return Rung(subject=subject, generation=1, step=step, moment=AT, about=DUE, repeat=repeat)


UPDATE = rung("update:internal", -300)
TO = Recipient(person=HANA)

LINES: tuple[tuple[Event, Person | None, str], ...] = (
    (Declared(title="Checkout is down", priority="critical"), ANA, "Declared by @Ana: Checkout is down. Critical"),
    (
        Declared(title="Leak", priority="high", confirmed=False, private=True, drill=True),
        None,
        "Declared: Leak. High, not confirmed, private, a drill",
    ),
    (RoomOpened(address=PLACE, name="inc-42"), None, "Room opened: inc-42"),
    (RoomAsked(address=PLACE), None, f"Second room asked for at {PLACE}"),
    (RoomRenamed(address=PLACE, name="checkout"), ANA, "Room renamed: checkout"),
    (RoomLost(address=PLACE, reason="it was archived"), None, "Room gone: it was archived"),
    (TitleChanged(title="Cards fail"), ANA, "Title is Cards fail, by @Ana"),
    (
        PriorityChanged(priority="critical", before="high", reason="all of Europe"),
        BEN,
        "Priority is critical, before high, by @Ben: all of Europe",
    ),
    (
        PriorityChanged(priority="low", before="high", derived=True),
        BEN,
        "Priority is low, before high, from impact and urgency, by @Ben",
    ),
    (PriorityChanged(priority="high", before="high"), BEN, "High is confirmed, by @Ben"),
    (ImpactSet(level="high"), ANA, "Impact is high, by @Ana"),
    (UrgencySet(level="low"), ANA, "Urgency is low, by @Ana"),
    (ServicesSet(services=("checkout", "search")), ANA, "Affected: checkout, search, by @Ana"),
    (ServicesSet(services=()), ANA, "Affected services: none, by @Ana"),
    (DetectedSet(detected_at=moment("09:52")), ANA, "Detected at 09:52 UTC, by @Ana"),
    (BridgeSet(url="https://meet.example/42"), ANA, "Bridge: https://meet.example/42, by @Ana"),
    (BridgeSet(url=""), ANA, "No bridge, by @Ana"),
    (VisibilityChanged(private=True), BEN, "Private from now on, by @Ben"),
    (VisibilityChanged(private=False), BEN, "Public from now on, by @Ben"),
    (Related(number=45, how="duplicate of this"), ANA, "INC-45: duplicate of this, by @Ana"),
    (NoteAdded(text="first alert at 01:52"), DEE, "Note by @Dee: first alert at 01:52"),
    (NoteAdded(text="moved"), None, "Note: moved"),
    (Redacted(entry=7, reason="a customer's name"), BEN, "Entry 7 was redacted, by @Ben: a customer's name"),
    (
        DeliveryFailed(what="update 2", to=CUSTOMERS, reason="the key is refused"),
        None,
        "Update 2 did not reach customers: the key is refused",
    ),
    (DeliveryFailed(what="reminder", to=HANA, reason=""), None, "Reminder did not reach @Hana"),
    (DeliveryFailed(what="room", to="the room", reason="not allowed"), None, "No room could be opened: not allowed"),
    (Unknown(kind="MoonRose", v=2, data="{}"), ANA, "Something this release does not know: MoonRose, by @Ana"),
    (RoleAssigned(role=COMMS, person=HANA), BEN, "@Hana is communications officer, by @Ben"),
    (RoleAssigned(role=COMMS, person=HANA), HANA, "@Hana is communications officer"),
    (
        RoleReleased(role=COMMS, person=HANA, reason="replaced"),
        BEN,
        "@Hana is no longer communications officer: replaced",
    ),
    (RoleWaived(role=SCRIBE, reason="two people"), BEN, "Goes without a scribe, by @Ben: two people"),
    (
        HandoverOffered(role=COMMS, giver=HANA, taker=DEE, until=DUE),
        HANA,
        "@Dee is asked to be communications officer in place of @Hana until 10:30 UTC",
    ),
    (
        HandoverEnded(role=COMMS, giver=HANA, taker=DEE, outcome="declined"),
        DEE,
        "Handover of communications officer from @Hana to @Dee: declined",
    ),
    (PersonUnreachable(person=HANA, reason="left"), None, "@Hana cannot be reached: left"),
    (Subscribed(people=(ANA,)), ANA, "@Ana subscribed"),
    (Subscribed(people=(ANA, BEN), because="priority:high"), None, "@Ana, @Ben subscribed: priority:high"),
    (
        Unsubscribed(people=(ANA,), because="the account is off"),
        None,
        "@Ana is no longer subscribed: the account is off",
    ),
    (Unsubscribed(people=(ANA, BEN)), None, "@Ana, @Ben are no longer subscribed"),
    (PersonReachable(person=HANA), None, "@Hana can be reached again"),
    (StatusChanged(status=Status.IDENTIFIED, before=Status.INVESTIGATING), ANA, "Identified, by @Ana"),
    (Resolved(how="Rolled back.", verified="Watched."), BEN, "Resolved by @Ben: Rolled back. Verified: Watched."),
    (Closed(), BEN, "Closed, by @Ben"),
    (Reopened(reason="errors again"), ANA, "Open again, by @Ana: errors again"),
    (Cancelled(reason="a probe"), BEN, "Cancelled, by @Ben: false alarm, a probe"),
    (MarkedDuplicate(of=41), BEN, "Ended as the same as INC-41, by @Ben"),
    (
        UpdatePublished(number=2, audiences=(INTERNAL, CUSTOMERS), what="Cards fail", who="EU", expect="Use a bank"),
        HANA,
        "Update 2 to internal and customers, by @Hana: Cards fail. Affected: EU. Use a bank.",
    ),
    (
        UpdatePublished(number=3, audiences=(CUSTOMERS,), what="Works.", final=True),
        HANA,
        "Final update 3 to customers, by @Hana: Works.",
    ),
    (
        UpdatePublished(number=2, audiences=(CUSTOMERS,), what="Cards fail", drafted_by=HANA),
        BEN,
        "Update 2 to customers, by @Hana, approved by @Ben: Cards fail.",
    ),
    (
        UpdateDrafted(update=UpdatePublished(number=2, audiences=(CUSTOMERS,), what="Cards fail")),
        HANA,
        "Update 2 to customers waits for approval, by @Hana: Cards fail.",
    ),
    (
        DraftEnded(number=2, audiences=(CUSTOMERS,), outcome="sent back", reason="Too long"),
        BEN,
        "Update 2 to customers was sent back, by @Ben: Too long",
    ),
    (
        DraftEnded(number=2, audiences=(CUSTOMERS,), outcome="superseded", reason="update 3 takes its place"),
        HANA,
        "Update 2 to customers waits for approval no more: update 3 takes its place",
    ),
    (PromiseMade(audience=INTERNAL, due=DUE, cause="update"), HANA, "Next update to internal by 10:30 UTC"),
    (PromiseMade(audience=CUSTOMERS, due=DUE, cause="final"), BEN, "Final word to customers by 10:30 UTC"),
    (
        PromiseMade(audience=INTERNAL, due=None, cause="moved", reason="the vendor repairs it"),
        HANA,
        "No further update to internal is expected: the vendor repairs it",
    ),
    (PromiseEnded(audience=INTERNAL, due=DUE, outcome="kept"), HANA, "Promise to internal of 10:30 UTC: kept"),
    (
        PromiseEnded(audience=INTERNAL, due=DUE, outcome="missed", late=timedelta(minutes=7)),
        HANA,
        "Promise to internal of 10:30 UTC: 7 minutes late",
    ),
    (
        PromiseEnded(audience=CUSTOMERS, due=DUE, outcome="waived", reason="the banner says it"),
        BEN,
        "Promise to customers of 10:30 UTC: waived: the banner says it",
    ),
    (
        Snoozed(person=HANA, until=DUE, reason="rollback"),
        HANA,
        "Reminders to @Hana are quiet until 10:30 UTC: rollback",
    ),
    (Reminded(rungs=(UPDATE,), to=TO, key="k"), None, "Reminder, to @Hana, private: internal before due"),
    (
        ReminderHeld(rungs=(UPDATE,), to=TO, why="snooze", until=DUE),
        None,
        "Reminder held back, to @Hana, private: internal before due, their snooze until 10:30 UTC",
    ),
    (
        ReminderHeld(rungs=(UPDATE,), to=TO, why="hours", until=DUE),
        None,
        "Reminder held back, to @Hana, private: internal before due, quiet hours until 10:30 UTC",
    ),
    (
        StepPassed(rung=UPDATE, why="set later"),
        None,
        "Reminder passed over: internal before due, the promise was made after its moment",
    ),
    (
        StepPassed(rung=UPDATE, person=HANA, why="some newer reason"),
        None,
        "Reminder passed over, to @Hana: internal before due, some newer reason",
    ),
    (
        ReminderWithheld(rungs=(UPDATE,), to=TO, why="untrue"),
        None,
        "Reminder withheld, to @Hana, private: internal before due, no longer true",
    ),
)


@pytest.mark.parametrize(("event", "by", "said"), LINES, ids=lambda value: type(value).__name__)
def test_an_event_has_its_line(event: Event, by: Person | None, said: str) -> None:
    entry = Entry(version=1, at=AT, by=by, event=event)
    assert plain_spans(entry_words(entry, POLICY), AT, NAMES) == said


def test_a_line_begins_with_its_moment() -> None:
    entry = Entry(version=1, at=AT, by=BEN, event=Closed())
    assert entry_line(entry, POLICY)[:2] == (When(AT), " ")


def test_no_kind_of_event_is_without_a_line() -> None:
    assert {type(event) for event, _, _ in LINES} == set(get_args(Event))


@pytest.mark.parametrize(
    ("rungs", "said"),
    [
        ((rung("update:internal", -300), rung("update:customers", -300)), "internal and customers before due"),
        ((rung("update:internal"),), "internal due"),
        ((rung("update:internal", 300),), "internal overdue"),
        ((rung("update:internal", 900, repeat=2),), "internal overdue, again (2)"),
        (
            (rung("role:communications_officer", 300), rung("role:scribe", 300)),
            "communications officer and scribe wanted",
        ),
        ((rung("sla:respond", 0.8),), "response SLA at 80 %"),
        ((rung("sla:resolve", 1.0),), "resolution SLA over"),
        ((rung("silence", 7200),), "nothing recorded"),
        ((rung("close", 3600),), "question whether to close"),
    ],
)
def test_a_rung_has_its_words(rungs: tuple[Rung, ...], said: str) -> None:
    assert rung_words(rungs, POLICY) == said


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (Recipient(person=HANA), "to @Hana, private"),
        (Recipient(person=HANA, room=True), "room, to @Hana"),
        (Recipient(room=True), "room"),
        (Recipient(audience="leadership"), "to leadership"),
    ],
)
def test_an_addressee_has_its_words(to: Recipient, said: str) -> None:
    assert plain_spans(addressee(to), AT, NAMES) == said
