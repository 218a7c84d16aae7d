"""The databases every contract is held against. Another one is another parameter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import engines
from storage.database import Database
from tests.databases import copy_of, copy_on, make_template, server_or_skip
from tests.postgres import Server


@pytest.fixture(scope="module", autouse=True)
def patient() -> Iterator[None]:
    """A machine that runs tests may stop for two seconds; what a server does then is the campaign's to test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(engines.SERVER, "idle_in_transaction_session_timeout", 30_000)
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with server_or_skip() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; several `Database` may be opened on it, as several replicas would."""
    if request.param == "sqlite":
        yield copy_of(request.getfixturevalue("template"), tmp_path)
        return
    with copy_on(request.getfixturevalue("server")) as address:
        yield address


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
