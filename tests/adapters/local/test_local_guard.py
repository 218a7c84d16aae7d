"""Who may speak to the try-out chat: pages of this machine, or who knows the password; never another site's page."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.local.guard import Guard, is_here
from tests.adapters.local.rig import Chat, running, settings

PASSWORD = "correct horse"


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[Chat]:
    async with running(settings(tmp_path, SITREP_LOCAL_PASSWORD=PASSWORD)) as found:
        yield found


async def asked(chat: Chat, path: str, method: str = "GET", **headers: str) -> int:
    async with chat.session.request(method, chat.url + path, headers=headers, allow_redirects=False) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("host", "here"),
    [
        *((host, True) for host in ("127.0.0.1:8080", "localhost", "localhost:80", "[::1]:8080", "127.9.9.9")),
        *(
            (host, False)
            for host in ("evil.example", "evil.example:8080", "10.0.0.1", "", "[::", "127.0.0.1.evil.example")
        ),
    ],
)
def test_a_host_is_this_machine_or_it_is_not(host: str, here: bool) -> None:
    assert is_here(host) is here


@pytest.mark.parametrize("path", ["/", "/gallery", "/local/state?as=ana", "/local/live?as=ana", "/local/page/app.js"])
async def test_a_name_that_was_made_to_lead_here_is_refused(chat: Chat, path: str) -> None:
    assert await asked(chat, path, Host="evil.example:8080") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_what_another_page_sends_is_refused_and_has_no_effect(chat: Chat, headers: dict[str, str]) -> None:
    body = json.dumps({"as": "ana", "place": "incidents", "text": "/incident declare low X", "key": "12345678"})
    headers = {"Content-Type": "application/json", **headers}
    async with chat.session.post(f"{chat.url}/local/say", data=body, headers=headers) as answer:
        assert answer.status == 403

    assert await chat.places("ana") == ["incidents", "stakeholders", "@ana"]


async def test_the_chats_own_page_may(chat: Chat) -> None:
    chat.headers |= {"Origin": chat.url, "Sec-Fetch-Site": "same-origin"}

    assert await chat.types("ana", "/inc help") == {"form": None}


async def test_a_plain_form_of_another_site_is_no_json(chat: Chat) -> None:
    async with chat.session.post(f"{chat.url}/local/say", data={"as": "ana"}) as answer:
        assert answer.status == 400


async def test_a_proxy_speaks_for_somebody_elsewhere(chat: Chat) -> None:
    assert await asked(chat, "/local/state?as=ana", **{"X-Forwarded-For": "203.0.113.9"}) == 403


@pytest.mark.parametrize("path", ["/local/state?as=ana", "/local/words", "/local/live?as=ana", "/local/page/app.js"])
async def test_without_the_password_nothing_is_shown(locked: Chat, path: str) -> None:
    assert await asked(locked, path) == 401


async def test_without_the_password_the_page_is_the_log_in(locked: Chat) -> None:
    async with locked.session.get(f"{locked.url}/") as answer:
        text = await answer.text()

    assert "Password" in text
    assert "script" not in text


async def test_the_password_lets_in_from_anywhere(locked: Chat) -> None:
    async with locked.session.post(
        f"{locked.url}/local/login", data={"password": PASSWORD}, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie

    ticket = cookie.partition(";")[0]
    assert await asked(locked, "/local/state?as=ana", Cookie=ticket, Host="sitrep.example") == 200
    assert await asked(locked, "/local/state?as=ana", Cookie=f"{ticket}0") == 401
    assert PASSWORD not in cookie


async def test_wrong_passwords_are_refused_and_soon_no_more_are_heard(locked: Chat) -> None:
    statuses: list[int] = []
    for _ in range(12):
        async with locked.session.post(f"{locked.url}/local/login", data={"password": "wrong"}) as answer:
            statuses.append(answer.status)
    async with locked.session.post(f"{locked.url}/local/login", data={"password": PASSWORD}) as answer:
        statuses.append(answer.status)

    assert statuses == [403] * 10 + [429] * 3


async def test_a_log_in_from_another_page_is_refused(locked: Chat) -> None:
    headers = {"Origin": "https://evil.example"}
    async with locked.session.post(
        f"{locked.url}/local/login", data={"password": PASSWORD}, headers=headers, allow_redirects=False
    ) as answer:
        assert answer.status == 403


async def test_where_there_is_no_password_there_is_no_log_in(chat: Chat) -> None:
    async with chat.session.post(f"{chat.url}/local/login", data={"password": ""}) as answer:
        assert answer.status == 403


def test_the_password_is_not_shown() -> None:
    assert PASSWORD not in repr(Guard(password=PASSWORD))


SAY = {"as": "ana", "place": "incidents", "text": "hello", "key": "12345678"}
PRESS: dict[str, Any] = {**SAY, "word": "status", "values": {}, "incident": None}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", [], 400),
        ("say", {**SAY, "as": "nobody"}, 400),
        ("say", {**SAY, "as": 5}, 400),
        ("say", {**SAY, "text": None}, 400),
        ("say", {**SAY, "text": "x" * 30_000}, 400),
        ("say", {**SAY, "key": "short"}, 400),
        ("say", {**SAY, "key": "with blank "}, 400),
        ("say", {**SAY, "place": "nowhere"}, 404),
        ("say", {**SAY, "place": "@ben"}, 404),
        ("say", {**SAY, "thread": "7"}, 400),
        ("say", {**SAY, "thread": -1}, 400),
        ("say", {**SAY, "thread": True}, 400),
        ("press", {**PRESS, "values": {"a": 5}}, 400),
        ("press", {**PRESS, "values": []}, 400),
        ("press", {**PRESS, "incident": 2**40}, 400),
        ("press", {**PRESS, "word": "no-such-word"}, 200),
        ("press", {**PRESS, "incident": 99}, 200),
        ("submit", {**PRESS, "word": "no-such-word"}, 200),
        ("read", {"as": "ana", "place": "incidents"}, 400),
        ("read", {"as": "ana", "place": "nowhere", "id": 1}, 404),
        ("join", {"as": "ana", "place": "@ben"}, 404),
        ("leave", {"as": "ana", "place": "@ana"}, 200),
        ("dismiss", {"as": "ana", "message": 99}, 200),
        ("clock", {"as": "ana", "turn": "9h"}, 400),
        ("clock", {"as": "ana", "turn": 5}, 400),
        ("nothing", {}, 404),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused_in_a_sentence(
    chat: Chat, path: str, body: Any, status: int
) -> None:
    async with chat.session.post(f"{chat.url}/local/{path}", json=body) as answer:
        assert answer.status == status
        text = await answer.text()

    assert "Traceback" not in text
    if status == 400:
        assert json.loads(text)["error"].endswith(".")


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"null", b"7"])
async def test_a_body_that_is_no_json_is_refused(chat: Chat, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with chat.session.post(f"{chat.url}/local/say", data=raw, headers=headers) as answer:
        assert answer.status in {400, 413}


@pytest.mark.parametrize(
    "path",
    [
        "/local/state",
        "/local/state?as=",
        "/local/messages?as=ana&place=incidents&before=x",
        "/local/messages?as=ana&place=incidents&before=99999999999999999999",
        "/local/messages?as=ana&place=incidents&before=0000000000009999999999999999999",
        "/local/thread?as=ana&message=-1",
        "/local/live?as=ana&after=x",
        "/local/live?as=nobody",
    ],
)
async def test_an_address_that_makes_no_sense_is_refused(chat: Chat, path: str) -> None:
    assert await asked(chat, path) == 400


@pytest.mark.parametrize("name", ["..%2fguard.py", "%2e%2e%2fguard.py", "..", "guard.py", "%2fetc%2fpasswd", "x%00y"])
async def test_only_the_pages_own_files_are_served(chat: Chat, name: str) -> None:
    for folder in ("page", "slack"):
        assert await asked(chat, f"/local/{folder}/{name}") in {400, 404}


async def test_a_page_runs_nothing_from_elsewhere_and_nothing_inline(chat: Chat) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{chat.url}/") as answer:
        policy, text = answer.headers["Content-Security-Policy"], await answer.text()

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "style=" not in text
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_page_cannot_listen_either(chat: Chat, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await chat.session.ws_connect(f"{chat.url}/local/live?as=ana", headers={"Origin": origin})

    assert refused.value.status == 403


async def test_a_stream_is_opened_as_one_or_not_at_all(chat: Chat) -> None:
    assert await asked(chat, "/local/live?as=ana") == 400


async def test_a_link_on_another_page_leads_to_the_chat_and_to_nothing_else(chat: Chat) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert await asked(chat, "/", **link) == 200
    assert await asked(chat, "/gallery", **link) == 200
    assert await asked(chat, "/local/state?as=ana", **link) == 403


@pytest.mark.parametrize("name", ["Via", "X-Forwarded-Host", "Forwarded", "X-Real-IP"])
async def test_every_sign_of_a_proxy_counts(chat: Chat, name: str) -> None:
    assert await asked(chat, "/", **{name: "proxy.example"}) == 403


async def test_a_proxy_that_says_nothing_speaks_an_old_http(chat: Chat) -> None:
    host, _, port = chat.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /local/state?as=ana HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()

    assert b" 403 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"garbage"),
        ("application/x-www-form-urlencoded; charset=nope", b"password=x"),
    ],
)
async def test_a_log_in_that_cannot_be_read_is_refused(locked: Chat, kind: str, body: bytes) -> None:
    async with locked.session.post(f"{locked.url}/local/login", data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status in {400, 403}


async def test_a_very_long_name_is_no_file(chat: Chat) -> None:
    assert await asked(chat, f"/local/page/{'x' * 300}") == 404
