"""`close`."""

from dataclasses import dataclass

from bot.commands.spec import Context, Outcome, Spec, Who
from bot.drafts import withdrawn
from bot.events import Closed
from bot.final_words import check_owed, ended
from bot.guards import already
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import reference
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIncident:
    """Closes a resolved incident: nothing is left to be done."""


def decide(incident: Incident, command: CloseIncident, context: Context, policy: Policy) -> Outcome:
    """All promises end. Refused while somebody outside was told of the incident and not of its end."""
    del command
    if incident.is_ended:
        return already(incident)
    if incident.is_open:
        name, status = reference(incident.number), incident.status.value
        raise Refused(f"{name} is still {status}: `resolve` it first, or `cancel REASON` a false alarm.")
    check_owed(incident, policy)
    overtaken = withdrawn(incident, "the incident is closed")
    return Outcome(events=(Closed(), *overtaken, *ended(incident, (), context, policy)))


SPEC = Spec(
    word="close",
    command=CloseIncident,
    decide=decide,
    who=Who.COMMANDER,
    group="Finish",
    doing="Closing {ref}",
)
