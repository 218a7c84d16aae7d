"""The token for Teams: had ahead of time, shared, and waited for by nobody longer than a send may take."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.sinks import SendFailed
from adapters.teams.login import MANAGED, Account, Grant, Login
from adapters.teams.tokens import AGAIN, AHEAD, MARGIN, STUCK, Tokens
from tests.adapters.teams.wire_server import APP, PASSWORD, LoginServer, login_server

SECRET = SecretStr(PASSWORD)


@dataclass(frozen=True)
class Registered:
    """The bot's registration."""

    login_url: str = "https://127.0.0.1:9/adfs"
    app_id: str = APP
    app_password: SecretStr | None = SECRET
    app_type: str = "SingleTenant"
    oauth_scope: str = "https://api.botframework.com/.default"


@dataclass
class Clock:
    """Turned by hand."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Logins:
    """Logins that say what they are told to, or hang until they are let go."""

    outcomes: list[Grant | Exception] = field(default_factory=list)
    begun: int = 0
    hangs: bool = False
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> Grant:
        self.begun += 1
        number = self.begun
        if self.hangs:
            self.go_on.wait()
        outcome = self.outcomes.pop(0) if self.outcomes else Grant(token=f"t{number}", seconds=3600.0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoginServer]:
    async with login_server(tmp_path) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", running.certificate)
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logins() -> Logins:
    return Logins()


def tokens_of(logins: Callable[[], Grant], clock: Clock, **more: float) -> Tokens:
    return Tokens(Registered(), login=logins, clock=clock, **more)  # type: ignore[arg-type]


async def test_the_credentials_are_given_for_a_token(server: LoginServer) -> None:
    tokens = Tokens(Registered(server.url))

    assert await tokens.get() == "token-1"
    assert server.asked[0]["client_id"] == APP
    assert server.asked[0]["client_secret"] == PASSWORD
    assert server.asked[0]["scope"] == "https://api.botframework.com/.default"


async def test_where_to_log_in_is_asked_once_and_each_new_token_is_new(server: LoginServer) -> None:
    login = Login(Registered(server.url))

    given = [await asyncio.to_thread(login) for _ in range(3)]

    assert [one.token for one in given] == ["token-1", "token-2", "token-3"]
    assert given[0].seconds == pytest.approx(3600, abs=1)
    assert server.discovered == 1


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_scope"])
async def test_refused_credentials_are_told_as_such(
    server: LoginServer, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.status, server.answer = 401, {"error": error, "error_description": "canary", "error_codes": [7000215]}

    with pytest.raises(SendFailed) as failed:
        await Tokens(Registered(server.url)).get()

    assert failed.value.auth
    assert error in failed.value.reason
    assert PASSWORD not in caplog.text
    assert "canary" not in caplog.text
    assert any(getattr(record, "numbers", "") == "7000215" for record in caplog.records)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (503, b"<html>canary</html>"),
        (500, {"error": "server_error"}),
        (200, b"<html>canary</html>"),
        (200, b""),
        (200, {}),
        (200, {"access_token": ""}),
        (400, {"error": "temporarily_unavailable"}),
    ],
)
async def test_a_login_that_is_broken_refuses_nobody(
    server: LoginServer, status: int, answer: dict[str, str] | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.status, server.answer = status, answer

    with pytest.raises(SendFailed) as failed:
        await Tokens(Registered(server.url)).get()

    assert not failed.value.auth
    assert not failed.value.permanent
    assert not failed.value.outcome_unknown
    assert "canary" not in caplog.text + failed.value.reason


async def test_a_login_that_is_not_there_refuses_nobody() -> None:
    with pytest.raises(SendFailed) as failed:
        await Tokens(Registered()).get()

    assert not failed.value.auth


async def test_a_login_server_that_hangs_is_given_up_and_stops_nothing_else(server: LoginServer) -> None:
    server.hangs = True
    tokens = Tokens(Registered(server.url), limit=0.01)

    with pytest.raises(SendFailed) as failed:
        await tokens.get()

    assert not failed.value.auth
    assert not failed.value.outcome_unknown
    assert "in time" in failed.value.reason

    server.go_on.set()
    tokens.limit = 10.0
    assert await tokens.get() == "token-1"


async def test_a_managed_identity_that_is_not_there_refuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    tokens = Tokens(Registered(app_password=None, app_type=MANAGED))

    with pytest.raises(SendFailed) as failed:
        await tokens.get()

    assert not failed.value.auth


async def test_a_token_is_kept_while_it_lasts(logins: Logins, clock: Clock) -> None:
    tokens = tokens_of(logins, clock)

    assert [await tokens.get() for _ in range(3)] == ["t1", "t1", "t1"]
    clock.at += 3600 - MARGIN
    assert await tokens.get() == "t2"


async def test_those_who_ask_at_once_share_one_login(logins: Logins, clock: Clock) -> None:
    logins.hangs = True
    tokens = tokens_of(logins, clock)
    asking = [asyncio.create_task(tokens.get()) for _ in range(20)]
    await asyncio.sleep(0)
    logins.go_on.set()

    assert set(await asyncio.gather(*asking)) == {"t1"}
    assert logins.begun == 1


async def test_who_gives_up_takes_no_token_from_the_others(logins: Logins, clock: Clock) -> None:
    logins.hangs = True
    tokens = tokens_of(logins, clock)
    hasty, patient = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
    await asyncio.sleep(0)
    hasty.cancel()
    await asyncio.sleep(0)
    logins.go_on.set()

    assert await patient == "t1"


async def test_a_login_that_hangs_is_waited_for_again_and_after_a_while_another_is_begun(
    logins: Logins, clock: Clock
) -> None:
    logins.hangs = True
    tokens = tokens_of(logins, clock, limit=0.01)
    for wait in (0.0, STUCK - 1, 1.0):
        clock.at += wait
        with pytest.raises(SendFailed):
            await tokens.get()

    assert logins.begun == 2
    logins.go_on.set()
    tokens.limit = 10.0
    assert await tokens.get() in {"t1", "t2"}


async def test_a_token_that_still_holds_is_given_while_it_is_renewed(logins: Logins, clock: Clock) -> None:
    tokens = tokens_of(logins, clock)
    await tokens.get()
    logins.hangs = True
    renewing = asyncio.create_task(tokens.run())
    await asyncio.sleep(0)

    assert await tokens.get() == "t1"

    renewing.cancel()
    logins.go_on.set()


async def test_it_is_renewed_ahead_of_its_end_and_sooner_while_that_fails(logins: Logins, clock: Clock) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 5:
            raise asyncio.CancelledError

    logins.outcomes = [
        Grant(token="t1", seconds=3600.0),
        SendFailed("not now"),
        RuntimeError("ours"),
        Grant(token="t2", seconds=300.0),
        Grant(token="t3", seconds=7200.0),
    ]
    tokens = tokens_of(logins, clock)
    tokens.sleep = sleep

    with pytest.raises(asyncio.CancelledError):
        await tokens.run()

    assert slept == [3600.0 - AHEAD, 2.0, 4.0, 150.0, 7200.0 - AHEAD]
    assert await tokens.get() == "t3"


async def test_a_refused_token_is_dropped_once_and_not_each_time(logins: Logins, clock: Clock) -> None:
    tokens = tokens_of(logins, clock)
    first = await tokens.get()

    assert tokens.refused(first)
    assert tokens.refused(first), "whoever had the old one may try the new"
    assert await tokens.get() == "t2"
    assert not tokens.refused("t2"), "a newer one would be no better"
    clock.at += AGAIN
    assert tokens.refused("t2")


async def test_without_an_app_id_there_is_no_token_and_no_login(logins: Logins) -> None:
    tokens = Tokens(Registered(app_id=""), login=logins)
    running = asyncio.create_task(tokens.run())

    assert await tokens.get() == ""
    assert tokens.bot == ""
    assert logins.begun == 0
    assert not running.done()
    running.cancel()


async def test_no_secret_is_shown(logins: Logins) -> None:
    account: Account = Registered()
    tokens = Tokens(account, login=logins)
    await tokens.get()

    shown = f"{tokens!r} {Grant(token='t1', seconds=1.0)!r} {Login(account)!r}"

    assert "t1" not in shown
    assert PASSWORD not in shown
