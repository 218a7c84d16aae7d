"""The picture of the status page in the documentation.

    python -m tests.pictures.status

Draws `docs/pictures/status-page.png` from the page as files, as `sitrep status-export` writes them.
"""

import functools
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

from adapters.web.status.files import export
from adapters.web.status.site import Picture
from tests.adapters.status_rig import DATABASE, HOUSE, OLD, PAYMENTS, SEARCH, shown
from tests.pictures.make import CHROMIUM, FLAGS, PICTURES
from tests.pictures.palette import fewer_colours

PICTURE = PICTURES / "status-page.png"
LEAF = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M4 26C4 12 14 5 28 4c-1 14-8 24-22 22z" fill="#2f7d5b"/></svg>'  # noqa: E501
LOGO = Picture(name="logo.svg", kind="image/svg+xml", data=LEAF)
WIDTH, HEIGHT = 780, 1180


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing is written."""


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The files of a folder on a web server of their own: its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Draw it."""
    what = shown(OLD, SEARCH, PAYMENTS, maintenances=(DATABASE,), house=replace(HOUSE, logo=LOGO))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        export(what, LOGO, Path(name))
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        with hosted(Path(name)) as url:
            page.goto(url)
            PICTURE.write_bytes(fewer_colours(page.screenshot()))
        browser.close()


if __name__ == "__main__":
    main()
