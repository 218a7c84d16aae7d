"""Atlassian Statuspage as its manage API is described: incidents, their updates, components, the key and its rate."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.receivers.web import WebReceiver

KEY = "statuspage-key"
PAGE = "pg1larkfield"
STATUSES = {"investigating", "identified", "monitoring", "resolved"}
COMPONENT_STATUSES = {"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"}
BURST = 60
"""Requests in a minute."""


@dataclass(slots=True)
class FakeStatuspage(WebReceiver):
    """One page."""

    incidents: list[dict[str, Any]] = field(default_factory=list)
    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    moments: list[float] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def with_components(self, *names: str) -> "FakeStatuspage":
        for name in names:
            number = f"c{len(self.components) + 1}"
            self.components[number] = {"id": number, "name": name, "status": "operational"}
        return self

    def states(self) -> dict[str, str]:
        return {one["name"]: one["status"] for one in self.components.values()}

    def said(self, number: int = 0) -> list[tuple[str, str]]:
        """Status and words of an incident's updates, the first first."""
        updates = self.incidents[number]["incident_updates"]
        return [(one["status"], one["body"]) for one in reversed(updates)]

    def take(self, request: web.Request, body: bytes) -> web.Response:
        if request.headers.get("Authorization") != f"OAuth {KEY}":
            return web.json_response({"error": "Could not authenticate"}, status=401)
        now = time.monotonic()
        self.moments = [moment for moment in self.moments if now - moment < 60] + [now]
        if len(self.moments) > BURST:
            self.complaints.append("more than a request a second")
            return web.json_response({"error": "rate limited"}, status=420)
        head = f"/v1/pages/{PAGE}"
        if not request.path.startswith(head):
            return web.json_response({"error": "not found"}, status=404)
        return self._answer(request.method, request.path.removeprefix(head).removeprefix("/"), request.query, body)

    def _answer(self, method: str, path: str, query: Any, body: bytes) -> web.Response:
        match (method, path.split("/")):
            case ("GET", [""]):
                return web.json_response({"id": PAGE, "name": "Larkfield"})
            case ("GET", ["components"]):
                return web.json_response(list(self.components.values()))
            case ("GET", ["incidents", "unresolved"]):
                return web.json_response([one for one in self.incidents if one["status"] != "resolved"])
            case ("GET", ["incidents"]):
                return web.json_response(list(reversed(self.incidents))[: int(query.get("limit", 100))])
            case ("POST", ["incidents"]):
                return self._made(json.loads(body)["incident"])
            case ("PATCH", ["incidents", number]):
                found = next((one for one in self.incidents if one["id"] == number), None)
                if found is None:
                    return web.json_response({"error": "not found"}, status=404)
                return self._changed(found, json.loads(body)["incident"])
            case _:
                return web.json_response({"error": "not found"}, status=404)

    def _made(self, given: dict[str, Any]) -> web.Response:
        if not given.get("name"):
            return web.json_response({"error": ["Name can't be blank"]}, status=422)
        number = f"i{len(self.incidents) + 1}"
        made = {"id": number, "status": "investigating", "metadata": {}, "components": [], "incident_updates": []}
        self.incidents.append(made)
        return self._changed(made, given, status=201)

    def _changed(self, incident: dict[str, Any], given: dict[str, Any], status: int = 200) -> web.Response:
        states = given.get("components", {})
        if given["status"] not in STATUSES or not set(states.values()) <= COMPONENT_STATUSES:
            return web.json_response({"error": ["Status is not included in the list"]}, status=422)
        incident |= {key: given[key] for key in ("name", "status", "metadata") if key in given}
        incident["incident_updates"].insert(0, {"status": given["status"], "body": given.get("body", "")})
        for number, state in states.items():
            self.components[number]["status"] = state
        if "component_ids" in given:
            incident["components"] = [self.components[number] for number in given["component_ids"]]
        return web.json_response(incident, status=status)
