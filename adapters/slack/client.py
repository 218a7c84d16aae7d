"""The one way out to Slack's Web API: each call sent once, and each outcome made a result or a `SendFailed`.

The SDK's own retries are off: they would post twice what had arrived once (docs/slack.md). Nothing of a body is ever
logged, neither ours nor Slack's.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.calling import NOT_REACHED, proxy_for
from adapters.meter import Meter, Result
from adapters.sinks import SendFailed
from adapters.slack.addresses import CHAT
from adapters.slack.budget import Budget, Haste
from adapters.slack.errors import refusal

PATIENCE = 1.0
"""Seconds a call may wait in place for our own budget; longer waits are the outbox's."""

RETRY_AFTER = 10.0
"""Seconds, where Slack asks to wait and names no time."""
LONGEST_WAIT = 3600.0
"""Seconds. No answer closes a method for longer, whatever it says."""

FORM = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "usergroups.list",
        "users.conversations",
        "users.info",
        "users.list",
    }
)
"""Methods that take a form and no JSON: those that read."""

Answer = Mapping[str, Any]

log = logging.getLogger(__name__)
sdk_log = logging.getLogger(f"{__name__}.sdk")


def web_client(*, token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """The SDK's client, without its retries and without its logging of bodies."""
    sdk_log.setLevel(logging.INFO)  # below that it logs every body
    made = AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[], logger=sdk_log)
    made.proxy = proxy_for(made.base_url)  # the SDK itself would send loopback addresses to a proxy as well
    return made


@dataclass(slots=True, kw_only=True)
class Client:
    """Slack's Web API for one bot token. Safe to share between tasks."""

    web: AsyncWebClient
    budget: Budget
    meter: Meter
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    scopes: frozenset[str] = field(default_factory=frozenset)
    """What the token may do, as Slack's last answer said; empty: it never said."""

    async def call(
        self, method: str, /, *, haste: Haste = Haste.NEWS, expect: Collection[str] = (), **arguments: Any
    ) -> Answer:
        """Call a method once and give its answer.

        An answer with an error in `expect` is given like a good one. With more `haste` it passes others that wait.
        Raises SendFailed for everything else.
        """
        await self._wait_for_budget(method, str(arguments.get("channel", "")), haste=haste)
        try:
            response = await self.web.api_call(method, **_body(method, arguments))
        except SlackApiError as refused:
            return self._refused(method, refused, expect)
        except NOT_REACHED as fault:
            raise self._failed(method, "failed", f"Slack is not reached ({type(fault).__name__})") from fault
        except Exception as fault:
            # A drop, a time-out, or a body over which the SDK itself stumbles: the call may have had its effect.
            what = f"Slack did not answer properly ({type(fault).__name__})"
            raise self._failed(method, "unknown", what) from fault
        self.meter.called(CHAT, method, "ok")
        self._note_scopes(response.headers)
        return _data(response)

    async def _wait_for_budget(self, method: str, channel: str, *, haste: Haste) -> None:
        wait = self.budget.ask(method, channel, self.clock(), haste)
        if 0.0 < wait <= PATIENCE:
            await self.sleep(wait)
            wait = self.budget.ask(method, channel, self.clock(), haste)
        if wait > 0.0:
            raise SendFailed(f"Slack's limit for {method} is used up", retry_after=wait)

    def _refused(self, method: str, refused: SlackApiError, expect: Collection[str]) -> Answer:
        status = _status(refused.response)
        answer = _data(refused.response)
        code = str(answer.get("error", ""))
        if status == 429 or code in ("ratelimited", "rate_limited"):  # HTTP: too many requests
            seconds = _retry_after(refused.response)
            self.budget.close(method, seconds, self.clock())
            self.meter.called(CHAT, method, "limited")
            raise refusal("ratelimited", retry_after=seconds)
        if status >= 500 or not code:  # HTTP: a fault of theirs; or no answer of Slack's own
            raise self._failed(method, "unknown", f"Slack did not answer properly (status {status})")
        if code in expect:
            self.meter.called(CHAT, method, "ok")
            return answer
        failed = refusal(code, needed=str(answer.get("needed") or ""))
        self.meter.called(CHAT, method, "unknown" if failed.outcome_unknown else "failed")
        log.info("refused", extra={"method": method, "code": code})
        raise failed

    def _failed(self, method: str, result: Result, reason: str) -> SendFailed:
        self.meter.called(CHAT, method, result)
        return SendFailed(reason, outcome_unknown=result == "unknown")

    def _note_scopes(self, headers: Any) -> None:
        named = headers.get("x-oauth-scopes") if headers else None
        if named:
            self.scopes = frozenset(scope.strip() for scope in str(named).split(","))


def _body(method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if method not in FORM:
        return {"json": dict(arguments)}
    return {"data": {name: _as_field(value) for name, value in arguments.items()}}


def _as_field(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _data(response: Any) -> dict[str, Any]:
    data = getattr(response, "data", None)
    return data if isinstance(data, dict) else {}


def _status(response: Any) -> int:
    """Of the SDK's response, or of aiohttp's, which the SDK hands over where a body is not JSON."""
    found = getattr(response, "status_code", None) or getattr(response, "status", 0)
    return found if isinstance(found, int) else 0


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    try:
        return min(max(1.0, float(headers.get("Retry-After", RETRY_AFTER))), LONGEST_WAIT)
    except ValueError:
        return RETRY_AFTER
