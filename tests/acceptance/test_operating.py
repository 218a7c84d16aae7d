"""What an operator sees of a running Sitrep."""

import asyncio
import json
from pathlib import Path

from tests.acceptance.people import BOT_TOKEN, SIGNING_SECRET
from tests.acceptance.slack import settled
from tests.acceptance.story import card
from tests.acceptance.world import world


async def test_it_says_that_it_lives_and_is_ready(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        assert (await here.sitrep.page("/healthz"))[0] == 200
        assert (await here.sitrep.page("/readyz"))[0] == 200


async def test_a_chat_that_fails_degrades_and_does_not_stop_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.proxy.fail("*", "invalid_auth", times=-1)
        await here.slack.who("ana").types("declare critical Checkout is down")
        for _ in range(60):
            status, body = await here.sitrep.page("/readyz")
            if json.loads(body).get("degraded"):
                break
            await asyncio.sleep(0.25)

        assert status == 200
        assert json.loads(body)["degraded"] == ["slack"]


async def test_its_figures_can_be_read(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.slack.who("ana").types("declare critical Checkout is down")
        await card(here, 1, "INC-1")
        await settled(here.proxy)

        status, page = await here.sitrep.page("/metrics")

        assert status == 200
        for words in ("declare", "chat.postMessage", "outbox", "ack", "lag", "late"):
            assert words in page, words
        assert "Checkout" not in page


async def test_it_stops_cleanly_when_asked_and_goes_on_after(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.proxy.latency = 0.3
        await here.slack.who("ana").types("declare critical Checkout is down")

        took = await here.sitrep.stop()

        assert took <= 10
        assert here.sitrep.process is not None
        assert here.sitrep.process.returncode == 0, here.sitrep.log[-2000:]
        here.proxy.latency = 0
        await here.sitrep.start()
        await card(here, 1, "INC-1 Checkout is down", within=10)


async def test_its_log_is_structured_and_holds_no_secret(tmp_path: Path) -> None:
    async with world(tmp_path, settings={"SITREP_LOG_LEVEL": "debug"}) as here:
        answer = await here.slack.who("ana").types("declare critical Checkout is down")
        await card(here, 1, "INC-1")
        await settled(here.proxy)

        log = here.sitrep.log

        assert all(isinstance(json.loads(line), dict) for line in log.splitlines() if line.strip())
        for secret in (BOT_TOKEN, SIGNING_SECRET, answer.response_url.rpartition("/")[2]):
            assert secret not in log


async def test_a_backup_is_a_database(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.slack.who("ana").types("declare critical Checkout is down")
        await here.sitrep.says("db", "backup", str(tmp_path / "copy.db"))

        here.sitrep.settings["SITREP_DATABASE_URL"] = f"sqlite:///{tmp_path / 'copy.db'}"

        assert "INC-1" in await here.sitrep.says("list")
        assert await here.sitrep.says("db", "current")
