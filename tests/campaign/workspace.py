"""A Slack workspace in memory that notes what reached it: small and quick, for thousands of short lives.

Not every rule of Slack's is kept here; those are the acceptance tests' business. What matters is kept: what was taken
is taken whatever becomes of the answer, and a message carries the metadata by which it is found again.
"""

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.acceptance.emulator import free_port
from tests.acceptance.faults import Fault, Params
from tests.acceptance.people import APP, BOT, BOT_ID, BOT_TOKEN, TEAM
from tests.acceptance.proxy import _broken as broken
from tests.acceptance.proxy import _dropped as dropped
from tests.acceptance.proxy import _params as params_of

PEOPLE = ("ana", "ben", "dee", "hana")
CHANNELS = ("incidents", "leadership")
PATIENCE = 0.02
"""Seconds a call takes before it has its effect at most, and again before it is answered."""


def user(name: str) -> str:
    """The id of a person."""
    return f"U0{name.upper()}"


def channel(name: str) -> str:
    """The id of a channel that was there from the beginning."""
    return f"C0{name.upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it came, once for each time."""

    token: str
    """By which its sender knows it again."""
    channel: str
    thread: str
    """The message it replies to; empty: none."""
    ts: str
    text: str
    at: float
    """Seconds, `time.time()`."""
    edit: bool = False
    """It took an earlier one's place."""


