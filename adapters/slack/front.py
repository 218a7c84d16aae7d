"""What HTTP and Socket Mode have in common: a request of a known shape, of our workspace, handed to Bolt and timed."""

import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.metrics import Metrics
from adapters.slack.intake import Body, kind_of, team_of
from adapters.web.bodies import TurnedAway

WAYS: Mapping[str, str] = {
    "command": "command",
    "event_callback": "event",
    "block_actions": "action",
    "view_submission": "view",
}
"""How an acknowledgement is counted, by kind."""

UNHEARD = frozenset({"view_closed", "shortcut", "message_action", "block_suggestion"})
"""Kinds that our manifest asks for none of: nobody listens, and Bolt may fail over its own warning of that."""

MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What Bolt raises over a body whose parts are not what they should be."""

COME_AGAIN = 500
"""Statuses from here on mean: not saved, deliver it again."""

log = logging.getLogger(__name__)

Bolt = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an envelope of Socket Mode gets. `ok` False: no acknowledgement, so that it comes again."""

    ok: bool
    payload: Body | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Where every request of Slack passes, by whichever way it came."""

    bolt: Bolt
    team: Callable[[], str]
    """Our workspace's id; empty while it is not known yet."""
    metrics: Metrics

    async def take(self, body: Body) -> BoltResponse:
        """Check, hand over, time.

        Raises TurnedAway: 400 for a body that makes no sense, 403 for another workspace's, 503 while ours is unknown.
        """
        kind = kind_of(body)
        if kind == "url_verification":
            return BoltResponse(status=200, body={"challenge": body["challenge"]})
        self._check_team(body)
        if kind == "app_rate_limited":
            log.warning("Slack sends us no more than 30,000 events an hour, and there were more")
            return BoltResponse(status=200)
        if kind in UNHEARD:
            return BoltResponse(status=404)
        began = time.monotonic()
        answer = await self._handed_over(body)
        self.metrics.acks.labels(WAYS.get(kind, "other")).observe(time.monotonic() - began)
        if answer.status == HTTPStatus.FORBIDDEN:
            self._count_foreign()
        return answer

    async def judge(self, body: Body) -> Verdict:
        """The same for an envelope.

        What makes no sense, or is another workspace's, is acknowledged and goes no further: it would only come again.
        """
        try:
            answer = await self.take(body)
        except TurnedAway as away:
            self.metrics.turned_away.labels("slack", str(away.status)).inc()
            log.info("turned away", extra={"status": away.status, "reason": away.reason})
            return Verdict(ok=away.status < COME_AGAIN)
        if answer.status >= COME_AGAIN:
            return Verdict(ok=False)
        said = answer.body if answer.status == HTTPStatus.OK else ""
        return Verdict(ok=True, payload=json.loads(said) if said.startswith("{") else None)

    async def _handed_over(self, body: Body) -> BoltResponse:
        # The mode means: parsed already, signature no business of Bolt's.
        try:
            return await self.bolt(AsyncBoltRequest(body=body, mode="socket_mode"))
        except MALFORMED as fault:
            raise TurnedAway(400, "parts of the body are not what they should be") from fault

    def _check_team(self, body: Body) -> None:
        ours, theirs = self.team(), team_of(body)
        if not ours:
            raise TurnedAway(503, "our workspace is not known yet")
        if theirs != ours:
            self._count_foreign()
            raise TurnedAway(403, "another workspace")

    def _count_foreign(self) -> None:
        self.metrics.foreign.labels("slack").inc()
