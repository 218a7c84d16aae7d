"""`reopen REASON`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.drafts import withdrawn
from bot.events import Reopened
from bot.guards import already
from bot.incident import Incident
from bot.policy import Policy
from bot.promises import by_reopen
from bot.questions import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident:
    """Opens a resolved or ended incident again: the trouble is back, or was never gone."""

    reason: Annotated[
        str,
        Param(
            label="What is back?",
            ask=Ask.LONG_TEXT,
            required=True,
            typed="REASON",
            missing="Say what is back in a few words.",
        ),
    ]


def decide(incident: Incident, command: ReopenIncident, context: Context, policy: Policy) -> Outcome:
    """It is investigated again, roles are as before, and updates are promised as at the declaration."""
    if incident.is_open:
        return already(incident)
    overtaken = withdrawn(incident, "the incident is open again")
    return Outcome(events=(Reopened(reason=command.reason), *overtaken, *by_reopen(incident, context.at, policy)))


SPEC = Spec(
    word="reopen",
    command=ReopenIncident,
    decide=decide,
    who=Who.STEERING,
    group="Finish",
    line=("reason",),
    title="Reopen {ref}",
    submit="Reopen",
    doing="Reopening {ref}",
)
