"""`urgency LEVEL`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.derived import assessed
from bot.incident import Incident
from bot.policy import Policy
from bot.questions import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUrgency:
    """Says how fast it must be repaired; with the impact it gives the priority."""

    level: Annotated[
        str,
        Param(label="Urgency", ask=Ask.LEVEL, required=True, help="How fast it must be repaired.", typed="LEVEL"),
    ]


def decide(incident: Incident, command: SetUrgency, context: Context, policy: Policy) -> Outcome:
    """The urgency is that from now on, and the priority of what is open is what the matrix makes of it."""
    return assessed(incident, incident.impact, command.level, context, policy)


SPEC = Spec(
    word="urgency",
    command=SetUrgency,
    decide=decide,
    who=Who.RESPONDERS,
    group="Steer",
    line=("level",),
    title="Set urgency: {ref}",
    submit="Set urgency",
    doing="Setting the urgency of {ref}",
)
