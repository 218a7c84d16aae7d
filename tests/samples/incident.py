"""The incident's card and its announcement in states that the story of INC-42 does not bring (WORDS 3.1, 3.2)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.cards import Card
from bot.commands.record import RecordRoom, RoomWasLost
from bot.events import Declared, Entry, RoleAssigned
from bot.evolve import fold
from bot.incident import Incident
from bot.messages.incident_card import incident_card
from bot.policy import COMMANDER
from bot.promises import at_declaration
from bot.refs import Address
from tests.samples.desk import ELSEWHERE, Desk, Shown, desk
from tests.samples.story import INCIDENTS, declared, identified, publish, staffed
from tests.samples.world import ANA, BEN, HANA, LARKFIELD, at


def incident_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _open()
    yield from _private()
    yield from _rooms()
    yield "card-drill", (_drill(), at("02:00"))


def _open() -> Iterator[tuple[str, Shown]]:
    told = desk(41)
    told.declare("01:00", ANA, "Slow search")
    yield "card-unconfirmed", told.pinned()
    told = identified()
    told.tick("02:35")
    told.say("02:36", HANA, "snooze 14m waiting for the roll-back")
    yield "card-snoozed", told.pinned()
    told = staffed()
    publish(told, "02:10", "internal", next="none", reason="The vendor works on it and will call.")
    yield "card-none-expected", told.pinned()
    told = desk(42, replace(LARKFIELD, bridge="https://meet.larkfield.example/inc-{number}"))
    told.declare("02:00", ANA, "high Checkout is slow")
    told.press("02:01", BEN, "claim", role=COMMANDER)
    yield "card-bridge", told.pinned()


def _private() -> Iterator[tuple[str, Shown]]:
    told = desk(57)
    told.declare("02:00", ANA, "private critical Access keys in a public place")
    told.press("02:01", BEN, "claim", role=COMMANDER)
    yield "card-private", told.pinned()
    told = identified()
    told.say("02:25", BEN, "visibility private")
    yield "announcement-hidden", told.card(INCIDENTS, "announcement")


def _rooms() -> Iterator[tuple[str, Shown]]:
    told = _in_a_thread()
    yield "card-thread", told.pinned()
    yield "announcement-thread", told.card(INCIDENTS, "announcement")
    told = declared()
    told.record("02:30", RoomWasLost(address=told.room, reason="it was archived"))
    yield "card-room-lost", told.card(INCIDENTS, "room:card")


def _in_a_thread() -> Desk:
    told = desk(42)
    told.say("02:00", ANA, "declare critical Checkout is down", ELSEWHERE)
    thread = Address("slack:T1/C9/1700000000.000100")
    told.record("02:00", RecordRoom(address=thread, name="incidents", own=False))
    return told


def _drill() -> Card:
    """Nothing says `drill` yet, but what is said in one has its looks."""
    first = Declared(title="Checkout is down", priority="critical", drill=True)
    held = RoleAssigned(role=COMMANDER, person=BEN)
    events = (first, *at_declaration("critical", False, LARKFIELD, at("02:00")), held)
    entries = [Entry(version=version, at=at("02:00"), by=ANA, event=event) for version, event in enumerate(events, 1)]
    return incident_card(fold(entries, Incident(number=43)), LARKFIELD, at("02:00"))
