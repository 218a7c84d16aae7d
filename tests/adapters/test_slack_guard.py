"""The door of `/slack/events`: what is forged, old, foreign or malformed gets 400 to 413, and goes no further."""

import gzip
import io
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.metrics import Metrics, metrics
from adapters.slack.endpoint import PATH, Endpoint
from adapters.slack.front import Front
from adapters.slack.guard import LARGEST
from adapters.slack.intake import kind_of, read_body
from adapters.web.bodies import TurnedAway
from adapters.web.server import application, serve
from tests.adapters.signing import FORM, JSON, NOW, SECRET, Signed, command, event, interaction, press, sign, submission

OTHER = "another-secret-in-rotation"


@dataclass
class Door:
    """The endpoint with nobody behind it but a list of what came through."""

    client: aiohttp.ClientSession
    metrics: Metrics
    passed: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def post(self, signed: Signed, **headers: str) -> int:
        raw, own = signed
        async with self.client.post(PATH, data=io.BytesIO(raw), headers=own | headers) as answer:
            await answer.read()
            return answer.status


def endpoint(figures: Metrics, passed: list[dict[str, Any]], team: str = "T1") -> Endpoint:
    async def bolt(request: AsyncBoltRequest) -> BoltResponse:
        passed.append(request.body)
        return BoltResponse(status=200)

    front = Front(bolt=bolt, team=lambda: team, metrics=figures)
    return Endpoint(front=front, secrets=(SECRET, OTHER), now=lambda: NOW, metrics=figures)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    figures, passed = metrics(), list[dict[str, Any]]()
    async with running(endpoint(figures, passed)) as client:
        yield Door(client, figures, passed)


