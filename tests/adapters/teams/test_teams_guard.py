"""What may come in at all: an activity, in JSON, of a size and depth that somebody means."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as some

from adapters.teams.guard import DEEPEST, LARGEST, parse, read, shapes
from adapters.web.bodies import TurnedAway
from tests.adapters.teams.wire_server import activity

JSON = {"Content-Type": "application/json; charset=utf-8"}
Client = TestClient[web.Request, web.Application]


async def door(request: web.Request) -> web.Response:
    try:
        found = await read(request)
        shapes(found)
    except TurnedAway as away:
        return web.Response(status=away.status, text=away.reason)
    return web.json_response(found)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    app.router.add_post("/api/messages", door)
    async with TestClient(TestServer(app)) as made:
        yield made


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


async def test_an_activity_comes_through_as_it_is(client: Client) -> None:
    sent = activity(text="Grüße \U0001f692 \\u0000 \\ud800", value={"sitrep": {"v": [1, 2.5, None, True]}})

    answer = await client.post("/api/messages", data=json.dumps(sent, ensure_ascii=False).encode(), headers=JSON)

    assert answer.status == 200
    assert await answer.json() == sent


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 200),
        ({"Content-Type": "APPLICATION/JSON; charset=UTF-8"}, 200),
        ({"Content-Type": "application/json", "Content-Encoding": "identity"}, 200),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": "nonsense"}, 415),
    ],
)
async def test_only_json_is_read(client: Client, headers: dict[str, str], status: int) -> None:
    answer = await client.post("/api/messages", data=json.dumps(activity()).encode(), headers=headers)

    assert answer.status == status


async def test_a_compressed_body_is_not_unfolded(client: Client) -> None:
    raw = gzip.compress(json.dumps(activity()).encode())

    answer = await client.post("/api/messages", data=raw, headers={**JSON, "Content-Encoding": "gzip"})

    assert answer.status == 415


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_has_a_limit_announced_or_not(client: Client, *, announced: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 1024 + 1):
            yield b" " * 1024

    raw: Any = b" " * (LARGEST + 1) if announced else pieces()
    answer = await client.post("/api/messages", data=raw, headers=JSON)

    assert answer.status == 413


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"[]",
        b"null",
        b'"text"',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"1" * 5000 + b"}",
        b'{"a": "\xff\xfe"}',
        b"\xef\xbb\xbf{}",
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": [{"b": "\\ud83d"}]}',
        b"[" * 200_000,
        deep(DEEPEST + 1),
        deep(20_000),
        b'{"a": 1',
        b"{'a': 1}",
    ],
)
def test_what_is_no_json_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(TurnedAway) as away:
        parse(raw)

    assert away.value.status == 400


def test_as_deep_as_allowed_passes() -> None:
    assert parse(deep(DEEPEST - 1))


@given(some.binary(max_size=200))
def test_any_bytes_are_an_object_or_turned_away(raw: bytes) -> None:
    with suppress(TurnedAway):
        assert isinstance(parse(raw), dict)


@pytest.mark.parametrize(
    "more",
    [
        {"type": None},
        {"type": ""},
        {"type": 7},
        {"channelId": None},
        {"serviceUrl": {}},
        {"from": None},
        {"from": "29:ana"},
        {"from": {"id": ["29:ana"]}},
        {"from": {"id": "29:a\x00na"}},
        {"conversation": {}},
        {"conversation": {"id": "19:\n"}},
        {"recipient": {"name": "Sitrep"}},
        {"id": 7},
        {"id": "1\x00"},
        {"replyToId": {}},
        {"text": ["declare"]},
        {"name": 1},
        {"channelData": "odd"},
        {"entities": {}},
        {"membersAdded": "everybody"},
    ],
)
def test_an_activity_without_its_shape_is_malformed(more: dict[str, Any]) -> None:
    with pytest.raises(TurnedAway) as away:
        shapes(activity(**more))

    assert away.value.status == 400


def test_what_may_be_missing_may_be_missing() -> None:
    without = {"id": None, "text": None, "channelData": None, "entities": None, "replyToId": None}

    shapes(activity(**without))
    shapes({name: value for name, value in activity().items() if name not in without})


@given(
    some.dictionaries(
        some.sampled_from(["type", "id", "from", "conversation", "recipient", "channelData", "text", "entities"]),
        some.recursive(
            some.none() | some.booleans() | some.integers() | some.text(max_size=5),
            lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(["id", "x"]), inner),
            max_leaves=5,
        ),
    )
)
def test_any_shape_is_taken_or_turned_away(odd: dict[str, Any]) -> None:
    with suppress(TurnedAway):
        shapes(activity(**odd))
