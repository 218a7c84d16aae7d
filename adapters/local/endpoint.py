"""The try-out chat over HTTP: its page, what it reads, what it does, and the stream of what is new."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.incident_clock import IncidentClock
from adapters.local import wire
from adapters.local.across import Across
from adapters.local.addresses import address
from adapters.local.guard import CSP, Guard, Handler, refusal
from adapters.local.hub import Hub, State, Stream
from adapters.local.intake import LARGEST, BadBody, Sent, body, person, whole
from adapters.local.kept import Chat
from adapters.local.reception import NotThere, Reception, Unsaved
from adapters.local.turning import Turner
from adapters.local.wire import packed
from adapters.local.world import Sources, World
from adapters.web.bodies import TurnedAway, read_body_of
from bot.refs import Address

PAGE = Path(__file__).parent / "page"
PICTURES = Path(__file__).parents[2] / "docs" / "pictures" / "slack"
"""How Slack shows each card: there in a checkout of the sources, not in an installed release."""
BEAT = 10.0
"""Seconds between two looks whether an open page is still there."""
MOST = 50
"""Messages read at once."""
TOO_LARGE = 413
BUSY = "The database does not answer: try again in a minute."
TURNS = {"1m": timedelta(minutes=1), "5m": timedelta(minutes=5)}
NEXT = "next"

Act = Callable[[Sent], Awaitable[dict[str, Any]]]
OnLeft = Callable[[Address, str], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Everything the page asks for."""

    chat: Chat
    across: Across
    reception: Reception
    hub: Hub
    sources: Sources
    clock: IncidentClock
    turner: Turner
    guard: Guard
    left: OnLeft
    """Somebody left a room."""
    is_busy: Callable[[BaseException], bool]
    """Whether what the database raised means: not now."""

    def routes(self) -> list[web.RouteDef]:
        """Every route of the chat."""
        acts: dict[str, Act] = {
            "say": self.reception.said,
            "press": self.reception.pressed,
            "submit": self.reception.submitted,
            "read": self._read,
            "join": self._join,
            "leave": self._leave,
            "dismiss": self._dismiss,
            "clock": self._turn,
        }
        guard = self.guard
        return [
            web.get("/", guard.page(_file("index.html"))),
            web.get("/gallery", guard.page(_file("gallery.html"))),
            web.get("/local/page/login.css", _file("login.css")),
            web.get("/local/page/{name}", guard(_static(PAGE))),
            web.get("/local/slack/{name}", guard(_static(PICTURES))),
            web.post("/local/login", guard.login),
            web.get("/local/state", guard(self._patient(_answering(self._state)))),
            web.get("/local/words", guard(_answering(self._words))),
            web.get("/local/messages", guard(self._patient(_answering(self._messages)))),
            web.get("/local/thread", guard(self._patient(_answering(self._thread)))),
            web.get("/local/live", guard(self._patient(self._live))),
            *(web.post(f"/local/{name}", guard(self._patient(_acting(act)))) for name, act in acts.items()),
        ]

    def _patient(self, handler: Handler) -> Handler:
        """The handler, for when the database answers; else a sentence that says when to come back."""

        async def patient(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Exception as fault:
                if not self.is_busy(fault):
                    raise
                log.warning("the database does not answer the page", extra={"kind": type(fault).__name__})
                return refusal(BUSY, 503)

        return patient

    async def state(self, world: World, viewer: str) -> State:
        """The state as that person sees it."""
        newest, unread = await self.across.read(lambda: self.chat.unread(viewer))
        found = wire.state(world, viewer, unread, now=self.clock.now(), ahead=self.clock.ahead)
        return {**found, "newest": newest}

    async def _state(self, request: web.Request) -> Any:
        viewer = person(request.query.get("as"))
        return await self.state(await self.across.read(self.sources.world), viewer)

    async def _words(self, request: web.Request) -> Any:
        del request
        return wire.words()

    async def _messages(self, request: web.Request) -> Any:
        viewer, before = person(request.query.get("as")), whole(request.query.get("before"), "before")
        where = address(request.query.get("place", ""))
        await self._check_seen(where, viewer)
        found = await self.across.read(lambda: self.chat.messages(where, viewer, before, MOST + 1))
        return {"messages": wire.messages(found[-MOST:]), "more": len(found) > MOST}

    async def _thread(self, request: web.Request) -> Any:
        viewer, root = person(request.query.get("as")), whole(request.query.get("message"), "message")
        found = await self.across.read(lambda: self.chat.thread(root or 0, viewer))
        if not found:
            raise NotThere
        await self._check_seen(found[0].address, viewer)
        return {"messages": wire.messages(found)}

    async def _check_seen(self, where: Address, viewer: str) -> None:
        if await self.across.read(lambda: self.sources.room(where, viewer)) is None:
            raise NotThere

    async def _read(self, sent: Sent) -> dict[str, Any]:
        who, where, message = sent.who, address(sent.text("place")), sent.required_number("id")
        await self._check_seen(where, who)
        await self.across.write(lambda: self.chat.read_to(where, who, message))
        self.hub.recount(who)
        return {}

    async def _join(self, sent: Sent) -> dict[str, Any]:
        who, where = sent.who, address(sent.text("place"))
        await self._check_seen(where, who)
        await self.across.write(lambda: self.chat.join(where, (who,)))
        self.hub.changed()
        return {}

    async def _leave(self, sent: Sent) -> dict[str, Any]:
        who, where = sent.who, address(sent.text("place"))
        await self._check_seen(where, who)
        if where != address(f"@{who}") and await self.across.write(lambda: self.chat.leave(where, who)):
            await self.left(where, who)
        self.hub.changed()
        return {}

    async def _dismiss(self, sent: Sent) -> dict[str, Any]:
        who, message = sent.who, sent.required_number("message")
        await self.across.write(lambda: self.chat.take_away(message, who))
        self.hub.changed()
        return {}

    async def _turn(self, sent: Sent) -> dict[str, Any]:
        who, turn = sent.who, sent.text("turn")
        to = TURNS.get(turn) or await self._next_due(turn, who)
        if to is not None:
            await self.turner.turn(to)
        self.hub.changed()
        world = await self.across.read(self.sources.world)
        return {"clock": wire.clock(world, who, now=self.clock.now(), ahead=self.clock.ahead)}

    async def _next_due(self, turn: str, who: str) -> datetime | None:
        if turn != NEXT:
            raise BadBody("`turn` is 1m, 5m or next.")
        return wire.next_due(await self.across.read(self.sources.world), who, self.clock.now())

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """The stream of one open page. A WebSocket: of other streams a browser opens no more than six to one host."""
        try:
            viewer = person(request.query.get("as"))
            after = whole(request.query.get("after"), "after")
        except BadBody as bad:
            return refusal(str(bad), 400)
        answer = web.WebSocketResponse(heartbeat=BEAT, max_msg_size=LARGEST)
        if not answer.can_prepare(request):
            return refusal("This is a WebSocket.", 400)
        stream, first = await self.hub.open(viewer, after or 0)
        listening = None
        try:
            await answer.prepare(request)
            listening = asyncio.create_task(_listen(answer, stream))
            for piece in first:
                await answer.send_str(piece)
            await _follow(stream, answer)
        except (ConnectionError, asyncio.CancelledError):
            log.debug("a page went away")
        finally:
            self.hub.close(stream)
            if listening is not None:
                listening.cancel()
                await answer.close()
        return answer


async def _listen(answer: web.WebSocketResponse, stream: Stream) -> None:
    """A page says nothing on its stream but that it goes."""
    async for _ in answer:
        pass
    stream.end()


async def _follow(stream: Stream, answer: web.WebSocketResponse) -> None:
    """Hand on what comes, each change once, until the end."""
    while (piece := await stream.queue.get()) is not None:
        if piece[0] == 0 or piece[0] > stream.sent:
            await answer.send_str(piece[1])


def _answering(read: Callable[[web.Request], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        return await _said(read(request))

    return handler


def _acting(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return refusal("The body is no JSON.", 400)
        try:
            raw = await read_body_of(request, LARGEST)
        except TurnedAway as away:
            return refusal("That is too long." if away.status == TOO_LARGE else "The body did not arrive.", away.status)
        return await _said(_acted(act, raw))

    return handler


async def _acted(act: Act, raw: bytes) -> dict[str, Any]:
    return await act(body(raw))


async def _said(work: Awaitable[Any]) -> web.Response:
    try:
        found = await work
    except BadBody as bad:
        return refusal(str(bad), 400)
    except NotThere:
        return refusal("There is no such conversation that you can see.", 404)
    except Unsaved as fault:
        return refusal(str(fault), 503)
    return web.Response(text=packed(found), content_type="application/json")


def _file(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handler(request: web.Request) -> web.StreamResponse:
        del request
        return await _shown(PAGE / name)

    return handler


def _static(folder: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Files of one folder, by names it has: what else is asked for never reaches the file system."""
    known = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}

    async def handler(request: web.Request) -> web.StreamResponse:
        path = known.get(request.match_info["name"])
        return await _shown(path) if path else refusal("There is no such file.", 404)

    return handler


async def _shown(path: Path) -> web.StreamResponse:
    """The file, read beside the loop. Not by aiohttp's own way: that breaks on a date of a year nobody can count to."""
    kind = guess_type(path.name)[0] or "application/octet-stream"
    headers = {"Content-Type": kind, "Content-Security-Policy": CSP, "Cache-Control": "no-cache"}
    return web.Response(body=await asyncio.to_thread(path.read_bytes), headers=headers)
