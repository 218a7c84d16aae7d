"""What Slack might send, signed and odd, and what others might send in its name."""

import hmac
import json
import time
from hashlib import sha256
from random import Random
from typing import Any
from urllib.parse import quote_plus, urlencode

from adapters.slack.endpoint import PATH
from adapters.slack.manifest import EVENTS
from bot.catalog import COMMANDS
from tests.adapters.signing import FORM, JSON, SECRET, TEAM, press, submission
from tests.fuzz.odd import ENCODED, bent, changed, written
from tests.fuzz.shot import FORGED, Headers, Shot, shot

WORDS = [spec.word for spec in COMMANDS]
TEXTS = (
    "declare critical Checkout is down",
    "declare private Mail is read",
    "INC-1 note Restarted it",
    "INC-2 update We look into it next:30m",
    "INC-1 role sme <@U2|ben> <@U3>",
    "INC-2 priority high",
    "INC-3 status",
    "list all",
    "timeline INC-1",
    "why INC-2",
    "maintenance 22:30 2h New disks",
    "INC-1 services mail, checkout",
    "INC-2 resolve Rolled back",
    "INC-2 reopen It is back",
    "subscribe service:mail",
    "me 271828",
    "help update",
)
KINDS = (JSON, FORM, "text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "", "x")


def _command(chance: Random) -> dict[str, Any]:
    return {
        "command": chance.choice(("/incident", "/inc", "/other")),
        "text": chance.choice((*TEXTS, *WORDS)),
        "user_id": chance.choice(("U1", "U2", "U8", "W9")),
        "user_name": "ana",
        "channel_id": chance.choice(("C1", "G2", "D3")),
        "team_id": TEAM,
        "trigger_id": f"t{chance.getrandbits(48)}",
        "response_url": "http://127.0.0.1:9/x",
    }


def _value(chance: Random) -> str:
    texts = ("", "scribe", "high", "30m", "@{slack:T1/U2|Ben}", "private", "INC-2", "customers internal", "x")
    values = {
        chance.choice(("title", "text", "role", "what", "to", "people", "next", "of", "how")): chance.choice(texts)
        for _ in range(chance.randrange(3))
    }
    found = {"w": chance.choice(WORDS), "v": values, "i": chance.choice((None, 1, 2, 3, 99))}
    return json.dumps(changed(chance, found) if chance.random() < 0.4 else found)


def _press(chance: Random) -> dict[str, Any]:
    action = {
        "action_id": chance.choice((*WORDS, "_more", "_page", "claim#2")),
        "block_id": "b",
        "action_ts": f"1.{chance.getrandbits(30)}",
        "type": "button",
        "value": _value(chance),
        "selected_option": {"value": _value(chance)},
    }
    return press(trigger_id=f"t{chance.getrandbits(48)}", response_url="http://127.0.0.1:9/x", actions=[action])


def _submission(chance: Random) -> dict[str, Any]:
    form = submission(chance.choice(WORDS))
    elements = (
        {"type": "plain_text_input", "value": "words"},
        {"type": "static_select", "selected_option": {"value": "high"}},
        {"type": "multi_users_select", "selected_users": ["U2", "U3"]},
        {"type": "users_select", "selected_user": "U2"},
        {"type": "checkboxes", "selected_options": [{"value": "yes"}]},
        {"type": "multi_static_select", "selected_options": [{"value": "internal"}]},
        {"type": "datetimepicker", "selected_date_time": 1_800_000_000},
    )
    names = ("title", "text", "what", "how", "people", "role", "priority", "to", "next", "private", "reason")
    values = {name: {name: chance.choice(elements)} for name in chance.sample(names, 3)}
    carried = {"i": chance.choice((None, 1, 2, 3)), "v": {"role": "scribe"}, "c": {"place": "slack:T1/C1"}}
    if chance.random() < 0.3:
        carried = changed(chance, carried)
    form["view"] |= {
        "id": f"V{chance.getrandbits(40)}",
        "state": {"values": values},
        "private_metadata": json.dumps(carried),
        "blocks": [{"type": "input", "block_id": name, "element": {"action_id": name}} for name in names],
    }
    return form


def _event(chance: Random) -> dict[str, Any]:
    inner: dict[str, Any] = {
        "type": chance.choice((*EVENTS, "app_mention", "message")),
        "user": chance.choice(("U1", {"id": "U2", "name": "ben", "profile": {"email": "b@x"}, "tz": "Etc/UTC"})),
        "channel": chance.choice(("C1", {"id": "C1", "name": "inc-1", "created": 1}, "C2")),
        "text": f"<@UBOT> {chance.choice(TEXTS)}",
        "ts": "1.1",
        "thread_ts": "1.1",
        "old_channel_id": "C1",
        "new_channel_id": "C5",
        "inviter": "U1",
        "tokens": {"bot": ["UBOT"]},
        "files": [],
        "blocks": [],
    }
    return {
        "type": chance.choice(("event_callback",) * 8 + ("url_verification", "app_rate_limited")),
        "challenge": "c",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": f"Ev{chance.getrandbits(48)}",
        "event_time": 1,
        "event": inner,
        "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}],
    }


def _other(chance: Random) -> dict[str, Any]:
    kind = chance.choice(("view_closed", "shortcut", "message_action", "block_suggestion", "workflow_step_edit", "x"))
    return {**_press(chance), "type": kind, "callback_id": "x", "view": {"id": "V1"}, "value": "x"}


def _body(chance: Random) -> tuple[bytes, str]:
    """A body whose structure is odd, or was odd before it was written down."""
    times = chance.choice((0, 1, 1, 2, 5))
    kind = chance.randrange(5)
    if kind == 0:
        fields = changed(chance, _command(chance), times)
        if not isinstance(fields, dict):
            fields = {"command": fields}
        flat = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
        return urlencode(flat, errors="surrogatepass").encode(), FORM
    if kind == 1:
        return written(chance, changed(chance, _event(chance), times)), JSON
    payload = chance.choice((_press, _press, _submission, _submission, _other))(chance)
    return b"payload=" + quote_plus(written(chance, changed(chance, payload, times))).encode(), FORM


def envelope(chance: Random) -> str:
    """A frame of Socket Mode, its payload odd."""
    kind = chance.choice(("events_api", "interactive", "slash_commands"))
    make = {
        "events_api": _event,
        "interactive": chance.choice((_press, _submission, _other)),
        "slash_commands": _command,
    }
    payload = changed(chance, make[kind](chance), chance.choice((0, 1, 1, 2, 5)))
    frame = {"envelope_id": f"e{chance.getrandbits(40)}", "type": kind, "payload": payload}
    return written(chance, frame).decode("utf-8", "surrogatepass")


def signed(chance: Random) -> Shot:
    """Signed by Slack, whatever it holds."""
    raw, kind = _body(chance)
    odd = chance.randrange(12)
    if odd == 0:
        raw = bent(chance, raw)
    if odd == 1:
        kind = chance.choice(KINDS)
    headers = [*_signature(raw), ("Content-Type", kind)]
    if odd == 2:
        headers.append(("Content-Encoding", chance.choice(ENCODED)))
    return shot("slack, signed", "POST", PATH, headers, raw, short=odd == 3)


def forged(chance: Random) -> Shot:
    """In Slack's name, and not Slack's. Its words would be found again."""
    raw = urlencode({**_command(chance), "text": f"declare {FORGED}", "user_id": f"U{FORGED}"}).encode()
    now = int(time.time())
    match chance.randrange(9):
        case 0:
            headers = _signature(raw, secret="x" + SECRET)
        case 1:
            headers = _signature(raw, at=now - chance.randint(302, 10**7))
        case 2:
            headers = _signature(raw, at=now + chance.randint(302, 10**7))
        case 3:
            headers = _signature(bent(chance, raw) + b"&")
        case 4:
            headers = _signature(raw)
            name, value = headers[1]
            headers[1] = (name, _bent_hex(chance, value))
        case 5:
            headers = [chance.choice(_signature(raw))]
        case 6:
            headers = [*_signature(raw), *_signature(raw)]
        case 7:
            headers = _signature(raw, secret="")
        case _:
            headers = _signature(raw)
            place = chance.randrange(2)
            headers[place] = (headers[place][0], chance.choice(("", "v0=", "v1=" + "0" * 64, "null", "\xe9", "1e9")))
    return shot("slack, forged", "POST", PATH, [*headers, ("Content-Type", FORM)], raw, forged=True)


def _bent_hex(chance: Random, signature: str) -> str:
    at = chance.randrange(3, len(signature))
    other = chance.choice([digit for digit in "0123456789abcdef" if digit != signature[at]])
    return signature[:at] + other + signature[at + 1 :]


def _signature(raw: bytes, *, secret: str = SECRET, at: int | None = None) -> Headers:
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, sha256).hexdigest()
    return [("X-Slack-Request-Timestamp", stamp), ("X-Slack-Signature", f"v0={digest}")]
