"""What the chats report back."""

from dataclasses import replace

import pytest

from bot.commands.record import (
    SPECS,
    DeliveryGaveUp,
    PersonLeft,
    RecordRoom,
    Report,
    RoomWasLost,
    RoomWasRenamed,
    recorded,
)
from bot.events import (
    Cancelled,
    DeliveryFailed,
    Event,
    HandoverEnded,
    HandoverOffered,
    PersonUnreachable,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoomAsked,
    RoomLost,
    RoomOpened,
    RoomRenamed,
)
from bot.incident import Incident
from bot.policy import COMMANDER, COMMS, SCRIBE, SME, Policy
from bot.refs import Address
from tests.core.asking import decided, kinds, refused
from tests.core.builders import BEN, DEE, HANA, LENA, MINUTE, POLICY, TEN, context, declared, grown, staffed

ROOM = Address("slack:T1/C42")
STAFFED = staffed(declared())
OPENED = RecordRoom(address=ROOM, name="inc-42-checkout-is-down", url="https://example.com/C42")


def after(incident: Incident, *reports: Report) -> Incident:
    for report in reports:
        incident = grown(incident, TEN, None, *recorded(incident, report, POLICY))
    return incident


def twice(report: Report, incident: Incident) -> tuple[Event, ...]:
    """What the same report comes to when it comes again."""
    return recorded(after(incident, report), report, POLICY)


def test_a_room_is_recorded_once() -> None:
    assert recorded(STAFFED, OPENED, POLICY) == (
        RoomOpened(address=ROOM, name="inc-42-checkout-is-down", url="https://example.com/C42"),
    )
    assert twice(OPENED, STAFFED) == ()


def test_a_thread_is_a_room_that_is_not_our_own() -> None:
    thread = RecordRoom(address=ROOM, name="incidents", own=False)

    assert recorded(STAFFED, thread, POLICY) == (RoomOpened(address=ROOM, name="incidents", own=False),)


def test_a_lost_room_is_recorded_once_and_may_come_back() -> None:
    lost = RoomWasLost(address=ROOM, reason="archived")
    roomy = after(STAFFED, OPENED)

    assert recorded(roomy, lost, POLICY) == (RoomLost(address=ROOM, reason="archived"),)
    assert twice(lost, roomy) == ()
    assert [type(event) for event in recorded(after(roomy, lost), OPENED, POLICY)] == [RoomOpened]


def test_a_renamed_room_is_recorded_once() -> None:
    renamed = RoomWasRenamed(address=ROOM, name="the-big-one")
    roomy = after(STAFFED, OPENED)

    assert recorded(roomy, renamed, POLICY) == (RoomRenamed(address=ROOM, name="the-big-one"),)
    assert twice(renamed, roomy) == ()


@pytest.mark.parametrize("report", [RoomWasLost(address=ROOM, reason="x"), RoomWasRenamed(address=ROOM, name="x")])
def test_a_room_that_is_not_the_incidents_concerns_nobody(report: Report) -> None:
    assert recorded(STAFFED, report, POLICY) == ()


def test_who_leaves_the_room_gives_up_every_role() -> None:
    both = grown(STAFFED, TEN, BEN, RoleAssigned(role=SME, person=HANA))
    left = PersonLeft(person=HANA)

    assert recorded(both, left, POLICY) == (
        RoleReleased(role=COMMS, person=HANA, reason="left"),
        RoleReleased(role=SME, person=HANA, reason="left"),
    )
    assert twice(left, both) == ()


def test_one_role_may_be_vacated_alone() -> None:
    both = grown(STAFFED, TEN, BEN, RoleAssigned(role=SME, person=HANA))

    assert recorded(both, PersonLeft(person=HANA, role=SME), POLICY) == (
        RoleReleased(role=SME, person=HANA, reason="left"),
    )


def test_who_leaves_the_organisation_cannot_be_reached_either() -> None:
    left = PersonLeft(person=HANA, unreachable="deactivated")

    assert recorded(STAFFED, left, POLICY) == (
        RoleReleased(role=COMMS, person=HANA, reason="left"),
        PersonUnreachable(person=HANA, reason="deactivated"),
    )
    assert twice(left, STAFFED) == ()


