"""`roles`."""

from dataclasses import dataclass

from bot.commands.spec import Context, Outcome, Spec, Who
from bot.incident import Incident
from bot.messages.reading import roles_card
from bot.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRoles:
    """Shows who holds which role, and which are wanted."""


def decide(incident: Incident, command: ShowRoles, context: Context, policy: Policy) -> Outcome:
    """Every role of the policy, with a button to claim each that nobody holds."""
    del command, context
    return Outcome(reply=roles_card(incident, policy))


SPEC = Spec(
    word="roles",
    command=ShowRoles,
    decide=decide,
    who=Who.ANYONE,
    group="People",
    reads=True,
)
