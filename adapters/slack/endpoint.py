"""`POST /slack/events`: the door in front of everything that Slack sends over HTTP."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from slack_bolt.response import BoltResponse

from adapters.metrics import Metrics
from adapters.slack.front import Front
from adapters.slack.guard import LARGEST, check_encoding, check_signature, is_probe
from adapters.slack.intake import read_body
from adapters.web.bodies import TurnedAway, read_body_of

PATH = "/slack/events"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Slack over HTTP. Malformed, forged, replayed or foreign requests get 400 to 413, never a 5xx."""

    front: Front
    secrets: tuple[str, ...]
    """Signing secrets; two while one replaces the other."""
    now: Callable[[], float]
    """Unix seconds."""
    metrics: Metrics

    def routes(self) -> list[web.RouteDef]:
        """The route; other methods than POST find nothing there."""
        return [web.post(PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """One request, answered."""
        try:
            answer = await self._admit(request)
        except TurnedAway as away:
            log.info("turned away", extra={"status": away.status, "reason": away.reason})
            answer = BoltResponse(status=away.status)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self.metrics.turned_away.labels("slack", str(answer.status)).inc()
        return _response(answer)

    async def _admit(self, request: web.Request) -> BoltResponse:
        check_encoding(request.headers)
        raw = await read_body_of(request, LARGEST)
        if is_probe(request.headers, raw):
            return BoltResponse(status=200)
        now = self.now()
        sent = check_signature(request.headers, raw, secrets=self.secrets, now=now)
        self.metrics.clock_offset.set(sent - now)
        body = read_body(request.content_type, raw)
        if body.get("ssl_check") == "1":
            return BoltResponse(status=200)
        return await self.front.take(body)


def _response(answer: BoltResponse) -> web.Response:
    kind = answer.first_headers().get("content-type", "text/plain").partition(";")[0]
    return web.Response(status=answer.status, text=answer.body or "", content_type=kind)
