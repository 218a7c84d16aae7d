"""What comes again, what comes slowly and what comes packed (docs/security.md): no second effect, nobody held up."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.teams.carried import read
from adapters.teams.payload_faults import BadPayload
from adapters.web import bodies
from bot.events import NoteAdded
from tests.adapters.house import house
from tests.adapters.signing import FORM, NOW, command, event, interaction, press, sign, submission
from tests.adapters.slack_rig import rig
from tests.fuzz.doors import Doors, doors

BOMB = gzip.compress(bytes(50_000_000))
HEADS = {
    "/slack/events": "Content-Type: application/x-www-form-urlencoded",
    "/api/messages": "Content-Type: application/json",
    "/hooks/x": "Content-Type: application/json",
}


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Doors]:
    async with doors(tmp_path, chats=True) as opened:
        yield opened


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Doors]:
    async with doors(tmp_path, chats=False) as opened:
        yield opened


async def status_of(port: int, raw: bytes, *, more: bytes = b"", every: float = 0.0) -> int:
    """What a request is answered; `more` drips in a byte at a time. 0: nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    dripping = asyncio.create_task(_drip(writer, more, every))
    try:
        async with asyncio.timeout(20):
            line = await reader.readline()
        return int(line.split()[1]) if line else 0
    finally:
        dripping.cancel()
        writer.close()


async def _drip(writer: asyncio.StreamWriter, more: bytes, every: float) -> None:
    for index in range(len(more)):
        await asyncio.sleep(every)
        writer.write(more[index : index + 1])


def head(path: str, length: int, *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_a_request_that_is_sent_again_has_one_effect_and_none_after_five_minutes(tmp_path: Path) -> None:
    moment = [NOW]
    with house(tmp_path) as home:
        home.says("declare critical Checkout is down")
        raw, _ = command("INC-1 note Restarted it", trigger_id="t-1", response_url="")
        signed = sign(raw, FORM)
        async with rig(service=home.service, moment=lambda: moment[0]) as slack:
            statuses = []
            for age in (0, 1, 299, 301):
                moment[0] = NOW + age
                statuses.append((await slack.post(signed)).status)
            await slack.settle()
        record = home.db.reads.record(1)

    assert statuses == [200, 200, 200, 401]
    assert record is not None
    assert [type(entry.event) for entry in record.entries].count(NoteAdded) == 1


async def test_a_press_and_a_mention_that_are_sent_again_have_one_effect(tmp_path: Path) -> None:
    pressed = press("note", response_url="", trigger_id="t-2")
    pressed["actions"][0]["value"] = '{"i": 1, "v": {"text": "Pressed"}}'
    told = {"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> INC-1 note Mentioned", "ts": "1.1"}
    with house(tmp_path) as home:
        home.says("declare critical Checkout is down")
        async with rig(service=home.service) as slack:
            for signed in (interaction(pressed), event(told, event_id="Ev7")) * 3:
                assert (await slack.post(signed)).status == 200
            await slack.settle()
        record = home.db.reads.record(1)

    assert record is not None
    assert [type(entry.event) for entry in record.entries].count(NoteAdded) == 2


@pytest.mark.parametrize(("path", "status"), [("/slack/events", 400), ("/api/messages", 415), ("/hooks/x", 404)])
async def test_what_unfolds_to_fifty_megabytes_is_not_unfolded(both: Doors, path: str, status: int) -> None:
    packed = head(path, len(BOMB), HEADS[path], "Content-Encoding: gzip")

    assert await status_of(both.port, packed + BOMB) == status


@pytest.mark.parametrize("path", ["/slack/events", "/api/messages"])
async def test_a_body_that_drips_in_is_waited_for_a_short_while(
    both: Doors, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST", 0.1)

    assert await status_of(both.port, head(path, 1000, HEADS[path]), more=b" " * 1000, every=0.02) == 400


async def test_the_try_out_chat_waits_no_longer(local: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SLOWEST", 0.1)
    slow = head("/local/say", 1000, "Content-Type: application/json")

    assert await status_of(local.port, slow, more=b" " * 1000, every=0.02) == 400


@pytest.mark.parametrize("path", ["/slack/events", "/api/messages", "/hooks/x"])
async def test_a_body_said_to_be_too_large_is_refused_before_it_comes(both: Doors, path: str) -> None:
    assert await status_of(both.port, head(path, 10**9, HEADS[path])) in {404, 413}


async def test_a_caller_that_hangs_up_in_the_middle_is_no_fault_of_ours(
    local: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", local.port)
    writer.write(head("/local/say", 1000, "Content-Type: application/json") + b'{"as": ')
    await writer.drain()
    writer.close()

    assert await status_of(local.port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") == 200
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_hundreds_of_connections_that_never_finish_asking_hold_nobody_up(both: Doors) -> None:
    half = b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    opened = [await asyncio.open_connection("127.0.0.1", both.port) for _ in range(300)]
    for _, writer in opened:
        writer.write(half)
    try:
        assert await status_of(both.port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") == 200
    finally:
        for _, writer in opened:
            writer.close()


@pytest.mark.parametrize("path", ["/", "/gallery", "/local/page/app.js"])
async def test_a_date_of_a_year_nobody_can_count_to_is_no_fault(local: Doors, path: str) -> None:
    odd = "If-Modified-Since: Mon, 23 Nov 99999999999999999999 10:00:00 +0000"

    assert await status_of(local.port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{odd}\r\n\r\n".encode()) == 200


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**400, True, 1.0, "1", [1]])
async def test_a_number_that_no_incident_can_have_is_malformed_wherever_it_stands(number: object) -> None:
    form = submission("note")
    form["view"]["private_metadata"] = json.dumps({"i": number})
    pressed = press("note")
    pressed["actions"][0]["value"] = json.dumps({"i": number})
    async with rig() as slack:
        assert [(await slack.post(interaction(one))).status for one in (form, pressed)] == [400, 400]
        assert slack.core.seen == []

    with pytest.raises(BadPayload):
        read({"sitrep": {"w": "note", "i": number}})
