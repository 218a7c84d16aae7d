"""`decline [ROLE]`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.guards import check_open
from bot.incident import Incident
from bot.offers import meant
from bot.policy import Policy
from bot.questions import Ask
from bot.roles import over


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineHandover:
    """Leaves the role one was asked to take with who holds it."""

    role: Annotated[str, Param(label="Role", ask=Ask.ROLE, typed="[ROLE]", in_form=False)] = ""


def decide(incident: Incident, command: DeclineHandover, context: Context, policy: Policy) -> Outcome:
    """The request ends and nothing changes; both read it in private."""
    check_open(incident, context)
    offer = meant(incident, command.role, "decline", context, policy)
    return Outcome(events=over((offer,), "declined"))


SPEC = Spec(
    word="decline",
    command=DeclineHandover,
    decide=decide,
    who=Who.ANYONE,
    group="People",
    line=("role",),
    doing="Declining a role of {ref}",
)
