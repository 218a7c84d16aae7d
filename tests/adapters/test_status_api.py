"""The JSON, field by field as Statuspage's API has it, and as a monitor of somebody else's reads it."""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from adapters.web.server import application
from adapters.web.status import api
from adapters.web.status.endpoint import routes
from adapters.web.status.served import served
from adapters.web.status.shown import Shown
from adapters.web.status.site import assets
from bot.events import Status
from bot.public import Impact
from tests.adapters.status_rig import (
    CALM,
    DATABASE,
    DONE,
    FULL,
    HOUSE,
    OLD,
    PAGE,
    PAYLOADS,
    PAYMENTS,
    POLICY,
    SEARCH,
    UNDER_WAY,
    URL,
    shown,
)

MOMENT = "2026-11-23T09:20:00.000Z"
PAGE_SHAPE = {
    "id": "p1",
    "name": "Example",
    "url": "https://status.example.org",
    "time_zone": "Etc/UTC",
    "updated_at": MOMENT,
}
STATUS_SHAPE = {"indicator": "major", "description": "Partial System Outage"}
COMPONENT_SHAPE = {
    "id": "c1",
    "name": "Checkout",
    "status": "partial_outage",
    "description": None,
    "group": False,
    "group_id": None,
    "position": 1,
    "showcase": True,
    "only_show_if_degraded": False,
    "start_date": None,
    "page_id": "p1",
    "created_at": MOMENT,
    "updated_at": MOMENT,
}
CHANGE_SHAPE = {"code": "c1", "name": "Checkout", "old_status": "operational", "new_status": "partial_outage"}
UPDATE_SHAPE = {
    "id": "u1",
    "incident_id": "i1",
    "status": "identified",
    "body": "A bad release is being rolled back.",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "display_at": MOMENT,
    "affected_components": [CHANGE_SHAPE],
}
INCIDENT_SHAPE = {
    "id": "i1",
    "name": "Checkout errors",
    "status": "identified",
    "impact": "major",
    "shortlink": "https://status.example.org/incidents/i1",
    "page_id": "p1",
    "started_at": MOMENT,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "monitoring_at": None,
    "resolved_at": None,
    "incident_updates": [UPDATE_SHAPE],
    "components": [COMPONENT_SHAPE],
}
WORK_SHAPE = {**INCIDENT_SHAPE, "scheduled_for": MOMENT, "scheduled_until": MOMENT}
SHAPES: dict[str, dict[str, Any]] = {
    "summary.json": {
        "page": PAGE_SHAPE,
        "status": STATUS_SHAPE,
        "components": [COMPONENT_SHAPE],
        "incidents": [INCIDENT_SHAPE],
        "scheduled_maintenances": [WORK_SHAPE],
    },
    "status.json": {"page": PAGE_SHAPE, "status": STATUS_SHAPE},
    "components.json": {"page": PAGE_SHAPE, "components": [COMPONENT_SHAPE]},
    "incidents.json": {"page": PAGE_SHAPE, "incidents": [INCIDENT_SHAPE]},
    "incidents/unresolved.json": {"page": PAGE_SHAPE, "incidents": [INCIDENT_SHAPE]},
    "scheduled-maintenances.json": {"page": PAGE_SHAPE, "scheduled_maintenances": [WORK_SHAPE]},
    "scheduled-maintenances/upcoming.json": {"page": PAGE_SHAPE, "scheduled_maintenances": [WORK_SHAPE]},
    "scheduled-maintenances/active.json": {"page": PAGE_SHAPE, "scheduled_maintenances": [WORK_SHAPE]},
}
OURS = {"next_update_at", "components"}
"""Keys beyond the shape: the promise of an incident, and the members of a group."""
INDICATORS = {"none", "minor", "major", "critical", "maintenance"}


def document(what: Shown, name: str) -> Any:
    return json.loads(json.dumps(api.documents(what)[name]))


def alike(found: Any, shape: Any, path: str = "") -> None:
    """Every key of the shape, and values of its kind; what is null there may be text here, and the other way round."""
    match shape:
        case dict():
            assert set(shape) <= set(found) <= set(shape) | OURS, path
            for key, value in shape.items():
                alike(found[key], value, f"{path}.{key}")
        case list():
            assert isinstance(found, list), path
            for each in found:
                alike(each, shape[0], f"{path}[]")
        case bool() | int():
            assert type(found) is type(shape), path
        case None:
            assert found is None or isinstance(found, str), path
        case _ if shape == MOMENT:
            assert len(found) == len(MOMENT), path
            assert found[-5:] == ".000Z", path
        case _:
            assert isinstance(found, str), path


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("what", [FULL, CALM, shown()], ids=["full", "calm", "empty"])
def test_every_document_has_the_shape_that_others_read(name: str, what: Shown) -> None:
    alike(document(what, name), SHAPES[name])


def test_every_document_of_the_shape_is_served() -> None:
    assert set(api.documents(FULL)) == set(SHAPES)


@pytest.mark.parametrize(
    ("what", "indicator"),
    [
        (shown(), "none"),
        (shown(replace(PAYMENTS, impact=Impact.MINOR)), "minor"),
        (FULL, "major"),
        (shown(replace(PAYMENTS, impact=Impact.CRITICAL)), "critical"),
        (shown(maintenances=(UNDER_WAY,)), "maintenance"),
    ],
)
def test_the_indicator_is_the_worst_that_is_open(what: Shown, indicator: str) -> None:
    assert document(what, "status.json")["status"]["indicator"] == indicator
    assert indicator in INDICATORS


