"""A browser, and a Sitrep of its own for each test: the real process, as an operator starts it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.rig import FLAGS, Sitrep, Window

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def sitrep(tmp_path: Path) -> Iterator[Sitrep]:
    running = Sitrep(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def windows(browser: Browser, sitrep: Sitrep) -> Iterator["Open"]:
    opened = Open(browser, sitrep)
    yield opened
    for window in opened.windows:
        assert window.faults == []
        window.page.context.close()


class Open:
    """Opens windows as people."""

    def __init__(self, browser: Browser, sitrep: Sitrep) -> None:
        self.browser = browser
        self.sitrep = sitrep
        self.windows: list[Window] = []

    def __call__(
        self, who: str = "ana", place: str = "", *, width: int = 1280, height: int = 800, dark: bool = False
    ) -> Window:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=width < 500,
        )
        window = Window(context.new_page(), self.sitrep.url)
        window.open(who, place)
        self.windows.append(window)
        return window
