"""The chats' side: deliveries that come again until they are acknowledged, and what they were meant to do."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.acceptance.people import APP, BOT, TEAM
from tests.acceptance.slack import signed
from tests.campaign.tenancy import Tenancy
from tests.campaign.workspace import channel, user

PATIENCE = aiohttp.ClientTimeout(total=3)
"""As long as Slack waits for an acknowledgement."""
AGAIN = 0.15
"""Seconds between two tries; chats take longer, which would only cost time here."""

Signs = Callable[[], Mapping[str, str]]
"""The headers of a try, with a signature of that moment."""


@dataclass(slots=True, kw_only=True)
class Intent:
    """Something that somebody asked for, once."""

    kind: str
    """The word: `note`."""
    words: str
    """What is in it and in nothing else; empty where nothing is."""
    incident: int = 0
    chat: str = "slack"
    began: float = 0.0
    """Seconds, `time.time()`."""
    acked: float = 0.0
    """Zero: never yet."""
    answer: str = ""
    """What came back with the acknowledgement, or in Teams after it."""
    tries: int = 0

    @property
    def refused(self) -> bool:
        """Whether the person was told that nothing came of it."""
        return any(words in self.answer for words in ("Nothing was saved", "was not changed", "Nothing was changed"))

    @property
    def unsure(self) -> bool:
        """Whether the person was sent to look, for it may have been done."""
        return "may have been" in self.answer


@dataclass(slots=True, kw_only=True)
class Senders:
    """The chats, as they knock at whichever replica the balancer picks."""

    session: aiohttp.ClientSession
    doors: Callable[[], list[str]]
    """Addresses of the replicas that take requests now."""
    responses: str
    """Where private answers may be posted."""
    chance: random.Random
    tenancy: Tenancy
    intents: list[Intent] = field(default_factory=list[Intent])
    odd: list[str] = field(default_factory=list[str])
    """Answers that nobody should get."""

    async def types(self, person: str, intent: Intent, text: str) -> Intent:
        """A slash command, sent until it is acknowledged."""
        fields = {
            "token": "unused",
            "team_id": TEAM,
            "channel_id": channel("incidents"),
            "user_id": user(person),
            "user_name": person,
            "command": "/incident",
            "text": text,
            "api_app_id": APP,
            "response_url": f"{self.responses}/response/{uuid.uuid4()}",
            "trigger_id": str(uuid.uuid4()),
        }
        return await self._from_slack(intent, urlencode(fields), "application/x-www-form-urlencoded")

    async def mentions(self, person: str, intent: Intent, text: str) -> Intent:
        """Words after a mention, sent until they are acknowledged."""
        ts = f"{time.time():.6f}"
        event = {
            "type": "app_mention",
            "user": user(person),
            "text": f"<@{BOT}> {text}",
            "ts": ts,
            "event_ts": ts,
            "channel": channel("incidents"),
            "team": TEAM,
        }
        envelope: dict[str, Any] = {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{uuid.uuid4().hex.upper()[:10]}",
            "event_time": int(time.time()),
        }
        return await self._from_slack(intent, json.dumps(envelope), "application/json")

    async def writes(self, person: str, intent: Intent, text: str) -> Intent:
        """Words to the bot in Teams, sent until they are acknowledged."""
        intent.chat = "teams"
        activity = self.tenancy.typed(person, text)
        kind = {"Content-Type": "application/json; charset=utf-8"}
        signs = lambda: {**kind, "Authorization": self.tenancy.bearer(activity)}  # noqa: E731 - it is for once
        return await self._deliver(intent, "/api/messages", json.dumps(activity), signs)

    async def _from_slack(self, intent: Intent, body: str, kind: str) -> Intent:
        def signs() -> Mapping[str, str]:
            again = {"X-Slack-Retry-Num": str(intent.tries)} if intent.tries else {}
            return {"Content-Type": kind, **again, **signed(body)}

        return await self._deliver(intent, "/slack/events", body, signs)

    async def _deliver(self, intent: Intent, path: str, body: str, signs: Signs) -> Intent:
        self.intents.append(intent)
        intent.began = time.time()
        while not await self._tried(intent, path, body, signs):  # noqa: ASYNC110 - as chats do
            await asyncio.sleep(AGAIN)
        return intent

    async def _tried(self, intent: Intent, path: str, body: str, signs: Signs) -> bool:
        doors = self.doors()
        if not doors:
            return False
        headers = signs()
        intent.tries += 1
        address = f"{self.chance.choice(doors)}{path}"
        try:
            async with self.session.post(address, data=body, headers=headers, timeout=PATIENCE) as response:
                answer = await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
        if response.status >= 500 or response.status == 401:
            return False
        if response.status != 200:
            self.odd.append(f"{intent.kind} got {response.status}: {answer[:100]}")
        intent.acked, intent.answer = time.time(), answer
        return True
