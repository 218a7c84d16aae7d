"""The status page in a real browser: read by everybody, without a script, at any width; hostile text is text."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.events import Declared, Entry, Event, ServicesSet, Status, UpdatePublished, VisibilityChanged
from bot.evolve import fold
from bot.incident import Incident
from bot.maintenance import Maintenance
from bot.policy import CUSTOMERS
from bot.saving import index
from config.policy_file import load_policy
from storage import schema
from storage.database import Database
from tests.adapters.status_rig import PAYLOADS
from tests.browser.rig import AXE, Sitrep, Window, free_port

POLICY = """
[organisation]
name = "Larkfield"

[status]
logo = "logo.svg"
publish_targets = ["updates", "respond", "resolve"]

[[status.services]]
name = "Checkout"
group = "Shop"
description = "Paying for what is in the basket."
also = ["checkout-api"]
[[status.services]]
name = "Search"
group = "Shop"
[[status.services]]
name = "Sign-in"
group = "Accounts"
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#2f7d5b"/></svg>'
PAGES = ("", "history", "targets", "incidents/none")
MINUTE = timedelta(minutes=1)


class Site(Sitrep):
    """An installation whose database others fill while it runs."""

    def prepare(self) -> None:
        (self.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
        (self.folder / "logo.svg").write_text(LOGO, encoding="utf-8")
        self.settings["SITREP_POLICY"] = str(self.folder / "policy.toml")
        schema.upgrade(self.database)

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'sitrep.db'}"

    @property
    def page(self) -> str:
        return f"{self.url}/status"

    def happens(self, number: int, *events: Event, ago: timedelta = 30 * MINUTE) -> None:
        """These events of one incident, a minute apart."""
        db = Database(self.database)
        policy = load_policy(self.folder / "policy.toml").policy
        first = datetime.now(UTC) - ago
        with db.store.begin() as tx:
            before = tx.load(number) or Incident(number=number)
            entries = tuple(
                Entry(version=before.version + place, at=first + place * MINUTE, by=None, event=event)
                for place, event in enumerate(events, 1)
            )
            after = fold(entries, before)
            tx.append(before, entries, after, index(after, policy))
        db.close()

    def plans(self, title: str, hours: int) -> None:
        db, now = Database(self.database), datetime.now(UTC)
        start = now + timedelta(hours=hours)
        with db.store.begin() as tx:
            end = start + timedelta(hours=2)
            tx.plan(Maintenance(number=0, title=title, starts_at=start, ends_at=end, services=(), planned_at=now))
        db.close()


def told(words: str, number: int = 1, **more: object) -> UpdatePublished:
    due = datetime.now(UTC).replace(microsecond=0) + 20 * MINUTE
    said: dict[str, object] = {"number": number, "audiences": (CUSTOMERS,), "what": words, "next": {CUSTOMERS: due}}
    return UpdatePublished(**{**said, **more})  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.prepare()
    made.happens(
        1, Declared(title="db-7", priority="critical"), told("Search was slow.", final=True, headline="Search")
    )
    made.happens(
        2,
        Declared(title="redis-eu-1", priority="high"),
        ServicesSet(services=("checkout-api",)),
        told("Card payments in Europe fail for some shoppers.", headline="Card payments in Europe"),
        told("A faulty release is rolled back.", 2, status=Status.IDENTIFIED),
    )
    made.plans("A new database for sign-in", 30)
    made.start()
    yield made
    made.stop()


def opened(
    browser: Browser, site: Site, path: str = "", *, width: int = 1280, dark: bool = False, script: bool = True
) -> Window:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
    )
    window = Window(context.new_page(), site.url)
    if path.endswith("none"):
        window.expected.append("404")
    window.page.goto(f"{site.page}/{path}" if path else site.page)
    return window


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_breaks_a_rule_or_is_wider_than_the_window(
    browser: Browser, site: Site, width: int, dark: bool
) -> None:
    first = opened(browser, site, width=width, dark=dark)
    link = first.page.get_by_role("link", name="Card payments in Europe").get_attribute("href")
    first.page.context.close()
    assert link

    for path in (*PAGES, link.removeprefix("status/")):
        window = opened(browser, site, path, width=width, dark=dark)
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert violations(window.page) == [], path
        assert window.faults == [], path
        window.page.context.close()


