"""The one way out to Teams: each call made once, and each outcome made a result or a `SendFailed`.

The SDK sends from a shared pool of threads, repeats nothing and waits 100 seconds (docs/teams.md), so calls are made
here; the outbox repeats. Nothing of a body is ever logged, neither ours nor Teams'. Our token goes to allowed hosts and
nowhere else: no redirect is followed.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from yarl import URL

from adapters.calling import NOT_REACHED, TIMEOUT, proxy_for, read_at_most
from adapters.meter import Meter
from adapters.sinks import SendFailed
from adapters.teams.addresses import ACTIVITY, CHAT, CONVERSATION, in_thread
from adapters.teams.budget import Budget
from adapters.teams.errands import (
    Errand,
    delete,
    listing,
    looking_up,
    new_chat,
    new_thread,
    put,
    say,
)
from adapters.teams.errors import WAIT, To, code_of, failure, json_of
from adapters.teams.hosts import address, allowed
from adapters.teams.turns import Turns

PATIENCE = 1.0
"""Seconds a call may wait in place for our own budget; longer waits are the outbox's."""
BUSY = 1.0
"""Seconds to leave a conversation alone where somebody else was at it in the same moment."""
SHORTEST_WAIT = 1.0
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer: a page of members is the longest."""
MOST_PAGES = 200
"""Of members. A channel of 100,000."""
UNAUTHORIZED, BUSY_THERE = 401, 412

log = logging.getLogger(__name__)


class HasToken(Protocol):
    """The tokens, as the connector sees them."""

    @property
    def bot(self) -> str:
        """Our own id in Teams; empty where there is none."""

    async def get(self) -> str:
        """The token; empty where nothing is authenticated. Raises SendFailed."""

    def refused(self, token: str) -> bool:
        """It was not taken. Whether a new one is worth a try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    raw: bytes
    retry_after: float | None
    """Seconds, where Teams names them."""


