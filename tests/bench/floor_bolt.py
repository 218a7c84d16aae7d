"""The least that a Slack application does which acknowledges after its work: Bolt, and an acknowledgement."""

import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.acceptance.people import SIGNING_SECRET


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id="U0", bot_id="B0")


async def _take(ack: Any) -> None:
    await ack("Yes.")


def _app() -> web.Application:
    bolt = AsyncApp(signing_secret=SIGNING_SECRET, authorize=_authorize, process_before_response=True)
    bolt.command("/incident")(_take)

    async def dispatch(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", dispatch)
    return app


if __name__ == "__main__":
    web.run_app(_app(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
