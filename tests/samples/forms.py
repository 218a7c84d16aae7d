"""The forms, as the catalog makes them for a person in the middle of INC-42 (WORDS 4)."""

from collections.abc import Iterator

from bot.questions import Form
from tests.samples.approval import drafted
from tests.samples.desk import ELSEWHERE, desk, form_of
from tests.samples.reading import two_open
from tests.samples.story import composed, informed, late, monitored, publish, staffed
from tests.samples.world import ANA, BEN, HANA, KIM


def forms() -> Iterator[tuple[str, Form]]:
    """Each form with its name in the gallery."""
    yield from _beginning()
    yield from _updates()
    yield from _approval()
    yield from _promises()
    yield from _endings()
    told = two_open()
    told.say("02:22", BEN, "INC-41 claim ic")
    yield "subscribe", form_of(told.say("02:22", KIM, "subscribe", ELSEWHERE))
    typed = "maintenance 2026-12-01 22:30 2h A new database for sign-in services:sign-in"
    yield "maintenance", form_of(told.say("02:22", KIM, typed, ELSEWHERE))
    yield "choose", form_of(told.say("02:23", BEN, "monitoring", ELSEWHERE))


def _beginning() -> Iterator[tuple[str, Form]]:
    told = desk(42)
    yield "declare", form_of(told.say("02:00", ANA, "declare", ELSEWHERE))
    yield "declare-lacking", form_of(told.submit("02:00", ANA, "declare", priority="critical"))
    told = staffed()
    told.say("02:05", HANA, "release comms")
    yield "role", form_of(told.press("02:06", BEN, "role"))
    yield "handover", form_of(told.press("02:06", BEN, "handover"))
    yield "priority", form_of(told.press("02:06", BEN, "priority"))
    yield "note", form_of(told.press("02:06", BEN, "note"))


def _updates() -> Iterator[tuple[str, Form]]:
    yield "update-first", form_of(staffed().press("02:10", HANA, "update"))
    told = late()
    yield "update", form_of(told.press("02:46", HANA, "update"))
    yield "update-lacking", form_of(publish(told, "02:46", who="", expect=""))
    yield "update-findings", form_of(publish(told, "02:46", words="Cards are fixed on db-7. All is back by 04:00 UTC."))
    yield "update-preview", form_of(told.ask("02:46", HANA, "update", **composed("internal stakeholders customers")))
    yield "update-typed", form_of(told.say("02:46", BEN, "update The roll-back is under way"))


def _approval() -> Iterator[tuple[str, Form]]:
    yield "send-back", form_of(drafted().press("02:12", BEN, "send-back", number="1"))


def _promises() -> Iterator[tuple[str, Form]]:
    told = informed()
    yield "next", form_of(told.press("02:20", HANA, "next", audience="all"))
    yield "snooze", form_of(told.press("02:20", HANA, "snooze"))


def _endings() -> Iterator[tuple[str, Form]]:
    told = monitored()
    yield "resolve", form_of(told.press("03:50", BEN, "resolve"))
    yield "resolve-unverified", form_of(told.submit("03:50", BEN, "resolve", how="It works.", verified="It works"))
    yield "cancel", form_of(told.press("03:50", BEN, "cancel"))
    yield "duplicate", form_of(two_open().press("02:50", BEN, "duplicate"))
