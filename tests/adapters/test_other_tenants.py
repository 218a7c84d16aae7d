"""Ids of another workspace or tenant, in the place of each of ours: the request is foreign, or the id is nobody's."""

import json
from copy import deepcopy
from typing import Any

import pytest

from adapters.teams.identity import Foreign, check_tenant
from tests.adapters.signing import TEAM, command, event, interaction, press, submission
from tests.adapters.slack_rig import Rig, rig
from tests.adapters.teams.saying import TENANT, activity, invoke
from tests.adapters.teams.test_teams_permissions import RULES

OTHER = "T9"
MENTION = {
    "type": "app_mention",
    "user": "U1",
    "channel": "C1",
    "text": "<@UBOT> status",
    "ts": "1.1",
    "user_team": TEAM,
    "team": TEAM,
}
SWAPS = [
    ("press", "team.id"),
    ("press", "user.team_id"),
    ("submission", "team.id"),
    ("submission", "user.team_id"),
    ("event", "team_id"),
    ("event", "event.user_team"),
    ("event", "event.team"),
    ("command", "team_id"),
]


def made(kind: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {
        "press": press("claim"),
        "submission": submission("resolve"),
        "event": {"team_id": TEAM, "event": MENTION},
        "command": {"team_id": TEAM},
    }
    return deepcopy(known[kind])


def signed(kind: str, found: dict[str, Any]) -> Any:
    if kind == "command":
        return command("status", **found)
    return event(found["event"], team_id=found["team_id"]) if kind == "event" else interaction(found)


def swap(found: dict[str, Any], path: str) -> dict[str, Any]:
    *way, last = path.split(".")
    holder = found
    for name in way:
        holder = holder[name]
    holder[last] = OTHER
    return found


@pytest.fixture
async def slack() -> Any:
    async with rig() as opened:
        yield opened


@pytest.mark.parametrize("kind", ["press", "submission", "event", "command"])
async def test_with_ids_of_ours_it_is_heard(slack: Rig, kind: str) -> None:
    assert (await slack.post(signed(kind, made(kind)))).status == 200
    assert len(slack.core.seen) == 1


@pytest.mark.parametrize(("kind", "path"), SWAPS)
async def test_with_an_id_of_another_workspace_it_is_not_heard(slack: Rig, kind: str, path: str) -> None:
    assert (await slack.post(signed(kind, swap(made(kind), path)))).status == 403
    assert slack.core.seen == []


async def test_a_form_carries_no_place_of_another_workspace_along(slack: Rig) -> None:
    for place, right in ((f"slack:{TEAM}/C5", f"slack:{TEAM}/C5"), (f"slack:{OTHER}/C5", None), ("teams:19:x", None)):
        form = submission("resolve")
        form["view"] |= {"id": f"V-{place}", "private_metadata": json.dumps({"c": {"place": place}})}
        await slack.post(interaction(form))

        assert slack.core.seen[-1].place == right


@pytest.mark.parametrize("found", [activity("status"), invoke("task/submit", {}), invoke("task/fetch", {})])
def test_an_activity_of_another_tenant_is_foreign_wherever_it_says_so(found: dict[str, Any]) -> None:
    check_tenant(found, RULES)
    told = (
        {"channelData": {"tenant": {"id": "elsewhere"}}},
        {"conversation": {**found["conversation"], "tenantId": "elsewhere"}},
        {"conversation": {**found["conversation"], "tenantId": [TENANT]}},
        {"channelData": {"tenant": {"id": {"id": TENANT}}}},
    )

    for more in told:
        with pytest.raises(Foreign):
            check_tenant(found | more, RULES)
