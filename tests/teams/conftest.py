"""The servers and the smallest bot, fresh for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.teams.rig import Rig, running


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with running(tmp_path) as made:
        yield made
