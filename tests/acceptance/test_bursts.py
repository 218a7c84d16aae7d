"""Many at once, twice, and forged."""

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.acceptance.people import APP, SIGNING_SECRET, TEAM
from tests.acceptance.slack import Ack, Payload, settled, signed
from tests.acceptance.story import card, somewhere
from tests.acceptance.world import POLICY, World, world

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]


async def _at_once(calls: Iterable[Awaitable[Ack]], width: int) -> list[Ack]:
    """All of them, so many under way at a time."""
    gate = asyncio.Semaphore(width)

    async def one(call: Awaitable[Ack]) -> Ack:
        async with gate:
            return await call

    return list(await asyncio.gather(*(one(call) for call in calls)))


async def test_a_thousand_requests_each_delivered_twice_have_a_thousand_effects(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        await here.slack.who("ana").types("declare critical Checkout is down", incidents)
        await card(here, 1, "INC-1")
        room = (await here.workspace.room(1))["id"]
        ana = here.slack.who("ana")
        commands = [ana.command(f"note Line {line:04}", room, trigger=f"1.{line}.burst") for line in range(700)]
        events = [(f"Ev0BURST{line:04}", f"note Line {line:04}") for line in range(700, 1000)]
        start = time.monotonic()

        acks = await _at_once(
            [
                *(here.slack.transport.send("slash_commands", command) for command in commands for _ in range(2)),
                *(_mention(here, room, name, text) for name, text in events for _ in range(2)),
            ],
            width=20,
        )

        took = time.monotonic() - start
        assert {ack.status for ack in acks} == {200}
        markdown = await here.sitrep.says("export", "INC-1")
        counts = [markdown.count(f"Line {line:04}") for line in range(1000)]
        assert set(counts) == {1}, [line for line, count in enumerate(counts) if count != 1]
        slowest = sorted(ack.took for ack in acks)[int(len(acks) * 0.99)]
        print(f"2,000 requests, 20 at a time: {2000 / took:.0f}/s, 99 in 100 within {slowest * 1000:.0f} ms")


async def _mention(here: World, room: str, name: str, text: str) -> Ack:
    return (await here.slack.who("ana").mentions(text, room, event_id=name)).ack


async def test_thirty_declarations_at_once_while_every_call_takes_200_ms(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        ana = here.slack.who("ana")
        await settled(here.proxy)
        here.proxy.latency = 0.2
        payloads = [
            ana.command(f"declare critical Trouble {line}", incidents, trigger=f"2.{line}.burst") for line in range(30)
        ]

        acks = await asyncio.gather(*(here.slack.transport.send("slash_commands", payload) for payload in payloads))

        assert {ack.status for ack in acks} == {200}
        assert max(ack.took for ack in acks) <= 1.0, sorted(ack.took for ack in acks)
        assert {f"INC-{number} is open" in " ".join(ack.body for ack in acks) for number in range(1, 31)} == {True}
        for number in range(1, 31):
            room = await here.workspace.room(number, within=120)
            await card(here, number, f"INC-{number} Trouble", within=120)
            await somewhere(here, incidents, f"INC-{number} Trouble", within=120)
            await _filled(here, number, room["id"])
        print(f"30 acknowledged within {max(ack.took for ack in acks) * 1000:.0f} ms at most")


async def _filled(here: World, number: int, room: str) -> None:
    for _ in range(600):
        topic = (await here.workspace.room(number))["topic"]["value"]
        if topic and "ana" in await here.workspace.members(room):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"INC-{number} has no topic or lacks its declarer")


async def test_forged_and_malformed_requests_are_turned_away(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY) as here:
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
        *(signed(body, at=time.time() + shift) for shift in (-301, -3600, -86400, 301, 3600, 86400)),
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
