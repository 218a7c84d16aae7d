"""The door: what may come in over HTTP at all, before anybody asks who sent it.

The SDK answers 500 to a body that is no JSON (docs/teams.md); here whatever is malformed gets 400, 413 or 415.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from adapters.teams.payloads import at
from adapters.web.bodies import TurnedAway, read_body_of

LARGEST = 256 * 1024
"""Bytes of a body. A message of Teams has 100 KB at most, and a form's answers come with its card's data."""
DEEPEST = 50
"""Levels of objects and lists within each other."""

NEEDED = ("type", "channelId", "serviceUrl", "from.id", "conversation.id", "recipient.id")
"""What every activity says of itself: words that are not empty."""
ALLOWED: Mapping[str, type] = {
    "id": str,
    "text": str,
    "name": str,
    "replyToId": str,
    "locale": str,
    "channelData": dict,
    "entities": list,
    "attachments": list,
    "membersAdded": list,
    "membersRemoved": list,
    "reactionsAdded": list,
    "reactionsRemoved": list,
}
"""What may be missing, but is this where it is not."""

_HALF = re.compile(r"[\ud800-\udfff]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


async def read(request: web.Request) -> dict[str, Any]:
    """The activity in a request's body. Raises TurnedAway 400, 413 or 415."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise TurnedAway(415, "compressed body")  # a small one may unfold to any size
    if request.content_type != "application/json" or _charset(request) != "utf-8":
        raise TurnedAway(415, "body is not announced as JSON")
    return parse(await read_body_of(request, LARGEST))


def parse(raw: bytes) -> dict[str, Any]:
    """The activity in these bytes. Raises TurnedAway 400."""
    try:
        found = json.loads(raw.decode(), parse_constant=_no_constant, parse_float=_number)
    except (ValueError, RecursionError) as fault:
        raise TurnedAway(400, "body is not JSON") from fault
    if not isinstance(found, dict):
        raise TurnedAway(400, "body is no object")
    _check_content(found)
    return found


def shapes(activity: Mapping[str, Any]) -> None:
    """Whether it has what every activity has. Raises TurnedAway 400."""
    for path in NEEDED:
        found = at(activity, path)
        if not isinstance(found, str) or not found or _UNSEEN.search(found):
            raise TurnedAway(400, f"{path} is missing")
    for name, wanted in ALLOWED.items():
        found = activity.get(name)
        if found is not None and not isinstance(found, wanted):
            raise TurnedAway(400, f"{name} is something else")
    for name in ("id", "replyToId"):
        if _UNSEEN.search(activity.get(name) or ""):
            raise TurnedAway(400, f"{name} is no id")


def _charset(request: web.Request) -> str:
    try:
        return (request.charset or "utf-8").lower()
    except ValueError:  # a header that only looks like one
        return ""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError("a number too large")
    return found


def _check_content(found: object) -> None:
    """Nothing too deep, and no half of a surrogate pair, which can be written in JSON and stored nowhere."""
    level: list[object] = [found]
    for _ in range(DEEPEST):
        below: list[object] = []
        for one in level:
            if isinstance(one, str) and _HALF.search(one):
                raise TurnedAway(400, "text that no encoding takes")
            if isinstance(one, dict):
                below += [*one, *one.values()]
            elif isinstance(one, list):
                below += one
        if not below:
            return
        level = below
    raise TurnedAway(400, "body is too deep")
