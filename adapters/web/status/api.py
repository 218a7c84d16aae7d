"""The JSON that widgets and monitors of Statuspage's public API (v2) read, made of what our own page shows.

One field is ours: an incident's `next_update_at`, the promise, which nobody else has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.web.status.phrases import maintenance_words, overall, service_state, stamp, told_words
from adapters.web.status.shown import EPOCH, Shown, moved_at, worst
from bot.maintenance import Maintenance, Phase
from bot.public import Impact, PublicIncident, PublicUpdate, opaque
from bot.status_policy import Service

MOST = 50
"""Incidents, and maintenance, in one answer."""
UNDER_MAINTENANCE = "under_maintenance"
WORST_FIRST = ("major_outage", "partial_outage", "degraded_performance", UNDER_MAINTENANCE, "operational")

Json = dict[str, Any]

COMPONENT: Mapping[str, str] = {
    Impact.NONE: "operational",
    Impact.MINOR: "degraded_performance",
    Impact.MAJOR: "partial_outage",
    Impact.CRITICAL: "major_outage",
    "maintenance": UNDER_MAINTENANCE,
}
DESCRIPTIONS: Mapping[str, str] = {
    Impact.NONE: "All Systems Operational",
    Impact.MINOR: "Minor Service Outage",
    Impact.MAJOR: "Partial System Outage",
    Impact.CRITICAL: "Major Service Outage",
    "maintenance": "Service Under Maintenance",
}
PHASES: Mapping[Phase, str] = {
    Phase.SCHEDULED: "scheduled",
    Phase.IN_PROGRESS: "in_progress",
    Phase.COMPLETED: "completed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What many documents say alike, made once for all of them."""

    shown: Shown
    page: str
    """The page's own id."""
    components: Mapping[str, Json]
    """By the service's name, in the order of the page."""


def documents(shown: Shown) -> Mapping[str, Json]:
    """Every document by its name under `api/v2/`."""
    known = _known(shown)
    page = {"page": _page(known)}
    state = {"status": _state(shown)}
    components = {"components": _components(known)}
    unresolved = {"incidents": [_incident(each, known) for each in shown.open]}
    latest = {"incidents": [_incident(each, known) for each in shown.incidents[:MOST]]}
    ahead = shown.maintained(Phase.SCHEDULED, Phase.IN_PROGRESS)
    planned = {"scheduled_maintenances": [_maintenance(each, known) for each in ahead]}
    work = "scheduled-maintenances"
    return {
        "summary.json": {**page, **state, **components, **unresolved, **planned},
        "status.json": {**page, **state},
        "components.json": {**page, **components},
        "incidents.json": {**page, **latest},
        "incidents/unresolved.json": {**page, **unresolved},
        f"{work}.json": {**page, **_latest(known, *Phase)},
        f"{work}/upcoming.json": {**page, **_latest(known, Phase.SCHEDULED)},
        f"{work}/active.json": {**page, **_latest(known, Phase.IN_PROGRESS)},
    }


def _known(shown: Shown) -> _Known:
    page, touched = page_id(shown), _touched(shown)
    made = {
        row.name: _component(row, page, touched.get(row.name, EPOCH), shown) for row in shown.policy.status.services
    }
    return _Known(shown=shown, page=page, components=made)


def _touched(shown: Shown) -> Mapping[str, datetime]:
    """By service, when something of it last changed."""
    found: dict[str, datetime] = {}
    for incident in shown.incidents:
        for name in incident.services:
            found[name] = max(found.get(name, EPOCH), incident.updated_at)
    for each in shown.maintenances:
        for name in each.services:
            found[name] = max(found.get(name, EPOCH), moved_at(each, shown.at))
    return found


def _state(shown: Shown) -> Json:
    """The state of everything, in one word."""
    _, found = overall(shown)
    indicator = worst(each.impact for each in shown.open).value if shown.open else found
    return {"indicator": indicator, "description": DESCRIPTIONS[indicator]}


def _latest(known: _Known, *phases: Phase) -> Json:
    latest = tuple(reversed(known.shown.maintained(*phases)))[:MOST]
    return {"scheduled_maintenances": [_maintenance(each, known) for each in latest]}


def _page(known: _Known) -> Json:
    shown = known.shown
    return {
        "id": known.page,
        "name": shown.name,
        "url": shown.url,
        "time_zone": shown.policy.time_zone,
        "updated_at": stamp(shown.updated_at),
    }


def page_id(shown: Shown) -> str:
    """The page's own id."""
    return opaque(shown.key, "page")


def component_id(shown: Shown, name: str, *, group: bool = False) -> str:
    """A service's id, the same as long as it has this name."""
    return opaque(shown.key, "group" if group else "component", name)