@dataclass(slots=True, kw_only=True)
class Connector:
    """Teams' connector for one bot. Safe to share between tasks."""

    session: aiohttp.ClientSession
    tokens: HasToken
    hosts: tuple[str, ...]
    budget: Budget
    meter: Meter
    turns: Turns = field(default_factory=Turns)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    timeout: aiohttp.ClientTimeout = TIMEOUT

    async def send(
        self,
        service_url: str,
        conversation: str,
        activity: Mapping[str, Any],
        *,
        to: To = "room",
        urgent: bool = False,
    ) -> str:
        """Say something, in a chat or in a thread; the activity's id. `urgent` passes others that wait.

        Raises SendFailed.
        """
        errand = say(conversation, activity, to=to, urgent=urgent)
        return self._named(errand, "id", await self._run(service_url, errand))

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Mapping[str, Any]) -> bool:
        """Put other words in the place of what was said; whether it is still there. Raises SendFailed."""
        errand = put(conversation, activity_id, activity)
        return await self._run(service_url, errand) is not None

    async def delete(self, service_url: str, conversation: str, activity_id: str) -> bool:
        """Take back what was said; whether it was there. Raises SendFailed."""
        return await self._run(service_url, delete(conversation, activity_id)) is not None

    async def create_thread(
        self,
        service_url: str,
        channel: str,
        activity: Mapping[str, Any],
        tenant: str,
        *,
        urgent: bool = False,
    ) -> tuple[str, str]:
        """Say something as a new post of a channel; the thread's id, its root included, and the activity's.

        Raises SendFailed.
        """
        errand = new_thread(channel, activity, tenant, bot=self.tokens.bot, urgent=urgent)
        found = await self._run(service_url, errand)
        thread = self._named(errand, "id", found)
        root = thread.partition(";messageid=")[2]
        said = str((found or {}).get("activityId") or root)
        if not ACTIVITY.fullmatch(said):
            raise self._unclear(errand, "Teams named no message")
        return in_thread(channel, root or said), said

    async def create_personal(self, service_url: str, user: str, tenant: str) -> str:
        """The chat with one person, begun if there was none: the same every time. Raises SendFailed."""
        errand = new_chat(user, tenant, bot=self.tokens.bot)
        return self._named(errand, "id", await self._run(service_url, errand))

    async def members(self, service_url: str, conversation: str) -> list[Mapping[str, Any]]:
        """Everybody in a conversation. Raises SendFailed."""
        found: list[Mapping[str, Any]] = []
        token, seen = "", set[str]()
        for _ in range(MOST_PAGES):
            page = await self._run(service_url, listing(conversation, token)) or {}
            listed = page.get("members")
            found += [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]
            token = str(page.get("continuationToken") or "")
            if not token or token in seen:
                break
            seen.add(token)
        return found

    async def member(self, service_url: str, conversation: str, user: str) -> Mapping[str, Any] | None:
        """One of them; None: nobody there has that id. Raises SendFailed."""
        return await self._run(service_url, looking_up(conversation, user))

    async def _run(self, service_url: str, errand: Errand) -> Mapping[str, Any] | None:
        if not allowed(service_url, self.hosts):
            self.meter.called(CHAT, errand.name, "failed")
            raise SendFailed("the service address is at no host of TEAMS_SERVICE_HOSTS", permanent=True)
        url = address(service_url, errand.path)
        token = await self.tokens.get()
        async with self.turns.turn(errand.place):
            await self._wait_for_budget(errand)
            answer = await self._attempt(url, errand, token)
            if answer.status == UNAUTHORIZED and token and self.tokens.refused(token):
                answer = await self._attempt(url, errand, await self.tokens.get())
        return self._judged(errand, answer)

    async def _wait_for_budget(self, errand: Errand) -> None:
        wait = self._ask(errand)
        if 0.0 < wait <= PATIENCE:
            await self.sleep(wait)
            wait = self._ask(errand)
        if wait > 0.0:
            raise SendFailed("Teams' limit for the conversation is used up", retry_after=wait)

    def _ask(self, errand: Errand) -> float:
        return self.budget.ask(errand.kind, errand.counted, self.clock(), urgent=errand.urgent)

    async def _attempt(self, url: str, errand: Errand, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self.session.request(
                errand.method,
                URL(url, encoded=True),
                json=errand.body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                proxy=proxy_for(url),
            ) as answer:
                raw = await read_at_most(answer, LARGEST)
                return Answer(status=answer.status, raw=raw, retry_after=_seconds(answer.headers.get("Retry-After")))
        except NOT_REACHED as fault:
            self.meter.called(CHAT, errand.name, "failed")
            raise SendFailed(f"Teams is not reached ({type(fault).__name__})") from fault
        except Exception as fault:
            # A drop, a time-out, an answer that is no HTTP: the call may have had its effect.
            raise self._unclear(errand, f"Teams did not answer properly ({type(fault).__name__})") from fault

    def _judged(self, errand: Errand, answer: Answer) -> Mapping[str, Any] | None:
        """The answer's object; None where what the call is about is not there, and that is an answer too."""
        if answer.status in errand.absent:
            self._went(errand)
            return None
        if answer.status in WAIT:
            raise self._limited(errand, answer)
        if not 200 <= answer.status < 300:  # HTTP: not done
            code = code_of(answer.raw)
            failed = failure(answer.status, code, to=errand.to, once=errand.once)
            self.meter.called(CHAT, errand.name, "unknown" if failed.outcome_unknown else "failed")
            log.info("refused", extra={"method": errand.name, "status": answer.status, "code": code})
            raise failed
        found = json_of(answer.raw)
        if found is None:
            raise self._unclear(errand, "Teams did not answer properly (no JSON)")
        self._went(errand)
        return found

    def _went(self, errand: Errand) -> None:
        self.budget.went(errand.kind, errand.counted)
        self.meter.called(CHAT, errand.name, "ok")

    def _limited(self, errand: Errand, answer: Answer) -> SendFailed:
        self.meter.called(CHAT, errand.name, "limited")
        if answer.status == BUSY_THERE:
            self.budget.close(errand.kind, errand.counted, BUSY, self.clock())
            return SendFailed("somebody else wrote there in the same moment", retry_after=BUSY)
        seconds = self.budget.limited(errand.kind, errand.counted, answer.retry_after, self.clock())
        return SendFailed("Teams asks to wait", retry_after=seconds)

    def _named(self, errand: Errand, name: str, found: Mapping[str, Any] | None) -> str:
        """An id in an answer. What names none did happen: nobody can tell what it is called."""
        value = (found or {}).get(name)
        if isinstance(value, str) and CONVERSATION.fullmatch(value):
            return value
        raise self._unclear(errand, f"Teams named no {name}")

    def _unclear(self, errand: Errand, reason: str) -> SendFailed:
        """It may have had its effect. That is told only where it matters: what may be repeated simply is."""
        self.meter.called(CHAT, errand.name, "unknown" if errand.once else "failed")
        return SendFailed(reason, outcome_unknown=errand.once)


def _seconds(header: str | None) -> float | None:
    """What Retry-After says in seconds; None where it says nothing, or a date, or nonsense."""
    if header is None or not header.strip().isascii() or not header.strip().isdigit():
        return None
    return max(float(header), SHORTEST_WAIT)
