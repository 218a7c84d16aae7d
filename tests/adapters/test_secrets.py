"""Every secret there is stands in one installation's settings, and nowhere else: no log, answer, figure or database."""

import asyncio
import io
import json
import logging
import time
import typing
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from adapters import logs
from adapters.cli_setup import secrets_of
from bot.requests import Request
from config.environment import Environment
from config.policy_file import load_policy
from config.settings import load
from tests.adapters.signing import FORM, command, press, sign
from tests.adapters.teams.saying import activity
from tests.adapters.teams.wire_server import SERVICE, bearer
from tests.fuzz.doors import BOTH, Doors, doors

SETTINGS = {
    "SITREP_METRICS_TOKEN": "canary-metrics",
    "SITREP_LOCAL_PASSWORD": "canary-local-password",
    "SITREP_HOOK_TOKENS": "alertmanager=canary-hook-1,datadog=canary-hook-2",
    "SLACK_BOT_TOKEN": "xoxb-canary-bot",
    "SLACK_SIGNING_SECRET": "canary-signing-new,canary-signing-old",
    "SLACK_APP_TOKEN": "xapp-canary-app",
    "TEAMS_APP_PASSWORD": "canary-teams-password",
    "SMTP_URL": "smtp://sitrep:canary-smtp@127.0.0.1:9",
    "MAIL_FROM": "Sitrep <sitrep@example.com>",
    "STATUSPAGE_API_KEY": "canary-statuspage",
    "STATUSPAGE_PAGE_ID": "canarypage0",
    "STATUSPAGE_API_URL": "http://127.0.0.1:9/v1",
    "WEBHOOK_SECRET": "whsec_Y2FuYXJ5LW9mLXRoZS13ZWJob29rLXNlY3JldC1oZXJl",
    "WEBHOOK_HOSTS": "127.0.0.1:9",
}
POLICY = """
[audiences.internal]
addresses = ["slack:C1", "mailto:staff@example.com", "http://127.0.0.1:9/hook"]
[audiences.customers]
addresses = ["status:", "statuspage:", "mailto:news@example.com"]
[communication.customers]
must_say = ["what"]
"""
SIGNING = "canary-signing-old"
WAY_BACK = "http://127.0.0.1:9/respond/canary-way-back"
SLACKS = "https://hooks.slack.com/commands/T1/2/canary-way-back"
FOUND = ("canary", "Y2FuYXJ5")
"""In every secret above, as it is and as base64."""
NO_SECRETS = ("canarypage0",)


@dataclass
class Life:
    opened: Doors
    log: io.StringIO
    said: list[str]

    def everything(self) -> str:
        text = "\n".join((self.log.getvalue(), *self.said, self.opened.kept()))
        for known in NO_SECRETS:
            text = text.replace(known, "")
        return text


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    logs.configure(style="text", level="debug", secrets=secrets_of(load(BOTH | SETTINGS, None)), stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
async def life(tmp_path: Path, log: io.StringIO) -> AsyncIterator[Life]:
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    policy = load_policy(tmp_path / "policy.toml").policy
    async with doors(tmp_path, chats=True, more=SETTINGS, policy=policy) as opened:
        relay = asyncio.create_task(opened.engine.outbox.run())
        yield Life(opened, log, [])
        await opened.engine.outbox.stop()
        await relay


async def ask(life: Life, method: str, path: str, raw: bytes = b"", **headers: str) -> int:
    url = f"http://127.0.0.1:{life.opened.port}{path}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=raw or None, headers=named, allow_redirects=False) as answer,
    ):
        life.said.append(f"{dict(answer.headers)}\n{await answer.text()}")
        return answer.status


def signed(raw: bytes) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in sign(raw, FORM, secret=SIGNING, at=time.time())[1].items()}


async def say(life: Life, text: str) -> int:
    raw = command(text, trigger_id=f"t{len(life.said)}", response_url=WAY_BACK)[0]
    return await ask(life, "POST", "/slack/events", raw, **signed(raw))


def test_every_secret_setting_is_tried_here() -> None:
    hints = typing.get_type_hints(Environment)
    secret = {name for name, kind in hints.items() if "SecretStr" in str(kind)}

    assert secret - {"SITREP_DATABASE_URL"} == {
        name for name, value in SETTINGS.items() if any(one in value for one in FOUND) and value not in NO_SECRETS
    }


async def test_a_life_with_every_chat_failing_leaves_no_secret_anywhere(life: Life) -> None:
    for text in (
        "declare critical Checkout is down",
        "INC-4 update Some fail to:internal",
        "INC-4 resolve x",
    ):
        assert await say(life, text) == 200
    raw = json.dumps(activity("declare critical Mail is down", serviceUrl=SERVICE)).encode()
    assert await ask(life, "POST", "/api/messages", raw, Authorization=bearer(), Content_Type="application/json") == 200
    form = command("x", trigger_id="t-x", response_url=WAY_BACK)[0]
    assert await ask(life, "POST", "/slack/events", form + b"&x=1", **signed(form)) == 401
    broken = b"payload=" + json.dumps(press(response_url=WAY_BACK, actions=[{"action_id": 7}])).encode()
    assert await ask(life, "POST", "/slack/events", broken, **signed(broken)) == 400
    wrong = {"Authorization": "Bearer canary-that-is-wrong", "X_Forwarded_For": "192.0.2.1"}
    assert await ask(life, "GET", "/metrics", b"", **wrong) == 401
    assert await ask(life, "POST", "/api/messages", raw, Content_Type="application/json", **wrong) == 401
    for path in ("/metrics", "/readyz", "/healthz", "/status", "/status/", "/hooks/canary", "/hooks/alertmanager"):
        await ask(life, "GET", path)
    with suppress(TimeoutError):
        async with asyncio.timeout(2):
            await life.opened.engine.core.tasks.finish(2)

    found = life.everything()

    assert "INC-4" in found
    assert "handled" in life.log.getvalue()
    lines = [line[:300] for line in found.splitlines() if any(one in line for one in FOUND)]
    assert [line for line in lines if "/hooks/canary" not in line] == []


async def test_a_fault_that_quotes_a_secret_is_masked_with_its_trace(life: Life) -> None:
    def broken(_: Request, __: object) -> None:
        raise RuntimeError(f"canary-signing-old {SLACKS} Authorization: Bearer canary-x")

    life.opened.engine.core.inbound.service = type("Broken", (), {"handle": staticmethod(broken)})()

    assert await say(life, "declare critical Checkout is down") == 200
    logging.getLogger("adapters.test").error("it broke", exc_info=RuntimeError("xoxb-canary-bot"))

    assert "Traceback" in life.log.getvalue()
    assert "canary" not in life.everything()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://sitrep:canary%40word@db.example/sitrep",
        "postgresql://sitrep@db.example/sitrep?password=canary%40word",
        "postgresql://sitrep@db.example/sitrep?sslmode=require&sslpassword=canary%40word",
    ],
)
def test_a_databases_password_is_masked_as_it_is_written_and_as_it_is_meant(url: str) -> None:
    known = logs.spellings(secrets_of(load({"SITREP_DATABASE_URL": url}, None)))

    assert "canary" not in logs.masked(f"connection failed: canary@word, canary%40word, {url}", known)
