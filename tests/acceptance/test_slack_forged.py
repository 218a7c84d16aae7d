"""What is not Slack's own, or is nothing that Slack would send, is turned away."""

import io
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.acceptance.people import APP, SIGNING_SECRET, TEAM
from tests.acceptance.slack import Payload, settled, signed
from tests.acceptance.world import World, world

pytestmark = pytest.mark.timeout(240)


async def test_forged_and_malformed_requests_are_turned_away(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        channel = await here.workspace.channel("incidents")
        good = here.slack.who("ana").command("declare critical Forged", channel, trigger="3.1.forged")
        requests = [*_forged(good), *_malformed(good)]
        assert len(requests) >= 100

        statuses = [await _sent(here, body, headers) for body, headers in requests]

        wrong = [
            (status, body[:80], headers)
            for status, (body, headers) in zip(statuses, requests, strict=True)
            if status not in GOOD
        ]
        assert wrong == []
        await settled(here.proxy)
        assert not [name for name in await here.workspace.channels() if name.startswith("inc-")]
        assert "Traceback" not in here.sitrep.log
        status, _ = await here.sitrep.page("/healthz")
        assert status == 200


GOOD = {400, 401, 403, 404, 413}
"""403: a request in the name of another workspace."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
Request = tuple[bytes, dict[str, str]]


async def _sent(here: World, body: bytes, headers: dict[str, str]) -> int:
    url = f"{here.sitrep.url}/slack/events"
    try:
        async with here.workspace.session.post(url, data=io.BytesIO(body), headers=headers) as response:
            return response.status
    except aiohttp.ClientError:
        return 413  # the server may hang up on a body that is too large before it was sent whole


def _forged(good: Payload) -> list[Request]:
    """A good request with something wrong about its signature."""
    body = urlencode(good)
    right = signed(body)
    stamp, signature = right["X-Slack-Request-Timestamp"], right["X-Slack-Signature"]
    made: list[dict[str, str]] = [
        {},
        {"X-Slack-Request-Timestamp": stamp},
        {"X-Slack-Signature": signature},
        *(
            {"X-Slack-Request-Timestamp": other, "X-Slack-Signature": signature}
            for other in ("", "now", "-1", "1e9", "٣", "9" * 40, "NaN")
        ),
        *(
            {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": other}
            for other in (
                "",
                "v0=",
                "v0=0",
                "v1=" + signature[3:],
                signature[:-1],
                signature.upper(),
                "v0=" + "0" * 64,
                "v0=é",
                "x" * 5000,
            )
        ),
        *(signed(body, at=time.time() + shift) for shift in (-301, -3600, -86400, 360, 3600, 86400)),
        *(signed(body, secret=secret) for secret in ("", "wrong", SIGNING_SECRET[:-1], SIGNING_SECRET.upper())),
        *(signed(body + other) for other in ("&", " ", "x", "&text=cancel")),
    ]
    encoded = [(body.encode(), FORM | headers) for headers in made if _sendable(headers)]
    other_body = [(urlencode({**good, key: "changed"}).encode(), FORM | right) for key in good]
    return [*encoded, *other_body]


def _sendable(headers: dict[str, str]) -> bool:
    return all("\n" not in value for value in headers.values())


def _malformed(good: Payload) -> list[Request]:
    """Signed well, and nothing that Slack would send."""
    form_bodies: list[str] = [
        "",
        "&&&",
        "payload=",
        "payload=%7B",
        "payload=[]",
        "payload=null",
        "payload=42",
        "payload=%7B%7D",
        "command=%2Fincident",
        "text=declare+critical+x",
        "ssl_check=0",
        *(
            urlencode({key: value for key, value in good.items() if key != gone})
            for gone in ("user_id", "channel_id", "team_id")
        ),
        urlencode({**good, "team_id": "T0ANOTHER"}),
        "&".join(f"a{number}=1" for number in range(5000)),
        "x" * 2_000_000,
        *(urlencode({"payload": json.dumps(payload)}) for payload in _odd_interactions()),
    ]
    json_bodies: list[str] = [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "1e999",
        "NaN",
        '{"type": 1}',
        '{"type": "event_callback"}',
        '{"type": "event_callback", "team_id": "T000000001", "event_id": "Ev1"}',
        '{"type": "event_callback", "team_id": "T000000001", "event_id": "Ev1", "event": []}',
        '{"type": "event_callback", "team_id": "T000000001", "event_id": 5, "event": {"type": "app_mention"}}',
        '{"type": "event_callback", "team_id": {"a": 1}, "event_id": "Ev1", "event": {"type": "app_mention"}}',
        '{"type": "event_callback", "team_id": "T0ANOTHER", "event_id": "Ev1", "event": {"type": "app_mention"}}',
        '{"type": "nobody_knows"}',
        '{"type": "url_verification"}',
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"type": "\\ud800"}',
        "true",
        '{"type": ["event_callback"]}',
        '{"type": "event_callback", "team_id": "T000000001", "event_id": "Ev1", "event": {"type": 7}}',
        '{"type": "app_rate_limited"}',
        "\x00",
        "\ufeff{}",
    ]
    made = [(body.encode(), FORM | signed(body)) for body in form_bodies] + [
        (body.encode(), JSON | signed(body)) for body in json_bodies
    ]
    made.append(
        (b"\xff\xfe\x00", FORM | {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=0"})
    )
    return made


def _odd_interactions() -> list[Any]:
    user, team = {"id": "U1"}, {"id": TEAM}
    press = {"type": "block_actions", "user": user, "team": team, "api_app_id": APP}
    submit = {"type": "view_submission", "user": user, "team": team}
    return [
        {"type": "block_actions"},
        {"type": "nobody_knows", "user": user, "team": team},
        press,
        press | {"actions": {}},
        press | {"actions": []},
        press | {"actions": [5]},
        press | {"actions": [{"action_id": 5}]},
        press | {"user": "U1", "actions": [{"action_id": "claim"}]},
        press | {"team": {"id": "T0ANOTHER"}, "actions": [{"action_id": "claim", "value": "{}"}]},
        submit,
        submit | {"view": []},
        submit | {"view": {"id": "V1", "callback_id": "update"}},
        submit | {"view": {"id": "V1", "callback_id": "update", "state": {"values": []}}},
        submit | {"view": {"id": "V1", "callback_id": "update", "state": {"values": {"what": 5}}}},
        submit | {"view": {"id": "V1", "callback_id": 5, "state": {"values": {}}}},
    ]
