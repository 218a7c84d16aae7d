"""The way out to Slack: one POST for each call, whatever happens to it, and each outcome by its name."""

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from adapters.calling import open_session, proxy_for
from adapters.sinks import SendFailed
from adapters.slack.budget import STEADY, Budget
from adapters.slack.client import Client, web_client
from tests.adapters.outbox_rig import Counted
from tests.adapters.slack.slack_server import FakeSlack

POST = "chat.postMessage"


async def say(client: Client, **more: Any) -> Mapping[str, Any]:
    return await client.call(POST, channel="C1", text="hello", **more)


async def test_an_answer_comes_back_as_it_is(client: Client, slack: FakeSlack, meter: Counted) -> None:
    answer = await say(client)

    assert answer["channel"] == "C1"
    assert meter.calls == [(POST, "ok")]
    assert "chat:write" in client.scopes


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("drop_before", {}),
        ("drop_after", {}),
        ("500", {}),
        ("html", {}),
        ("text", {}),
        ("slow", {"seconds": 2}),
        ("fatal_error", {}),
        ("internal_error", {}),
    ],
)
async def test_a_call_is_posted_once_and_its_outcome_is_unknown(
    client: Client, slack: FakeSlack, meter: Counted, kind: str, more: dict[str, Any]
) -> None:
    slack.break_down(POST, kind, times=9, **more)

    with pytest.raises(SendFailed) as failed:
        await say(client)

    assert failed.value.outcome_unknown
    assert not failed.value.permanent
    assert len(slack.calls) == 1
    assert meter.calls == [(POST, "unknown")]


async def test_what_never_left_has_a_known_outcome(meter: Counted) -> None:
    async with open_session() as session:
        web = web_client(token="xoxb-test", base_url="http://127.0.0.1:9/api/", session=session)
        client = Client(web=web, budget=Budget(), meter=meter)

        with pytest.raises(SendFailed) as failed:
            await say(client)

    assert not failed.value.outcome_unknown
    assert not failed.value.permanent
    assert meter.calls == [(POST, "failed")]


async def test_retry_after_stops_the_method_and_no_other(client: Client, slack: FakeSlack, meter: Counted) -> None:
    slack.break_down(POST, "429", seconds=60)

    with pytest.raises(SendFailed) as first:
        await say(client)
    with pytest.raises(SendFailed) as second:
        await client.call(POST, channel="C2", text="hello")
    await client.call("auth.test")

    assert first.value.retry_after == 60
    assert 59 < (second.value.retry_after or 0) <= 60
    assert slack.methods() == [POST, "auth.test"]
    assert meter.calls[0] == (POST, "limited")


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked", "not_authed"])
async def test_a_refused_token_is_nobodys_end(client: Client, slack: FakeSlack, code: str) -> None:
    slack.break_down(POST, code)

    with pytest.raises(SendFailed) as failed:
        await say(client)

    assert failed.value.auth
    assert not failed.value.permanent


@pytest.mark.parametrize(
    ("code", "gone"),
    [
        ("channel_not_found", "room"),
        ("is_archived", "room"),
        ("not_in_channel", "room"),
        ("user_not_found", "person"),
        ("messages_tab_disabled", "person"),
        ("invalid_blocks", ""),
        ("msg_too_long", ""),
        ("restricted_action", ""),
        ("restricted_action_read_only_channel", ""),
        ("no_text", ""),
    ],
)
async def test_terminal_refusals_are_permanent(client: Client, slack: FakeSlack, code: str, gone: str) -> None:
    slack.break_down(POST, code)

    with pytest.raises(SendFailed) as failed:
        await say(client)

    assert failed.value.permanent
    assert failed.value.gone == gone
    assert not failed.value.outcome_unknown


async def test_a_missing_scope_is_named(client: Client, slack: FakeSlack) -> None:
    slack.break_down("pins.add", "missing_scope", needed="pins:write")

    with pytest.raises(SendFailed) as failed:
        await client.call("pins.add", channel="C1", timestamp="1.0")

    assert failed.value.reason == "the app lacks a scope: pins:write"


async def test_a_refusal_nobody_listed_is_tried_again(client: Client, slack: FakeSlack) -> None:
    slack.break_down(POST, "moon_in_the_wrong_house")

    with pytest.raises(SendFailed) as failed:
        await say(client)

    assert not failed.value.permanent
    assert not failed.value.outcome_unknown


async def test_an_expected_error_is_an_answer(client: Client, slack: FakeSlack) -> None:
    slack.break_down(POST, "name_taken")

    answer = await say(client, expect=("name_taken",))

    assert answer["error"] == "name_taken"


async def test_methods_that_read_get_a_form_and_the_others_json(client: Client, slack: FakeSlack) -> None:
    slack.add_channel("incidents")

    await client.call("conversations.list", exclude_archived=True, limit=5)
    await say(client, unfurl_links=False)

    assert slack.calls[0][1] == {"exclude_archived": "true", "limit": "5"}
    assert slack.calls[1][1]["unfurl_links"] is False


async def test_no_body_is_ever_logged(client: Client, slack: FakeSlack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    slack.break_down(POST, "html")

    with pytest.raises(SendFailed):
        await client.call(POST, channel="C1", text="the canary sings")

    assert "canary" not in caplog.text
    assert "gateway" not in caplog.text


async def test_a_short_wait_for_the_budget_is_waited_in_place(client: Client, slack: FakeSlack) -> None:
    now, slept = [1000.0], []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    client.clock, client.sleep = lambda: now[0], sleep
    for _ in range(5):
        await say(client)

    assert [round(seconds, 3) for seconds in slept] == [1.0]


async def test_a_longer_wait_for_the_budget_is_the_outboxs(client: Client, slack: FakeSlack) -> None:
    client.clock = lambda: 1000.0
    for number in range(20):
        await client.call("pins.add", channel="C1", timestamp=str(number))

    with pytest.raises(SendFailed) as failed:
        await client.call("pins.add", channel="C1", timestamp="20")

    assert failed.value.retry_after == pytest.approx(60 / (20 * STEADY))
    assert len(slack.calls) == 20


async def test_the_session_has_its_time_limits() -> None:
    async with open_session() as session:
        assert session.timeout == aiohttp.ClientTimeout(total=10, sock_connect=3)


def test_loopback_never_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "gov.example")

    assert proxy_for("http://127.0.0.1:4003/api/") is None
    assert proxy_for("https://gov.example/api/") is None
    assert proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
