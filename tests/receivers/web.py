"""A small web server that can be told to fail, and that can go away and come back at the same port."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from tests.receivers.troubles import Trouble


@dataclass(slots=True)
class WebReceiver:
    """Listens on loopback. What it takes in is for whoever inherits to say: here `take`."""

    port: int = 0
    trouble: Trouble | None = None
    seen: int = 0
    """Requests, failed ones too."""
    _runner: web.AppRunner | None = field(default=None, init=False)

    @property
    def running(self) -> bool:
        return self._runner is not None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.port or self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Nothing listens there any more: connections are refused."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.seen += 1
        body = await request.read()
        trouble = self.trouble if self.trouble is not None and self.trouble.strikes(request.method) else None
        if trouble is None:
            return self.take(request, body)
        if trouble.kind.isdecimal():
            headers = {"Retry-After": f"{trouble.seconds:.0f}"} if trouble.kind in {"420", "429"} else {}
            return web.Response(status=int(trouble.kind), headers=headers, text="<html>not now</html>")
        if trouble.kind == "slow":
            await asyncio.sleep(trouble.seconds)
            return self.take(request, body)
        if trouble.kind == "drop_after":
            self.take(request, body)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def take(self, request: web.Request, body: bytes) -> web.Response:
        """What a good request is answered."""
        raise NotImplementedError
