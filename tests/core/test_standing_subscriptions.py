"""What somebody subscribed to for good brings them to later incidents, and to nothing they may not see."""

import pytest

from bot.events import Subscribed
from bot.people import Profile
from tests.core.reading_along import Desk


def test_a_service_brings_later_incidents_with_why_and_when() -> None:
    desk = Desk()
    desk.say("09:00", "kim", "subscribe service:checkout")

    desk.say("10:00", "ana", "declare critical Payments fail services:Checkout")

    assert desk.incident().subscribers == {desk.person("kim"): "service:checkout"}
    (said,) = desk.told("kim").values()
    assert said == (
        "INC-1 Payments fail. Critical, investigating. Affected: Checkout. Next update by 10:30 UTC. "
        "You are told because you subscribed to incidents that affect checkout. Buttons: Unsubscribe."
    )


def test_people_who_are_brought_for_one_reason_are_one_line_of_the_log() -> None:
    desk = Desk()
    for who in ("kim", "lou"):
        desk.say("09:00", who, "subscribe service:checkout")
    desk.say("09:00", "mia", "subscribe priority:high")

    desk.say("10:00", "ana", "declare critical Payments fail services:checkout")

    brought = [entry for entry in desk.store.data.logs[1] if isinstance(entry.event, Subscribed)]
    assert [(entry.by, entry.event.because, len(entry.event.people)) for entry in brought] == [  # type: ignore[union-attr]
        (None, "service:checkout", 2),
        (None, "priority:high", 1),
    ]


@pytest.mark.parametrize("words", ["services checkout", "priority critical"])
def test_one_that_comes_to_match_brings_them_then_and_once(words: str) -> None:
    desk = Desk()
    desk.say("09:00", "kim", "subscribe service:checkout priority:critical")
    desk.declare("10:00", "high Payments fail")
    assert desk.incident().subscribers == {}

    desk.say("10:10", "ben", words, number=1)
    desk.say("10:11", "ben", "services checkout, search", number=1)

    assert list(desk.incident().subscribers) == [desk.person("kim")]
    assert len(desk.told("kim")) == 1


def test_who_left_an_incident_is_not_brought_back_by_what_stands() -> None:
    desk = Desk()
    desk.say("09:00", "kim", "subscribe service:checkout")
    desk.say("10:00", "ana", "declare critical Payments fail services:checkout")
    desk.say("10:01", "kim", "unsubscribe 1")

    desk.say("10:10", "ana", "INC-1 services checkout, search")

    assert desk.incident().subscribers == {}


def test_what_stands_brings_nobody_to_what_they_declared_or_may_not_see_or_to_a_drill() -> None:
    desk = Desk()
    for who in ("ana", "kim"):
        desk.say("09:00", who, "subscribe service:checkout")

    desk.say("10:00", "ana", "declare critical Payments fail services:checkout")
    desk.say("10:05", "ana", "declare private critical Keys were read services:checkout")

    assert list(desk.incident(1).subscribers) == [desk.person("kim")]
    assert desk.incident(2).subscribers == {}
    desk.say("10:06", "ana", "INC-2 visibility public")
    assert list(desk.incident(2).subscribers) == [desk.person("kim")]


@pytest.mark.parametrize("became", [Profile(name="Kim", gone=True), Profile(name="Kim", guest=True)])
def test_what_stands_brings_only_members(became: Profile) -> None:
    desk = Desk()
    desk.say("09:00", "kim", "subscribe service:checkout")
    desk.store.data.known[desk.person("kim")] = became

    desk.say("10:00", "ana", "declare critical Payments fail services:checkout")

    assert desk.incident().subscribers == {}


def test_what_ended_brings_nobody() -> None:
    desk = Desk()
    desk.say("09:00", "kim", "subscribe service:checkout priority:low")
    desk.say("09:01", "kim", "unsubscribe service:checkout priority:low")

    desk.say("10:00", "ana", "declare critical Payments fail services:checkout")

    assert desk.incident().subscribers == {}
