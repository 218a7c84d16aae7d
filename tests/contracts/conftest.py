"""The databases every contract is held against. Another one is another parameter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.databases import copy_of, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> str:
    """The address of an empty database; several `Database` may be opened on it, as several replicas would."""
    assert request.param == "sqlite"
    return copy_of(template, tmp_path)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def replica(url: str) -> Iterator[Database]:
    """A second one on the same data, with threads, engines and a memory of its own."""
    opened = Database(url)
    yield opened
    opened.close()
