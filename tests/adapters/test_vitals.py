"""What the process watches of itself ends up in `/readyz` and `/metrics`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from adapters.app_chat import Core
from adapters.app_slack import ACCESS, SlackChat, Uplink, slack_chat
from adapters.app_vitals import Vitals, feel_lag
from adapters.inbound import Inbound
from adapters.incident_clock import IncidentClock
from adapters.metrics import metrics
from adapters.outbox import Outbox
from adapters.reports import Reports
from adapters.tasks import Tasks
from adapters.web.life import Life, Phase
from config.settings import SlackSettings
from storage.database import Database
from tests.adapters.house import House, house
from tests.adapters.web_api import BOT_TOKEN, WebApi, web_api


@dataclass
class Disk:
    """A database that can be written, or not."""

    faults: list[str | Exception] = field(default_factory=list[str | Exception])

    def fault(self) -> str:
        found = self.faults.pop(0) if len(self.faults) > 1 else self.faults[0]
        if isinstance(found, Exception):
            raise found
        return found

    def write(self, work: Callable[[], str], *, within: float) -> "Future[str]":
        assert within == 2.0
        made: Future[str] = Future()
        try:
            made.set_result(work())
        except OSError as fault:
            made.set_exception(fault)
        return made


class Silent:
    """A database behind a server that is stopped, not gone."""

    fault = ""

    def write(self, work: object, *, within: float) -> "Future[str]":
        return Future()


@dataclass
class Relay:
    failing: tuple[str, ...] = ()
    waits: tuple[int, datetime | None] = (0, None)

    def degraded(self) -> tuple[str, ...]:
        return self.failing

    async def depth(self) -> tuple[int, datetime | None]:
        return self.waits


async def once(work: Coroutine[Any, Any, None]) -> None:
    """Let it look once."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await work


def vitals(disk: Disk | None = None, relay: Relay | None = None) -> Vitals:
    return Vitals(
        db=cast("Database", disk),
        outbox=cast("Outbox", relay),
        chats=("slack",),
        life=Life(phase=Phase.RUNNING),
        metrics=metrics(),
    )


@pytest.mark.parametrize("fault", ["The database cannot be written: disk full.", OSError("gone")])
async def test_a_database_that_cannot_be_written_is_seen_and_so_is_its_return(fault: str | Exception) -> None:
    disk = Disk([fault])
    watched = vitals(disk)

    await once(watched.watch_database())
    ill = watched.life.reason()
    disk.faults = [""]
    await once(watched.watch_database())

    assert ill == "database cannot be written"
    assert watched.life.reason() == ""


async def test_a_database_that_does_not_even_refuse_is_seen() -> None:
    watched = replace(vitals(cast("Disk", Silent())), probe_waits=0.01)

    await once(watched.watch_database())

    assert watched.life.reason() == "database cannot be written"
    assert watched.life.database == "The database does not answer (TimeoutError)."


async def test_a_chat_that_takes_no_messages_is_seen_and_so_is_its_return() -> None:
    relay = Relay(failing=("slack",))
    watched = vitals(relay=relay)

    await once(watched.watch_outbox())
    ill = dict(watched.life.degraded)
    relay.failing = ()
    await once(watched.watch_outbox())

    assert list(ill) == ["slack"]
    assert watched.life.degraded == {}


async def test_the_outbox_is_measured_by_depth_and_age() -> None:
    watched = vitals(relay=Relay(waits=(3, datetime.now(UTC) - timedelta(seconds=90))))

    await once(watched.watch_outbox())

    figures = watched.metrics.registry
    assert figures.get_sample_value("sitrep_outbox_depth") == 3
    assert 90 <= (figures.get_sample_value("sitrep_outbox_oldest_seconds") or 0) < 100


async def test_a_loop_that_runs_late_is_measured() -> None:
    figures = metrics()
    moments = iter([0.0, 0.9, 1.0, 1.5])

    with suppress(StopIteration, RuntimeError):
        await feel_lag(figures, lambda: next(moments))

    assert figures.registry.get_sample_value("sitrep_loop_lag_seconds_count") == 2
    assert figures.registry.get_sample_value("sitrep_loop_lag_seconds_sum") == pytest.approx(0.4)


