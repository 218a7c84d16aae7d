"""What follows when a role changes hands: pure, shared by the words about people (docs/promises.md, section 3)."""

from collections.abc import Iterable

from bot.cards import Card, Code, Mention, line
from bot.commands.spec import Context
from bot.events import HandoverEnded, RoleAssigned, RoleReleased
from bot.guards import person_word
from bot.incident import Handover, Incident
from bot.messages.phrases import listed, role_word
from bot.people import Profile
from bot.policy import COMMS, SME, Policy, Role
from bot.refs import Person, reference
from bot.refusals import Refused

REPLACED, RELEASED, HANDED_OVER = "replaced", "released", "handed over"
"""Why a role was given up, where nobody said it in their own words."""

RoleEvent = RoleReleased | RoleAssigned | HandoverEnded


def given(
    incident: Incident, role: Role, people: Iterable[Person], *, because: str = REPLACED
) -> tuple[RoleEvent, ...]:
    """These people hold the role from now on. Who held one that only one person holds gives it up, `because` of it."""
    wanted = tuple(people)
    events: list[RoleEvent] = []
    if not role.several:
        replaced = [person for person in incident.holders(role.name) if person not in wanted]
        events += [RoleReleased(role=role.name, person=person, reason=because) for person in replaced]
    new = [person for person in wanted if person not in incident.holders(role.name)]
    return (*events, *(RoleAssigned(role=role.name, person=person) for person in new))


def concerning(incident: Incident, role: Role, people: Iterable[Person]) -> tuple[Handover, ...]:
    """Open requests to take the role over that are settled once these people get it or give it up."""
    involved = set(people)
    offers = (offer for offer in incident.handovers if offer.role == role.name)
    return tuple(offer for offer in offers if not role.several or involved & {offer.giver, offer.taker})


def over(offers: Iterable[Handover], outcome: str) -> tuple[HandoverEnded, ...]:
    """These requests have ended: `accepted`, `declined`, or `overtaken` by what somebody else did."""
    return tuple(
        HandoverEnded(role=offer.role, giver=offer.giver, taker=offer.taker, outcome=outcome) for offer in offers
    )


def check_person(person: Person, context: Context, policy: Policy, field: str) -> None:
    """Raises Refused at `field` for who cannot answer for a role: a bot, who left, a guest whom no word obeys."""
    profile = context.people.get(person)
    why = _idle(profile, policy) if profile else ""
    if why:
        raise Refused(f"{person_word(person, context)} {why}: name somebody who can answer.", field=field)


def _idle(profile: Profile, policy: Policy) -> str:
    guest = profile.guest and not policy.guests
    return "is a bot" if profile.bot else "has left" if profile.gone else "is a guest" if guest else ""


def conflict(incident: Incident, people: Iterable[Person], role: Role, policy: Policy) -> Card | None:
    """A warning where somebody now holds two roles that get in each other's way (`not_with`), for who gave the role."""
    for person in people:
        others = [policy.role(name) for name in incident.roles_of(person) if name != role.name]
        clashing = [other for other in others if other.name in role.not_with or role.name in other.not_with]
        if clashing:
            return _warning(incident, person, role, clashing, policy)
    return None


def _warning(incident: Incident, person: Person, role: Role, others: list[Role], policy: Policy) -> Card:
    both = {role.name, *(other.name for other in others)}
    names = [role_word(name, policy) for name in (role.name, *(other.name for other in others))]
    what = "now repairs and writes the updates" if both == {COMMS, SME} else f"is now {listed(names)}"
    spare = next((other for other in (role, *others) if other.name == COMMS), role)
    return line(
        Mention(person),
        f" {what} of {reference(incident.number)}. One of the two usually stops: name another with ",
        Code(f"role {short(spare)} @person"),
        ".",
    )


def short(role: Role) -> str:
    """How a role is typed in the fewest letters: `comms`."""
    return min((role.name, *role.aliases), key=len)
