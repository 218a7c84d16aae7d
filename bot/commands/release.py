"""`release ROLE [REASON]`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import RoleReleased
from bot.guards import check_not_ended, person_word
from bot.incident import Incident
from bot.messages.phrases import listed, role_word
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import reference
from bot.refusals import Refused
from bot.roles import RELEASED, concerning, over, short


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRole:
    """Gives up a role of one's own."""

    role: Annotated[str, Param(label="Role", ask=Ask.ROLE, required=True, typed="ROLE")]
    reason: Annotated[str, Param(label="Reason", typed="[REASON]", in_form=False)] = ""


def decide(incident: Incident, command: ReleaseRole, context: Context, policy: Policy) -> Outcome:
    """Who released it no longer holds the role; an open request to take it over ends."""
    check_not_ended(incident, context)
    assert context.actor is not None
    me, role = context.actor, policy.role(command.role)
    holders = incident.holders(role.name)
    if me not in holders:
        word, name = role_word(role.name, policy), reference(incident.number)
        who = listed([person_word(person, context) for person in holders]) or "nobody"
        verb = "are" if len(holders) > 1 else "is"
        advice = f"`role {short(role)} @person` names another"
        raise Refused(f"You are not {word} of {name}, {who} {verb}: {advice}.", field="role")
    released = RoleReleased(role=role.name, person=me, reason=command.reason or RELEASED)
    return Outcome(events=(released, *over(concerning(incident, role, (me,)), "overtaken")))


SPEC = Spec(
    word="release",
    command=ReleaseRole,
    decide=decide,
    who=Who.RESPONDERS,
    group="People",
    line=("role", "reason"),
    title="Release a role: {ref}",
    submit="Release",
    doing="Releasing a role of {ref}",
    in_vain=check_not_ended,
)
