"""What may go wrong with a call of the connector: rules it asks before it acts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(slots=True, kw_only=True)
class Call:
    """A call of the connector as it came."""

    kind: str
    """`create_thread`, `create_personal`, `send`, `update`, `delete`, or what is read: `members`, `member`,
    `pagedmembers`, `channels`."""
    place: str
    """The conversation, with the thread; for a new chat, the person's id."""
    key: str
    """The activity or person that it is about; empty: none."""
    body: dict[str, Any]
    at: float
    """Seconds, `time.time()`."""
    status: int = 0
    """What it was answered with; 0 for a reset connection."""
    fault: str = ""
    """The kind of fault it met, if any."""
    acted: bool = False
    """Whether it had its effect."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One kind of trouble with one kind of call, for some of them."""

    call: str
    """`*` for every kind."""
    kind: str
    """A status (`429`, `412`, `500`, `403`, …), `html`, `drop_before`, `drop_after`, `delay`."""
    times: int = 1
    """For so many calls; -1 for all."""
    skip: int = 0
    """The first so many calls pass."""
    seconds: float = 1.0
    """Of a delay."""
    code: str = ""
    """Teams' word for it; by the status unless said."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Such as `Retry-After`."""
    status: int = 502
    """Of an `html` page."""
    acts: bool = False
    """What was asked happens all the same: only the answer is another."""
    when: Callable[[Call], bool] = field(default=lambda _: True)
    """Which calls are meant."""

    def strikes(self, call: Call) -> bool:
        """Whether this call is hit; each hit is counted off."""
        if self.times == 0 or self.call not in {"*", call.kind} or not self.when(call):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1 if self.times > 0 else 0
        return True


CODES = {
    400: "BadSyntax",
    401: "BotNotRegistered",
    403: "BotNotInConversationRoster",
    404: "ConversationNotFound",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "Throttled",
    500: "ServiceError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
BLOCKED = "MessageWritesBlocked"
"""The one code that comes in a body of another form."""


def refusal(status: int, code: str = "", headers: Mapping[str, str] | None = None) -> web.Response:
    """An error as the connector words it."""
    word = code or CODES.get(status, "Unknown")
    if word == BLOCKED:
        inner = json.dumps({"subCode": BLOCKED, "details": "Thread writes are blocked"})
        body: dict[str, Any] = {"errorCode": 209, "message": inner}
    else:
        body = {"error": {"code": word, "message": f"{word}: in the words of Microsoft."}}
    return web.json_response(body, status=status, headers=headers)


def broken(fault: Fault) -> web.Response:
    """The answer of a call that a fault took."""
    if fault.kind == "html":
        page = "<html><body>A gateway says hello.</body></html>"
        return web.Response(status=fault.status, text=page, content_type="text/html", headers=fault.headers)
    return refusal(int(fault.kind), fault.code, fault.headers)
