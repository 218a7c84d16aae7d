"""`list [open|mine|all]`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.incident import Incident
from bot.messages.reading import list_card
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import Person
from bot.visibility import people_of, seen_by

OPEN, MINE, ALL = "open", "mine", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIncidents:
    """Lists incidents: the open ones, one's own, or all."""

    which: Annotated[str, Param(label="Which?", ask=Ask.CHOICE, options=(OPEN, MINE, ALL), typed="[open|mine|all]")] = (
        OPEN
    )


def decide(incident: Incident, command: ListIncidents, context: Context, policy: Policy) -> Outcome:
    """A private incident is listed to its people only."""
    del incident, policy
    seen = sorted(seen_by(context.others, context.actor), key=lambda each: each.number, reverse=True)
    found = [each for each in seen if _belongs(each, command.which, context.actor)]
    return Outcome(reply=list_card(found, command.which, context.at))


def _belongs(incident: Incident, which: str, actor: Person | None) -> bool:
    if which == ALL:
        return True
    mine = which != MINE or actor in people_of(incident)
    return mine and not incident.is_ended


SPEC = Spec(
    word="list",
    command=ListIncidents,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    line=("which",),
    about="none",
    reads=True,
)
