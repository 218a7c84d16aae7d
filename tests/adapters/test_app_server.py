"""What one process does for the others on a database server."""

import asyncio
import logging
from datetime import timedelta

import pytest

from adapters.app_server import keep_moving
from tests.adapters.relay_in_memory import AtOnce


async def test_who_stands_still_is_sent_away_again_and_again_though_the_database_was_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks: list[int | OSError] = [0, OSError("away"), 2]
    done = asyncio.Event()

    def send_away() -> int:
        if not looks:
            done.set()
            return 0
        gone = looks.pop(0)
        if isinstance(gone, OSError):
            raise gone
        return gone

    with caplog.at_level(logging.WARNING):
        keeping = asyncio.create_task(keep_moving(AtOnce(), send_away, every=timedelta()))
        await done.wait()
        keeping.cancel()

    assert [record.message for record in caplog.records] == ["a process stood still with rows locked: it was sent away"]
