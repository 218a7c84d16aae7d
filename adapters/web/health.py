"""`/healthz`, `/readyz`, `/metrics` and `/` (docs/contract.md 3)."""

from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from adapters.metrics import Metrics
from adapters.web.callers import trusted
from adapters.web.life import Life

FRONT = "/status"
"""Where strangers are sent who ask for nothing in particular: what they may read."""


def routes(*, life: Life, metrics: Metrics, token: str, front: bool = True) -> list[web.RouteDef]:
    """The routes, answered from memory alone. `token`: the bearer for details from elsewhere; empty: none is good.

    `front` False: somebody else has a page at `/`.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(request: web.Request) -> web.Response:
        return ready(life, details=trusted(request, token))

    async def figures(request: web.Request) -> web.Response:
        if not trusted(request, token):
            return web.Response(status=401, text="A bearer token is needed.\n", headers={"WWW-Authenticate": "Bearer"})
        _show(life, metrics)
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def front_page(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": FRONT})

    return [
        *([web.get("/", front_page)] if front else []),
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/metrics", figures),
    ]


def _show(life: Life, metrics: Metrics) -> None:
    """The same for who reads figures alone."""
    metrics.ready.set(not life.reason())
    metrics.degraded.clear()
    for chat in life.degraded:
        metrics.degraded.labels(chat).set(1)


def ready(life: Life, *, details: bool) -> web.Response:
    """Whether traffic is wanted. A chat that fails is named and still 200: its outage must not take the other away."""
    reason = life.reason()
    said: dict[str, object] = {"ready": not reason}
    if reason:
        said["reason"] = reason
    if life.degraded:
        said["degraded"] = sorted(life.degraded)
    if details:
        said["details"] = {"phase": life.phase.value, "database": life.database or "ok", "chats": life.degraded}
    return web.json_response(said, status=503 if reason else 200)
