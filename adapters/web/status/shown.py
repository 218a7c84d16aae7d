"""Everything the status page shows, as of one moment: the one value that every page, feed and JSON is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.maintenance import Maintenance, Phase
from bot.policy import Policy
from bot.public import Impact, PublicIncident, opaque

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""When nothing has happened yet."""
AT_LEAST = timedelta(hours=1)
"""What is "recent" changes by itself: it is made anew this often."""

WORST_FIRST = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR, Impact.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown, the moment it is shown at, and whose page it is."""

    at: datetime
    policy: Policy
    incidents: tuple[PublicIncident, ...]
    """The one customers heard of last first."""
    maintenances: tuple[Maintenance, ...]
    """By when they begin."""
    key: bytes
    """The secret of public ids."""
    url: str = ""
    """Where the public finds the page, without a slash at its end; empty: not known."""
    logo: str = ""
    """The file name the logo is served under; empty: there is none."""

    @property
    def name(self) -> str:
        """Whose page it is."""
        return self.policy.status.name or self.policy.organisation

    @property
    def open(self) -> tuple[PublicIncident, ...]:
        """Incidents customers wait for the end of."""
        return tuple(each for each in self.incidents if each.is_open)

    @property
    def updated_at(self) -> datetime:
        """When what is shown last changed."""
        told = (each.updated_at for each in self.incidents)
        return max([*told, *(moved_at(each, self.at) for each in self.maintenances)], default=EPOCH)

    def work_id(self, each: Maintenance) -> str:
        """The public id of planned maintenance."""
        return opaque(self.key, "maintenance", each.number)

    def maintained(self, *phases: Phase) -> tuple[Maintenance, ...]:
        """Maintenance in one of these phases."""
        return tuple(each for each in self.maintenances if each.phase(self.at) in phases)

    def impact(self, service: str) -> Impact:
        """The worst that open incidents do to that service."""
        return worst(each.impact for each in self.open if service in each.services)

    def in_work(self, service: str) -> bool:
        """Whether that service is under planned maintenance now."""
        return any(service in each.services for each in self.maintained(Phase.IN_PROGRESS))

    def changes_at(self) -> datetime:
        """When it will look different though nobody does anything."""
        return min([moment for moment in self._moments() if moment > self.at], default=self.at + AT_LEAST)

    def _moments(self) -> Iterator[datetime]:
        yield self.at + AT_LEAST
        for incident in self.open:
            if incident.next_at:
                yield incident.next_at + timedelta(microseconds=1)
        for each in self.maintenances:
            yield from (each.starts_at, each.ends_at)


def worst(impacts: Iterator[Impact]) -> Impact:
    """The worst of them; none of none."""
    return min(impacts, key=WORST_FIRST.index, default=Impact.NONE)


def moved_at(each: Maintenance, at: datetime) -> datetime:
    """When planned maintenance last changed its phase."""
    phase = each.phase(at)
    return {Phase.SCHEDULED: each.planned_at, Phase.IN_PROGRESS: each.starts_at, Phase.COMPLETED: each.ends_at}[phase]
