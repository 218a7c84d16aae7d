"""An update to customers that waits for approval, and what becomes of it (docs/communication.md)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.policy import Policy
from tests.samples.desk import Desk, Shown, whom
from tests.samples.story import monitored, publish, staffed
from tests.samples.world import ANA, BEN, HANA, LARKFIELD


def careful(*approvers: str) -> Policy:
    """The policy, with a second pair of eyes on what customers read."""
    customers = replace(LARKFIELD.standards["customers"], approve=("critical", "high"))
    customers = replace(customers, approvers=approvers or customers.approvers)
    return replace(LARKFIELD, standards={**LARKFIELD.standards, "customers": customers})


def drafted(*approvers: str) -> Desk:
    """02:10: the first update is out to internal, and customers wait for it."""
    told = staffed()
    told.policy = careful(*approvers)
    publish(told, "02:10")
    return told


def unpromised(*approvers: str) -> Desk:
    """02:12: an update waits for customers, who were told that none is expected."""
    told = staffed()
    publish(told, "02:10", next="none", reason="Fewer than 1 in 100 payments are affected.")
    told.policy = careful(*approvers)
    publish(told, "02:12", "customers")
    told.tick("02:27")
    return told


def approval_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _waiting()
    yield from _ended()


def _waiting() -> Iterator[tuple[str, Shown]]:
    told = drafted()
    yield "approval", told.card(BEN, "approval:1")
    yield "approval-room", told.card("room", "update-1")
    yield "approval-card", told.pinned()
    told.tick("02:25")
    yield "approval-reminder", told.last(BEN)
    yield "approval-reminder-writer", told.last(HANA)
    told.tick("02:30")
    yield "approval-reminder-room", told.last("room")
    yield "approval-group", drafted("slack:@legal").card("room", "approval:1")
    yield "approval-unpromised", unpromised().last(BEN)
    yield "approval-unpromised-room", unpromised("slack:@legal").last("room")
    both = drafted("scribe", "slack:@legal")
    yield "approval-card-group", both.pinned()


def _ended() -> Iterator[tuple[str, Shown]]:
    told = drafted()
    yield "approval-answered", told.answer(told.press("02:12", BEN, "approve", number="1"))
    yield "approval-approved", told.card(BEN, "approval:1")
    yield "approval-out", told.card("room", "approved")
    told = drafted()
    yield "approval-yours", told.press_refused("02:12", HANA, "approve", number="1")
    yield "approval-sent-back-answered", told.answer(told.say("02:13", BEN, "send-back 1 Say that baskets are kept."))
    yield "approval-sent-back", told.card(HANA, "draft:1")
    yield "approval-sent-back-over", told.card(BEN, "approval:1")
    told = drafted()
    publish(told, "02:14", "customers")
    yield "approval-superseded", told.card(BEN, "approval:1")
    told.press("02:15", BEN, "approve", number="2")
    yield "approval-room-alone", told.card("room", "approved")
    told = drafted()
    told.say("02:12", BEN, f"role ic {whom(ANA)}")
    yield "approval-passed-on", told.card(BEN, "approval:1")
    told = monitored()
    told.policy = careful()
    told.submit("03:50", BEN, "cancel", reason="a probe was set wrongly", words="Card payments worked all the time.")
    yield "card-cancelled-owed", told.pinned()
