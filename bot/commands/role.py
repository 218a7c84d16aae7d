"""`role ROLE @person…` and `role ROLE none REASON`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import RoleReleased, RoleWaived
from bot.guards import check_not_ended, unchanged
from bot.incident import Incident
from bot.messages.phrases import a_role, mentions, role_word
from bot.policy import Policy, Role
from bot.questions import Ask
from bot.refs import Person, reference
from bot.refusals import Refused
from bot.roles import RELEASED, check_person, concerning, conflict, given, over


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """Gives people a role, or says that this incident needs nobody in it."""

    role: Annotated[str, Param(label="Role", ask=Ask.ROLE, required=True, typed="ROLE")]
    people: Annotated[
        tuple[Person, ...] | None,
        Param(
            label="People",
            ask=Ask.PERSON,
            several=True,
            required=True,
            typed="@person…|none",
            missing="Choose at least one person.",
        ),
    ] = None
    """Empty: nobody is needed in that role."""
    reason: Annotated[str, Param(label="Why is nobody needed?", typed="[REASON]", in_form=False)] = ""


def decide(incident: Incident, command: AssignRole, context: Context, policy: Policy) -> Outcome:
    """The people hold the role; in one that only one person holds they take the place of who held it."""
    check_not_ended(incident, context)
    role = policy.role(command.role)
    if not command.people:
        return _waived(incident, role, command.reason, policy)
    if len(command.people) > 1 and not role.several:
        raise Refused(f"One person at a time is {role_word(role.name, policy)}: name one.", field="people")
    for person in command.people:
        check_person(person, context, policy, "people")
    events = given(incident, role, command.people)
    if not events:
        verb = "is" if len(command.people) == 1 else "are"
        holds = f" {verb} {role_word(role.name, policy)} of {reference(incident.number)}"
        return unchanged(*mentions(command.people), holds)
    settled = over(concerning(incident, role, command.people), "overtaken")
    return Outcome(events=(*events, *settled), reply=conflict(incident, command.people, role, policy))


def _waived(incident: Incident, role: Role, reason: str, policy: Policy) -> Outcome:
    name = reference(incident.number)
    if not reason:
        needs = a_role(role.name, policy)
        raise Refused(f"Say why {name} does without {needs}: `role {role.name} none REASON`.", field="reason")
    if role.name in incident.waived:
        return unchanged(f"{name} does without {a_role(role.name, policy)}")
    holders = incident.holders(role.name)
    released = tuple(RoleReleased(role=role.name, person=person, reason=RELEASED) for person in holders)
    settled = over(concerning(incident, role, holders), "overtaken")
    return Outcome(events=(RoleWaived(role=role.name, reason=reason), *released, *settled))


def prefill(values: Mapping[str, str], incident: Incident, context: Context, policy: Policy) -> Mapping[str, str]:
    """The first required role that nobody holds."""
    del context
    wanted = (role for role in policy.priority(incident.priority).roles if not incident.holders(role))
    found = next((role for role in wanted if role not in incident.waived), None)
    return {"role": found} if found and "role" not in values else {}


SPEC = Spec(
    word="role",
    command=AssignRole,
    decide=decide,
    who=Who.RESPONDERS,
    group="People",
    aliases=("assign",),
    line=("role", "people", "reason"),
    title="Assign role: {ref}",
    submit="Assign",
    doing="Assigning roles of {ref}",
    in_vain=check_not_ended,
    prefill=prefill,
)
