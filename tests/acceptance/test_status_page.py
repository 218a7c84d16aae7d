"""The public's page over the real process: nothing before customers are told, everything they were told, no more."""

import json
from pathlib import Path
from typing import Any

from tests.acceptance.reading import until
from tests.acceptance.slack import settled
from tests.acceptance.story import card
from tests.acceptance.world import World, world

POLICY = """
[organisation]
name = "Larkfield"
default_priority = "critical"

[[priorities]]
name = "critical"
major = true
update_every = { internal = "30m", customers = "30m" }
roles = ["incident_commander"]

[audiences.internal]
addresses = ["slack:#incidents"]
[audiences.customers]
addresses = ["status:"]

[communication.internal]
must_say = ["what"]
[communication.customers]
must_say = ["what"]

[status]
url = "https://status.example.com"
[[status.services]]
name = "Checkout"
also = ["checkout-api"]
"""
SUMMARY = "/status/api/v2/summary.json"
EVERYWHERE = (
    *("/status", "/status/history", "/status/history.atom", "/status/history.rss", SUMMARY),
    *("/status/api/v2/incidents.json", "/status/api/v2/components.json"),
)


async def _declared(here: World, words: str = "declare critical redis-eu-1 is full") -> str:
    """An incident that Ben commands: its room."""
    await here.slack.who("ben").types(words, await here.workspace.channel("incidents"))
    room = str((await here.workspace.room(1))["id"])
    await here.slack.who("ben").types("claim commander", room)
    await here.slack.who("ben").types("services checkout-api", room)
    await card(here, 1, here.workspace.mention("ben"), "checkout-api")
    return room


async def _tells(here: World, room: str, **said: str) -> None:
    """An update to customers by its form, through its preview."""
    form = await (await here.slack.who("ben").types("update to:customers", room)).form()
    form = form.fill(next="30m", **said)
    await form.submit()
    await form.submit()


async def _summary(here: World) -> Any:
    status, text = await here.sitrep.page(SUMMARY)
    assert status == 200
    return json.loads(text)


async def _incidents(here: World, count: int) -> list[Any]:
    """Open incidents as the public reads them, once they are that many."""

    async def look() -> tuple[list[Any]] | None:
        found: list[Any] = (await _summary(here))["incidents"]
        return (found,) if len(found) == count else None

    found = await until(look, within=5, what=f"{count} incidents on the status page")
    assert found is not None
    return found[0]


async def _everywhere(here: World) -> str:
    pages = [await here.sitrep.page(path) for path in EVERYWHERE]
    assert {status for status, _ in pages} == {200}
    return "\n".join(text for _, text in pages)


async def test_the_public_reads_what_customers_were_told_and_nothing_of_the_inside(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        room = await _declared(here)
        await here.slack.who("ben").types("update Redis is full steps:adding memory next:30m", room)
        await settled(here.proxy)
        assert (await _summary(here))["incidents"] == []

        await _tells(here, room, what="Payments by card fail in Europe.", headline="Card payments")

        (incident,) = await _incidents(here, 1)
        assert (incident["name"], incident["status"], incident["impact"]) == (
            "Card payments",
            "investigating",
            "critical",
        )
        assert incident["incident_updates"][0]["body"].startswith("Payments by card fail in Europe.\n\nNext update by ")
        assert [each["status"] for each in (await _summary(here))["components"]] == ["major_outage"]
        _, page = await here.sitrep.page(f"/status/incidents/{incident['id']}")
        assert "Payments by card fail in Europe." in page
        shown = await _everywhere(here) + page
        assert not [word for word in ("edis", "INC-1", "checkout-api", "memory", "ben") if word in shown.lower()]


async def test_what_becomes_private_is_gone_from_every_page_feed_and_file(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        room = await _declared(here)
        await _tells(here, room, what="Payments by card fail.", headline="Card payments")
        (incident,) = await _incidents(here, 1)
        folder = tmp_path / "public"
        await here.sitrep.says("status-export", str(folder))
        file = folder / "incidents" / f"{incident['id']}.html"
        assert "Payments by card fail." in file.read_text(encoding="utf-8")

        await here.slack.who("ben").types("visibility private", room)

        await _incidents(here, 0)
        assert "ayments" not in await _everywhere(here)
        assert (await here.sitrep.page(f"/status/incidents/{incident['id']}"))[0] == 404
        await here.sitrep.says("status-export", str(folder))
        assert not file.exists()
        assert not [path for path in folder.rglob("*") if path.is_file() and b"ayments" in path.read_bytes()]


async def test_a_private_incident_is_never_on_the_page(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        await here.slack.who("ben").types("declare private critical Payroll is exposed")
        room = str((await here.workspace.room(1))["id"])
        await here.slack.who("ben").types("update to:customers Payroll is exposed words:Payroll next:30m", room)
        await settled(here.proxy)

        assert (await _summary(here))["incidents"] == []
        assert "ayroll" not in await _everywhere(here)


async def test_maintenance_is_planned_in_a_form_and_called_off_by_a_word(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY) as here:
        ana = here.slack.who("ana")
        line = "maintenance start:2h lasts:30m title:A new database services:checkout"
        form = await (await ana.types(line, await here.workspace.channel("watercooler"))).form()
        assert (await _summary(here))["scheduled_maintenances"] == []

        await (await form.submit()).hears("Planned, and on the status page: A new database (Checkout)")

        async def planned() -> list[Any] | None:
            return (await _summary(here))["scheduled_maintenances"] or None

        (work,) = await until(planned, within=5, what="planned maintenance") or []
        assert (work["name"], work["status"], work["components"][0]["name"]) == (
            "A new database",
            "scheduled",
            "Checkout",
        )
        assert "Planned maintenance: A new database" in await _everywhere(here)

        await (await ana.types("maintenance cancel 1")).hears("Called off")

        async def gone() -> bool:
            return not (await _summary(here))["scheduled_maintenances"]

        await until(gone, within=5, what="nothing planned")


async def test_strangers_who_ask_for_nothing_are_sent_to_the_page(tmp_path: Path) -> None:
    async with (
        world(tmp_path, policy=POLICY) as here,
        here.sitrep.session.get(f"{here.sitrep.url}/", allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (302, "/status")
