"""What an operator sees of a running Sitrep."""

import asyncio
import json

from tests.acceptance.chats import Opens
from tests.acceptance.playing import in_both_at_once


@in_both_at_once
async def test_it_says_that_it_lives_and_is_ready(world: Opens) -> None:
    async with world() as here:
        assert (await here.sitrep.page("/healthz"))[0] == 200
        assert (await here.sitrep.page("/readyz"))[0] == 200


async def test_a_chat_that_fails_degrades_and_does_not_stop_it(world: Opens) -> None:
    async with world() as here:
        here.turn_away()
        await here.types("ana", "declare critical Checkout is down")
        for _ in range(60):
            status, body = await here.sitrep.page("/readyz")
            if json.loads(body).get("degraded"):
                break
            await asyncio.sleep(0.25)

        assert status == 200
        assert json.loads(body)["degraded"] == [here.name]


async def test_its_figures_can_be_read(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", "declare critical Checkout is down")
        await here.card(1, "INC-1")
        await here.settled()

        status, page = await here.sitrep.page("/metrics")

        assert status == 200
        for words in ("declare", *here.counted, "outbox", "ack", "lag", "late"):
            assert words in page, words
        assert "Checkout" not in page


async def test_it_stops_cleanly_when_asked_and_goes_on_after(world: Opens) -> None:
    async with world() as here:
        here.slow_down(0.3)
        await here.types("ana", "declare critical Checkout is down")

        took = await here.sitrep.stop()

        assert took <= 10
        assert here.sitrep.process is not None
        assert here.sitrep.process.returncode == 0, here.sitrep.log[-2000:]
        here.mend()
        await here.sitrep.start()
        await here.card(1, "INC-1 Checkout is down", within=10)


async def test_its_log_is_structured_and_holds_no_secret(world: Opens) -> None:
    async with world(settings={"SITREP_LOG_LEVEL": "debug"}) as here:
        told = await here.types("ana", "declare critical Checkout is down")
        await here.card(1, "INC-1")
        await here.settled()

        log = here.sitrep.log

        assert all(isinstance(json.loads(line), dict) for line in log.splitlines() if line.strip())
        assert [secret for secret in here.secrets(told) if secret in log] == []


@in_both_at_once
async def test_a_backup_is_a_database(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", "declare critical Checkout is down")
        copy = here.sitrep.folder / "copy.db"
        await here.sitrep.says("db", "backup", str(copy))

        here.sitrep.settings["SITREP_DATABASE_URL"] = f"sqlite:///{copy}"

        assert "INC-1" in await here.sitrep.says("list")
        assert await here.sitrep.says("db", "current")
