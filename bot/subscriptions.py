"""Who reads an incident's updates in private messages, and which ones (docs/words.md 2 and 3.4).

Who follows an incident reads what stakeholders read, when they read it; where nobody promised these anything, what
internal reads, less the steps. A private incident is told in its room alone; who holds a role reads the room.
"""

from collections.abc import Collection, Iterator, Mapping

from bot.events import (
    Declared,
    Entry,
    PriorityChanged,
    Reopened,
    ServicesSet,
    Subscribed,
    UpdatePublished,
    VisibilityChanged,
)
from bot.incident import Incident
from bot.people import Profile
from bot.policy import INTERNAL, STAKEHOLDERS, Policy
from bot.refs import Person
from bot.standing import Standing, covers

KEY = "subscribed"
"""How the key of every message to who subscribed begins."""

_MAY_MATCH = Declared | ServicesSet | PriorityChanged | VisibilityChanged | Reopened
"""What may make an incident one of those that a standing subscription is about."""


def followed(incident: Incident) -> str:
    """The audience whose updates, and whose promises, are told to who subscribed."""
    promise = incident.promises.get(STAKEHOLDERS)
    theirs = promise is not None and (promise.standing or STAKEHOLDERS in incident.told)
    return STAKEHOLDERS if theirs else INTERNAL


def read_as(incident: Incident, update: UpdatePublished) -> str:
    """The audience in whose words that update is read; empty where it is not for who subscribed."""
    if STAKEHOLDERS in update.audiences:
        return STAKEHOLDERS
    return INTERNAL if INTERNAL in update.audiences and followed(incident) == INTERNAL else ""


def readers(incident: Incident, but: Collection[Person | None] = ()) -> tuple[Person, ...]:
    """Who is told in private, less those whose own doing it was."""
    if incident.private:
        return ()
    return tuple(
        person for person in sorted(incident.subscribers) if person not in but and not incident.roles_of(person)
    )


def may_match(entries: tuple[Entry, ...]) -> bool:
    """Whether after these entries standing subscriptions must be looked at."""
    return any(isinstance(entry.event, _MAY_MATCH) for entry in entries)


def joining(
    incident: Incident,
    standing: Mapping[Person, tuple[Standing, ...]],
    people: Mapping[Person, Profile],
    policy: Policy,
) -> Iterator[Subscribed]:
    """Whom standing subscriptions bring to an incident that is open for all to see; one event for each subscription.

    Who declared it is in its room. Who ceased to read it is not brought back, and who is gone reads nothing.
    """
    if incident.private or incident.drill or not incident.is_open:
        return
    found: dict[str, list[Person]] = {}
    for person, wishes in sorted(standing.items()):
        known = {incident.declared_by, *incident.subscribers, *incident.unsubscribed}
        matching = next((wish for wish in wishes if covers(wish, incident, policy)), None)
        if matching and person not in known and _is_member(people.get(person), policy):
            found.setdefault(matching.words, []).append(person)
    for words, brought in found.items():
        yield Subscribed(people=tuple(brought), because=words)


def _is_member(profile: Profile | None, policy: Policy) -> bool:
    return profile is None or not (profile.gone or (profile.guest and not policy.guests))


def moving(incident: Incident, other: Incident) -> tuple[Person, ...]:
    """Who reads this one and goes on with another that is the same: all but those who ceased to read that."""
    return tuple(person for person in sorted(incident.subscribers) if person not in other.unsubscribed)
