"""A browser, and for each test a Playground with a Sitrep of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.rig import FLAGS
from tests.playground.rig import PACKAGE, Ana, Playground, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium")
    if not PACKAGE.exists():
        pytest.skip("no Agents Playground: `make dev` installs it")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    running = Playground(tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def ana(browser: Browser, playground: Playground) -> Iterator[Ana]:
    person = opened(browser, playground)
    yield person
    assert person.faults == []
    person.page.context.close()
