"""To whom a reminder goes: who holds the role, or who stands in for them, and whether they asked for quiet.

The rules are those of docs/promises.md, sections 2.5, 2.7 and 2.9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.events import Recipient, Why
from bot.incident import Incident
from bot.people import Profile
from bot.policy import COMMANDER, COMMS, INTERNAL, LEADERSHIP, ROOM, Policy, Quiet, SlaStep, Step, Where
from bot.refs import Person

APPROVER = "who approves a draft"
"""In a reminder's recipient, in the place of a role. No role is called so: a role's name is one word."""

People = Mapping[Person, Profile]
"""What is known of the people of an incident; who is not in it can be reached and lives in the organisation's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressees:
    """Whom a role comes to at this moment."""

    people: tuple[Person, ...]
    """Empty: the room is the last in line."""
    why: Why
    via: str


def reachable(incident: Incident, person: Person, people: People) -> bool:
    """Whether a message to that person can arrive and be meant for them: no bot, not gone, not refused before."""
    profile = people.get(person)
    return person not in incident.unreachable and not (profile and (profile.gone or profile.bot))


def in_line(incident: Incident, role: str, people: People) -> Addressees:
    """Who answers for a role: its holders; else, from communications officer to commander to who declared, the next."""
    holders = incident.holders(role)
    found = tuple(person for person in holders if reachable(incident, person, people))
    if found:
        return Addressees(people=found, why=Why.ROLE, via="holder")
    why = Why.UNREACHABLE if holders else Why.VACANT
    commander = incident.holder(COMMANDER)
    if role != COMMANDER and commander and reachable(incident, commander, people):
        return Addressees(people=(commander,), why=why, via="commander")
    declarer = incident.declared_by
    if declarer and reachable(incident, declarer, people):
        return Addressees(people=(declarer,), why=why, via="declarer")
    return Addressees(people=(), why=why, via="room")


def recipients(incident: Incident, step: Step | SlaStep, policy: Policy, people: People) -> tuple[Recipient, ...]:
    """Everybody a step addresses, each in the place the step says (2.5, 2.6)."""
    found: list[Recipient] = []
    for name in step.to:
        if name == ROOM:
            found.append(Recipient(room=True))
        elif is_audience(name, policy):
            found += _audience(incident, name, policy, people)
        else:
            found += _role(incident, name, step.where or Where.PRIVATE, people)
    return tuple(dict.fromkeys(found))


def is_audience(name: str, policy: Policy) -> bool:
    """Whether a step's `to` names an audience rather than a role or the room."""
    return name != ROOM and (name in policy.audiences or name == LEADERSHIP) and not _is_role(name, policy)


def _is_role(name: str, policy: Policy) -> bool:
    return name in {COMMANDER, COMMS} or any(role.name == name for role in policy.roles)


def outside(step: Step | SlaStep, policy: Policy) -> bool:
    """Whether a step goes to people who are not of the incident (2.3)."""
    return any(is_audience(name, policy) and name != INTERNAL for name in step.to)


def _audience(incident: Incident, name: str, policy: Policy, people: People) -> tuple[Recipient, ...]:
    if policy.addresses(name) and not (incident.private and name != INTERNAL):
        return (Recipient(audience=name),)
    instead = in_line(incident, COMMANDER, people)
    if not instead.people:
        return (Recipient(room=True, why=Why.NO_ADDRESS, via="room"),)
    return tuple(
        Recipient(person=person, role=COMMANDER, why=Why.NO_ADDRESS, via=instead.via) for person in instead.people
    )


def _role(incident: Incident, role: str, where: Where, people: People) -> list[Recipient]:
    line = in_line(incident, role, people)
    if not line.people:
        return [Recipient(room=True, role=role, why=line.why, via=line.via)]
    found: list[Recipient] = []
    for person in line.people:
        if where is not Where.PRIVATE:
            found.append(Recipient(person=person, room=True, role=role, why=line.why, via=line.via))
        if where is not Where.ROOM:
            found.append(Recipient(person=person, role=role, why=line.why, via=line.via))
    return found


def still_theirs(incident: Incident, to: Recipient, people: People) -> bool:
    """Whether a reminder still belongs to whom it addresses: who gave the role away is not nudged (2.8).

    What was for an audience outside is not theirs once the incident is private.
    """
    if to.audience:
        return not incident.private or to.audience == INTERNAL
    if to.person is None or to.room or to.role in {"", APPROVER}:
        return True
    return to.person in in_line(incident, to.role, people).people


def snoozed_until(incident: Incident, person: Person, at: datetime) -> datetime | None:
    """The end of the quiet that a person asked for, if it lies ahead."""
    snooze = incident.snoozes.get(person)
    return snooze.until if snooze and snooze.until > at else None


def quiet_until(incident: Incident, person: Person, at: datetime, policy: Policy, people: People) -> datetime | None:
    """The end of the quiet hours that person is in, where the incident's priority has any (2.9)."""
    quiet = policy.reminders.quiet
    priority = policy.priority(incident.priority)
    if quiet is None or priority.major or priority.name not in quiet.priorities:
        return None
    zone = zone_of(people.get(person), policy)
    return None if _awake(quiet, at.astimezone(zone)) else _next_morning(quiet, at.astimezone(zone))


def zone_of(profile: Profile | None, policy: Policy) -> ZoneInfo:
    """The person's zone; the organisation's where it is not known, or is none that exists."""
    if profile and profile.zone:
        try:
            return ZoneInfo(profile.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo(policy.time_zone)
    return ZoneInfo(policy.time_zone)


def _awake(quiet: Quiet, local: datetime) -> bool:
    return local.weekday() in quiet.days and quiet.ends <= local.time() < quiet.starts


def _next_morning(quiet: Quiet, local: datetime) -> datetime | None:
    """The next moment somebody is awake; None where no day has waking hours left to wait for."""
    for days in range(9):
        day = (local + timedelta(days=days)).date()
        morning = datetime.combine(day, quiet.ends, tzinfo=local.tzinfo)
        if day.weekday() in quiet.days and morning.timestamp() > local.timestamp():
            return morning
    return None
