"""Slack's end of Socket Mode, small: takes connections, sends an envelope down one of them, waits for its receipt."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.acceptance.emulator import free_port
from tests.acceptance.people import APP

GRACE = 1.0
"""Seconds between the notice and the end of a connection; Slack gives ten."""


@dataclass(slots=True)
class SocketServer:
    """Open connections, and what was acknowledged."""

    url: str
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    acknowledged: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    opened: int = 0
    """How many connections there ever were."""

    async def send(
        self, kind: str, payload: dict[str, Any], *, via: int = 0, envelope: str = ""
    ) -> dict[str, Any] | None:
        """Deliver a payload; gives what the acknowledgement carried, None when none came within 3 s."""
        name = envelope or str(uuid.uuid4())
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.acknowledged[name] = waiting
        message = {
            "envelope_id": name,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            message |= {"retry_attempt": 0, "retry_reason": ""}
        await self.connections[via % len(self.connections)].send_json(message)
        try:
            return await asyncio.wait_for(waiting, timeout=3)
        except TimeoutError:
            return None

    async def refresh(self, which: int = 0) -> None:
        """Ask one connection to come again and close it a little later, as Slack does every few hours."""
        connection = self.connections[which]
        await connection.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        asyncio.get_running_loop().call_later(GRACE, lambda: asyncio.ensure_future(connection.close()))

    async def drop(self, which: int = 0) -> None:
        """Cut one connection off without a word."""
        connection = self.connections.pop(which)
        await connection.close()


@asynccontextmanager
async def socket_server() -> AsyncIterator[SocketServer]:
    """A server that Sitrep may connect to."""
    port = free_port()
    server = SocketServer(url=f"ws://127.0.0.1:{port}/link/?ticket=test&app_id={APP}")

    async def link(request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse(autoping=True)
        await connection.prepare(request)
        server.opened += 1
        server.connections.append(connection)
        await connection.send_json(
            {
                "type": "hello",
                "num_connections": len(server.connections),
                "connection_info": {"app_id": APP},
                "debug_info": {},
            }
        )
        async for message in connection:
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                _take(server, message.json())
        if connection in server.connections:
            server.connections.remove(connection)
        return connection

    app = web.Application()
    app.router.add_get("/link/", link)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield server
    finally:
        for connection in list(server.connections):
            await connection.close()
        await runner.cleanup()


def _take(server: SocketServer, message: dict[str, Any]) -> None:
    waiting = server.acknowledged.get(message.get("envelope_id", ""))
    if waiting is not None and not waiting.done():
        waiting.set_result(message)
