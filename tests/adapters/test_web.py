"""Health, readiness and metrics as somebody outside sees them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.metrics import Metrics, metrics
from adapters.web.health import routes
from adapters.web.life import Life, Phase
from adapters.web.server import application, serve

Client = TestClient[web.Request, web.Application]
Ask = Callable[..., Awaitable[Client]]

TOKEN = "let-me-in"


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    clients: list[Client] = []

    async def made(life: Life, figures: Metrics | None = None, token: str = TOKEN) -> Client:
        app = application(routes(life=life, metrics=figures or metrics(), token=token))
        client: Client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return client

    yield made
    for client in clients:
        await client.close()


async def test_the_process_lives_whatever_its_state(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.STOPPING, database="disk full"))

    answer = await client.get("/healthz")

    assert answer.status == 200


@pytest.mark.parametrize(
    ("life", "reason"),
    [
        (Life(), "starting"),
        (Life(phase=Phase.STOPPING), "stopping"),
        (Life(phase=Phase.RUNNING, database="disk full"), "database cannot be written"),
    ],
)
async def test_not_ready_says_why(ask: Ask, life: Life, reason: str) -> None:
    answer = await (await ask(life)).get("/readyz")

    assert answer.status == 503
    assert (await answer.json())["reason"] == reason


async def test_a_chat_that_fails_is_named_and_traffic_still_wanted(ask: Ask) -> None:
    life = Life(phase=Phase.RUNNING)
    life.chat("slack", "outbox", "invalid_auth")

    answer = await (await ask(life)).get("/readyz")

    assert answer.status == 200
    assert (await answer.json())["degraded"] == ["slack"]


async def test_a_chat_that_works_again_is_no_longer_named(ask: Ask) -> None:
    life = Life(phase=Phase.RUNNING)
    life.chat("slack", "outbox", "invalid_auth")
    life.chat("slack", "outbox", "")

    answer = await (await ask(life)).get("/readyz")

    assert "degraded" not in await answer.json()


async def test_a_chat_works_again_when_nobody_finds_it_failing(ask: Ask) -> None:
    life = Life(phase=Phase.RUNNING)
    life.chat("slack", "outbox", "invalid_auth")
    life.chat("slack", "socket", "no connection is up")
    life.chat("slack", "outbox", "")

    answer = await (await ask(life)).get("/readyz")

    assert (await answer.json())["degraded"] == ["slack"]
    assert (await answer.json())["details"]["chats"] == {"slack": {"socket": "no connection is up"}}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
async def test_a_caller_behind_a_proxy_gets_no_details_without_the_token(ask: Ask, header: str) -> None:
    client = await ask(Life(phase=Phase.RUNNING))

    answer = await client.get("/readyz", headers={header: "203.0.113.9"})
    figures = await client.get("/metrics", headers={header: "203.0.113.9"})

    assert "details" not in await answer.json()
    assert figures.status == 401


async def test_a_proxy_that_says_nothing_speaks_an_old_http_and_gets_no_details(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.RUNNING))
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /metrics HTTP/1.0\r\nHost: sitrep.example\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert b" 401 " in answer.split(b"\r\n")[0]


async def test_the_token_opens_metrics_from_elsewhere(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.RUNNING))
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}

    good = await client.get("/metrics", headers=elsewhere | {"Authorization": f"Bearer {TOKEN}"})
    wrong = await client.get("/metrics", headers=elsewhere | {"Authorization": "Bearer lét-me-in"})

    assert (good.status, wrong.status) == (200, 401)


async def test_the_tokens_scheme_may_be_written_in_any_case(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.RUNNING))
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}

    answers = [
        await client.get("/metrics", headers=elsewhere | {"Authorization": f"{scheme} {token}"})
        for scheme, token in (("bearer", TOKEN), ("BEARER", TOKEN), ("Basic", TOKEN), ("Bearer", TOKEN.upper()))
    ]

    assert [answer.status for answer in answers] == [200, 200, 401, 401]


async def test_without_a_token_set_no_token_is_good(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.RUNNING), token="")

    answer = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer "})

    assert answer.status == 401


async def test_metrics_show_whether_it_is_ready_and_which_chat_fails(ask: Ask) -> None:
    life = Life(phase=Phase.RUNNING)
    client = await ask(life)
    well = await (await client.get("/metrics")).text()
    life.database = "The disk is full."
    life.chat("slack", "outbox", "messages are not taken")
    ill = await (await client.get("/metrics")).text()
    life.database = ""
    life.chat("slack", "outbox", "")

    again = await (await client.get("/metrics")).text()

    degraded = 'sitrep_chat_degraded{chat="slack"} 1.0'
    assert "sitrep_ready 1.0" in well
    assert "sitrep_ready 0.0" in ill
    assert degraded in ill
    assert degraded not in well + again
    assert "sitrep_ready 1.0" in again


async def test_metrics_show_what_was_counted(ask: Ask) -> None:
    figures = metrics()
    figures.commands.labels("declare", "done").inc()
    client = await ask(Life(phase=Phase.RUNNING), figures)

    text = await (await client.get("/metrics")).text()

    assert 'sitrep_commands_total{outcome="done",word="declare"} 1.0' in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/", "/nothing/here"])
async def test_every_answer_carries_the_security_headers(ask: Ask, path: str) -> None:
    answer = await (await ask(Life(phase=Phase.RUNNING))).get(path)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Server"] == "sitrep"


async def test_a_method_nobody_serves_is_not_found(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.RUNNING))

    assert (await client.post("/healthz")).status == 404
    assert (await client.delete("/")).status == 404
    assert (await client.get("/wp-admin")).status == 404


async def test_a_fault_of_ours_shows_no_trace() -> None:
    async def fail(_: web.Request) -> web.Response:
        msg = "secret inside"
        raise RuntimeError(msg)

    client: Client = TestClient(TestServer(application([web.get("/fail", fail)])))
    await client.start_server()

    answer = await client.get("/fail")

    assert answer.status == 500
    assert await answer.text() == "Sitrep met a fault.\n"
    await client.close()


@pytest.mark.parametrize("path", ["/healthz", "/wp-admin"])
async def test_a_request_that_expects_what_nobody_knows_is_refused_whatever_its_bytes(path: str) -> None:
    runner, port = await serve(application(routes(life=Life(), metrics=metrics(), token="")), host="127.0.0.1", port=0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n".encode())
    writer.write(b"Expect: 100EP9\xc4\\\x826D-cont: 100-continue\r\n\r\n")

    answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 417 ")
    assert b"100EP9" not in answer
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()


async def test_who_waits_to_be_told_to_go_on_is_told(ask: Ask) -> None:
    client = await ask(Life(phase=Phase.RUNNING))

    answer = await client.get("/healthz", expect100=True)

    assert answer.status == 200


async def test_a_port_of_nobodys_choice_is_told() -> None:
    runner, port = await serve(application([]), host="127.0.0.1", port=0)

    with pytest.raises(OSError, match="in use"):
        await serve(application([]), host="127.0.0.1", port=port)

    assert port > 0
    await runner.cleanup()