def violations(page: Page) -> list[str]:
    """The page runs no script, so axe is put beside it by the browser itself."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def test_everything_is_read_without_a_script(browser: Browser, site: Site) -> None:
    window = opened(browser, site, script=False)

    main = window.page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Some services are partly down")
    expect(main).to_contain_text("A faulty release is rolled back.")
    expect(main).to_contain_text("Next update by")
    expect(main).to_contain_text("Partly down")
    expect(main).to_contain_text("A new database for sign-in")
    expect(window.page.locator("body")).not_to_contain_text("redis")
    main.get_by_role("link", name="Card payments in Europe").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Card payments in Europe")
    window.page.get_by_role("link", name="History").click()
    expect(window.page.get_by_role("main")).to_contain_text("Search")
    window.page.get_by_role("link", name="Larkfield status").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Some services are partly down")
    assert window.faults == []


def test_the_logo_and_the_style_are_our_own(browser: Browser, site: Site) -> None:
    window = opened(browser, site)

    assert window.page.locator("img.logo").evaluate("picture => picture.naturalWidth") > 0
    assert window.page.locator("h1").evaluate("heading => getComputedStyle(heading).borderRadius") != "0px"
    assert window.faults == []


def test_what_is_published_appears_and_what_becomes_private_goes(browser: Browser, site: Site) -> None:
    window = opened(browser, site)

    site.happens(3, Declared(title="idp", priority="critical"), told("Nobody can sign in.", headline="Sign-in"))
    shown(window.page, "Nobody can sign in.")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("There is a major outage")
    site.happens(3, VisibilityChanged(private=True))
    shown(window.page, "Nobody can sign in.", there=False)


def shown(page: Page, words: str, *, there: bool = True) -> None:
    """Within a few seconds of loading again."""
    for _ in range(40):
        page.reload()
        if (words in page.get_by_role("main").inner_text()) == there:
            return
        page.wait_for_timeout(200)
    raise AssertionError(words)


def test_hostile_text_is_text(browser: Browser, site: Site) -> None:
    for number, payload in enumerate(PAYLOADS, start=10):
        fit = payload.replace("\ud800", "")
        site.happens(number, Declared(title="x", priority="low"), told(fit, headline=fit))
    site.plans("<img src=x onerror=alert(1)>", 40)
    window = opened(browser, site)

    shown(window.page, PAYLOADS[0])

    for path in ("", "history"):
        window.page.goto(f"{site.page}/{path}" if path else site.page)
        text = window.page.get_by_role("main").inner_text()
        for payload in PAYLOADS:
            if payload.isprintable():
                assert payload in text, payload
        assert window.page.locator("script, iframe, svg, style, main img, object, base").count() == 0
        assert window.page.evaluate("[...document.querySelectorAll('main a')].map(a => a.protocol)").count("http:") > 0
        assert "javascript:" not in window.page.evaluate("[...document.links].map(link => link.protocol)")
    window.expected = []
    assert window.faults == []


class _Portal(BaseHTTPRequestHandler):
    """A request portal of the organisation, on another host, as strict as ours."""

    status = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        policy = f"default-src 'none'; script-src {self.status}; connect-src {self.status}"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        banner = f'<script src="{self.status}/status/banner.js" defer></script>'
        body = f"<main><h1>Ask us</h1></main>{banner}"
        page = f'<!doctype html><html lang="en"><title>Portal</title><body>{body}</body></html>'
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Nothing is written."""


@pytest.fixture
def portal(site: Site) -> Iterator[str]:
    handler = type("Portal", (_Portal,), {"status": site.url})
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_banner_in_another_sites_portal_tells_of_what_is_open(browser: Browser, site: Site, portal: str) -> None:
    page = browser.new_context().new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

    page.goto(portal)

    banner = page.get_by_role("status")
    expect(banner).to_contain_text("Card payments in Europe. Next update by")
    link = banner.get_by_role("link", name="Status page")
    assert link.get_attribute("href") == f"{site.url}/status/"
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
    assert violations(page) == []
    assert [fault for fault in faults if "favicon" not in fault] == []
