"""Roles that change hands, stand empty, or get in each other's way (WORDS 3.3)."""

from collections.abc import Iterator

from bot.commands.record import PersonLeft
from bot.policy import COMMANDER, COMMS
from tests.samples.desk import Desk, Shown, desk, whom
from tests.samples.story import identified, informed, publish
from tests.samples.world import ANA, BEN, CHEN, DEE, HANA


def role_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _handovers()
    yield from _vacancies()
    told = informed()
    yield "answer-conflict", told.answer(told.say("02:12", BEN, f"role comms {whom(CHEN)}"))
    told = desk(57)
    told.declare("02:00", ANA, "private critical Access keys in a public place")
    told.say("02:01", ANA, f"role ic {whom(BEN)}")
    yield "role-assigned-private", told.card(BEN, "role")


def _offered() -> Desk:
    told = identified()
    publish(told, "02:37", what="Release 5.8 points to a wrong payment address.", steps="It is being rolled back.")
    told.say("02:50", HANA, f"handover comms {whom(DEE)}")
    return told


def _handovers() -> Iterator[tuple[str, Shown]]:
    told = identified()
    yield "answer-handover", told.answer(told.say("02:30", HANA, f"handover comms {whom(DEE)}"))
    told = _offered()
    yield "role-handover", told.card(DEE, "handover")
    accepted = told.apart()
    accepted.press("02:52", DEE, "accept", role=COMMS)
    yield "role-accepted", accepted.card("room", "role")
    declined = told.apart()
    declined.press("02:52", DEE, "decline", role=COMMS)
    yield "role-declined", declined.card(HANA, "handover")
    overtaken = told.apart()
    overtaken.say("02:52", BEN, f"role comms {whom(CHEN)}")
    yield "role-overtaken", overtaken.card(DEE, "handover")
    told.tick("03:00")
    yield "role-unanswered", told.card(HANA, "handover")


def _vacancies() -> Iterator[tuple[str, Shown]]:
    told = informed()
    told.say("02:12", HANA, "release comms")
    yield "role-vacant", told.card("room", "vacant")
    told = informed()
    told.record("02:12", PersonLeft(person=BEN, role=COMMANDER))
    yield "role-left", told.card("room", "vacant")
