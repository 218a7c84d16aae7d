"""What goes back to the one who asked (WORDS 3.6, 3.7, 3.11)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.people import Profile
from bot.policy import COMMANDER, INTERNAL, Audience
from bot.posts import Post
from bot.refs import Identity
from bot.requests import Request
from tests.samples.desk import ELSEWHERE, Shown, desk
from tests.samples.story import declared, identified, informed, monitored, resolved, staffed
from tests.samples.world import ANA, BEN, CHEN, DEE, HANA, KIM, LARKFIELD


def answer_cards() -> Iterator[tuple[str, Shown]]:
    """Each card with its name in the gallery."""
    yield from _declarations()
    yield from _done()
    yield from _not_yours()
    yield from _not_understood()
    yield from _too_late()
    yield from _one_person()


def _declarations() -> Iterator[tuple[str, Shown]]:
    told = desk(44)
    yield "answer-declare-taken", told.answer(told.declare("02:00", ANA, "low disk on db-3"))
    yield "answer-retitled", told.answer(told.press("02:01", ANA, "retitle"))
    told = desk(41)
    yield "answer-declare-unconfirmed", told.answer(told.declare("01:00", ANA, "Slow search"))
    told = desk(57)
    yield "answer-declare-private", told.answer(told.declare("02:00", ANA, "private critical Keys in a public place"))
    told = declared()
    yield "answer-declare-like", told.answer(told.say("02:04", CHEN, "declare critical Checkout broken", ELSEWHERE))
    nowhere = replace(LARKFIELD, audiences={**LARKFIELD.audiences, INTERNAL: Audience(name=INTERNAL)})
    told = desk(1, nowhere)
    yield "answer-declare-alone", told.answer(told.declare("02:00", ANA, "critical Test"))


def _done() -> Iterator[tuple[str, Shown]]:
    told = identified()
    told.tick("02:35")
    yield "answer-snooze", told.answer(told.press("02:36", HANA, "snooze", duration="14m"))
    yield "answer-next", told.answer(told.say("02:38", HANA, "next all 03:30 the roll-back takes one more step"))
    yield "answer-already", told.answer(told.press("02:39", BEN, "identified"))
    yield "answer-detected", told.answer(told.say("02:39", BEN, "detected 02:50"))
    told = informed()
    yield "answer-subscribe", told.answer(told.say("02:12", KIM, "subscribe 42", ELSEWHERE))
    yield "answer-subscribe-service", told.answer(told.say("02:12", KIM, "subscribe service:checkout", ELSEWHERE))
    yield "answer-impact", told.answer(told.say("02:12", ANA, "impact medium"))
    yield "answer-stays", told.answer(told.say("02:12", ANA, "urgency medium"))
    yield "answer-derived", told.answer(told.say("02:13", BEN, "urgency high"))
    told = resolved()
    yield "answer-graded-late", told.answer(told.say("05:12", ANA, "impact medium"))


def _one_person() -> Iterator[tuple[str, Shown]]:
    """Hana in two chats: the code, a wrong one, and what both sides read."""
    told = desk(41)
    yield "answer-me", told.answer(told.say("02:00", HANA, "me", ELSEWHERE))
    for number, (name, code) in enumerate((("answer-me-wrong", "123456"), ("answer-me-one", "271828"))):
        there = Request(
            key=f"there-{number}", identity=Identity("teams:T9/hana"), profile=Profile(name="Hana"), text=f"me {code}"
        )
        yield name, told.answer(told.service.handle(there, told.clock))
    order = told.store.data.rows[-1].order
    assert isinstance(order, Post)
    yield "told-me-one", (order.card, told.clock)


def _not_yours() -> Iterator[tuple[str, Shown]]:
    told = informed()
    yield "refused-not-allowed", told.refusal("02:12", CHEN, "resolve It works verified:I looked")
    yield "refused-not-responder", told.refusal("02:12", KIM, "INC-42 note Any news?", ELSEWHERE)
    yield "refused-hidden", told.refusal("02:12", CHEN, "status INC-57", ELSEWHERE)
    yield "refused-no-incident", told.refusal("02:12", KIM, "status", ELSEWHERE)


def _not_understood() -> Iterator[tuple[str, Shown]]:
    told = informed()
    yield "refused-unknown-word", told.refusal("02:12", BEN, "resovle It works")
    yield "refused-missing", told.refusal("02:12", BEN, "priority fatal")
    yield "refused-time", told.refusal("02:12", BEN, "next half four")
    yield "refused-passed", told.refusal("02:12", BEN, "next 02:45")
    yield "refused-nobody", told.refusal("02:12", BEN, "role scribe Jo")
    yield "refused-unverified", told.refusal("02:12", BEN, "resolve It works verified:no")


def _too_late() -> Iterator[tuple[str, Shown]]:
    told = monitored()
    yield "refused-old-button", told.press_refused("03:00", ANA, "identified", was="investigating")
    told = resolved()
    yield "refused-resolved", told.refusal("03:55", DEE, "identified")
    told.press("08:30", BEN, "close")
    yield "refused-closed", told.refusal("08:31", BEN, "monitoring")
    told = staffed()
    yield "refused-claimed", told.press_refused("02:04", ANA, "claim", role=COMMANDER)