@asynccontextmanager
async def running(one: Endpoint) -> AsyncIterator[aiohttp.ClientSession]:
    runner, port = await serve(application(one.routes()), host="127.0.0.1", port=0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        yield client
    await runner.cleanup()


@pytest.mark.parametrize(
    "signed", [command(), interaction(press()), interaction(submission()), event({"type": "app_mention", "user": "U1"})]
)
async def test_what_slack_signed_comes_in(door: Door, signed: Signed) -> None:
    assert await door.post(signed) == 200
    assert len(door.passed) == 1


async def test_either_secret_is_good_while_one_replaces_the_other(door: Door) -> None:
    raw, _ = command()

    assert await door.post(sign(raw, FORM, secret=OTHER)) == 200
    assert await door.post(sign(raw, FORM, secret="a third")) == 401


@pytest.mark.parametrize(("age", "status"), [(-299, 200), (299, 200), (-301, 401), (301, 401)])
async def test_a_request_is_good_for_five_minutes_either_way(door: Door, age: int, status: int) -> None:
    raw, _ = command()

    assert await door.post(sign(raw, FORM, at=NOW + age)) == status


async def test_the_address_is_verified_with_its_challenge(door: Door) -> None:
    raw, headers = sign(json.dumps({"type": "url_verification", "challenge": "c-1"}).encode(), JSON)

    async with door.client.post(PATH, data=raw, headers=headers) as answer:
        assert await answer.json() == {"challenge": "c-1"}


async def test_slacks_look_at_the_certificate_is_answered_signed_or_not(door: Door) -> None:
    raw = b"token=x&ssl_check=1"

    assert await door.post((raw, {"Content-Type": FORM})) == 200
    assert await door.post(sign(raw, FORM)) == 200
    assert door.passed == []


async def test_another_workspace_is_refused_and_counted(door: Door) -> None:
    assert await door.post(command(team_id="T2")) == 403
    assert await door.post(interaction(press(team={"id": "T2"}))) == 403
    assert await door.post(event({"type": "app_mention"}, team_id="T2")) == 403

    assert door.metrics.registry.get_sample_value("sitrep_foreign_requests_total", {"chat": "slack"}) == 3.0
    assert door.passed == []


async def test_while_our_workspace_is_not_known_slack_is_asked_to_come_again() -> None:
    figures = metrics()
    raw, headers = event({"type": "app_mention"})

    async with (
        running(endpoint(figures, [], team="")) as client,
        client.post(PATH, data=raw, headers=headers) as answer,
    ):
        assert answer.status == 503


async def test_events_above_slacks_hourly_limit_are_acknowledged_and_go_nowhere(door: Door) -> None:
    raw = json.dumps({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1}).encode()

    assert await door.post(sign(raw, JSON)) == 200
    assert door.passed == []


async def test_other_methods_find_nothing_there(door: Door) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        async with door.client.request(method, PATH) as answer:
            assert answer.status == 404


@pytest.mark.parametrize("kind", ["view_closed", "shortcut", "message_action", "block_suggestion"])
async def test_what_our_manifest_asks_for_none_of_goes_no_further(door: Door, kind: str) -> None:
    assert await door.post(interaction(press(type=kind, container=[], view="V1", channel=7))) == 404
    assert door.passed == []


RAW, GOOD = command()
STAMP, SIGNATURE = GOOD["X-Slack-Request-Timestamp"], GOOD["X-Slack-Signature"]

BAD_STAMPS = (
    "",
    "abc",
    "1e9",
    "-1700000000",
    "1700000000.5",
    "\uff19" * 10,
    "9" * 30,
    " ",
    "0x65",
    "NaN",
    "1700000000;",
)
BAD_SIGNATURES = (
    "",
    "v0=",
    "v1=" + SIGNATURE[3:],
    SIGNATURE[3:],
    SIGNATURE.upper(),
    SIGNATURE[:-1],
    SIGNATURE + "0",
    "v0=" + "ä" * 64,
    "v0=" + "0" * 64,
    "null",
    "v0=" + SIGNATURE,
    "🔥",
)
BAD_BODIES: tuple[tuple[bytes, str], ...] = (
    (b"", JSON),
    (b"{", JSON),
    (b"null", JSON),
    (b"[]", JSON),
    (b'"text"', JSON),
    (b"NaN", JSON),
    (b"[" * 100_000, JSON),
    (b'{"a":' * 50_000, JSON),
    (b"\xff\xfe\x00", JSON),
    (b'{"type": "event_callback", "x": "\\ud800"}', JSON),
    (b"9" * 5000, JSON),
    (b"{}", JSON),
    (b'{"type": 5}', JSON),
    (b'{"type": "event_callback"}', JSON),
    (b'{"type": "event_callback", "team_id": "T1", "event_id": "E", "event": "text"}', JSON),
    (b'{"type": "event_callback", "team_id": "T1", "event_id": "E", "event": {}}', JSON),
    (b'{"type": "event_callback", "team_id": "T1", "event_id": 7, "event": {"type": "x"}}', JSON),
    (b'{"type": "event_callback", "team_id": ["T1"], "event_id": "E", "event": {"type": "x"}}', JSON),
    (b'{"type": "url_verification"}', JSON),
    (b'{"type": "nonsense", "team_id": "T1"}', JSON),
    (b"", FORM),
    (b"payload=", FORM),
    (b"payload=%7B", FORM),
    (b"payload=%5B%5D", FORM),
    (b"payload=null", FORM),
    (b"text=%ff%fe", FORM),
    (b"\xff\xff", FORM),
    (b"&".join(b"a%d=1" % n for n in range(500)), FORM),
    (b"command=%2Fincident", FORM),
    (b"command=%2Fincident&user_id=U1", FORM),
    (b"command=%2Fincident&team_id=T1&channel_id=C1", FORM),
    (b"not a form at all", "text/plain"),
    (b"<xml/>", "application/xml"),
    (b"--x--", "multipart/form-data; boundary=x"),
)
BAD_PAYLOADS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "block_actions"},
    press(actions=[]),
    press(actions=[7]),
    press(actions=[{"action_id": None}]),
    press(actions={"action_id": "x"}),
    press(user="U1"),
    press(user={}),
    press(team=None),
    press(team="T1"),
    press(type=["block_actions"]),
    submission(view={}),
    submission(view={"id": "V", "callback_id": "c"}),
    submission(view={"id": "V", "callback_id": "c", "state": {"values": []}}),
    submission(view={"id": "V", "callback_id": "c", "state": {"values": {"a": 1}}}),
    submission(view={"id": "V", "callback_id": "c", "state": {"values": {"a": {"b": 1}}}}),
    submission(view={"id": "V", "callback_id": 5, "state": {"values": {}}}),
    submission(user=None),
)


