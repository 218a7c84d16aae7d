"""The one HTTP application: everybody's routes on one port, no answer that tells a stranger anything."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import HttpVersion11, web

from adapters.inbound import where
from adapters.web.callers import add_security

LARGEST = 1024 * 1024
"""Bytes of a request's body, unless a route reads it in its own way."""
GRACE = 4.0
"""Seconds that requests being answered have to finish at a stop; each has 2 to commit."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


@web.middleware
async def plain_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn a fault of ours into a short answer that shows no trace."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as fault:  # noqa: BLE001 - whoever asks learns nothing of it
        facts = {"path": request.path, "kind": type(fault).__name__, "where": where(fault)}
        log.error("a request could not be answered", extra=facts)  # noqa: TRY400 - its text may quote what somebody typed
        return web.Response(status=500, text="Sitrep met a fault.\n")


async def _expected(request: web.Request) -> None:
    """Go on where a request expects what is known. aiohttp's own refusal quotes the header, and fails over some."""
    if request.version < HttpVersion11:
        return
    if request.headers["Expect"].lower() != "100-continue":
        raise web.HTTPExpectationFailed
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # the answer itself is still to come


async def _not_found(_: web.Request) -> web.Response:
    return web.Response(status=404, text="Not found.\n")


def application(routes: Iterable[web.RouteDef]) -> web.Application:
    """The application with these routes; whatever else is asked for is not found."""
    app = web.Application(client_max_size=LARGEST, middlewares=[plain_faults])
    app.router.add_routes(
        web.RouteDef(one.method, one.path, one.handler, {**one.kwargs, "expect_handler": _expected})
        for one in (*routes, web.route("*", "/{anything:.*}", _not_found))
    )
    app.on_response_prepare.append(add_security)
    return app


async def serve(app: web.Application, *, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listen. Gives the runner (its `cleanup` stops accepting and waits for answers under way) and the port, which is
    the operating system's choice where 0 was asked for.

    Raises OSError where the address is taken or not ours.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=GRACE,
        auto_decompress=False,
        handler_cancellation=False,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, int(runner.addresses[0][1])
