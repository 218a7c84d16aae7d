"""`impact LEVEL`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.derived import assessed
from bot.incident import Incident
from bot.policy import Policy
from bot.questions import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImpact:
    """Says how much is hit; with the urgency it gives the priority."""

    level: Annotated[str, Param(label="Impact", ask=Ask.LEVEL, required=True, help="How much is hit.", typed="LEVEL")]


def decide(incident: Incident, command: SetImpact, context: Context, policy: Policy) -> Outcome:
    """The impact is that from now on, and the priority of what is open is what the matrix makes of it."""
    return assessed(incident, command.level, incident.urgency, context, policy)


SPEC = Spec(
    word="impact",
    command=SetImpact,
    decide=decide,
    who=Who.RESPONDERS,
    group="Steer",
    line=("level",),
    title="Set impact: {ref}",
    submit="Set impact",
    doing="Setting the impact of {ref}",
)
