"""What the connector's answers mean to a delivery (docs/teams.md), by status alone.

The same refusal comes with several bodies, so a body's code is only ever shown, never judged by.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, assert_never

from adapters.sinks import SendFailed

To = Literal["room", "person"]
"""Whom a call is for: it is they who are gone where Teams says so."""

Kind = Literal["auth", "again", "fault", "gone", "never"]

STATUSES: Mapping[int, tuple[Kind, str]] = {
    400: ("never", "Teams does not understand it"),
    401: ("auth", "Teams does not accept our token"),
    403: ("gone", "Teams does not let Sitrep write there"),
    404: ("gone", "Teams knows no such conversation"),
    405: ("never", "Teams does not do this there"),
    408: ("fault", "Teams took too long"),
    409: ("again", "Teams is busy with the same"),
    410: ("gone", "the conversation is gone"),
    413: ("never", "the message is too large for Teams"),
    415: ("never", "Teams does not understand it"),
    423: ("again", "the conversation is locked for now"),
    425: ("again", "Teams is not ready for it"),
    501: ("never", "Teams does not do this there"),
}
CODES: Mapping[str, str] = {
    "ConversationBlockedByUser": "they have blocked Sitrep",
    "MessageWritesBlocked": "they have blocked Sitrep",
    "BotNotInConversationRoster": "Sitrep is not installed there",
    "BotDisabledByAdmin": "an administrator has switched Sitrep off",
    "BotNotRegistered": "the bot is not registered",
    "ConversationNotFound": "Teams knows no such conversation",
    "MessageSizeTooBig": "the message is too large for Teams",
}
"""What people read in place of a status's words."""

WAIT = (412, 429)
"""Somebody else was at it in the same moment; too many calls."""

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)


def failure(status: int, code: str, *, to: To, once: bool) -> SendFailed:
    """The failure that an answer with that status comes to, waits left aside.

    `once`: it must not happen twice, so that an outcome nobody knows is told as one.
    """
    kind, words = STATUSES.get(status, _other(status))
    reason = f"{CODES.get(code, words)} ({f'{status} {code}' if code else status})"
    match kind:
        case "auth":
            return SendFailed(reason, auth=True)
        case "again":
            return SendFailed(reason)
        case "fault":
            return SendFailed(reason, outcome_unknown=once)
        case "gone":
            return SendFailed(reason, permanent=True, gone=to)
        case "never":
            return SendFailed(reason, permanent=True)
        case _:
            assert_never(kind)


def _other(status: int) -> tuple[Kind, str]:
    """A status nobody listed: better late than lost, but not what Teams says is wrong with the call."""
    if status >= 500:  # HTTP: a fault of theirs
        return "fault", "Teams has a fault"
    if status >= 400:  # HTTP: a fault of ours
        return "never", "Teams refuses it"
    return "again", "Teams sends us elsewhere"


def code_of(raw: bytes) -> str:
    """Teams' word for what is wrong, in whichever of its forms; empty where there is none."""
    body = json_of(raw)
    error = body.get("error") if body else None
    places = (*([error] if isinstance(error, dict) else []), body or {})
    for place in places:
        for name in ("code", "subCode", "errorCode"):
            found = place.get(name)
            if isinstance(found, str) and _CODE.fullmatch(found):
                return found
    return ""


def json_of(raw: bytes) -> dict[str, Any] | None:
    """The body as an object; an empty body is an empty one; None where it is something else."""
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
