"""`accept [ROLE]`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import RoleReleased
from bot.guards import check_open
from bot.incident import Incident
from bot.offers import meant
from bot.policy import Policy
from bot.questions import Ask
from bot.roles import HANDED_OVER, concerning, conflict, given, over


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandover:
    """Takes over the role one was asked to take."""

    role: Annotated[str, Param(label="Role", ask=Ask.ROLE, typed="[ROLE]", in_form=False)] = ""


def decide(incident: Incident, command: AcceptHandover, context: Context, policy: Policy) -> Outcome:
    """The role changes hands; other requests to take it over end."""
    check_open(incident, context)
    offer = meant(incident, command.role, "accept", context, policy)
    role = policy.role(offer.role)
    events = given(incident, role, (offer.taker,), because=HANDED_OVER)
    if role.several and offer.giver in incident.holders(role.name):
        events = (RoleReleased(role=role.name, person=offer.giver, reason=HANDED_OVER), *events)
    others = [other for other in concerning(incident, role, (offer.giver, offer.taker)) if other != offer]
    settled = (*over((offer,), "accepted"), *over(others, "overtaken"))
    return Outcome(events=(*events, *settled), reply=conflict(incident, (offer.taker,), role, policy))


SPEC = Spec(
    word="accept",
    command=AcceptHandover,
    decide=decide,
    who=Who.ANYONE,
    group="People",
    line=("role",),
    doing="Accepting a role of {ref}",
)
