"""`claim ROLE`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.guards import check_not_ended, person_word, unchanged
from bot.incident import Incident
from bot.messages.phrases import role_word
from bot.policy import Policy, Role
from bot.questions import Ask
from bot.refs import Person, reference
from bot.refusals import Refused
from bot.roles import concerning, conflict, given, over, short


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRole:
    """Takes a role that nobody holds."""

    role: Annotated[str, Param(label="Role", ask=Ask.ROLE, required=True, typed="ROLE")]


def decide(incident: Incident, command: ClaimRole, context: Context, policy: Policy) -> Outcome:
    """Who claims it holds the role, unless it is one that only one person holds and somebody does."""
    check_not_ended(incident, context)
    assert context.actor is not None
    me, role = context.actor, policy.role(command.role)
    name, word = reference(incident.number), role_word(command.role, policy)
    if me in incident.holders(role.name):
        return unchanged(f"You are {word} of {name}")
    if not role.several:
        _check_free(incident, role, me, context, policy)
    settled = over(concerning(incident, role, (me,)), "overtaken")
    return Outcome(events=(*given(incident, role, (me,)), *settled), reply=conflict(incident, (me,), role, policy))


def _check_free(incident: Incident, role: Role, me: Person, context: Context, policy: Policy) -> None:
    holder = incident.holder(role.name)
    if holder is None:
        return
    who = f"{person_word(holder, context)} is {role_word(role.name, policy)} of {reference(incident.number)}"
    offered = any((offer.role, offer.taker) == (role.name, me) for offer in incident.handovers)
    advice = f"`accept {short(role)}` takes it over" if offered else f"ask for `handover {short(role)} @you`"
    raise Refused(f"{who}: {advice}.", field="role")


SPEC = Spec(
    word="claim",
    command=ClaimRole,
    decide=decide,
    who=Who.ANYONE,
    group="People",
    line=("role",),
    title="Claim a role: {ref}",
    submit="Claim",
    doing="Claiming a role of {ref}",
    in_vain=check_not_ended,
)