def test_components_carry_their_state_and_stand_in_their_groups() -> None:
    rows = document(FULL, "components.json")["components"]

    states = {row["name"]: row["status"] for row in rows}
    assert states == {
        "Shop": "partial_outage",
        "Checkout": "partial_outage",
        "Search": "operational",
        "Accounts": "operational",
        "Sign-in": "operational",
        "Help centre": "under_maintenance",
    }
    shop = next(row for row in rows if row["name"] == "Shop")
    members = [row["id"] for row in rows if row["group_id"] == shop["id"]]
    assert shop["group"]
    assert shop["components"] == members
    assert [row["position"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert next(row for row in rows if row["name"] == "Checkout")["description"].startswith("Paying")


def test_a_group_under_maintenance_says_so_where_nothing_is_wrong() -> None:
    rows = document(shown(maintenances=(replace(UNDER_WAY, services=("Search",)),)), "components.json")["components"]

    assert {row["name"]: row["status"] for row in rows}["Shop"] == "under_maintenance"


def test_incidents_are_the_latest_first_with_their_updates_newest_first() -> None:
    found = document(FULL, "incidents.json")["incidents"]

    assert [each["id"] for each in found] == [PAYMENTS.id, SEARCH.id, OLD.id]
    assert [each["status"] for each in found[0]["incident_updates"]] == ["identified", "investigating"]
    assert found[0]["shortlink"] == f"{URL}/incidents/{PAYMENTS.id}"
    assert found[0]["next_update_at"] == "2026-11-23T09:40:00.000Z"
    assert found[0]["incident_updates"][0]["body"].endswith("Next update by 23 Nov 2026, 09:40 UTC.")
    assert found[1]["resolved_at"] == found[1]["updated_at"] == "2026-11-20T10:20:00.000Z"
    (change,) = found[1]["incident_updates"][0]["affected_components"]
    assert (change["old_status"], change["new_status"]) == ("degraded_performance", "operational")
    assert [each["id"] for each in document(FULL, "incidents/unresolved.json")["incidents"]] == [PAYMENTS.id]


def test_no_more_than_fifty_incidents_are_given() -> None:
    many = [replace(OLD, id=f"{number:012x}") for number in range(60)]

    assert len(document(shown(*many), "incidents.json")["incidents"]) == 50


def test_maintenance_is_given_by_its_phase() -> None:
    def names(name: str) -> list[str]:
        return [each["name"] for each in document(FULL, name)["scheduled_maintenances"]]

    assert names("scheduled-maintenances/upcoming.json") == [DATABASE.title]
    assert names("scheduled-maintenances/active.json") == [UNDER_WAY.title]
    assert names("scheduled-maintenances.json") == [DATABASE.title, UNDER_WAY.title, DONE.title]
    assert names("summary.json") == [UNDER_WAY.title, DATABASE.title]
    done = document(FULL, "scheduled-maintenances.json")["scheduled_maintenances"][2]
    assert (done["status"], done["impact"], done["resolved_at"]) == (
        "completed",
        "maintenance",
        "2026-11-23T09:00:00.000Z",
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_comes_back_as_it_was(payload: str) -> None:
    house = replace(HOUSE, policy=replace(POLICY, status=replace(PAGE, name=payload)))
    found = document(shown(replace(PAYMENTS, headline=payload), house=house), "summary.json")

    assert (found["page"]["name"], found["incidents"][0]["name"]) == (payload, payload)


CHECK = """
import json, sys
from statuspage_prometheus_exporter.service_checker import check_status_page_service
print(json.dumps(check_status_page_service("larkfield", {"name": "Larkfield", "url": sys.argv[1]})))
"""
"""What that monitor does every few minutes."""


async def monitored(what: Shown, folder: Path, path: str) -> Any:
    """What the monitor makes of our page."""
    (folder / "services.json").write_text("{}", encoding="utf-8")
    there = served(what, assets(None), None)
    async with TestServer(application(routes(lambda: there))) as server:
        url = str(server.make_url(path))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHECK, url, cwd=folder, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(said.splitlines()[-1])


@pytest.mark.parametrize("path", ["/api/v2/summary.json", "/status/api/v2/summary.json"])
async def test_a_monitor_of_somebody_elses_reads_an_incident(path: str, tmp_path: Path) -> None:
    found = await monitored(FULL, tmp_path, path)

    assert (found["success"], found["status"], found["raw_status"]) == (True, 0, "major")
    (incident,) = found["incident_metadata"]
    assert (incident["name"], incident["affected_components"]) == ("Card payments in Europe", ["Checkout"])
    assert incident["shortlink"] == f"{URL}/incidents/{PAYMENTS.id}"
    assert {each["name"] for each in found["maintenance_metadata"]} == {DATABASE.title, UNDER_WAY.title}
    components = {each["name"]: each["status"] for each in found["component_metadata"]}
    assert (components["Checkout"], components["Search"]) == ("partial_outage", "operational")


async def test_a_monitor_of_somebody_elses_reads_that_all_is_well(tmp_path: Path) -> None:
    found = await monitored(CALM, tmp_path, "/status/api/v2/summary.json")

    assert (found["success"], found["status"], found["raw_status"]) == (True, 1, "none")
    assert found["incident_metadata"] == []


def test_statuses_are_those_that_others_know() -> None:
    known = {"investigating", "identified", "monitoring", "resolved"}
    everything = [replace(PAYMENTS, status=status) for status in Status if status.value in known]

    found = document(shown(*everything), "incidents.json")["incidents"]

    assert {each["status"] for each in found} == known