async def test_a_loop_that_runs_too_late_is_told_of_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([0.0, 0.7, 1.0, 2.0, 2.5, 3.5, 62.0, 63.0])

    with suppress(StopIteration, RuntimeError):
        await feel_lag(metrics(), lambda: next(moments))

    assert [vars(record)["seconds"] for record in caplog.records] == [0.5, 0.5]
    assert {record.getMessage() for record in caplog.records} == {"the event loop runs late"}


@pytest.fixture
async def slack() -> AsyncIterator[WebApi]:
    async with web_api() as api:
        yield api


@pytest.fixture
def home(tmp_path: Path) -> Any:
    with house(tmp_path) as made:
        yield made


def core(home: House) -> Core:
    return Core(
        db=home.db,
        policy=home.policy,
        inbound=cast("Inbound", None),
        reports=cast("Reports", None),
        tasks=Tasks(),
        metrics=metrics(),
        life=Life(phase=Phase.RUNNING),
        clock=IncidentClock(real=home.now),
    )


def chat(home: House, api: WebApi) -> SlackChat:
    settings = SlackSettings(bot_token=SecretStr(BOT_TOKEN), app_token=SecretStr("xapp-1"), api_url=api.url)
    return slack_chat(settings, core(home))


async def test_access_that_is_back_is_noticed(home: House, slack: WebApi) -> None:
    made = chat(home, slack)
    made.watching = 0.01
    made.core.life.chat("slack", ACCESS, "the bot token was revoked")
    slack.answers["auth.test"] = {"ok": False, "error": "token_revoked"}
    know, watch = made.work()
    know.close()
    watching = asyncio.create_task(watch)

    await asyncio.sleep(0.1)
    meanwhile = made.core.life.found("slack", ACCESS)
    del slack.answers["auth.test"]
    async with asyncio.timeout(5):
        while made.core.life.degraded:  # noqa: ASYNC110 - found out over HTTP
            await asyncio.sleep(0.01)
    watching.cancel()
    await made.close()

    assert meanwhile == "the bot token was revoked"


async def test_nobody_asks_while_access_is_there(home: House, slack: WebApi) -> None:
    made = chat(home, slack)
    made.watching = 0.01
    know, watch = made.work()
    know.close()

    await once(watch)
    await made.close()

    assert slack.calls == []


async def test_without_a_signing_secret_nothing_is_served_over_http(home: House, slack: WebApi) -> None:
    made = chat(home, slack)
    await made.connect()
    words = made.words()
    await made.close()

    assert made.routes() == []
    assert words == "Larkfield, Socket Mode"


def test_sockets_are_counted_and_their_absence_is_a_fault(home: House) -> None:
    behind = core(home)
    uplink = Uplink(core=behind)

    uplink.failed("invalid_auth")
    absent = dict(behind.life.degraded["slack"])
    uplink.changed(1)
    uplink.changed(1)
    uplink.failed("one of two")
    both = behind.metrics.registry.get_sample_value("sitrep_socket_connections")
    uplink.changed(-1)
    one_left = dict(behind.life.degraded)
    uplink.changed(-1)

    assert absent == {"socket": "no connection is up: invalid_auth"}
    assert (both, one_left) == (2, {})
    assert behind.life.degraded == {"slack": {"socket": "no connection is up"}}


def test_what_was_missed_is_looked_up_at_the_start_and_after_a_gap(home: House) -> None:
    now, passes = [100.0], list[float]()
    uplink = Uplink(core=core(home), catch_up=lambda: passes.append(now[0]), clock=lambda: now[0])

    for by, seconds in ((1, 5.0), (1, 60.0), (-1, 60.0), (-1, 9.0), (1, 1.0), (-1, 11.0), (1, 0.0)):
        uplink.changed(by)
        now[0] += seconds

    assert passes == [100.0, 246.0]