def forgeries() -> list[tuple[str, Signed]]:
    """A hundred kinds and more: each as a name and a request."""
    kinds: list[tuple[str, Signed]] = [("nothing at all", (b"", {})), ("no headers", (RAW, {"Content-Type": FORM}))]
    kinds += [(f"stamp {stamp!r}", (RAW, GOOD | {"X-Slack-Request-Timestamp": stamp})) for stamp in BAD_STAMPS]
    kinds += [(f"signature {given!r}", (RAW, GOOD | {"X-Slack-Signature": given})) for given in BAD_SIGNATURES]
    kinds += [(f"without {name}", (RAW, {k: v for k, v in GOOD.items() if k != name})) for name in (*GOOD,)[:2]]
    kinds += [(f"body {raw[:30]!r}", sign(raw, kind)) for raw, kind in BAD_BODIES]
    kinds += [(f"unsigned body {raw[:30]!r}", (raw, {"Content-Type": kind})) for raw, kind in BAD_BODIES]
    kinds += [(f"payload {number}", interaction(payload)) for number, payload in enumerate(BAD_PAYLOADS)]
    kinds += [
        (f"coded {name}", (RAW, GOOD | {"Content-Encoding": name})) for name in ("gzip", "deflate", "br", "x, gzip")
    ]
    kinds += [("a bomb", (gzip.compress(b"0" * 50_000_000), GOOD | {"Content-Encoding": "gzip"}))]
    kinds += [("too large", sign(b"a" * (LARGEST + 1), FORM)), ("much too large", sign(b"a" * (4 * LARGEST), JSON))]
    kinds += [("old", sign(RAW, FORM, at=NOW - 86400)), ("future", sign(RAW, FORM, at=NOW + 86400))]
    kinds += [("foreign", command(team_id="T2")), ("without team", command(team_id=""))]
    return kinds


async def test_a_hundred_forged_and_malformed_kinds_are_turned_away(door: Door) -> None:
    kinds = forgeries()
    assert len(kinds) >= 100

    answers = {name: await door.post(signed) for name, signed in kinds}

    wrong = {name: status for name, status in answers.items() if status not in (400, 401, 403, 404, 413)}
    assert wrong == {}
    assert door.passed == []


async def test_every_flipped_bit_of_a_signature_is_refused(door: Door) -> None:
    for place, bit in product(range(3, len(SIGNATURE), 7), range(0, 7, 3)):
        flipped = SIGNATURE[:place] + chr(ord(SIGNATURE[place]) ^ (1 << bit)) + SIGNATURE[place + 1 :]
        if flipped.isprintable():
            assert await door.post((RAW, GOOD | {"X-Slack-Signature": flipped})) == 401

    assert door.passed == []


async def test_two_signatures_are_as_good_as_none(door: Door) -> None:
    headers = [*GOOD.items(), ("X-Slack-Signature", SIGNATURE)]

    async with door.client.post(PATH, data=RAW, headers=headers) as answer:
        assert answer.status == 401


async def test_a_body_is_refused_before_it_is_read_whole(door: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 65536 + 2):
            yield b"a" * 65536

    async with door.client.post(PATH, data=endless(), headers=GOOD) as answer:
        assert answer.status == 413


async def test_a_refusal_says_nothing_of_why(door: Door) -> None:
    async with door.client.post(PATH, data=b"{", headers={}) as answer:
        assert await answer.text() == ""


def verdict(kind: str, raw: bytes) -> int:
    try:
        kind_of(read_body(kind, raw))
    except TurnedAway as away:
        return away.status
    return 200


@given(raw=st.binary(max_size=300), kind=st.sampled_from([JSON, FORM, "text/plain", ""]))
@settings(max_examples=2000, deadline=None)
def test_any_bytes_are_either_read_or_refused(raw: bytes, kind: str) -> None:
    assert verdict(kind, raw) in (200, 400)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=1000, deadline=None)
def test_a_broken_copy_of_a_good_body_is_either_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    body = bytearray(json.dumps(chance.choice([press(), submission()])).encode())
    for _ in range(chance.randint(1, 20)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    assert verdict(JSON, bytes(body)) in (200, 400)
