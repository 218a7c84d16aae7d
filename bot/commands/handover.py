"""`handover ROLE @person`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import Mention, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import HandoverOffered
from bot.guards import check_open, person_word, unchanged
from bot.incident import Incident
from bot.messages.phrases import role_word
from bot.permissions import commands
from bot.policy import Policy, Role
from bot.questions import Ask
from bot.refs import Person, reference
from bot.refusals import Refused
from bot.roles import check_person, over, short


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandover:
    """Asks somebody to take a role over; it changes hands once that person accepts."""

    role: Annotated[str, Param(label="Role", ask=Ask.ROLE, required=True, typed="ROLE")]
    person: Annotated[
        Person,
        Param(label="Who takes over?", ask=Ask.PERSON, required=True, typed="@person", missing="Choose one person."),
    ]


def decide(incident: Incident, command: OfferHandover, context: Context, policy: Policy) -> Outcome:
    """The request stands for `handover_within`; until it is accepted the role and its reminders stay where they are."""
    check_open(incident, context)
    role, taker = policy.role(command.role), command.person
    giver = _giver(incident, role, context, policy)
    word, name = role_word(role.name, policy), reference(incident.number)
    check_person(taker, context, policy, "person")
    if taker in incident.holders(role.name):
        return unchanged(Mention(taker), f" is {word} of {name}")
    standing = [offer for offer in incident.handovers if (offer.role, offer.giver) == (role.name, giver)]
    if any(offer.taker == taker for offer in standing):
        return unchanged(Mention(taker), f" is asked to be {word} of {name} until ", When(standing[0].until))
    until = context.at + policy.reminders.handover_within
    offer = HandoverOffered(role=role.name, giver=giver, taker=taker, until=until)
    asked = line(
        Mention(taker), f" is asked to be {word} of {name}. Until they accept it stays with ", Mention(giver), ". ",
        "The request ends at ", When(until), ".",
    )  # fmt: skip
    return Outcome(events=(*over(standing, "overtaken"), offer), reply=asked)


def _giver(incident: Incident, role: Role, context: Context, policy: Policy) -> Person:
    """Whose role it is: the actor's own, or, for the commander, the only holder's."""
    assert context.actor is not None
    word, name, holders = role_word(role.name, policy), reference(incident.number), incident.holders(role.name)
    if context.actor in holders:
        return context.actor
    if not holders:
        raise Refused(f"Nobody is {word} of {name}: `role {short(role)} @person` names somebody.", field="role")
    if not commands(incident, context.actor):
        owner = person_word(holders[0], context)
        raise Refused(f"Only {owner} or the incident commander hands that role of {name} over: ask them.", field="role")
    if len(holders) > 1:
        raise Refused(f"Several people are {word} of {name}: add one by `role {short(role)} @person`.", field="role")
    return holders[0]


SPEC = Spec(
    word="handover",
    command=OfferHandover,
    decide=decide,
    who=Who.RESPONDERS,
    group="People",
    line=("role", "person"),
    title="Hand over a role: {ref}",
    submit="Ask",
    doing="Handing over a role of {ref}",
    in_vain=check_open,
)
