"""Maintenance that was planned in public: work that customers are told of before it begins. It is no incident."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.refs import Person


class Phase(StrEnum):
    """Where planned maintenance stands."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """One piece of planned work, as customers read it."""

    number: int
    title: str
    """What will be done, in customers' words."""
    starts_at: datetime
    ends_at: datetime
    services: tuple[str, ...]
    """As the status page calls them."""
    planned_at: datetime
    planned_by: Person | None = None

    def phase(self, at: datetime) -> Phase:
        """Where it stands then, by the clock alone."""
        if at < self.starts_at:
            return Phase.SCHEDULED
        return Phase.IN_PROGRESS if at < self.ends_at else Phase.COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Somebody planned maintenance. The store gives it its number."""

    maintenance: Maintenance


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff:
    """Somebody called planned maintenance off: it is no longer shown anywhere."""

    number: int


Planning = Planned | CalledOff
"""What becomes of planned maintenance: written in the transaction of the word."""
