"""The page's own words: states, moments, promises."""

from collections.abc import Mapping
from datetime import UTC, datetime

from adapters.web.status.markup import Element, Node, el
from adapters.web.status.shown import Shown, worst
from bot.events import Status
from bot.maintenance import Maintenance, Phase
from bot.moments import zone_named
from bot.plain import span_words
from bot.public import Impact, PublicIncident, PublicUpdate

MAINTENANCE = "maintenance"

SERVICE_WORDS: Mapping[str, str] = {
    Impact.NONE: "Working",
    Impact.MINOR: "Degraded",
    Impact.MAJOR: "Partly down",
    Impact.CRITICAL: "Down",
    MAINTENANCE: "Under maintenance",
}
STATUS_WORDS: Mapping[Status, str] = {
    Status.INVESTIGATING: "Investigating",
    Status.IDENTIFIED: "Identified",
    Status.MONITORING: "Monitoring",
    Status.RESOLVED: "Resolved",
}
PHASE_WORDS: Mapping[Phase, str] = {
    Phase.SCHEDULED: "Planned",
    Phase.IN_PROGRESS: "Under way",
    Phase.COMPLETED: "Done",
}
OVERALL: Mapping[Impact, str] = {
    Impact.CRITICAL: "There is a major outage",
    Impact.MAJOR: "Some services are partly down",
    Impact.MINOR: "Some services are degraded",
}


def overall(shown: Shown) -> tuple[str, str]:
    """How everything is, in one sentence, and the name of its colour."""
    found = worst(each.impact for each in shown.open)
    if found in OVERALL:
        return OVERALL[found], found.value
    if shown.maintained(Phase.IN_PROGRESS):
        return "Planned maintenance is under way", MAINTENANCE
    if shown.policy.status.services:
        return "All services are working", Impact.NONE.value
    return "No incident is open", Impact.NONE.value


def service_state(shown: Shown, service: str) -> str:
    """The name of a service's state, a key of SERVICE_WORDS."""
    found = shown.impact(service)
    return MAINTENANCE if found is Impact.NONE and shown.in_work(service) else found.value


def moment_words(moment: datetime, zone: str) -> str:
    """`26 Nov 2026, 18:02 CET (17:02 UTC)`; in UTC alone where that is the organisation's zone."""
    utc = moment.astimezone(UTC)
    local = moment.astimezone(zone_named(zone))
    if not local.utcoffset():
        return f"{utc.day} {utc:%b %Y, %H:%M} UTC"
    other = f"{utc:%H:%M}" if utc.date() == local.date() else f"{utc.day} {utc:%b %H:%M}"
    return f"{local.day} {local:%b %Y, %H:%M %Z} ({other} UTC)"


def stamp(moment: datetime) -> str:
    """As programs read it: `2026-11-23T09:14:05.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def when(moment: datetime, zone: str) -> Element:
    """A moment on a page."""
    return el("time", moment_words(moment, zone), datetime=stamp(moment))


def promise(incident: PublicIncident, shown: Shown) -> tuple[Node, ...]:
    """When the next update comes, or since when it is overdue; nothing where nothing was said of it."""
    zone = shown.policy.time_zone
    if incident.next_at is None:
        return none_expected(incident.updates[-1]) if incident.is_open else ()
    if shown.policy.status.show_overdue and incident.overdue(shown.at):
        return ("Update overdue since ", when(incident.next_at, zone), ".")
    return ("Next update by ", when(incident.next_at, zone), ".")


def none_expected(update: PublicUpdate) -> tuple[Node, ...]:
    """That no further update is expected, where customers were told so."""
    return (none_words(update),) if update.none_because else ()


def none_words(update: PublicUpdate) -> str:
    """The same as words; empty where customers were not told so."""
    return f"No further update is expected: {update.none_because}." if update.none_because else ""


def told_words(update: PublicUpdate, zone: str) -> str:
    """An update as plain words, its promise at the end."""
    if update.next_at is not None:
        return f"{update.words}\n\nNext update by {moment_words(update.next_at, zone)}."
    return "\n\n".join(part for part in (update.words, none_words(update)) if part)


def lasted(incident: PublicIncident) -> str:
    """How long it took, from its start to its end."""
    return span_words(incident.resolved_at - incident.started_at) if incident.resolved_at else ""


def maintenance_words(each: Maintenance, zone: str) -> str:
    """Planned maintenance in one sentence."""
    services = f" Affected: {', '.join(each.services)}." if each.services else ""
    return f"{each.title}. From {moment_words(each.starts_at, zone)} to {moment_words(each.ends_at, zone)}.{services}"
