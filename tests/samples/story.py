"""INC-42 as it went that Monday (WORDS 6): every card that its people saw, in the order in which they saw it."""

from collections.abc import Callable, Iterator
from functools import cache, wraps

from bot.requests import Answer
from tests.samples.desk import ELSEWHERE, Desk, Shown, desk, whom
from tests.samples.world import ANA, BEN, CHEN, DEE, HANA

INCIDENTS, STAKEHOLDERS, CUSTOMERS = "slack:#incidents", "slack:#stakeholders", "slack:#service-news"

WHAT = "About 4 in 10 card payments in Europe do not go through. Other ways to pay work."
STEPS = "Release 5.8 is suspected; its settings are being compared."
WHO = "Shoppers in Europe who pay by card."
EXPECT = "Bank transfer works meanwhile."
WORDS = (
    "At 01:52 UTC we noticed that some card payments in Europe do not go through. About 4 in 10 are affected. "
    "Your basket is kept and nobody is charged twice. Bank transfer works meanwhile."
)
HOW = "Release 5.8 was rolled back on all payment hosts."
VERIFIED = "200 test payments went through, errors under 0.1 % for 30 minutes, checked by Chen."


def stage(tell: Callable[[], Desk]) -> Callable[[], Desk]:
    """Told once; whoever asks gets a copy to tell on from there."""
    once = cache(tell)
    return wraps(tell)(lambda: once().apart())


@stage
def declared() -> Desk:
    """02:00: Ana has declared it; the room is open and nobody has a role."""
    told = desk(42)
    told.declare("02:00", ANA, "critical Checkout is down")
    told.say("02:00", ANA, "services checkout, card payments")
    told.say("02:00", ANA, "detected 02:52")
    return told


@stage
def staffed() -> Desk:
    """02:03: everybody has a role."""
    told = declared()
    told.press("02:01", BEN, "claim", role="incident_commander")
    told.say("02:03", BEN, f"role comms {whom(HANA)}")
    told.say("02:03", BEN, f"role scribe {whom(DEE)}")
    told.say("02:03", BEN, f"role sme {whom(ANA, CHEN)}")
    return told


def publish(told: Desk, clock: str, to: str = "internal customers", **more: str) -> Answer:
    """Send the composer; what is not named is as in the first update."""
    return told.submit(clock, HANA, "update", **(composed(to) | more))


def composed(to: str) -> dict[str, str]:
    """The composer filled in, as for the first update."""
    return {"what": WHAT, "steps": STEPS, "who": WHO, "expect": EXPECT, "words": WORDS, "next": "30m", "to": to}


@stage
def informed() -> Desk:
    """02:10: the first update is out."""
    told = staffed()
    publish(told, "02:10")
    return told


@stage
def identified() -> Desk:
    """02:21: the cause is known."""
    told = informed()
    told.say("02:14", DEE, "note First alert at 01:52, from the payment probe.")
    told.press("02:21", ANA, "identified", was="investigating")
    return told


@stage
def late() -> Desk:
    """02:45: the update of 02:40 did not come."""
    told = identified()
    told.tick("02:35", "02:40:00.300", "02:45")
    return told


@stage
def monitored() -> Desk:
    """02:58: the roll-back is in, and stakeholders have their first word."""
    told = late()
    publish(told, "02:47", what="The payment hosts are being rolled back.", steps="Half of them are done.")
    publish(
        told,
        "02:58",
        "internal stakeholders customers",
        what="Card payments go through again on most hosts.",
        steps="The last hosts are being rolled back; errors are watched.",
        expect="Single payments may still fail; trying again helps.",
        words="Most card payments in Europe go through again. Single ones may still fail; trying again helps.",
        status="monitoring",
    )
    return told


@stage
def resolved() -> Desk:
    """03:50: resolved, and everybody who was told has the last word."""
    told = monitored()
    publish(told, "03:25", "internal stakeholders customers", what="All hosts are rolled back.")
    told.submit("03:50", BEN, "resolve", how=HOW, verified=VERIFIED, words="Card payments in Europe work again.")
    return told


def story() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _beginning()
    yield from _roles()
    yield from _first_update()
    yield from _late_update()
    yield from _end()


def _beginning() -> Iterator[tuple[str, Shown]]:
    told = desk(42)
    answer = told.say("02:00", ANA, "declare critical Checkout is down", ELSEWHERE)
    assert answer.when_room is not None
    yield "answer-declare", told.answer(answer)
    yield "answer-declare-room", (answer.when_room, told.clock)
    told = declared()
    yield "card-declared", told.pinned()
    yield "announcement-declared", told.card(INCIDENTS, "announcement")


def _roles() -> Iterator[tuple[str, Shown]]:
    told = staffed()
    yield "role-taken", told.card("room", "role")
    yield "role-assigned", told.card(HANA, "role")
    yield "role-assigned-expert", told.card(CHEN, "role")


def _first_update() -> Iterator[tuple[str, Shown]]:
    told = staffed()
    yield "answer-update", told.answer(publish(told, "02:10"))
    yield "update-internal", told.card("room", "update-1")
    yield "update-customers", told.card(CUSTOMERS, "update-1")
    yield "card", told.pinned()
    yield "answer-note", told.answer(told.say("02:14", DEE, "note First alert at 01:52, from the payment probe."))
    told = informed()
    told.press("02:21", ANA, "identified", was="investigating")
    yield "status-changed", told.card("room", "status")
    yield "card-identified", told.pinned()
    yield "announcement", told.card(INCIDENTS, "announcement")


def _late_update() -> Iterator[tuple[str, Shown]]:
    told = identified()
    told.tick("02:35")
    yield "reminder-before", told.last(HANA)
    told.tick("02:40:00.300")
    yield "reminder-due", told.last("room")
    yield "card-overdue", told.pinned()
    told.tick("02:45")
    yield "reminder-overdue", told.last(BEN)
    yield "reminder-overdue-room", told.last("room")
    publish(told, "02:47", what="The payment hosts are being rolled back.", steps="Half of them are done.")
    yield "reminder-settled", told.last(BEN)
    told = monitored()
    yield "update-stakeholders", told.card(STAKEHOLDERS, "update-3")
    yield "card-monitoring", told.pinned()
    publish(told, "03:25", "internal stakeholders customers", what="All hosts are rolled back.")
    told.tick("03:36")
    yield "reminder-sla", told.last(BEN)
    publish(told, "03:50", what="Errors are still watched.", next="60m")
    told.tick("04:00")
    yield "reminder-breach", told.last(BEN)


def _end() -> Iterator[tuple[str, Shown]]:
    told = resolved()
    yield "resolved", told.card("room", "resolved")
    yield "update-last", told.card(STAKEHOLDERS, "update-5")
    yield "card-resolved", told.pinned()
    yield "announcement-resolved", told.card(INCIDENTS, "announcement")
    back = told.apart()
    back.say("04:10", BEN, "reopen card errors at 6 %")
    yield "reopened", back.card("room", "ended")
    told.press("08:30", BEN, "close")
    yield "closed", told.card("room", "ended")
    yield "card-closed", told.pinned()
    yield "announcement-closed", told.card(INCIDENTS, "announcement")
