"""Subscriptions that stand for every incident of a kind. They concern no incident, so that they are no events."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.incident import Incident
from bot.policy import Policy

SERVICE, PRIORITY = "service", "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody reads every update of: incidents that affect a service, or of a priority and those above it."""

    kind: str
    """`service` or `priority`."""
    name: str

    @property
    def words(self) -> str:
        """As it is typed: `service:checkout`."""
        return f"{self.kind}:{self.name}"

    @property
    def spoken(self) -> str:
        """Within a sentence: `incidents that affect checkout`."""
        if self.kind == SERVICE:
            return f"incidents that affect {self.name}"
        return f"incidents of priority {self.name} or higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What becomes of a person's standing subscriptions."""

    begun: tuple[Standing, ...] = ()
    ended: tuple[Standing, ...] = ()


def known(standing: Standing, among: Iterable[Standing]) -> Standing | None:
    """The same as it is kept: names are the same whatever their case."""
    words = standing.words.casefold()
    return next((each for each in among if each.words.casefold() == words), None)


def covers(standing: Standing, incident: Incident, policy: Policy) -> bool:
    """Whether the incident, as it is now, is one of those."""
    if standing.kind == SERVICE:
        return standing.name.casefold() in {service.casefold() for service in incident.services}
    return incident.priority == standing.name or policy.higher(incident.priority, standing.name)
