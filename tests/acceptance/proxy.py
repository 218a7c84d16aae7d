"""Stands between Sitrep and the emulator: counts and checks each call, breaks what it is told to break, and does what
Slack does and the emulator does not."""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.acceptance.block_kit import complaints, complaints_of_view
from tests.acceptance.emulator import CALLING, free_port
from tests.acceptance.faults import Fault, Params
from tests.acceptance.people import APP_TOKEN, BOT_ID, BOT_TOKEN, GROUPS, PEOPLE, Profile

BOOLEANS = {
    "is_private",
    "exclude_archived",
    "include_all_metadata",
    "inclusive",
    "return_im",
    "unfurl_links",
    "unfurl_media",
}
BOOLEANS |= {"link_names", "reply_broadcast", "force", "include_locale", "include_users", "include_disabled", "mrkdwn"}
WRITES = {"chat.postMessage", "chat.update", "chat.postEphemeral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the Web API as it came."""

    method: str
    params: Params
    at: float
    """Seconds, `time.time()`."""
    result: str
    """`ok`, Slack's word for the error, or the kind of fault."""
    fault: str = ""
    """The kind of fault it met, if any."""


@dataclass(slots=True)
class Proxy:
    """Its books, and its switches."""

    url: str
    calls: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What Slack would have refused or shown wrongly. Ought to stay empty."""
    faults: list[Fault] = field(default_factory=list)
    responses: dict[str, list[Params]] = field(default_factory=dict)
    """What was posted to each response_url, by its last part."""
    ephemerals: list[Params] = field(default_factory=list)
    views: dict[str, Params] = field(default_factory=dict)
    """Views that were opened, by trigger."""
    sockets: str = ""
    """Where Socket Mode connects to."""
    zones_hidden: bool = False
    latency: float = 0.0
    """Seconds that every call takes."""
    deactivated: set[str] = field(default_factory=set)
    """Names of people whose accounts were closed."""

    def fail(self, method: str, kind: str, **more: Any) -> Fault:
        """Break calls of a method from now on."""
        fault = Fault(method=method, kind=kind, **more)
        self.faults.append(fault)
        return fault

    def mend(self) -> None:
        """All faults end."""
        self.faults.clear()

    def since(self, moment: float, method: str = "") -> list[Call]:
        """Calls that came after a moment."""
        return [call for call in self.calls if call.at >= moment and method in {"", call.method}]

    def counted(self, moment: float) -> Counter[str]:
        """How often each method was called after a moment."""
        return Counter(call.method for call in self.since(moment))


@asynccontextmanager
async def proxy(emulator: str, people: tuple[Profile, ...] = PEOPLE) -> AsyncIterator[Proxy]:
    """A proxy in front of the emulator at that address."""
    port = free_port()
    books = Proxy(url=f"http://127.0.0.1:{port}")
    async with aiohttp.ClientSession() as session:
        front = _Front(
            books=books, emulator=emulator, session=session, people={person.name: person for person in people}
        )
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/api/{method}", front.api)
        app.router.add_post("/response/{token}", front.response_url)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield books
        finally:
            await runner.cleanup()


@dataclass(slots=True, kw_only=True)
class _Front:
    books: Proxy
    emulator: str
    session: aiohttp.ClientSession
    people: dict[str, Profile]
    tokens: "itertools.cycle[str]" = field(default_factory=lambda: itertools.cycle(CALLING))
    joined: set[str] = field(default_factory=set)

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        at = time.time()
        if self.books.latency:
            await asyncio.sleep(self.books.latency)
        fault = next((fault for fault in self.books.faults if fault.strikes(method, params)), None)
        if fault is not None and fault.kind not in {"delay", "drop_after"}:
            self._note(method, params, at, fault.kind, fault.kind)
            return _broken(request, fault)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        answer = await self._answer(request, method, params)
        result = "ok" if answer.get("ok") else str(answer.get("error"))
        self._note(method, params, at, result, fault.kind if fault else "")
        if fault is not None and fault.kind == "drop_after":
            return _dropped(request)
        return web.json_response(answer)

    async def response_url(self, request: web.Request) -> web.Response:
        posted = self.books.responses.setdefault(request.match_info["token"], [])
        if len(posted) >= 5:
            return web.Response(status=404, text="used_url")
        payload = await request.json()
        if not payload.get("delete_original"):
            self.books.complaints += [f"response_url: {found}" for found in complaints(payload)]
        posted.append(payload)
        return web.Response(text="ok")

    def _note(self, method: str, params: Params, at: float, result: str, fault: str) -> None:
        self.books.calls.append(Call(method=method, params=params, at=at, result=result, fault=fault))

    async def _answer(self, request: web.Request, method: str, params: Params) -> Params:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(params.pop("token", ""))
        if method == "apps.connections.open":
            return self._socket(token)
        if token != BOT_TOKEN:
            return {"ok": False, "error": "invalid_auth"}
        if (refusal := self._refusal(method, params)) is not None:
            return refusal
        if method.startswith("usergroups."):
            return await self._groups(method, params)
        return await self._passed_on(method, params)

    def _socket(self, token: str) -> Params:
        if token != APP_TOKEN or not self.books.sockets:
            return {"ok": False, "error": "invalid_auth"}
        return {"ok": True, "url": self.books.sockets}

    def _refusal(self, method: str, params: Params) -> Params | None:
        """What Slack would refuse and the emulator takes."""
        found = complaints(params) if method in WRITES else []
        if method in {"views.open", "views.push", "views.update", "views.publish"}:
            found = complaints_of_view(params.get("view") or {})
        if found:
            self.books.complaints += [f"{method}: {complaint}" for complaint in found]
            return {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": found}}
        channel = str(params.get("channel", ""))
        if method == "chat.postMessage" and channel.startswith("C") and channel not in self.joined:
            return {"ok": False, "error": "not_in_channel"}
        if method == "conversations.history" and channel.startswith("C") and channel not in self.joined:
            return {"ok": False, "error": "not_in_channel"}
        return None

    async def _passed_on(self, method: str, params: Params) -> Params:
        asked = dict(params)
        if method == "users.conversations":
            asked.pop("user", None)
        if method == "chat.postMessage":
            asked["bot_id"] = BOT_ID
        answer = await self.emulated({"users.conversations": "conversations.list"}.get(method, method), asked)
        if answer.get("ok"):
            self._like_slack(method, params, answer)
        return answer

    async def emulated(self, method: str, params: Params) -> Params:
        headers = {"Authorization": f"Bearer {next(self.tokens)}"}
        async with self.session.post(f"{self.emulator}/api/{method}", json=params, headers=headers) as response:
            answer: Params = await response.json()
            if response.status >= 400:
                return {"ok": False, "error": "unknown_method", "detail": answer}
            return answer

    def _like_slack(self, method: str, params: Params, answer: Params) -> None:
        match method:
            case "conversations.create" | "conversations.join":
                self.joined.add(answer["channel"]["id"])
            case "conversations.leave" | "conversations.archive":
                self.joined.discard(str(params["channel"]))
            case "users.conversations":
                answer["channels"] = [channel for channel in answer["channels"] if channel["is_member"]]
            case "conversations.history" | "conversations.replies":
                answer["messages"] = _slice(answer["messages"], params)
            case "users.info":
                self._profile(answer["user"])
            case "users.list":
                for user in answer["members"]:
                    self._profile(user)
            case "chat.postEphemeral":
                self.books.ephemerals.append({**params, "at": time.time()})
            case "views.open":
                self.books.views[str(params["trigger_id"])] = answer["view"]
            case _:
                return

    def _profile(self, user: Params) -> None:
        person = self.people.get(user["name"])
        user.setdefault("team_id", "T000000001")
        user["is_restricted"] = bool(person and person.guest)
        user["is_ultra_restricted"] = False
        user["deleted"] = user["name"] in self.books.deactivated
        if person and not self.books.zones_hidden:
            user["tz"] = person.zone

    async def _groups(self, method: str, params: Params) -> Params:
        users = await self.emulated("users.list", {})
        ids = {user["name"]: user["id"] for user in users["members"]}
        groups = [
            {
                "id": key,
                "handle": handle,
                "name": handle,
                "date_delete": 0,
                "users": [ids[name] for name in members if name in ids],
            }
            for handle, (key, members) in GROUPS.items()
        ]
        if method == "usergroups.list":
            return {"ok": True, "usergroups": groups}
        found = next((group for group in groups if group["id"] == params.get("usergroup")), None)
        return {"ok": True, "users": found["users"]} if found else {"ok": False, "error": "no_such_subteam"}


def _slice(messages: list[Params], params: Params) -> list[Params]:
    """By `oldest`, `latest` and `inclusive`; without metadata unless it was asked for."""
    oldest, latest = float(params.get("oldest") or 0), float(params.get("latest") or "inf")
    inclusive = bool(params.get("inclusive"))
    kept = [
        message
        for message in messages
        if oldest < float(message["ts"]) < latest or (inclusive and float(message["ts"]) in {oldest, latest})
    ]
    if params.get("include_all_metadata"):
        return kept
    return [{key: value for key, value in message.items() if key != "metadata"} for message in kept]


def _broken(request: web.Request, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case "429":
            answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(answer, status=429, headers={"Retry-After": str(int(fault.seconds))})
        case "500":
            return web.Response(status=500, text="upstream trouble")
        case "html":
            return web.Response(status=200, text="<html>A gateway says hello.</html>", content_type="text/html")
        case "drop_before":
            return _dropped(request)
        case error:
            return web.json_response({"ok": False, "error": error})


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)


async def _params(request: web.Request) -> Params:
    """Whatever way they came: in the address, as a form, as JSON."""
    params: Params = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    elif request.method == "POST":
        params |= dict(await request.post())
    return {key: _value(key, value) for key, value in params.items()}


def _value(key: str, value: Any) -> Any:
    if key in BOOLEANS and not isinstance(value, bool):
        return str(value).lower() in {"1", "true"}
    if key in {"blocks", "metadata", "view", "attachments"} and isinstance(value, str) and value:
        return json.loads(value)
    if key == "users" and isinstance(value, list):
        return ",".join(value)
    return value
