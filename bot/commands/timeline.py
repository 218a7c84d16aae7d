"""`timeline [REF]`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.incident import Incident
from bot.messages.reading import timeline_card
from bot.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTimeline:
    """Shows what happened, newest last."""

    before: Annotated[str, Param(label="")] = ""
    """Only what was before the entry of that number; comes with the press for earlier lines."""


def decide(incident: Incident, command: ShowTimeline, context: Context, policy: Policy) -> Outcome:
    """The last lines of the log; reminders and what became of them are part of it."""
    entries = context.history.entries if context.history else ()
    before = int(command.before) if command.before.isdecimal() else None
    return Outcome(reply=timeline_card(incident, entries, before, policy))


SPEC = Spec(
    word="timeline",
    command=ShowTimeline,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    reads=True,
    ref_first=True,
    history=True,
)
