"""What is read in private (WORDS 3.8)."""

from collections.abc import Iterator

from tests.samples.desk import ELSEWHERE, Desk, Shown, desk
from tests.samples.story import identified, late, publish, staffed
from tests.samples.world import ANA, BEN, CHEN, HANA, KIM


def reading_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _words()
    yield from _lists()
    yield from _subscriptions()
    yield from _maintenance()
    yield from _redacting()
    yield from _one()


def _words() -> Iterator[tuple[str, Shown]]:
    told = identified()
    yield "help", told.answer(told.say("02:22", ANA, "help"))
    yield "help-elsewhere", told.answer(told.say("02:22", KIM, "help", ELSEWHERE))
    yield "help-word", told.answer(told.say("02:22", ANA, "help update"))
    yield "terms", told.answer(told.say("02:22", ANA, "terms"))
    yield "here", told.answer(told.say("02:22", ANA, "here", ELSEWHERE))


def _lists() -> Iterator[tuple[str, Shown]]:
    told = two_open()
    yield "list", told.answer(told.say("02:50", KIM, "list", ELSEWHERE))
    told = desk(42)
    yield "list-none", told.answer(told.say("02:50", KIM, "list", ELSEWHERE))
    yield "list-mine", told.answer(told.say("02:50", KIM, "list mine", ELSEWHERE))


def _subscriptions() -> Iterator[tuple[str, Shown]]:
    told = two_open()
    yield "subscriptions-none", told.answer(told.say("02:50", KIM, "unsubscribe", ELSEWHERE))
    told.say("02:51", KIM, "subscribe 42", ELSEWHERE)
    told.say("02:51", KIM, "subscribe service:card payments priority:high", ELSEWHERE)
    yield "subscriptions", told.answer(told.say("02:52", KIM, "unsubscribe", ELSEWHERE))


def _maintenance() -> Iterator[tuple[str, Shown]]:
    told = desk(42)
    yield "maintenance-none", told.answer(told.say("02:50", KIM, "maintenance", ELSEWHERE))
    first = {"start": "2026-12-01 22:30", "lasts": "2h", "title": "A new database for sign-in", "services": "sign-in"}
    yield "maintenance-planned", told.answer(told.submit("02:51", KIM, "maintenance", **first))
    told.submit("02:52", KIM, "maintenance", start="2026-12-03 21:00", lasts="45m", title="Moving the help centre")
    yield "maintenance", told.answer(told.say("02:53", BEN, "maintenance", ELSEWHERE))
    yield "maintenance-cancelled", told.answer(told.say("02:54", BEN, "maintenance cancel 1", ELSEWHERE))


def _redacting() -> Iterator[tuple[str, Shown]]:
    told = staffed()
    told.say("02:05", CHEN, "note The password of the database was hunter2")
    yield "redact", told.answer(told.say("02:06", BEN, "redact"))
    yield "redacted", told.answer(told.say("02:06", BEN, "redact 13 it held a password"))


def two_open() -> Desk:
    """Ben leads INC-42; nobody leads INC-41."""
    told = desk(41)
    told.declare("01:00", ANA, "medium Slow search")
    told.number = 42
    told.declare("02:00", ANA, "critical Checkout is down")
    told.say("02:01", BEN, "claim ic")
    told.say("02:21", BEN, "identified")
    return told


def _one() -> Iterator[tuple[str, Shown]]:
    told = identified()
    told.tick("02:35")
    told.press("02:36", HANA, "snooze", duration="14m")
    told.tick("02:40", "02:45")
    yield "why", told.answer(told.say("02:46", BEN, "why"))
    told = late()
    publish(told, "02:47", what="The payment hosts are being rolled back.", steps="Half of them are done.")
    yield "timeline", told.answer(told.say("02:48", BEN, "timeline"))
    yield "timeline-earlier", told.answer(told.press("02:48", BEN, "timeline", before="16"))
    yield "roles", told.answer(told.say("02:48", CHEN, "roles"))
    told = staffed()
    told.say("02:05", HANA, "release comms")
    told.say("02:05", BEN, "role scribe none one person is enough today")
    yield "roles-wanted", told.answer(told.say("02:06", ANA, "roles"))
