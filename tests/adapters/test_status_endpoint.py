"""The status page over HTTP: sent again only where it changed, and strict towards browsers."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.server import application
from adapters.web.status import pages
from adapters.web.status.endpoint import routes
from adapters.web.status.links import Links
from adapters.web.status.markup import Element
from adapters.web.status.served import Served, served
from adapters.web.status.shown import Shown
from adapters.web.status.site import Picture, assets, documents, renders
from tests.adapters.reading_html import read
from tests.adapters.status_rig import AT, FULL, PAYMENTS, SEARCH, shown

Client = TestClient[web.Request, web.Application]
Ask = Callable[[Served | None], Awaitable[Client]]

LOGO = Picture(name="logo.svg", kind="image/svg+xml", data=b"<svg/>")


def made(what: Shown = FULL, before: Served | None = None) -> Served:
    return served(what, assets(LOGO), before)


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    clients: list[Client] = []

    async def opened(what: Served | None) -> Client:
        client: Client = TestClient(TestServer(application(routes(lambda: what))), auto_decompress=False)
        await client.start_server()
        clients.append(client)
        return client

    yield opened
    for client in clients:
        await client.close()


async def test_every_page_feed_and_file_is_there(ask: Ask) -> None:
    client = await ask(made())

    for path in (*renders(FULL), *documents(FULL), *assets(LOGO)):
        answer = await client.get(f"/status/{path}")
        assert answer.status == 200, path
        assert (await client.head(f"/status/{path}")).status == 200
    assert (await client.get("/status")).status == 200
    for path in ("/history.atom", "/history.rss", "/api/v2/summary.json", "/api/v2/incidents/unresolved.json"):
        at_root, below = await client.get(path), await client.get(f"/status{path}")
        assert await at_root.read() == await below.read()


@pytest.mark.parametrize(
    "path", ["/status", "/status/", "/status/api/v2/summary.json", "/status/history.atom", "/status/style.css"]
)
async def test_what_has_not_changed_is_not_sent_again(ask: Ask, path: str) -> None:
    client = await ask(made())
    first = await client.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]

    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"other", {etag}'},
        {"If-None-Match": etag.removeprefix("W/")},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
        {"If-None-Match": etag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        again = await client.get(path, headers=headers)
        assert (again.status, await again.read()) == (304, b""), headers
        assert again.headers["ETag"] == etag
        assert "max-age=20" in again.headers["Cache-Control"]


async def test_what_has_changed_is_sent(ask: Ask) -> None:
    client = await ask(made())

    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 -0000"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Mon, 20 Nov 1995 19:12:08 +99999999999999999999"},
        {"If-Modified-Since": "Mon, 20 Nov 99999999999999999999 19:12:08 GMT"},
    ):
        assert (await client.get("/status", headers=headers)).status == 200, headers


async def test_no_cache_shows_for_longer_than_five_minutes_what_became_private(ask: Ask) -> None:
    client = await ask(made())

    for path in ("", f"incidents/{SEARCH.id}", "history.atom", "api/v2/summary.json", "nothing"):
        said = (await client.get(f"/status/{path}")).headers["Cache-Control"]
        ages = {name: int(seconds) for name, seconds in re.findall(r"([a-z-]+)=(\d+)", said)}
        assert ages["max-age"] + max(ages["stale-while-revalidate"], ages["stale-if-error"]) <= 300, path


def test_a_body_that_says_the_same_keeps_its_date() -> None:
    before = made(shown(PAYMENTS, SEARCH))

    later = made(shown(PAYMENTS, SEARCH, at=AT + timedelta(minutes=3)), before)
    overdue = made(shown(PAYMENTS, SEARCH, at=AT + timedelta(minutes=11)), before)

    assert later.bodies[""] is before.bodies[""]
    assert overdue.bodies[""].modified == AT + timedelta(minutes=11)
    assert overdue.bodies["history.atom"] is before.bodies["history.atom"]


async def test_answers_are_small_for_who_takes_them_so(ask: Ask) -> None:
    client = await ask(made())

    packed = await client.get("/status", headers={"Accept-Encoding": "gzip, br"})
    plain = await client.get("/status", headers={"Accept-Encoding": "identity"})
    logo = await client.get("/status/logo.svg", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(await packed.read()) < len(await plain.read()) / 2
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in logo.headers
    assert packed.headers["Vary"] == "Accept-Encoding"


async def test_browsers_are_told_to_run_nothing_and_to_show_it_in_no_frame(ask: Ask) -> None:
    client = await ask(made())

    for path in ("/status", "/status/history", "/status/nothing", "/status/logo.svg"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers


async def test_other_sites_may_read_json_feeds_and_the_banner_and_no_page(ask: Ask) -> None:
    client = await ask(made())

    for path in ("api/v2/summary.json", "history.rss", "history.atom", "banner.js"):
        answer = await client.get(f"/status/{path}", headers={"Origin": "https://portal.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path
    assert "Access-Control-Allow-Origin" not in (await client.get("/status")).headers


async def test_what_is_not_there_says_so_and_leads_back(ask: Ask) -> None:
    client = await ask(made())

    for path in (
        "/status/incidents/ffffffffffff",
        "/status/history/1999-01",
        "/status/a/b/c",
        "/status//",
        "/api/v2/x",
    ):
        answer = await client.get(path)
        assert answer.status in {404, 200 if path == "/status//" else 404}, path
    found = read(await (await client.get("/status/a/b")).read())
    assert "There is no such page." in found.text
    assert "/status" in found.links
    assert (await client.post("/status")).status == 404


@pytest.fixture
async def starting() -> AsyncIterator[Callable[[list[Served | None], float], Awaitable[Client]]]:
    """A server that finds what is in a list, one after the other, the last for ever."""
    async with AsyncExitStack() as stack:

        async def opened(found: list[Served | None], first: float) -> Client:
            now = routes(lambda: found.pop(0) if len(found) > 1 else found[0], first)
            client: Client = TestClient(TestServer(application(now)))
            return await stack.enter_async_context(client)

        yield opened


async def test_where_nothing_was_read_in_time_it_says_that_it_starts(
    starting: Callable[[list[Served | None], float], Awaitable[Client]],
) -> None:
    answer = await (await starting([None], 0.1)).get("/status")

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


async def test_who_asks_before_something_was_read_waits_for_it(
    starting: Callable[[list[Served | None], float], Awaitable[Client]],
) -> None:
    answer = await (await starting([None, None, made()], 60)).get("/status/banner.js")

    assert answer.status == 200


def test_a_page_nobody_asked_for_is_made_when_somebody_does_and_kept() -> None:
    there = made()
    path = f"incidents/{SEARCH.id}"
    assert path not in there.bodies

    first = there.body(path)

    assert first is not None
    assert there.body(path) is first
    assert there.body("incidents/ffffffffffff") is None
    assert "incidents/ffffffffffff" not in there.bodies


async def test_a_page_nobody_asked_for_is_made_once_and_beside_the_loop(ask: Ask) -> None:
    makers: list[int] = []

    def slow(what: Shown, links: Links) -> Element:
        makers.append(threading.get_ident())
        return pages.front(what, links)

    client = await ask(replace(made(), pages={"history/2026-10": slow}))

    answers = await asyncio.gather(*(client.get("/status/history/2026-10") for _ in range(5)))

    assert [answer.status for answer in answers] == [200] * 5
    assert len(makers) == 1
    assert threading.get_ident() not in makers


def test_what_is_not_there_is_not_looked_for_among_all_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    there = made()

    def costly(_: Shown) -> tuple[str, ...]:
        raise AssertionError("months are counted when everything is made, never when somebody asks")

    monkeypatch.setattr(pages, "months", costly)

    assert there.body("history/1999-01") is None
    assert b"There is no such page." in there.missing
