"""The whole, started and stopped in this process, against a small Slack."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters import app
from adapters.slack.endpoint import PATH
from config.addressing import usable
from config.errors import ConfigError
from config.policy_file import load_policy
from config.settings import Settings, load
from storage import schema
from storage.errors import SchemaError, Unusable
from tests.adapters.signing import FORM, SECRET, command, sign
from tests.adapters.web_api import APP_TOKEN, BOT_TOKEN, WebApi, web_api

POLICY = usable(load_policy(None).policy, frozenset({"slack"}))[0]


@pytest.fixture
async def slack() -> AsyncIterator[WebApi]:
    async with web_api() as api:
        yield api


def settings(folder: Path, api: WebApi, **more: str) -> Settings:
    env = {
        "SITREP_DATABASE_URL": f"sqlite:///{folder / 'sitrep.db'}",
        "SITREP_PORT": "0",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api.url,
    }
    return load(env | more, None)


@dataclass
class Running:
    """A Sitrep that runs beside the test."""

    task: asyncio.Task[int]
    said: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        return f"http://{self.said[0].split(' runs on ')[1].split('. ')[0]}"

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            return answer.status, await answer.json()

    async def stop(self) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(10):
            return await self.task


async def started(found: Settings) -> Running:
    said: list[str] = []
    running = Running(asyncio.create_task(app.run(found, POLICY, say=said.append)), said)
    await until(lambda: bool(said) or running.task.done())
    if running.task.done():
        await running.task
    return running


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def test_it_starts_says_where_and_stops_when_asked(tmp_path: Path, slack: WebApi) -> None:
    running = await started(settings(tmp_path, slack))

    status, body = await running.get("/readyz")
    began = time.monotonic()
    code = await running.stop()

    assert running.said[0].partition(" runs on ")[2].startswith("127.0.0.1:")
    assert running.said[0].endswith(". Slack: Larkfield, HTTP. Teams: off. No open incident.")
    assert (status, body["ready"], code) == (200, True, 0)
    assert time.monotonic() - began < 10


async def test_a_command_is_taken_and_its_incident_stands_after_a_restart(tmp_path: Path, slack: WebApi) -> None:
    running = await started(settings(tmp_path, slack))
    raw, headers = sign(command("declare critical Checkout is down")[0], FORM, at=time.time())
    async with (
        aiohttp.ClientSession() as session,
        session.post(running.url + PATH, data=raw, headers=headers) as answer,
    ):
        said = await answer.json()
    await running.stop()

    again = await started(settings(tmp_path, slack))
    await again.stop()

    assert said["text"].startswith("INC-1 is open. Critical.")
    assert "1 open incident; next reminder " in again.said[0]


async def test_a_token_that_slack_refuses_ends_the_start_with_its_name(tmp_path: Path, slack: WebApi) -> None:
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN is refused: Slack does not accept the bot token"):
        await started(settings(tmp_path, slack, SLACK_BOT_TOKEN="xoxb-of-somebody-else"))


async def test_a_slack_that_is_away_at_the_start_degrades_it(tmp_path: Path, slack: WebApi) -> None:
    slack.answers["auth.test"] = {"ok": False, "error": "internal_error"}

    running = await started(settings(tmp_path, slack))
    status, body = await running.get("/readyz")
    del slack.answers["auth.test"]
    async with asyncio.timeout(10):
        while "degraded" in (await running.get("/readyz"))[1]:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.05)
    await running.stop()

    assert (status, body["degraded"]) == (200, ["slack"])
    assert "Slack: not reached yet, HTTP." in running.said[0]


async def test_a_stop_in_the_middle_of_a_start_ends_it(tmp_path: Path, slack: WebApi) -> None:
    slack.answers["auth.test"] = {"ok": False, "error": "internal_error"}
    running = Running(asyncio.create_task(app.run(settings(tmp_path, slack), POLICY, say=lambda _: None)))
    await until(lambda: "auth.test" in slack.calls)

    assert await running.stop() == 0


async def test_with_an_app_token_it_connects_by_socket(tmp_path: Path, slack: WebApi) -> None:
    running = await started(settings(tmp_path, slack, SLACK_APP_TOKEN=APP_TOKEN))
    await until(lambda: slack.calls.count("apps.connections.open") >= 2)
    await asyncio.sleep(0.1)
    _, body = await running.get("/readyz")
    await running.stop()

    assert "Slack: Larkfield, HTTP and Socket Mode." in running.said[0]
    assert body["degraded"] == ["slack"]  # nobody answers at the address it was given
    assert body["details"]["chats"]["slack"]["socket"].startswith("no connection is up")


async def test_an_address_that_is_taken_is_an_error_of_the_system(tmp_path: Path, slack: WebApi) -> None:
    running = await started(settings(tmp_path, slack))
    port = running.url.rpartition(":")[2]
    other = tmp_path / "other"
    other.mkdir()

    with pytest.raises(OSError, match="in use"):
        await started(settings(other, slack, SITREP_PORT=port))

    running.task.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def test_a_schema_of_a_far_newer_release_is_refused(tmp_path: Path, slack: WebApi) -> None:

    found = settings(tmp_path, slack)
    schema.upgrade(found.database_url.get_secret_value())
    with sqlite3.connect(tmp_path / "sitrep.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    with pytest.raises(SchemaError, match="9999"):
        await started(found)


async def test_without_migrations_an_old_schema_is_refused(tmp_path: Path, slack: WebApi) -> None:
    with pytest.raises(SchemaError, match="sitrep db upgrade"):
        await started(settings(tmp_path, slack, SITREP_MIGRATE="off"))


async def test_a_database_that_can_be_read_and_not_written_ends_the_start_with_a_sentence(
    tmp_path: Path, slack: WebApi
) -> None:
    found = settings(tmp_path, slack)
    app.open_database(found).close()
    with closing(sqlite3.connect(tmp_path / "sitrep.db")) as file:
        file.execute("CREATE TRIGGER closed BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'no room for it'); END")

    with pytest.raises(Unusable, match=r"^The database cannot be written: no room for it\.$"):
        await started(found)


async def test_a_database_whose_clock_was_turned_serves_no_workspace(tmp_path: Path, slack: WebApi) -> None:
    found = settings(tmp_path, slack)
    with closing(app.open_database(found)) as db:
        db.turn_clock(timedelta(minutes=5), datetime.now(UTC), "by hand")

    with pytest.raises(ConfigError, match="clock was turned in the try-out chat"):
        await started(found)
