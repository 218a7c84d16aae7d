"""What a person has: a window with the chat in it; and what an operator has: a process to start and stop."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, Response, expect

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
AXE = ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
ROOM = "inc-1-checkout-is-down"

expect.set_options(timeout=8_000)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Sitrep:
    """One installation without any chat account."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict[str, str])
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *words: str) -> None:
        """Until it is ready."""
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "SITREP_PORT": str(self.port)}
        with (self.folder / "sitrep.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "adapters.cli", "run", *words],
                env=own | self.settings,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        for _ in range(400):
            assert self.process.poll() is None, (self.folder / "sitrep.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("not ready after 20 seconds")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=12)


class Window:
    """One window of one person."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.faults: list[str] = []
        self.expected: list[str] = []
        """Parts of what may go wrong in this test."""
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda fault: self._note(f"page: {fault}"))
        page.on("console", self._heard)
        page.on("dialog", self._interrupted)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _note(self, words: str) -> None:
        if not any(part in words for part in self.expected):
            self.faults.append(words)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"console: {message.text}")

    def _interrupted(self, dialog: Dialog) -> None:
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self._note(f"elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status}: {response.url}")

    def open(self, who: str, place: str = "") -> None:
        self.page.goto(f"{self.url}/?as={who}{f'#{place}' if place else ''}")
        expect(self.page.get_by_role("button", name="Send")).to_be_visible()

    # What somebody sees.

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def pinned(self) -> Locator:
        return self.page.get_by_role("region", name="Pinned card")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("navigation", name="Conversations")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def sees(self, *words: str) -> None:
        """In the conversation or the card at its top."""
        main = self.page.get_by_role("main")
        for one in words:
            expect(main).to_contain_text(one)

    def sees_not(self, *words: str) -> None:
        """Nowhere on the page."""
        for one in words:
            expect(self.page.locator("body")).not_to_contain_text(one)

    # What somebody does.

    def goes_to(self, place: str) -> None:
        self.sidebar.get_by_role("link", name=re.compile(re.escape(place))).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(place)

    def types(self, text: str) -> None:
        self.box.fill(text)
        self.page.keyboard.press("Escape")
        self.page.get_by_role("button", name="Send").click()

    def presses(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name).last.click()

    def chooses_more(self, name: str) -> None:
        self.pinned.get_by_role("button", name="More").click()
        self.page.get_by_role("menuitem", name=name).click()

    def fills(self, **values: str) -> None:
        """By the beginning of a field's label, `_` for a blank."""
        for name, value in values.items():
            self.dialog.get_by_label(re.compile(rf"^{name.replace('_', ' ')}", re.IGNORECASE)).fill(value)

    def lines(self, place: str, first: int, last: int, who: str = "ben") -> None:
        """Many lines of somebody, said at once."""
        self.page.evaluate(
            """async ([who, place, first, last]) => {
                for (let number = first; number <= last; number++) {
                    const key = crypto.randomUUID();
                    const body = JSON.stringify({as: who, place, text: `line ${number}`, thread: null, key});
                    await fetch("/local/say", {method: "POST", headers: {"Content-Type": "application/json"}, body});
                }
            }""",
            [who, place, first, last],
        )

    def declares(self) -> None:
        self.presses("Declare a practice incident")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(ROOM)
        expect(self.pinned).to_contain_text("Incident commander")

    def violations(self) -> list[str]:
        """What axe finds wrong, as sentences."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: Any = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
