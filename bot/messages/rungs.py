"""Rungs of the ladders and their addressees in words, for `why` and the timeline (WORDS 3.8)."""

from collections.abc import Sequence
from typing import assert_never

from bot.cards import Mention, Spans, When
from bot.events import AboutReminders, Recipient, Reminded, ReminderHeld, ReminderWithheld, Rung, StepPassed
from bot.messages.phrases import in_order, listed, role_word
from bot.policy import Policy

PASSED = {
    "set later": "the promise was made after its moment",
    "higher step": "a later step speaks for it",
    "untrue": "no longer true",
}
"""Why a reminder is not sent."""


def passed_words(why: str) -> str:
    """Why a reminder is not sent; a reason of a newer release as it is written."""
    return PASSED.get(why, why)


def rung_words(rungs: Sequence[Rung], policy: Policy) -> str:
    """What a reminder is about: `internal and customers before due`, `resolution SLA at 80 %`, `scribe wanted`."""
    first = rungs[0]
    kind, _, name = first.subject.partition(":")
    names = in_order(rung.subject.partition(":")[2] for rung in rungs)
    match kind:
        case "update":
            return f"{listed(names)} {_step(first)}"
        case "role":
            return f"{listed([role_word(role, policy) for role in names])} wanted"
        case "sla":
            sla = "response SLA" if name == "respond" else "resolution SLA"
            return f"{sla} over" if first.step >= 1 else f"{sla} at {first.step:.0%}".replace("%", " %")
        case "draft":
            return f"update {name} not approved yet"
        case "silence":
            return "nothing recorded"
        case _:
            return "question whether to close"


def _step(rung: Rung) -> str:
    if rung.step < 0:
        return "before due"
    if rung.step == 0:
        return "due"
    return f"overdue, again ({rung.repeat})" if rung.repeat else "overdue"


def addressee(to: Recipient) -> Spans:
    """To whom and where: `to @Hana, private`, `room, to @Hana`, `room`, `to leadership`."""
    if to.room:
        return ("room, to ", Mention(to.person)) if to.person else ("room",)
    return ("to ", Mention(to.person), ", private") if to.person else (f"to {to.audience}",)


def reminder_words(event: AboutReminders, policy: Policy) -> Spans:
    """What became of a reminder, as the timeline says it."""
    match event:
        case Reminded():
            return ("Reminder, ", *addressee(event.to), f": {rung_words(event.rungs, policy)}")
        case ReminderHeld():
            held = "their snooze" if event.why == "snooze" else "quiet hours"
            said: Spans = ("Reminder held back, ", *addressee(event.to), f": {rung_words(event.rungs, policy)}, {held}")
            return (*said, " until ", When(event.until))
        case StepPassed():
            whose: Spans = (", to ", Mention(event.person)) if event.person else ()
            return ("Reminder passed over", *whose, f": {rung_words((event.rung,), policy)}, {passed_words(event.why)}")
        case ReminderWithheld():
            what = f": {rung_words(event.rungs, policy)}, {passed_words(event.why)}"
            return ("Reminder withheld, ", *addressee(event.to), what)
        case _:
            assert_never(event)
