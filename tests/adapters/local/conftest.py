"""A try-out chat for a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.local.rig import Chat, running, settings


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with running(settings(tmp_path)) as found:
        yield found
