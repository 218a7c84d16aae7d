"""A Slack of our own on loopback: it remembers every request, keeps what was said, and breaks what it is told to."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Params = dict[str, Any]

TEAM, BOT = "T1", "U0BOT"
ME = {
    "ok": True,
    "team_id": TEAM,
    "team": "Larkfield",
    "user_id": BOT,
    "user": "sitrep",
    "bot_id": "B1",
    "url": "https://larkfield.slack.com/",
}
SCOPES = "chat:write,channels:manage"


@dataclass(slots=True, kw_only=True)
class Trouble:
    """What a method's next calls get instead of an answer."""

    method: str
    kind: str
    """`429`, `500`, `html`, `text`, `drop_before`, `drop_after`, `slow`, or Slack's word for an error."""
    times: int = 1
    more: Params = field(default_factory=dict)


@dataclass(slots=True)
class FakeSlack:
    """Its books and its state."""

    url: str = ""
    calls: list[tuple[str, Params]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    channels: dict[str, Params] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Names that are taken by channels nobody shows us."""
    messages: dict[str, list[Params]] = field(default_factory=dict)
    """By channel, oldest first."""
    users: list[Params] = field(default_factory=list)
    groups: list[Params] = field(default_factory=list)
    pins: list[Params] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    clock: float = 1_795_400_000.0
    """Slack's own, seconds; each message takes one."""

    def break_down(self, method: str, kind: str, times: int = 1, **more: Any) -> None:
        self.troubles.append(Trouble(method=method, kind=kind, times=times, more=more))

    def add_channel(self, name: str, **more: Any) -> str:
        channel = f"C{next(self.ids)}"
        made = {"id": channel, "name": name, "is_private": False, "is_member": True, "creator": BOT}
        self.channels[channel] = {**made, "created": int(self.clock), "topic": {"value": ""}, **more}
        return channel

    def called(self, method: str) -> list[Params]:
        return [params for name, params in self.calls if name == method]

    def methods(self) -> list[str]:
        return [name for name, _ in self.calls]

    def answer(self, method: str, params: Params) -> Params:
        known: dict[str, Callable[[Params], Params]] = {
            "auth.test": lambda _: dict(ME),
            "conversations.create": self._create,
            "conversations.info": self._info,
            "conversations.invite": self._invite,
            "conversations.join": self._join,
            "conversations.list": self._list,
            "conversations.open": lambda asked: {"ok": True, "channel": {"id": f"D{asked['users']}"}},
            "conversations.rename": self._rename,
            "conversations.setTopic": self._topic,
            "conversations.history": self._history,
            "conversations.replies": self._history,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "pins.add": self._pin,
            "usergroups.list": lambda _: {"ok": True, "usergroups": self.groups},
            "users.conversations": lambda asked: self._list(asked, own=True),
            "users.info": self._user,
            "users.list": lambda _: {"ok": True, "members": self.users},
        }
        if method not in known:
            return {"ok": False, "error": "unknown_method"}
        return known[method](params)

    def _create(self, params: Params) -> Params:
        name = str(params["name"])
        if name in self.hidden or any(one["name"] == name for one in self.channels.values()):
            return {"ok": False, "error": "name_taken"}
        channel = self.add_channel(name, is_private=params["is_private"])
        return {"ok": True, "channel": self.channels[channel]}

    def _info(self, params: Params) -> Params:
        found = self.channels.get(params["channel"])
        return {"ok": True, "channel": found} if found else {"ok": False, "error": "channel_not_found"}

    def _rename(self, params: Params) -> Params:
        if params["name"] in self.hidden:
            return {"ok": False, "error": "name_taken"}
        self.channels[params["channel"]]["name"] = params["name"]
        return {"ok": True, "channel": self.channels[params["channel"]]}

    def _list(self, params: Params, *, own: bool = False) -> Params:
        kinds = params.get("types", "public_channel").split(",")
        seen = [
            one
            for one in self.channels.values()
            if ("private_channel" if one["is_private"] else "public_channel") in kinds
            and (one["is_member"] or not (own or one["is_private"]))
        ]
        if own:
            seen = [{key: value for key, value in one.items() if key != "is_member"} for one in seen]
        start = int(params.get("cursor") or 0)
        page = seen[start : start + 2]
        cursor = str(start + 2) if start + 2 < len(seen) else ""
        return {"ok": True, "channels": page, "response_metadata": {"next_cursor": cursor}}

    def _join(self, params: Params) -> Params:
        self.channels[params["channel"]]["is_member"] = True
        return {"ok": True, "channel": self.channels[params["channel"]]}

    def _invite(self, params: Params) -> Params:
        known = {user["id"] for user in self.users}
        users = params["users"].split(",")
        errors = [{"user": user, "ok": False, "error": "user_not_found"} for user in users if user not in known]
        errors += [{"user": user, "ok": False, "error": "already_in_channel"} for user in users if user in self.invited]
        if errors:
            return {"ok": False, "error": errors[0]["error"], "errors": errors}
        self.invited += users
        return {"ok": True}

    def _topic(self, params: Params) -> Params:
        self.channels[params["channel"]]["topic"] = {"value": params["topic"]}
        self.topics.append(params["topic"])
        return {"ok": True}

    def _post(self, params: Params) -> Params:
        channel = str(params["channel"])
        channel = f"D{channel}" if channel.startswith("U") else channel
        self.clock += 1
        ts = f"{self.clock:.6f}"
        self.messages.setdefault(channel, []).append({**params, "channel": channel, "ts": ts, "user": BOT})
        return {"ok": True, "channel": channel, "ts": ts}

    def _update(self, params: Params) -> Params:
        for message in self.messages.get(params["channel"], []):
            if message["ts"] == params["ts"]:
                message.update({key: params[key] for key in ("text", "blocks")})
                return {"ok": True, "channel": params["channel"], "ts": params["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _history(self, params: Params) -> Params:
        thread = params.get("ts")
        found = [
            message
            for message in self.messages.get(params["channel"], [])
            if message.get("thread_ts") == thread and float(message["ts"]) >= float(params.get("oldest") or 0)
        ]
        if params.get("include_all_metadata") != "true":
            found = [{key: value for key, value in one.items() if key != "metadata"} for one in found]
        return {"ok": True, "messages": list(reversed(found))}

    def _pin(self, params: Params) -> Params:
        if params in self.pins:
            return {"ok": False, "error": "already_pinned"}
        self.pins.append(params)
        return {"ok": True}

    def _user(self, params: Params) -> Params:
        found = next((user for user in self.users if user["id"] == params["user"]), None)
        return {"ok": True, "user": found} if found else {"ok": False, "error": "user_not_found"}

    def trouble_with(self, method: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.method == method and trouble.times:
                trouble.times -= 1
                return trouble
        return None


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """A running one."""
    slack = FakeSlack()

    async def api(request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        slack.calls.append((method, params))
        trouble = slack.trouble_with(method)
        if trouble is not None:
            return await _broken(request, slack, trouble, params)
        return web.json_response(slack.answer(method, params), headers={"x-oauth-scopes": SCOPES})

    app = web.Application()
    app.router.add_post("/api/{method}", api)
    server = TestServer(app)
    await server.start_server()
    slack.url = str(server.make_url("/api/"))
    try:
        yield slack
    finally:
        await server.close()


async def _params(request: web.Request) -> Params:
    if request.content_type == "application/json":
        found: Params = json.loads(await request.text())
        return found
    return dict(await request.post())


async def _broken(request: web.Request, slack: FakeSlack, trouble: Trouble, params: Params) -> web.StreamResponse:
    match trouble.kind:
        case "429":
            seconds = str(trouble.more.get("seconds", 30))
            answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(answer, status=429, headers={"Retry-After": seconds})
        case "500":
            return web.json_response({"ok": False, "error": "oops"}, status=500)
        case "html":
            return web.Response(text="<html>A gateway.</html>", content_type="text/html")
        case "text":
            return web.Response(status=503, text="upstream trouble")
        case "drop_before" | "drop_after":
            if trouble.kind == "drop_after":
                slack.answer(trouble.method, params)
            assert request.transport
            request.transport.abort()
            return web.Response()
        case "slow":
            await asyncio.sleep(float(trouble.more["seconds"]))
            return web.json_response(slack.answer(trouble.method, params))
        case error:
            return web.json_response({"ok": False, "error": error, **trouble.more})