def test_requests_to_take_a_role_over_end_with_who_left() -> None:
    offer = HandoverOffered(role=COMMS, giver=HANA, taker=LENA, until=TEN + 10 * MINUTE)
    other = HandoverOffered(role=SCRIBE, giver=DEE, taker=LENA, until=TEN + 10 * MINUTE)
    offered = grown(STAFFED, TEN, HANA, offer, other)

    by_taker = recorded(offered, PersonLeft(person=LENA), POLICY)
    by_role = recorded(offered, PersonLeft(person=LENA, role=COMMS), POLICY)
    over = HandoverEnded(role=COMMS, giver=HANA, taker=LENA, outcome="overtaken")

    assert [type(event) for event in by_taker] == [HandoverEnded, HandoverEnded]
    assert by_role == (over,)


def test_who_leaves_the_room_of_a_resolved_incident_keeps_the_role_to_close_it() -> None:
    resolved = grown(STAFFED, TEN, BEN, Resolved(how="x", verified="y"))

    assert recorded(resolved, PersonLeft(person=BEN), POLICY) == ()
    assert recorded(resolved, PersonLeft(person=BEN, unreachable="deactivated"), POLICY) == (
        RoleReleased(role=COMMANDER, person=BEN, reason="left"),
        PersonUnreachable(person=BEN, reason="deactivated"),
    )


def test_nobody_gives_up_a_role_in_what_has_ended() -> None:
    ended = grown(STAFFED, TEN, BEN, Cancelled(reason="a probe"))

    assert recorded(ended, PersonLeft(person=BEN, unreachable="deactivated"), POLICY) == (
        PersonUnreachable(person=BEN, reason="deactivated"),
    )


def test_a_message_that_will_never_arrive_is_on_the_timeline() -> None:
    gone = DeliveryGaveUp(what="update 2", to="customers", reason="the status page refused its key")

    assert recorded(STAFFED, gone, POLICY) == (
        DeliveryFailed(what="update 2", to="customers", reason="the status page refused its key"),
    )


def test_a_person_no_message_reaches_is_recorded_so_once() -> None:
    gone = DeliveryGaveUp(what="a reminder", to=HANA, reason="blocked Sitrep", person=HANA)

    assert PersonUnreachable(person=HANA, reason="blocked Sitrep") in recorded(STAFFED, gone, POLICY)
    assert [type(event) for event in twice(gone, STAFFED)] == [DeliveryFailed]


def test_each_report_has_a_word_that_only_sitrep_itself_may_say() -> None:
    assert all(spec.hidden for spec in SPECS)
    for spec in SPECS:
        refused(lambda spec=spec: decided(STAFFED, spec, context(BEN)))  # type: ignore[misc]


def test_a_report_decides_as_a_word_does() -> None:
    (spec,) = [each for each in SPECS if each.command is RecordRoom]

    assert kinds(spec.decide(STAFFED, OPENED, context(None), POLICY)) == ["RoomOpened"]


def kinds_of(events: tuple[Event, ...]) -> list[type]:
    return [type(event) for event in events]


def linking(*places: str) -> Policy:
    return replace(POLICY, link=places)


def test_the_first_room_brings_the_second_ones_the_policy_wants_in_other_chats() -> None:
    policy = linking("slack:#war-room", "teams:19:a@thread.tacv2")

    opened, asked = recorded(STAFFED, OPENED, policy)

    assert isinstance(opened, RoomOpened)
    assert asked == RoomAsked(address=Address("teams:19:a@thread.tacv2"))


def test_they_are_asked_for_once() -> None:
    policy = linking("teams:19:a@thread.tacv2", "teams:19:b@thread.tacv2")
    by_hand = grown(STAFFED, TEN, BEN, RoomAsked(address=Address("teams:19:a@thread.tacv2")))
    second = RecordRoom(address=Address("teams:19:b@thread.tacv2;messageid=1"), name="b")

    assert kinds_of(recorded(by_hand, OPENED, policy)) == [RoomOpened, RoomAsked]
    assert kinds_of(recorded(after(STAFFED, OPENED), second, policy)) == [RoomOpened]


def test_a_private_incident_and_one_that_ended_get_none() -> None:
    policy = linking("teams:19:a@thread.tacv2")
    private = staffed(declared(private=True))
    ended = grown(STAFFED, TEN, BEN, Cancelled(reason="a false alarm"))

    assert kinds_of(recorded(private, OPENED, policy)) == [RoomOpened]
    assert kinds_of(recorded(ended, OPENED, policy)) == [RoomOpened]
