"""The status page over HTTP: every answer is a body that is there already, or is made beside the loop."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web

from adapters.web.status.frame import CSP
from adapters.web.status.served import BARE, MOUNT, Body, Served
from adapters.web.status.site import BANNER, FRONT, HTML

FRESH = "public, max-age=20, stale-while-revalidate=20, stale-if-error=280"
"""Five minutes in all: so long a cache may still show an incident that became private while we cannot be reached."""
SOON = "5"
"""Seconds after which to ask again at the start."""
FIRST = 5.0
"""Seconds for which who asks before anything was read waits: a script that is refused once is not asked for again."""
LOOK = 0.05
"""Seconds between two looks meanwhile."""
HEADERS = {
    "Cache-Control": FRESH,
    "Content-Security-Policy": f"{CSP}; frame-ancestors 'none'",
    "Vary": "Accept-Encoding",
}
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""For what other sites' pages may read: JSON, feeds, the banner."""


def routes(served: Callable[[], Served | None], first: float = FIRST) -> list[web.RouteDef]:
    """The routes. `served`: what is served now; None: nothing was read yet, and it is waited for `first` seconds.

    Feeds and JSON stand at the root too, where programs that know a status page by its host alone look for them.
    """
    turn = asyncio.Lock()
    """One page at a time is made for who asks first, whatever strangers ask for."""

    async def answered(path: str, request: web.Request) -> web.Response:
        there = await _read(served, first)
        if there is None:
            return web.Response(status=503, text="The status page starts.\n", headers={"Retry-After": SOON})
        if path not in there.bodies and path in there.pages:
            async with turn:
                await asyncio.to_thread(there.body, path)
        return _answered(there, path, request)

    async def answer(request: web.Request) -> web.Response:
        path = request.match_info.get("path")
        if path == BARE:
            path = FRONT  # two slashes at the end
        return await answered(BARE if path is None else path, request)

    async def at_root(request: web.Request) -> web.Response:
        return await answered(request.path.removeprefix("/"), request)

    return [
        web.get(f"/{MOUNT}", answer),
        web.get(f"/{MOUNT}/{{path:.*}}", answer),
        web.get("/history.atom", at_root),
        web.get("/history.rss", at_root),
        web.get("/api/v2/{path:.*}", at_root),
    ]


async def _read(served: Callable[[], Served | None], within: float) -> Served | None:
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    while (there := served()) is None and loop.time() < until:  # noqa: ASYNC110 - nobody tells, and only at the start
        await asyncio.sleep(LOOK)
    return there


def _answered(served: Served, path: str, request: web.Request) -> web.Response:
    body = served.body(path)
    if body is None:
        return web.Response(status=404, body=served.missing, headers={**HEADERS, "Content-Type": HTML})
    headers = {**HEADERS, "ETag": body.etag, "Last-Modified": format_datetime(body.modified, usegmt=True)}
    if not body.kind.startswith("text/html") or path == BANNER:
        headers |= OPEN
    if _has_it(request, body):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = body.kind
    if body.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=body.packed, headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=body.data, headers=headers)


def _has_it(request: web.Request, body: Body) -> bool:
    """Whether who asks has this body already."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return "*" in tags or body.etag.removeprefix("W/") in tags
    since = _moment(request.headers.get("If-Modified-Since", ""))
    return since is not None and body.modified <= since


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
