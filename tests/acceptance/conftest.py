"""Both chats for the scenarios. The longest stories begin first, so that two workers end at about the same time."""

from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.chats import Opens
from tests.acceptance.playing import CHATS


@pytest.fixture(params=sorted(CHATS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Opens:
    """Each scenario, once in each chat."""
    return partial(CHATS[request.param], tmp_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_patience, reverse=True)


def _patience(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark else 0.0
