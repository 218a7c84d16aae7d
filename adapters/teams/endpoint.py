"""`POST /api/messages`: the door in front of everything that Teams sends."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from adapters.inbound import where
from adapters.metrics import Metrics
from adapters.teams.guard import read, shapes
from adapters.teams.identity import Foreign, Forged, Rules, check, check_tenant
from adapters.teams.keys import Keys
from adapters.teams.payload_faults import BadPayload
from adapters.teams.turn import Body, Hears, take
from adapters.web.bodies import TurnedAway

PATH = "/api/messages"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Teams over HTTP. Malformed, forged or foreign requests get 400 to 415, never a 5xx."""

    hears: Hears
    rules: Rules
    keys: Keys
    ready: Callable[[], bool]
    """Whether what is stored of Teams was recalled."""
    is_busy: Callable[[BaseException], bool]
    """Whether what the database raised means: not now."""
    metrics: Metrics
    now: Callable[[], float] = time.time
    """Unix seconds."""

    def routes(self) -> list[web.RouteDef]:
        """The route; other methods than POST find nothing there."""
        return [web.post(PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """One activity, answered once its effect is committed."""
        try:
            return await self._admit(request)
        except TurnedAway as away:
            return self._away(away.status, away.reason)
        except Forged as forged:
            return self._away(401, str(forged))
        except Foreign as foreign:
            return self._away(403, str(foreign))
        except BadPayload as bad:
            return self._away(400, str(bad))
        except Exception as fault:
            if not self.is_busy(fault):
                raise
            log.error("an activity was not handled", extra={"kind": type(fault).__name__, "where": where(fault)})  # noqa: TRY400
            return web.Response(status=503, headers={"Retry-After": "5"})

    async def _admit(self, request: web.Request) -> web.Response:
        if not self.ready():
            return web.Response(status=503, headers={"Retry-After": "5"})
        activity = await read(request)
        shapes(activity)
        headers = request.headers.getall("Authorization", [])
        if len(headers) > 1:
            raise Forged("two Authorization headers")
        await check(headers[0] if headers else None, activity, self.rules, self.keys, self.now())
        check_tenant(activity, self.rules)
        answer = await take(activity, self.hears)
        return _response(activity.get("type") == "invoke", answer)

    def _away(self, status: int, reason: str) -> web.Response:
        log.info("turned away", extra={"status": status, "reason": reason})
        self.metrics.turned_away.labels("teams", str(status)).inc()
        return web.Response(status=status)


def _response(invoked: bool, answer: Body | None) -> web.Response:
    if not invoked:
        return web.Response(status=200)
    if answer is None:
        return web.Response(status=404)  # nobody serves that; the SDK says 501, and a fault it is not
    return web.json_response(answer) if answer else web.Response(status=200)