@dataclass(slots=True, kw_only=True)
class Workspace:
    """Its books, and its switches."""

    url: str = ""
    received: list[Received] = field(default_factory=list[Received])
    channels: dict[str, Params] = field(default_factory=dict[str, Params])
    messages: dict[str, list[Params]] = field(default_factory=dict[str, list[Params]])
    pins: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    faults: list[Fault] = field(default_factory=list[Fault])
    struck: int = 0
    """Calls that met a fault."""
    last_call: float = 0.0
    """Seconds, `time.time()`."""
    chance: random.Random = field(default_factory=random.Random)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Calls have their effects in the order in which they came."""
    _stamps: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def made(self) -> list[Params]:
        """Channels that Sitrep made."""
        return [one for one in self.channels.values() if one["creator"] == BOT]

    def stamp(self) -> str:
        """A `ts` that no other message has, of now."""
        return f"{int(time.time())}.{next(self._stamps):06d}"

    def act(self, method: str, params: Params) -> Params:
        """What a call does, and its answer."""
        name = method.replace(".", "_").lower()
        does: Callable[[Params], Params] | None = getattr(self, f"_{name}", None)
        return does(params) if does else {"ok": True}

    def _auth_test(self, _: Params) -> Params:
        names = {"team": "Larkfield", "user": "sitrep", "url": "https://larkfield.slack.com/"}
        return {"ok": True, "team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "app_id": APP, **names}

    def _users_list(self, _: Params) -> Params:
        return {"ok": True, "members": [_profile(name) for name in PEOPLE]}

    def _users_info(self, params: Params) -> Params:
        found = next((name for name in PEOPLE if user(name) == params["user"]), None)
        return {"ok": True, "user": _profile(found)} if found else {"ok": False, "error": "user_not_found"}

    def _users_conversations(self, _: Params) -> Params:
        return {"ok": True, "channels": [one for one in self.channels.values() if one["is_member"]]}

    def _conversations_list(self, _: Params) -> Params:
        return {"ok": True, "channels": list(self.channels.values())}

    def _conversations_info(self, params: Params) -> Params:
        found = self.channels.get(params["channel"])
        return {"ok": True, "channel": found} if found else {"ok": False, "error": "channel_not_found"}

    def _conversations_create(self, params: Params) -> Params:
        if any(one["name"] == params["name"] for one in self.channels.values()):
            return {"ok": False, "error": "name_taken"}
        made = self.open(f"C0ROOM{len(self.channels)}", params["name"], creator=BOT)
        return {"ok": True, "channel": made}

    def _conversations_join(self, params: Params) -> Params:
        self.channels[params["channel"]]["is_member"] = True
        return self._conversations_info(params)

    def _conversations_settopic(self, params: Params) -> Params:
        self.channels[params["channel"]]["topic"] = {"value": params["topic"]}
        return self._conversations_info(params)

    def _conversations_open(self, params: Params) -> Params:
        return {"ok": True, "channel": {"id": _alone(params["users"])}}

    def _conversations_history(self, params: Params) -> Params:
        return {"ok": True, "messages": self._told(params["channel"], params)[::-1], "has_more": False}

    def _conversations_replies(self, params: Params) -> Params:
        found = [one for one in self._told(params["channel"], params) if params["ts"] in (one["ts"], one["thread_ts"])]
        return {"ok": True, "messages": found, "has_more": False}

    def _chat_postmessage(self, params: Params) -> Params:
        place = _alone(params["channel"]) if params["channel"].startswith("U") else params["channel"]
        if place.startswith("C") and not self.channels.get(place, {}).get("is_member"):
            return {"ok": False, "error": "not_in_channel"}
        ts = self.stamp()
        metadata = params.get("metadata") or {}
        message = {"ts": ts, "thread_ts": params.get("thread_ts", ""), "text": params.get("text", "")}
        self.messages.setdefault(place, []).append({**message, "user": BOT, "metadata": metadata})
        token = str(metadata.get("event_payload", {}).get("key", ""))
        said = Received(
            token=token, channel=place, thread=message["thread_ts"], ts=ts, text=message["text"], at=time.time()
        )
        self.received.append(said)
        return {"ok": True, "channel": place, "ts": ts}

    def _chat_update(self, params: Params) -> Params:
        found = next((one for one in self.messages.get(params["channel"], []) if one["ts"] == params["ts"]), None)
        if found is None:
            return {"ok": False, "error": "message_not_found"}
        found["text"] = params.get("text", "")
        return {"ok": True, "channel": params["channel"], "ts": params["ts"]}

    def _pins_add(self, params: Params) -> Params:
        pin = (params["channel"], params["timestamp"])
        if pin in self.pins:
            return {"ok": False, "error": "already_pinned"}
        self.pins.add(pin)
        return {"ok": True}

    def _views_open(self, params: Params) -> Params:
        return {"ok": True, "view": {**params["view"], "id": f"V{next(self._stamps)}"}}

    def open(self, key: str, name: str, *, creator: str = "U0ADMIN") -> Params:
        """A channel from now on."""
        made = {"id": key, "name": name, "creator": creator, "created": int(time.time()), "is_private": False}
        self.channels[key] = {**made, "is_member": creator == BOT, "is_archived": False, "topic": {"value": ""}}
        return self.channels[key]

    def _told(self, place: str, params: Params) -> list[Params]:
        oldest = float(params.get("oldest") or 0)
        return [one for one in self.messages.get(place, []) if float(one["ts"]) > oldest]


def _profile(name: str) -> dict[str, Any]:
    return {"id": user(name), "name": name, "team_id": TEAM, "tz": "Etc/UTC", "profile": {"display_name": name}}


def _alone(person: str) -> str:
    return f"D{person[1:]}"


@asynccontextmanager
async def workspace(chance: random.Random) -> AsyncIterator[Workspace]:
    """A workspace that is served over HTTP."""
    port = free_port()
    books = Workspace(url=f"http://127.0.0.1:{port}", chance=chance)
    for name in CHANNELS:
        books.open(channel(name), name)

    async def api(request: web.Request) -> web.StreamResponse:
        return await _served(books, request)

    async def said(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application(client_max_size=2**22)
    app.router.add_route("*", "/api/{method}", api)
    app.router.add_post("/response/{token}", said)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield books
    finally:
        await runner.cleanup()


async def _served(books: Workspace, request: web.Request) -> web.StreamResponse:
    method, params = request.match_info["method"], await params_of(request)
    books.last_call = time.time()
    if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
        return web.json_response({"ok": False, "error": "invalid_auth"})
    fault = next((fault for fault in books.faults if fault.strikes(method, params)), None)
    books.struck += fault is not None
    if fault is not None and fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    elif fault is not None and fault.kind == "503":
        return web.Response(status=503, text="upstream trouble")
    elif fault is not None and fault.kind != "drop_after":
        return broken(request, fault)
    async with books.turn:  # whoever asks later sees what came before, as slow as this process may be
        await asyncio.sleep(books.chance.uniform(0, PATIENCE))
        answer = books.act(method, params)
    if fault is not None and fault.kind == "drop_after":
        return dropped(request)
    await asyncio.sleep(books.chance.uniform(0, PATIENCE))
    return web.json_response(answer)
