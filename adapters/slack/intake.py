"""From Slack's bytes to one of the few shapes it sends. What has none of them is malformed and goes no further."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from adapters.web.bodies import TurnedAway

Body = dict[str, Any]

MOST_FIELDS = 100

SHAPES: Mapping[str, tuple[tuple[str, type], ...]] = {
    "command": (
        ("command", str),
        ("user_id", str),
        ("channel_id", str),
        ("team_id", str),
    ),
    "url_verification": (("challenge", str),),
    "app_rate_limited": (("team_id", str),),
    "event_callback": (("team_id", str), ("event_id", str), ("event", dict), ("event.type", str)),
    "block_actions": (("team.id", str), ("user.id", str), ("actions", list)),
    "view_submission": (
        ("team.id", str),
        ("user.id", str),
        ("view.id", str),
        ("view.callback_id", str),
        ("view.state.values", dict),
    ),
    "view_closed": (("team.id", str), ("user.id", str)),
    "shortcut": (("team.id", str), ("user.id", str)),
    "message_action": (("team.id", str), ("user.id", str)),
    "block_suggestion": (("team.id", str), ("user.id", str)),
}
"""What each kind must at least have, and as what. Kinds that are not in here are not ours."""


def read_body(content_type: str, raw: bytes) -> Body:
    """The body as Slack meant it: JSON for events, a form for commands, JSON within a form for buttons and views.

    Raises TurnedAway 400.
    """
    try:
        if content_type == "application/json":
            return _json(raw.decode())
        fields = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except (ValueError, RecursionError) as fault:
        raise TurnedAway(400, "body cannot be read") from fault
    form = dict(fields)
    return _json(form["payload"]) if "payload" in form else form


def _json(text: str) -> Body:
    try:
        found = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:  # half a surrogate pair can be written in JSON and stored nowhere
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as fault:
        raise TurnedAway(400, "body is not JSON") from fault
    if not isinstance(found, dict):
        raise TurnedAway(400, "body is no object")
    return found


def _no_constant(name: str) -> None:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def kind_of(body: Body) -> str:
    """Which shape the body has: a key of SHAPES.

    Raises TurnedAway 400 for one that has none of them.
    """
    kind = "command" if "command" in body else body.get("type")
    if not isinstance(kind, str) or kind not in SHAPES:
        raise TurnedAway(400, "no kind of request that Slack sends")
    for path, wanted in SHAPES[kind]:
        if not isinstance(at(body, path), wanted):
            raise TurnedAway(400, f"{path} is missing")
    if kind == "block_actions":
        _check_actions(body["actions"])
    if kind == "view_submission":
        _check_state(body["view"]["state"]["values"])
    return kind


def _check_actions(actions: list[Any]) -> None:
    if not actions or not all(isinstance(one, dict) and isinstance(one.get("action_id"), str) for one in actions):
        raise TurnedAway(400, "actions are missing")


def _check_state(values: dict[Any, Any]) -> None:
    blocks = values.values()
    if not all(isinstance(block, dict) and all(isinstance(one, dict) for one in block.values()) for block in blocks):
        raise TurnedAway(400, "state is no table of values")


def at(body: Mapping[str, Any], path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    found: Any = body
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def team_of(body: Body) -> str:
    """The workspace the request speaks for; empty where it names none."""
    for path in ("team_id", "team.id"):
        found = at(body, path)
        if isinstance(found, str) and found:
            return found
    return ""
