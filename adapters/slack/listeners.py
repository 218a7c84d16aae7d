"""Which of Slack's requests goes where, told to Bolt. A listener returns its acknowledgement: Bolt waits for it, and so
nothing is acknowledged before it is committed (`process_before_response`, docs/slack.md).
"""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.inbound import NotSaved, where
from adapters.slack.directory import Directory
from adapters.slack.front import MALFORMED
from adapters.slack.intake import Body
from adapters.slack.payload_faults import BadPayload, ForeignTeam

ANYTHING = re.compile(r"[\s\S]*")
COMMAND = re.compile(r"/.*")
"""Whatever the operator called it, `/incident` and `/inc` in our manifest: no other command of theirs comes to us."""

log = logging.getLogger(__name__)
bolt_log = logging.getLogger(f"{__name__}.bolt")

Receive = Callable[[Body], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """What is done with each kind of request. Each may raise BadPayload and NotSaved."""

    commanded: Receive
    pressed: Receive
    submitted: Receive
    mentioned: Receive
    happened: Receive
    """Any other event."""


def bolt_app(receivers: Receivers, directory: Directory) -> AsyncApp:
    """Bolt with our listeners. It calls nothing outside: who we are is known from the directory."""
    bolt_log.setLevel(logging.ERROR)  # its warnings quote request bodies
    app = AsyncApp(
        name="sitrep",
        logger=bolt_log,
        process_before_response=True,
        request_verification_enabled=False,  # done before anything is parsed
        ssl_check_enabled=False,
        url_verification_enabled=False,
        authorize=_authorize(directory),
    )
    app.command(COMMAND)(_listener(receivers.commanded))
    app.action(ANYTHING)(_listener(receivers.pressed))
    app.view_submission(ANYTHING)(_listener(receivers.submitted))
    app.event("app_mention")(_listener(receivers.mentioned))
    app.event(ANYTHING)(_listener(receivers.happened))
    app.error(_answer_fault)
    return app


def _authorize(directory: Directory) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        me = directory.required()
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id=me.user, bot_id=me.bot)

    return authorize


def _listener(receive: Receive) -> Callable[..., Awaitable[BoltResponse]]:
    async def listener(body: dict[str, Any]) -> BoltResponse:
        return await receive(body)

    return listener


async def _answer_fault(error: Exception) -> BoltResponse:
    """What Slack gets where a request was not handled: 503 makes it deliver an event again."""
    if isinstance(error, ForeignTeam):
        return BoltResponse(status=403)
    if isinstance(error, BadPayload):
        log.info("a request makes no sense", extra={"reason": str(error)})
        return BoltResponse(status=400)
    if isinstance(error, NotSaved):
        return BoltResponse(status=503)
    log.error("a request was not handled", extra={"kind": type(error).__name__, "where": where(error)})
    return BoltResponse(status=400 if isinstance(error, MALFORMED) else 503)
