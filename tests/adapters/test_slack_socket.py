"""Socket Mode against a small WebSocket server that behaves, and misbehaves, as Slack's does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.front import Verdict
from adapters.slack.intake import Body
from adapters.slack.socket import AT_ONCE, Line, Sockets, Unanswered, ask_address, pause


@dataclass
class Slack:
    """`apps.connections.open` and the sockets behind it."""

    port: int = 0
    refuses: str = ""
    garbage: bytes = b""
    """Answered in place of an address."""
    open: list[web.WebSocketResponse] = field(default_factory=list[web.WebSocketResponse])
    acks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    tokens: list[str] = field(default_factory=list[str])
    fewest: int = 99
    """Sockets that were open at the worst moment since `watch`."""
    opened: int = 0

    async def address(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization", ""))
        if self.garbage:
            return web.Response(body=self.garbage, content_type="text/html", charset="utf-8")
        if self.refuses:
            return web.json_response({"ok": False, "error": self.refuses})
        return web.json_response({"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket=t"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.open) + 1})
        self.open.append(socket)
        self.opened += 1
        try:
            async for frame in socket:
                self.acks.append(json.loads(frame.data))
        finally:
            self.open.remove(socket)
            self.fewest = min(self.fewest, len(self.open))
        return socket

    def watch(self) -> None:
        self.fewest = len(self.open)

    async def send(self, name: str, payload: object, kind: str = "events_api", line: int = 0, **more: object) -> None:
        await self.open[line].send_json({"type": kind, "envelope_id": name, "payload": payload} | more)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    one = Slack()
    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", one.address), web.get("/link", one.link)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.port = runner.addresses[0][1]
    yield one
    await runner.cleanup()


@dataclass
class Ours:
    """Our side, with a bolt that does as the test says."""

    sockets: Sockets
    seen: list[Body]
    up: list[int]
    failures: list[str]
    pauses: list[float]

    @property
    def count(self) -> int:
        return sum(self.up)


Start = Callable[..., Ours]


@pytest.fixture
async def start(slack: Slack) -> AsyncIterator[Start]:
    running: list[Ours] = []
    session = aiohttp.ClientSession()

    def made(verdict: Callable[[Body], Any] | None = None, lines: int = 2) -> Ours:
        seen: list[Body] = []
        up: list[int] = []
        failures: list[str] = []
        pauses: list[float] = []

        async def dispatch(body: Body) -> Verdict:
            seen.append(body)
            return await verdict(body) if verdict else Verdict(ok=True)

        async def address() -> str:
            return await ask_address(session, f"http://127.0.0.1:{slack.port}/api/", "xapp-1")

        async def sleep(seconds: float) -> None:
            pauses.append(seconds)
            await asyncio.sleep(0.01)

        kept = tuple(
            Line(
                name=str(number),
                session=session,
                open_url=address,
                dispatch=dispatch,
                changed=up.append,
                failed=failures.append,
                sleep=sleep,
            )
            for number in range(lines)
        )
        ours = Ours(Sockets(lines=kept), seen, up, failures, pauses)
        ours.sockets.start()
        running.append(ours)
        return ours

    yield made
    for one in running:
        await one.sockets.stop(1.0)
    await session.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what it waits for is on the other side of a socket
            await asyncio.sleep(0.005)


async def test_two_connections_are_up(slack: Slack, start: Start) -> None:
    ours = start()

    await until(lambda: len(slack.open) == 2 and ours.count == 2)

    assert slack.tokens == ["Bearer xapp-1"] * 2


async def test_an_envelope_is_acknowledged_after_its_work_is_done(slack: Slack, start: Start) -> None:
    done = asyncio.Event()

    async def slow(_: Body) -> Verdict:
        await done.wait()
        return Verdict(ok=True)

    start(slow, lines=1)
    await until(lambda: len(slack.open) == 1)

    await slack.send("e-1", {"type": "event_callback"})
    await asyncio.sleep(0.05)
    before = list(slack.acks)
    done.set()
    await until(lambda: bool(slack.acks))

    assert before == []
    assert slack.acks == [{"envelope_id": "e-1"}]


async def test_the_private_answer_travels_in_the_acknowledgement(slack: Slack, start: Start) -> None:
    async def answer(_: Body) -> Verdict:
        return Verdict(ok=True, payload={"text": "INC-1 is open."})

    start(answer, lines=1)
    await until(lambda: len(slack.open) == 1)

    await slack.send("e-1", {"command": "/incident"}, "slash_commands", accepts_response_payload=True)
    await slack.send("e-2", {"type": "event_callback"}, accepts_response_payload=False)
    await until(lambda: len(slack.acks) == 2)

    assert {"envelope_id": "e-1", "payload": {"text": "INC-1 is open."}} in slack.acks
    assert {"envelope_id": "e-2"} in slack.acks


async def test_what_was_not_saved_is_not_acknowledged(slack: Slack, start: Start) -> None:
    async def verdict(body: Body) -> Verdict:
        if body["n"] == 2:
            msg = "the database is away"
            raise RuntimeError(msg)
        return Verdict(ok=body["n"] != 1)

    ours = start(verdict, lines=1)
    await until(lambda: len(slack.open) == 1)

    for number in (1, 2, 3):
        await slack.send(f"e-{number}", {"n": number})
    await until(lambda: len(ours.seen) == 3 and bool(slack.acks))

    assert slack.acks == [{"envelope_id": "e-3"}]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_planned_refresh_leaves_no_moment_without_a_socket(slack: Slack, start: Start, reason: str) -> None:
    ours = start(lines=1)
    await until(lambda: len(slack.open) == 1)
    slack.watch()

    for turn in range(3):
        old = slack.open[0]
        await old.send_json({"type": "disconnect", "reason": reason})
        await until(lambda turn=turn: slack.opened == turn + 2)  # type: ignore[misc]
        await old.close()
        await until(lambda: len(slack.open) == 1)

    assert slack.fewest == 1
    await until(lambda: ours.count == 1)


async def test_a_replaced_connection_is_listened_to_until_slack_closes_it(slack: Slack, start: Start) -> None:
    ours = start(lines=1)
    await until(lambda: len(slack.open) == 1)

    await slack.open[0].send_json({"type": "disconnect", "reason": "warning"})
    await until(lambda: len(slack.open) == 2)
    await slack.send("late", {"n": 1}, line=0)
    await until(lambda: bool(slack.acks))

    assert slack.acks == [{"envelope_id": "late"}]
    assert len(ours.seen) == 1


async def test_a_cut_connection_comes_back(slack: Slack, start: Start) -> None:
    ours = start(lines=1)

    for number in range(1, 5):
        await until(lambda number=number: slack.opened == number)  # type: ignore[misc]
        await slack.open[0].close()

    await until(lambda: slack.opened == 5)
    assert all(1.0 <= seconds <= 2.0 for seconds in ours.pauses)


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets"])
async def test_a_refusal_by_slack_slows_us_down(slack: Slack, start: Start, reason: str) -> None:
    ours = start(lines=1)

    for number in range(1, 4):
        await until(lambda number=number: slack.opened == number)  # type: ignore[misc]
        await slack.open[-1].send_json({"type": "disconnect", "reason": reason})
    await until(lambda: len(ours.pauses) >= 3)

    assert all(seconds >= 1.0 for seconds in ours.pauses)


@pytest.mark.parametrize("garbage", [b"\xff\xfe not text", b'{"ok": true, "url": "ws://[half an address"}'])
async def test_an_answer_nobody_can_read_ends_no_line(slack: Slack, start: Start, garbage: bytes) -> None:
    slack.garbage = garbage

    ours = start()
    await until(lambda: len(ours.failures) >= 4)
    slack.garbage = b""

    await until(lambda: ours.count == 2)


async def test_slacks_own_word_for_a_refused_token_is_told(slack: Slack, start: Start) -> None:
    slack.refuses = "invalid_auth"

    ours = start(lines=1)
    await until(lambda: len(ours.failures) >= 3)
    slack.refuses = ""
    await until(lambda: ours.count == 1)

    assert set(ours.failures) == {"invalid_auth"}


async def test_more_than_can_be_worked_on_waits_in_the_connection(slack: Slack, start: Start) -> None:
    done = asyncio.Event()

    async def slow(_: Body) -> Verdict:
        await done.wait()
        return Verdict(ok=True)

    ours = start(slow, lines=1)
    await until(lambda: len(slack.open) == 1)

    for number in range(AT_ONCE + 20):
        await slack.send(f"e-{number}", {"n": number})
    await asyncio.sleep(0.1)
    meanwhile = len(ours.seen)
    done.set()
    await until(lambda: len(slack.acks) == AT_ONCE + 20)

    assert meanwhile == AT_ONCE


@pytest.mark.parametrize("frame", ["{", "[]", "null", "5", '{"type": "events_api"}', '{"type": "unknown"}', "[" * 5000])
async def test_a_frame_that_makes_no_sense_harms_nothing(slack: Slack, start: Start, frame: str) -> None:
    start(lines=1)
    await until(lambda: len(slack.open) == 1)

    await slack.open[0].send_str(frame)
    await slack.send("e-1", {"n": 1})
    await until(lambda: bool(slack.acks))

    assert slack.acks == [{"envelope_id": "e-1"}]
    assert slack.opened == 1


async def test_a_stop_finishes_what_is_in_work_and_takes_nothing_more(slack: Slack, start: Start) -> None:
    async def slow(_: Body) -> Verdict:
        await asyncio.sleep(0.1)
        return Verdict(ok=True)

    ours = start(slow, lines=1)
    await until(lambda: len(slack.open) == 1)
    await slack.send("e-1", {"n": 1})
    await until(lambda: len(ours.seen) == 1)

    await ours.sockets.stop(2.0)

    assert slack.acks == [{"envelope_id": "e-1"}]
    await until(lambda: slack.open == [])
    assert ours.count == 0


async def test_an_answer_without_an_address_is_no_address(slack: Slack) -> None:
    slack.refuses = "ratelimited"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Unanswered, match="ratelimited"):
            await ask_address(session, f"http://127.0.0.1:{slack.port}/api/", "xapp-1")
        with pytest.raises(Unanswered, match="HTTP 404"):
            await ask_address(session, f"http://127.0.0.1:{slack.port}/elsewhere/", "xapp-1")


def test_pauses_grow_and_stay_within_their_bounds() -> None:
    assert all(1.0 <= pause(failures) <= 30.0 for failures in range(200))
    assert max(pause(20) for _ in range(200)) > max(pause(1) for _ in range(200))