def _components(known: _Known) -> list[Json]:
    """Groups stand before their first service, as Statuspage has them."""
    rows = known.shown.policy.status.services
    found: list[Json] = []
    groups: set[str] = set()
    for row in rows:
        if row.group and row.group not in groups:
            groups.add(row.group)
            members = [each for each in rows if each.group == row.group]
            found.append({**_group(row.group, members, known), "position": len(found) + 1})
        found.append({**known.components[row.name], "position": len(found) + 1})
    return found


def _group(name: str, members: Sequence[Service], known: _Known) -> Json:
    inside = [known.components[row.name] for row in members]
    touched = max(each["updated_at"] for each in inside)
    states = {each["status"] for each in inside}
    state = next(word for word in WORST_FIRST if word in states)
    id_ = component_id(known.shown, name, group=True)
    made = _like_component(id_, name, state, page=known.page, touched=touched)
    return {**made, "group": True, "components": [each["id"] for each in inside]}


def _component(row: Service, page: str, touched: datetime, shown: Shown) -> Json:
    state = COMPONENT[service_state(shown, row.name)]
    made = _like_component(component_id(shown, row.name), row.name, state, page=page, touched=stamp(touched))
    group = component_id(shown, row.group, group=True) if row.group else None
    return {**made, "description": row.description or None, "group_id": group}


def _like_component(id_: str, name: str, state: str, *, page: str, touched: str) -> Json:
    return {
        "id": id_,
        "name": name,
        "status": state,
        "description": None,
        "group": False,
        "group_id": None,
        "position": 1,
        "showcase": True,
        "only_show_if_degraded": False,
        "start_date": None,
        "page_id": page,
        "created_at": stamp(EPOCH),
        "updated_at": touched,
    }


def _named(services: Iterable[str], known: _Known) -> list[Json]:
    wanted = set(services)
    return [made for name, made in known.components.items() if name in wanted]


def _incident(incident: PublicIncident, known: _Known) -> Json:
    shown = known.shown
    return {
        "id": incident.id,
        "name": incident.headline,
        "status": incident.status.value,
        "impact": incident.impact.value,
        "shortlink": f"{shown.url}/incidents/{incident.id}",
        "page_id": known.page,
        "started_at": stamp(incident.started_at),
        "created_at": stamp(incident.told_at),
        "updated_at": stamp(incident.updated_at),
        "monitoring_at": _stamp(incident.monitoring_at),
        "resolved_at": _stamp(incident.resolved_at),
        "next_update_at": _stamp(incident.next_at),
        "incident_updates": [_update(each, incident, known) for each in reversed(incident.updates)],
        "components": _named(incident.services, known),
    }


def _stamp(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def _update(update: PublicUpdate, incident: PublicIncident, known: _Known) -> Json:
    return {
        "id": update.id,
        "incident_id": incident.id,
        "status": update.status.value,
        "body": told_words(update, known.shown.policy.time_zone),
        "created_at": stamp(update.at),
        "updated_at": stamp(update.at),
        "display_at": stamp(update.at),
        "affected_components": list(_changes(update, incident, known)),
    }


def _changes(update: PublicUpdate, incident: PublicIncident, known: _Known) -> Iterator[Json]:
    """What the update changed: the first one hits the services, the last one gives them back."""
    hit, well = COMPONENT[incident.impact], COMPONENT[Impact.NONE]
    resolved = update.status == "resolved"
    for row in _named(incident.services, known):
        before = well if update is incident.updates[0] else hit
        yield {
            "code": row["id"],
            "name": row["name"],
            "old_status": before,
            "new_status": well if resolved else hit,
        }


def _maintenance(each: Maintenance, known: _Known) -> Json:
    shown = known.shown
    phase, moved = each.phase(shown.at), stamp(moved_at(each, shown.at))
    id_ = shown.work_id(each)
    told = {
        "id": opaque(shown.key, "maintenance update", each.number),
        "incident_id": id_,
        "status": PHASES[phase],
        "body": maintenance_words(each, shown.policy.time_zone),
        "created_at": stamp(each.planned_at),
        "updated_at": moved,
        "display_at": stamp(each.planned_at),
        "affected_components": [],
    }
    return {
        "id": id_,
        "name": each.title,
        "status": PHASES[phase],
        "impact": "maintenance",
        "shortlink": f"{shown.url}/maintenance/{id_}",
        "page_id": known.page,
        "started_at": stamp(each.starts_at),
        "created_at": stamp(each.planned_at),
        "updated_at": moved,
        "monitoring_at": None,
        "resolved_at": stamp(each.ends_at) if phase is Phase.COMPLETED else None,
        "scheduled_for": stamp(each.starts_at),
        "scheduled_until": stamp(each.ends_at),
        "incident_updates": [told],
        "components": _named(each.services, known),
    }
