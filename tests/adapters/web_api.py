"""A small Slack Web API, enough for a start and a check."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from adapters.slack.manifest import SCOPES

BOT_TOKEN, APP_TOKEN = "xoxb-good-token", "xapp-good-token"
ME = {
    "ok": True,
    "team": "Larkfield",
    "team_id": "T1",
    "user": "sitrep",
    "user_id": "UBOT",
    "bot_id": "B1",
    "url": "https://larkfield.slack.com/",
}


@dataclass
class WebApi:
    """What it is asked, and what it answers."""

    url: str = ""
    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    scopes: tuple[str, ...] = tuple(SCOPES)
    calls: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in (BOT_TOKEN, APP_TOKEN):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        found = self.answers.get(method) or _USUAL.get(method) or {"ok": True}
        return web.json_response(dict(found), headers={"x-oauth-scopes": ",".join(self.scopes)})


_USUAL: Mapping[str, Mapping[str, Any]] = {
    "auth.test": ME,
    "conversations.list": {"ok": True, "channels": [{"id": "C1", "name": "incidents", "is_member": True}]},
    "users.conversations": {"ok": True, "channels": [{"id": "C1", "name": "incidents", "is_member": True}]},
    "users.list": {"ok": True, "members": []},
    "usergroups.list": {"ok": True, "usergroups": []},
    "apps.connections.open": {"ok": True, "url": "ws://127.0.0.1:9/"},
}


@asynccontextmanager
async def web_api() -> AsyncIterator[WebApi]:
    api = WebApi()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", api.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield api
    await runner.cleanup()
