"""News of other incidents, and what did not arrive (WORDS 3.2, 3.4, 3.9, 3.10)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.commands.record import DeliveryGaveUp, RoomWasLost
from bot.policy import Policy
from tests.samples.desk import ELSEWHERE, Shown, desk
from tests.samples.story import CUSTOMERS, INCIDENTS, STAKEHOLDERS, identified, informed, monitored, publish, staffed
from tests.samples.world import ANA, BEN, HANA, KIM, LARKFIELD

ON_CALL = "mailto:oncall@larkfield.example"


def news_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _priorities()
    yield from _promises()
    yield from _endings()
    yield from _undelivered()
    yield from _to_subscribers()


def with_calls() -> Policy:
    """The policy, with the people on call invited and mentioned at critical."""
    critical, *others = LARKFIELD.priorities
    called = replace(critical, call=("slack:@sre-oncall",), pages=(ON_CALL,))
    return replace(LARKFIELD, priorities=(called, *others))


def _priorities() -> Iterator[tuple[str, Shown]]:
    told = desk(42, with_calls())
    told.declare("02:00", ANA, "high Checkout is down")
    told.say("02:01", BEN, "claim ic")
    told.say("02:06", BEN, "priority critical all of Europe is affected")
    yield "announcement-priority", told.card(INCIDENTS, "priority")
    yield "called", told.card("room", "called")
    yield "paged", told.card(ON_CALL, "called")
    told = desk(42)
    told.declare("02:00", ANA, "Checkout is slow")
    told.say("02:05", ANA, "impact high")
    told.say("02:06", ANA, "urgency high")
    yield "priority-derived", told.card("room", "priority")


def _promises() -> Iterator[tuple[str, Shown]]:
    told = monitored()
    told.say("03:20", HANA, "next all 04:00 the roll-back takes one more step")
    yield "update-moved", told.card("room", "moved")
    yield "update-moved-outside", told.card(STAKEHOLDERS, "moved")
    told = identified()
    told.say("02:30", HANA, "next none the vendor works on it and will call")
    yield "update-none-expected", told.card("room", "moved")
    told = staffed()
    publish(told, "02:10", "internal", next="none", reason="The vendor works on it and will call.")
    yield "update-last-for-now", told.card("room", "update-1")


def _endings() -> Iterator[tuple[str, Shown]]:
    told = monitored()
    told.say("03:50", BEN, "resolve Release 5.8 was rolled back verified:200 test payments went through")
    yield "resolved-owed", told.card("room", "resolved")
    yield "card-resolved-owed", told.pinned()
    told = desk(44)
    told.declare("02:00", ANA, "low disk on db-3")
    told.say("02:09", ANA, "cancel a probe was set wrongly")
    yield "cancelled", told.card("room", "ended")
    yield "card-cancelled", told.pinned()
    told = identified()
    told.say("02:25", ANA, "declare critical Checkout does not load", ELSEWHERE)
    told.number = 43
    told.say("02:26", ANA, "INC-43 duplicate 42")
    yield "duplicate", told.card("room", "ended")
    yield "card-duplicate", told.pinned()
    told = identified()
    told.submit("02:30", BEN, "cancel", reason="the probe counts wrongly", words="Card payments worked all the time.")
    yield "cancelled-outside", told.card(CUSTOMERS, "update")


def _undelivered() -> Iterator[tuple[str, Shown]]:
    told = informed()
    told.record("02:11", DeliveryGaveUp(what="update 1", to="customers", reason="the channel was archived"))
    yield "undelivered", told.card(BEN, "failed")
    told = informed()
    told.record("02:11", DeliveryGaveUp(what="a reminder", to=HANA, reason="the account is off", person=HANA))
    yield "undelivered-person", told.card(BEN, "failed")
    told = desk(57)
    told.say("02:00", ANA, "declare private critical Access keys in a public place", ELSEWHERE)
    told.record("02:00", DeliveryGaveUp(what="room", to="the room", reason="Sitrep may not make channels in Slack"))
    yield "undelivered-no-room", told.card(ANA, "failed")
    told = identified()
    told.record("02:30", RoomWasLost(address=told.room, reason="it was archived"))
    yield "undelivered-room", told.card(BEN, "room-lost")


def _to_subscribers() -> Iterator[tuple[str, Shown]]:
    told = desk(42)
    told.say("01:00", KIM, "subscribe priority:critical", ELSEWHERE)
    told.declare("02:00", ANA, "critical Checkout is down")
    yield "subscribed-opened", told.last(KIM)
    told = informed()
    told.say("02:11", KIM, "subscribe 42", ELSEWHERE)
    publish(told, "02:20", "internal stakeholders")
    yield "subscribed-update", told.last(KIM)
    told = desk(44)
    told.declare("02:00", ANA, "low disk on db-3")
    told.say("02:01", KIM, "subscribe 44", ELSEWHERE)
    resolved, cancelled = told.apart(), told.apart()
    resolved.say("02:09", ANA, "resolve Old logs were moved verified:a fifth is free again")
    yield "subscribed-resolved", resolved.last(KIM)
    cancelled.say("02:09", ANA, "cancel a probe was set wrongly")
    yield "subscribed-cancelled", cancelled.last(KIM)
    cancelled.say("02:19", ANA, "reopen the disk is full after all")
    yield "subscribed-reopened", cancelled.last(KIM)
    told = identified()
    told.say("02:25", ANA, "declare critical Checkout does not load", ELSEWHERE)
    told.number = 43
    told.say("02:26", KIM, "subscribe 43", ELSEWHERE)
    told.say("02:27", ANA, "INC-43 duplicate 42")
    yield "subscribed-duplicate", told.last(KIM)
    yield "duplicate-moved", told.card("room", "ended")
