"""Somebody's program that takes signed webhooks, as the Standard Webhooks specification describes it."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.receivers.web import WebReceiver

TOLERANCE = 300


@dataclass(slots=True)
class Hook(WebReceiver):
    """Takes each id once."""

    secret: str = ""
    """Empty: nothing is checked."""
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id, in the order they came."""
    repeats: int = 0
    """Requests with an id that was taken before."""
    refused: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.taken.values())

    def take(self, request: web.Request, body: bytes) -> web.Response:
        wrong = self._wrong(request, body) if self.secret else ""
        if wrong:
            self.refused.append(wrong)
            return web.Response(status=401)
        token = request.headers.get("webhook-id", str(len(self.taken)))
        self.repeats += token in self.taken
        self.taken.setdefault(token, json.loads(body))
        return web.json_response({})

    def _wrong(self, request: web.Request, body: bytes) -> str:
        token, stamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        if abs(time.time() - int(stamp)) > TOLERANCE:
            return "too old"
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        digest = hmac.new(key, f"{token}.{stamp}.".encode() + body, hashlib.sha256).digest()
        wanted = f"v1,{base64.b64encode(digest).decode()}"
        return "" if hmac.compare_digest(wanted, request.headers["webhook-signature"]) else "wrongly signed"
