"""Whom a private incident exists for: to anyone else every word answers as if it did not (docs/contract.md 6)."""

from collections.abc import Iterable

from bot.incident import Incident
from bot.refs import Person


def people_of(incident: Incident) -> frozenset[Person]:
    """The declarer, who holds a role, and who is asked to take one over."""
    declarer = (incident.declared_by,) if incident.declared_by else ()
    holders = (held.person for held in incident.holdings)
    takers = (offer.taker for offer in incident.handovers)
    return frozenset((*declarer, *holders, *takers))


def sees(incident: Incident, person: Person | None) -> bool:
    """Whether that person may know of the incident, wherever they are. Inside its room everybody may."""
    return not incident.private or person in people_of(incident)


def seen_by(incidents: Iterable[Incident], person: Person | None) -> tuple[Incident, ...]:
    """Those of the incidents that person may know of, in their order."""
    return tuple(incident for incident in incidents if sees(incident, person))
