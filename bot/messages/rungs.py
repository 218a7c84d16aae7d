"""Rungs of the ladders and their addressees in words, for `why` and the timeline (WORDS 3.8)."""

from collections.abc import Sequence

from bot.cards import Mention, Spans
from bot.events import Recipient, Rung
from bot.messages.phrases import listed, role_word
from bot.policy import Policy


def rung_words(rungs: Sequence[Rung], policy: Policy) -> str:
    """What a reminder is about: `internal and customers before due`, `resolution SLA at 80 %`, `scribe wanted`."""
    first = rungs[0]
    kind, _, name = first.subject.partition(":")
    names = list(dict.fromkeys(rung.subject.partition(":")[2] for rung in rungs))
    match kind:
        case "update":
            return f"{listed(names)} {_step(first)}"
        case "role":
            return f"{listed([role_word(role, policy) for role in names])} wanted"
        case "sla":
            sla = "response SLA" if name == "respond" else "resolution SLA"
            return f"{sla} over" if first.step >= 1 else f"{sla} at {first.step:.0%}".replace("%", " %")
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
