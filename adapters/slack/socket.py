"""Socket Mode: Slack's requests over connections that we open, for installations without a public address.

Two lines, each with a connection of its own, so that one is always up: a line that is told to reconnect opens the new
connection before it lets go of the old one (the SDK closes first, which leaves a gap of a second: docs/slack.md). An
envelope is acknowledged after its effect is committed, on the connection it came by; one that is not acknowledged
comes again and is known by its key.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import uniform
from typing import Any

import aiohttp

from adapters.calling import proxy_for
from adapters.inbound import where
from adapters.slack.front import Verdict
from adapters.slack.intake import Body

LINES = 2
AT_ONCE = 32
"""Envelopes in work on one line; more wait in the connection, which slows Slack down instead of filling memory."""
HEARTBEAT = 10.0
"""Seconds between our pings. A pong that does not come within half of that ends the connection."""
LARGEST_FRAME = 4 * 1024 * 1024
PATIENCE = 10.0
"""Seconds for opening a connection."""
SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
FAREWELL = 5.0
"""Seconds without a word after which a connection that is replaced is let go; Slack closes it after about 10."""
PLANNED = frozenset({"warning", "refresh_requested"})
"""Reasons of `disconnect` that only mean: connect anew."""
PROMPT = frozenset({"events_api", "slash_commands", "interactive"})
"""Kinds of envelope that hold a request."""

log = logging.getLogger(__name__)

Dispatch = Callable[[Body], Awaitable[Verdict]]


class Unanswered(Exception):  # noqa: N818 - an outcome
    """Slack gave no address to connect to; its own word for why, such as `invalid_auth`."""


@dataclass(slots=True, kw_only=True)
class Line:
    """One connection kept up, replaced whenever it ends."""

    name: str
    session: aiohttp.ClientSession
    open_url: Callable[[], Awaitable[str]]
    """Asks Slack for an address to connect to; good once, for a short time."""
    dispatch: Dispatch
    changed: Callable[[int], None]
    """Told +1 when a connection is up and -1 when it is gone."""
    failed: Callable[[str], None] = lambda _: None
    """Told why no connection could be made."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _work: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    _listening: set[asyncio.Task[str]] = field(default_factory=set[asyncio.Task[str]])
    _closing: bool = False

    async def keep(self) -> None:
        """Keep a connection up until cancelled."""
        failures = 0
        while True:
            reason = await self._once()
            if reason in PLANNED:
                failures = 0
                await self.sleep(uniform(0.0, SHORTEST_PAUSE / 4))  # noqa: S311 - spreads load, guards nothing
                continue
            failures = 1 if reason == "closed" else failures + 1
            await self.sleep(pause(failures))

    async def _once(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                url = await self.open_url()
                socket = await self.session.ws_connect(
                    url, heartbeat=HEARTBEAT, max_msg_size=LARGEST_FRAME, proxy=proxy_for(url.replace("ws", "http", 1))
                )
        except Exception as fault:  # noqa: BLE001 - whatever it is: a line that ended over it would leave us deaf
            reason = str(fault) if isinstance(fault, Unanswered) else type(fault).__name__
            self.failed(reason)
            log.warning("no socket could be opened", extra={"line": self.name, "reason": reason})
            return "failed"
        return await self._until_replaced(socket)

    async def _until_replaced(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """Listen until the connection ends or is to be replaced; a replaced one is listened to a little longer."""
        notice: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        listening = asyncio.create_task(self._listen(socket, notice), name=f"slack socket {self.name}")
        self._listening.add(listening)
        listening.add_done_callback(self._listening.discard)
        await asyncio.wait({listening, notice}, return_when=asyncio.FIRST_COMPLETED)
        return notice.result() if notice.done() else listening.result()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, notice: asyncio.Future[str]) -> str:
        up = False
        try:
            while True:
                frame = await socket.receive(timeout=FAREWELL if notice.done() else None)
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    return "closed" if up else "failed"
                kind, reason = await self._take(socket, frame.data)
                if kind == "hello" and not up:
                    up = True
                    self.changed(1)
                if kind == "disconnect" and not notice.done():
                    notice.set_result(reason)
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            return "closed" if up else "failed"
        finally:
            if up:
                self.changed(-1)
            await socket.close()

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> tuple[str, str]:
        """Read a frame; start the work of one that holds a request. Gives its type and, of a notice, the reason."""
        envelope = read_envelope(text)
        kind = str(envelope.get("type", ""))
        if kind == "disconnect":
            reason = str(envelope.get("reason", ""))
            log.info("Slack asks for a new socket", extra={"line": self.name, "reason": reason})
            return kind, reason
        if kind in PROMPT and not self._closing:
            await self._room.acquire()
            task = asyncio.create_task(self._answer(socket, envelope))
            self._work.add(task)
            task.add_done_callback(self._done)
        return kind, ""

    def _done(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        self._room.release()

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, envelope: Body) -> None:
        payload, name = envelope.get("payload"), envelope.get("envelope_id")
        if not isinstance(payload, dict) or not isinstance(name, str):
            log.warning("an envelope could not be read", extra={"line": self.name})
            return
        verdict = await self._judge(payload)
        if not verdict.ok:
            return
        reply: dict[str, Any] = {"envelope_id": name}
        if verdict.payload is not None and envelope.get("accepts_response_payload", True):
            reply["payload"] = verdict.payload
        try:
            await socket.send_str(json.dumps(reply))
        except (ConnectionError, aiohttp.ClientError):
            log.info("a socket closed before its acknowledgement", extra={"line": self.name})

    async def _judge(self, payload: Body) -> Verdict:
        try:
            return await self.dispatch(payload)
        except Exception as fault:  # noqa: BLE001 - a fault of ours: it comes again
            log.error("an envelope could not be handled", extra={"kind": type(fault).__name__, "where": where(fault)})  # noqa: TRY400 - its text may quote what somebody typed
            return Verdict(ok=False)

    async def finish(self, within: float) -> None:
        """Take nothing more, let what is in work end, at most `within` seconds, and close every connection."""
        self._closing = True
        if self._work:
            await asyncio.wait(set(self._work), timeout=within)
        for task in (*self._work, *self._listening):
            task.cancel()
        await asyncio.gather(*self._work, *self._listening, return_exceptions=True)


async def ask_address(session: aiohttp.ClientSession, api_url: str, token: str) -> str:
    """An address for one connection, by `apps.connections.open`. `token`: the app-level one.

    Raises Unanswered where Slack refuses, aiohttp's errors where it cannot be reached.
    """
    url = f"{api_url.rstrip('/')}/apps.connections.open"
    async with session.post(url, headers={"Authorization": f"Bearer {token}"}, proxy=proxy_for(url)) as answer:
        said = read_envelope(await answer.text())
    if not said.get("ok") or not isinstance(said.get("url"), str):
        raise Unanswered(str(said.get("error") or f"HTTP {answer.status}"))
    return str(said["url"])


def read_envelope(text: str) -> Body:
    """The frame as an object; an empty one where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def pause(failures: int) -> float:
    """Seconds before the next try after so many failures in a row: doubling, with jitter, never less than a second."""
    longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(failures, 10))
    return uniform(SHORTEST_PAUSE, longest)  # noqa: S311 - spreads load, guards nothing


@dataclass(slots=True, kw_only=True)
class Sockets:
    """The lines of one process."""

    lines: tuple[Line, ...]
    _keeping: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def start(self) -> None:
        """Begin connecting, all lines at once."""
        self._keeping.extend(asyncio.create_task(one.keep(), name=f"slack line {one.name}") for one in self.lines)

    async def stop(self, within: float) -> None:
        """Take nothing more, let what is in work end, close."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        await asyncio.gather(*(one.finish(within) for one in self.lines))
