"""What Slack sends, as Slack signs it."""

import hmac
import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T1"
NOW = 1_700_000_000.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

Signed = tuple[bytes, dict[str, str]]


def sign(raw: bytes, kind: str, *, secret: str = SECRET, at: float = NOW) -> Signed:
    """The body with its headers."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}
    return raw, headers


def command(text: str = "help", **fields: str) -> Signed:
    known = {
        "command": "/incident",
        "text": text,
        "user_id": "U1",
        "user_name": "ana",
        "channel_id": "C1",
        "channel_name": "general",
        "team_id": TEAM,
        "trigger_id": "tr-1",
        "response_url": "https://hooks.slack.com/commands/1",
    }
    return sign(urlencode(known | fields).encode(), FORM)


def interaction(payload: dict[str, Any]) -> Signed:
    return sign(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


def event(inner: dict[str, Any], **outer: object) -> Signed:
    known: dict[str, Any] = {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event_time": int(NOW),
        "event": inner,
        "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}],
    }
    return sign(json.dumps(known | outer).encode(), JSON)


def press(action_id: str = "claim", **more: object) -> dict[str, Any]:
    known: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "trigger_id": "tr-1",
        "response_url": "https://hooks.slack.com/actions/1",
        "channel": {"id": "C1"},
        "container": {"type": "message", "channel_id": "C1", "message_ts": "1.1"},
        "actions": [{"action_id": action_id, "block_id": "b", "type": "button", "value": "{}", "action_ts": "1.2"}],
    }
    return known | more


def submission(callback_id: str = "resolve", **more: object) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": "V1",
        "type": "modal",
        "hash": "h1",
        "callback_id": callback_id,
        "private_metadata": "",
        "state": {"values": {"how": {"how": {"type": "plain_text_input", "value": "rolled back"}}}},
    }
    known: dict[str, Any] = {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "view": view,
    }
    return known | more
