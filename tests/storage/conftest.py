"""A database of its own for each test, copied from one that was made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.databases import copy_of, make_template, server_or_skip
from tests.postgres import Server


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with server_or_skip() as running:
        yield running


@pytest.fixture
def url(template: Path, tmp_path: Path) -> str:
    return copy_of(template, tmp_path)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()
