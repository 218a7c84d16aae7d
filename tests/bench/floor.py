"""The least that any server does: for Slack, read the body, prove that it comes from Slack, say yes; else, a body."""

import hashlib
import hmac
import sys

from aiohttp import web

from tests.acceptance.people import SIGNING_SECRET


async def _take(request: web.Request) -> web.Response:
    body = await request.read()
    stamp = request.headers["X-Slack-Request-Timestamp"]
    digest = hmac.new(SIGNING_SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v0={digest}", request.headers["X-Slack-Signature"]):
        return web.Response(status=401)
    return web.json_response({"text": "Yes."})


PAGE = b"x" * 12_000
"""About as long as a status page."""


async def _page(_: web.Request) -> web.Response:
    return web.Response(body=PAGE, content_type="text/html")


def _app() -> web.Application:
    app = web.Application()
    app.router.add_get("/status", _page)
    app.router.add_post("/slack/events", _take)
    return app


if __name__ == "__main__":
    web.run_app(_app(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
