"""What the public may read of an incident: what customers were told, when, and when they hear next. Nothing else.

A private incident, a drill, and one whose customers were never told do not exist here. Its number is never shown, for
gaps between numbers would count what is hidden; it goes by an id that a secret key makes of the number.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.events import Entry, Status, UpdatePublished
from bot.evolve import fold
from bot.incident import Incident
from bot.messages.news import customers_words
from bot.policy import CUSTOMERS, Policy
from bot.typed import clean_line, shortened

LONGEST = 80
"""Characters of a headline made of other words."""
DIGITS = 12
"""Of an id: as many as nobody meets twice."""
SHOWN = frozenset({Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED})


class Impact(StrEnum):
    """How bad it is for customers, the worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicUpdate:
    """What customers were told once."""

    id: str
    at: datetime
    status: Status
    words: str
    """Exactly what they read in every other place."""
    next_at: datetime | None = None
    """When they were told that the next one comes."""
    none_because: str = ""
    """Why they were told that none is expected; empty: they were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIncident:
    """An incident as the public knows it."""

    id: str
    """12 hexadecimal digits, for ever the same."""
    headline: str
    status: Status
    impact: Impact
    services: tuple[str, ...]
    """As the policy's page calls them."""
    started_at: datetime
    """Detected, or else declared."""
    updates: tuple[PublicUpdate, ...]
    """Oldest first, at least one."""
    next_at: datetime | None = None
    """The promise that stands; None: none does."""
    monitoring_at: datetime | None = None
    resolved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether customers still wait for its end."""
        return self.status is not Status.RESOLVED

    @property
    def told_at(self) -> datetime:
        """When customers first heard of it."""
        return self.updates[0].at

    @property
    def updated_at(self) -> datetime:
        """When what is shown last changed."""
        last = self.updates[-1].at
        return max(last, self.resolved_at) if self.resolved_at else last

    def overdue(self, at: datetime) -> bool:
        """Whether the next update should have come by then."""
        return self.next_at is not None and self.next_at < at


def opaque(key: bytes, *names: int | str, digits: int = DIGITS) -> str:
    """An id that tells nothing of what it stands for, in hexadecimal digits, at most 64."""
    return hmac.new(key, "/".join(map(str, names)).encode(), hashlib.sha256).hexdigest()[:digits]


def public_incident(incident: Incident, entries: Sequence[Entry], policy: Policy, key: bytes) -> PublicIncident | None:
    """What may be read of it; None: nothing. `entries`: its whole log. `key`: the installation's, kept secret."""
    if incident.private or incident.drill:
        return None
    told = tuple(_told(incident.number, entries))
    if not told:
        return None
    updates = tuple(_update(moment, event, state, key) for moment, event, state in told)
    last, (_, said, then) = updates[-1], told[-1]
    services = policy.status.public(incident.services)
    over = last.status is Status.RESOLVED or _is_over(incident)
    return PublicIncident(
        id=opaque(key, incident.number),
        headline=_headline([event for _, event, _ in told], services),
        status=Status.RESOLVED if over else last.status,
        impact=impact_of(then.priority, policy),
        services=services,
        started_at=incident.detected_at or incident.declared_at or last.at,
        updates=updates,
        next_at=None if over else _promised(incident, said),
        monitoring_at=next((one.at for one in updates if one.status is Status.MONITORING), None),
        resolved_at=_ended_at(incident, last) if over else None,
    )


def _told(number: int, entries: Iterable[Entry]) -> Iterable[tuple[datetime, UpdatePublished, Incident]]:
    """Every update that went out to customers, with the incident as it was then."""
    state = Incident(number=number)
    for entry in entries:
        state = fold((entry,), state)
        event = entry.event
        if isinstance(event, UpdatePublished) and CUSTOMERS in event.audiences and not state.private:
            yield entry.at, event, state


def _update(at: datetime, event: UpdatePublished, state: Incident, key: bytes) -> PublicUpdate:
    due = event.next.get(CUSTOMERS)
    none_said = event.final or (CUSTOMERS in event.next and due is None)
    return PublicUpdate(
        id=opaque(key, state.number, event.number),
        at=at,
        status=_status(event, state),
        words=customers_words(event),
        next_at=None if event.final else due,
        none_because=(event.none_because.rstrip(".") or "nothing more will change") if none_said else "",
    )


def _status(event: UpdatePublished, state: Incident) -> Status:
    """Resolved is said only by the update that tells of it."""
    if event.final:
        return Status.RESOLVED
    found = event.status or state.status
    return found if found in SHOWN - {Status.RESOLVED} else Status.MONITORING


def _is_over(incident: Incident) -> bool:
    """Whether nothing more is said, though no update told of the end."""
    waived = incident.status is Status.RESOLVED and CUSTOMERS in incident.final_told
    return incident.is_ended or waived


def _ended_at(incident: Incident, last: PublicUpdate) -> datetime:
    if last.status is Status.RESOLVED:
        return last.at
    return max(last.at, incident.resolved_at or incident.ended_at or last.at)


def _promised(incident: Incident, said: UpdatePublished) -> datetime | None:
    """The standing promise, which may have moved since; else what the last update said."""
    promise = incident.promises.get(CUSTOMERS)
    if promise is None:
        return said.next.get(CUSTOMERS)
    return promise.due if promise.standing else None


def _headline(told: Sequence[UpdatePublished], services: tuple[str, ...]) -> str:
    """The newest one given; else the services; else how the first words for customers begin. Never the title."""
    given = next((event.headline for event in reversed(told) if event.headline), "")
    return given or ", ".join(services) or shortened(clean_line(customers_words(told[0])), LONGEST)


def impact_of(priority: str, policy: Policy) -> Impact:
    """A major priority is critical; the first below it is major; the others are minor."""
    if policy.priority(priority).major:
        return Impact.CRITICAL
    lesser = [row.name for row in policy.priorities if not row.major]
    return Impact.MAJOR if lesser[:1] == [priority] else Impact.MINOR
