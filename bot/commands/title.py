"""`title TEXT`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import TitleChanged
from bot.guards import unchanged
from bot.incident import Incident
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import reference

TITLE_LIMIT = 100
"""Longest title in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTitle:
    """Gives the incident another title."""

    title: Annotated[
        str,
        Param(
            label="What is wrong?",
            ask=Ask.TEXT,
            help="A few words, as a customer would say it.",
            required=True,
            typed="TEXT",
            limit=TITLE_LIMIT,
            missing="Say what is wrong in a few words.",
        ),
    ]


def decide(incident: Incident, command: SetTitle, context: Context, policy: Policy) -> Outcome:
    """The title is that from now on; at any status, for the record is read later."""
    del policy
    name = reference(incident.number)
    if command.title == incident.title:
        return unchanged(f"{name} has that title")
    said = None if context.in_room else line(f"{name} has its new title.")
    return Outcome(events=(TitleChanged(title=command.title),), reply=said)


SPEC = Spec(
    word="title",
    command=SetTitle,
    decide=decide,
    who=Who.RESPONDERS,
    group="Steer",
    aliases=("rename",),
    line=("title",),
    title="Change title: {ref}",
    submit="Change title",
    prefill=lambda _values, incident, _context, _policy: {"title": incident.title},
    doing="Changing the title of {ref}",
)
