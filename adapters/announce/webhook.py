"""`https:`: a signed request to somebody's own program, as the Standard Webhooks specification has it.

`webhook-id` is the same however often a message is tried, so that the receiver can take it once.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from adapters.announce.ground import Ground
from adapters.announce.reach import NOT_PUBLIC, Blocked, Outside
from adapters.announce.telling import Said, Way, retry_after
from adapters.calling import NOT_REACHED
from adapters.sinks import SendFailed, Unreadable
from config.announce_settings import WebhookSettings

LONGEST_BODY = 256 * 1024
"""Bytes."""
VERSION = 1
AGENT = "sitrep"
SLOW_DOWN = 30.0
"""Seconds we leave a receiver alone that asks us to and names no time."""
BASE64_MARK = "whsec_"
LATER = frozenset({408, 421, 423, 425})
"""4xx that may be otherwise in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Every `https:` address. Implements `adapters.announce.telling.Way`."""

    settings: WebhookSettings
    outside: Outside
    clock: Callable[[], float] = time.time

    def shown(self, address: str) -> str:
        """The host alone: what follows it is often a secret."""
        return f"The webhook at {_host(address)}"

    async def tell(self, said: Said) -> str:
        """Post it. Raises SendFailed."""
        body = json.dumps(payload(said), ensure_ascii=False).encode()
        if len(body) > LONGEST_BODY:
            raise SendFailed("the message is too long for a webhook", permanent=True)
        stamp = str(int(self.clock()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "webhook-id": said.token,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self.settings.secret.get_secret_value(), said.token, stamp, body),
        }
        try:
            status, answered = await self.outside.post(said.address, body, headers)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise _unreached(fault) from None
        _judge(status, answered)
        return said.token

    async def find(self, said: Said) -> str | Unreadable | None:
        """A repeat has the same id, by which its receiver knows it: it is told again."""
        del said
        return None

    async def close(self) -> None:
        """Give the connections back."""
        await self.outside.close()


def join(ground: Ground) -> Mapping[str, Way]:
    """What `https:` addresses (and `http:` of allowed hosts) are told by, where a secret is set up."""
    found = ground.settings.webhook
    if found is None:
        return {}
    return dict.fromkeys(("https", "http"), Webhook(settings=found, outside=Outside(hosts=found.hosts)))


def payload(said: Said) -> dict[str, Any]:
    """What a program reads (docs/channels.md). Grows only by more keys."""
    notice = said.notice
    return {
        "version": VERSION,
        "id": said.token,
        "type": f"incident.{notice.about.value}",
        "timestamp": _stamp(said.at),
        "audience": said.audience,
        "incident": {
            "id": said.thread,
            "number": notice.number,
            "headline": notice.headline,
            "status": notice.status,
            "priority": notice.priority or None,
            "major": notice.major,
            "services": list(notice.services),
            "declared_at": _stamp(notice.declared_at),
            "detected_at": _stamp(notice.detected_at),
        },
        "update": notice.update,
        "final": notice.final,
        "next_update_at": _stamp(notice.next_at),
        "no_update_because": notice.none_because or None,
        "title": said.title,
        "paragraphs": list(said.paragraphs),
        "text": said.text,
    }


def signature(secret: str, token: str, stamp: str, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, timestamp and body, in base64."""
    signed = hmac.new(_key(secret), b".".join((token.encode(), stamp.encode(), body)), hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def _key(secret: str) -> bytes:
    """The secret's bytes; after `whsec_` they are written in base64."""
    if secret.startswith(BASE64_MARK):
        try:
            return base64.b64decode(secret.removeprefix(BASE64_MARK), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _judge(status: int, headers: Mapping[str, str]) -> None:
    if status == 429 or (status == 503 and "Retry-After" in headers):
        raise SendFailed("it asks us to wait", retry_after=retry_after(headers, SLOW_DOWN))
    if status >= 500 or status in LATER:
        raise SendFailed(f"it has a fault ({status})", outcome_unknown=True)
    if 300 <= status < 400:
        raise SendFailed(f"it sends us elsewhere ({status}), which is not followed", permanent=True)
    if not 200 <= status < 300:
        raise SendFailed(f"it refuses the message ({status})", permanent=True)


def _unreached(fault: Exception) -> SendFailed:
    if isinstance(fault, Blocked) or isinstance(getattr(fault, "os_error", None), Blocked):
        return SendFailed(NOT_PUBLIC, permanent=True)
    if isinstance(fault, NOT_REACHED):
        return SendFailed("it cannot be reached")
    return SendFailed("it did not answer", outcome_unknown=True)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "…"
    except ValueError:
        return "…"


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
