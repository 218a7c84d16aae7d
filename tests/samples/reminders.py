"""Reminders that the story of INC-42 does not bring: who stands in, what was held back, what is owed (WORDS 3.5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.commands.record import DeliveryGaveUp
from bot.policy import LEADERSHIP, Audience, Policy
from tests.samples.desk import Shown, desk, whom
from tests.samples.story import declared, identified, informed, publish, resolved, staffed
from tests.samples.world import ANA, BEN, HANA, LARKFIELD


def reminder_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _late()
    yield from _standing_in()
    yield from _held()
    yield from _other()


def _late() -> Iterator[tuple[str, Shown]]:
    told = identified()
    told.tick("02:35", "02:40", "02:45", "03:00")
    yield "reminder-escalated", told.last("slack:#leadership")
    told = staffed()
    publish(told, "02:10")
    publish(told, "02:12", "stakeholders", next="32m")
    told.tick("02:35")
    yield "reminder-gathered", told.last(HANA)
    told = identified()
    told.tick("02:33")
    told.down("02:33", "03:02")
    yield "reminder-after-downtime", told.last(BEN)


def _standing_in() -> Iterator[tuple[str, Shown]]:
    told = declared()
    told.tick("02:05")
    yield "reminder-roles", told.last("room")
    told.tick("02:12")
    yield "reminder-response", told.last(ANA)
    told.tick("02:15", "02:25")
    yield "reminder-declarer", told.last(ANA)
    told = informed()
    told.say("02:12", HANA, "release comms")
    told.tick("02:17", "02:35")
    yield "reminder-nobody", told.last(BEN)
    told = informed()
    told.record("02:11", DeliveryGaveUp(what="a reminder", to=HANA, reason="the account is off", person=HANA))
    told.tick("02:35")
    yield "reminder-unreachable", told.last(BEN)
    told = identified()
    told.policy = _without_leadership()
    told.tick("02:35", "02:40", "02:45", "03:00")
    yield "reminder-no-address", told.last(BEN)


def _without_leadership() -> Policy:
    return replace(LARKFIELD, audiences={**LARKFIELD.audiences, LEADERSHIP: Audience(name=LEADERSHIP)})


def _held() -> Iterator[tuple[str, Shown]]:
    told = identified()
    told.tick("02:35")
    told.press("02:36", HANA, "snooze", duration="14m")
    told.tick("02:40", "02:45", "02:50")
    yield "reminder-snooze-over", told.last(HANA)
    told = desk(41)
    told.declare("01:00", ANA, "medium Slow search")
    told.say("01:01", ANA, f"role ic {whom(BEN)}")
    told.tick("04:55", "05:00", "05:05", "07:00")
    yield "reminder-quiet-over", told.last(BEN)


def _other() -> Iterator[tuple[str, Shown]]:
    told = identified()
    told.policy = replace(LARKFIELD, reminders=replace(LARKFIELD.reminders, silence_after=timedelta(minutes=30)))
    publish(told, "02:24", next="60m")
    told.tick("02:54")
    yield "reminder-silence", told.last(BEN)
    told = resolved()
    told.policy = replace(LARKFIELD, reminders=replace(LARKFIELD.reminders, close_within=timedelta(hours=4)))
    told.say("04:00", BEN, "note The release is being looked into.")
    told.tick("07:50")
    yield "reminder-close", told.last(BEN)
    told = declared()
    told.tick("02:05")
    told.press("02:06", BEN, "claim", role="incident_commander")
    told.press("02:06", HANA, "claim", role="communications_officer")
    told.press("02:06", ANA, "claim", role="scribe")
    yield "reminder-roles-settled", told.card("room", "late:role")
