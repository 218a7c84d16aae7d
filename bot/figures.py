"""The communication SLA of one incident: whether each audience was told in time, and how promises to it ended.

Follows from the log alone, whatever the policy says today, so that a report made later gives the same figures.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.incident import Incident, Tally
from bot.messages.phrases import in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How one audience was treated."""

    audience: str
    first_after: timedelta | None
    """From the declaration to the first word; None: none was said."""
    first_late: timedelta
    """By how much the first word came after its moment; zero where it was in time, or promised by nobody."""
    promised: int
    """Promises that came to an end by being kept or not."""
    kept: int
    """Of these, those kept, with those moved before their moment."""
    moved: int
    """Of these, those moved before their moment."""
    last_late: timedelta
    """By how much the last one that was not kept came late; zero where all were kept."""


def figures(incident: Incident) -> tuple[Figure, ...]:
    """A figure for each audience that was told or promised anything, those nearest to the work first."""
    audiences = in_order((*incident.promises, *incident.told, *incident.tallies))
    return tuple(_figure(incident, audience, incident.tallies.get(audience, Tally())) for audience in audiences)


def _figure(incident: Incident, audience: str, tally: Tally) -> Figure:
    first = tally.first_at
    return Figure(
        audience=audience,
        first_after=first - incident.declared_at if first and incident.declared_at else None,
        first_late=tally.first_late,
        promised=tally.kept + tally.moved + tally.missed,
        kept=tally.kept + tally.moved,
        moved=tally.moved,
        last_late=tally.last_late,
    )
