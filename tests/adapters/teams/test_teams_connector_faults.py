"""The way out to Teams: one call for each errand, whatever happens to it, and each outcome by its name."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from adapters.calling import open_session
from adapters.sinks import SendFailed
from adapters.teams.budget import Budget
from adapters.teams.connector import Connector
from tests.adapters.outbox_rig import Counted
from tests.adapters.teams.wire_rig import CHANNEL, PERSONAL, THREAD, WORDS, Given, say
from tests.adapters.teams.wire_server import FakeTeams

Errand = Callable[[Connector, str], Awaitable[object]]
SAID_ONCE: dict[str, Errand] = {
    "send": lambda connector, url: connector.send(url, THREAD, WORDS),
    "create thread": lambda connector, url: connector.create_thread(url, CHANNEL, WORDS, "larkfield"),
}
REPEATABLE: dict[str, Errand] = {
    "update": lambda connector, url: connector.update(url, THREAD, "17", WORDS),
    "delete": lambda connector, url: connector.delete(url, THREAD, "17"),
    "create chat": lambda connector, url: connector.create_personal(url, "29:ana", "larkfield"),
    "members": lambda connector, url: connector.members(url, THREAD),
    "member": lambda connector, url: connector.member(url, THREAD, "29:ana"),
}
BROKEN: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "502": {"status": 502, "body": b"<html>A gateway.</html>"},
    "503": {"status": 503, "body": {"error": {"code": "ServiceError"}}},
    "504": {"status": 504},
    "html": {"status": 200, "body": b"<html>A proxy.</html>"},
    "no object": {"status": 200, "body": b"[1]"},
    "reset": {"drops": True},
    "silence": {"hangs": True},
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("name", SAID_ONCE)
async def test_what_people_would_see_twice_is_posted_once_and_its_outcome_is_unknown(
    connector: Connector, teams: FakeTeams, meter: Counted, name: str, fault: str
) -> None:
    teams.say(**BROKEN[fault])
    if fault == "silence":
        connector.timeout = aiohttp.ClientTimeout(sock_read=0.05)

    with pytest.raises(SendFailed) as failed:
        await SAID_ONCE[name](connector, teams.url)

    await teams.asked.wait()
    assert failed.value.outcome_unknown
    assert not failed.value.permanent
    assert len(teams.calls) == 1
    assert meter.calls == [(name, "unknown")]


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("name", REPEATABLE)
async def test_what_may_be_repeated_simply_failed(
    connector: Connector, teams: FakeTeams, meter: Counted, name: str, fault: str
) -> None:
    for _ in range(2):  # aiohttp itself repeats once what may be repeated, where the connection breaks
        teams.say(**BROKEN[fault])
    if fault == "silence":
        connector.timeout = aiohttp.ClientTimeout(sock_read=0.05)

    with pytest.raises(SendFailed) as failed:
        await REPEATABLE[name](connector, teams.url)

    assert not failed.value.outcome_unknown
    assert not failed.value.permanent
    assert failed.value.retry_after is None
    assert meter.calls == [(name, "failed")]


async def test_what_never_left_has_a_known_outcome(meter: Counted) -> None:
    async with open_session() as session:
        connector = Connector(session=session, tokens=Given(), hosts=("127.0.0.1:9",), budget=Budget(), meter=meter)

        with pytest.raises(SendFailed) as failed:
            await connector.send("http://127.0.0.1:9/", THREAD, WORDS)

    assert not failed.value.outcome_unknown
    assert not failed.value.permanent
    assert meter.calls == [("send", "failed")]


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "http://smba.trafficmanager.net/", "nonsense", ""])
async def test_our_token_goes_to_allowed_hosts_alone(connector: Connector, given: Given, url: str) -> None:
    given.failed = SendFailed("nobody may even ask for it")

    with pytest.raises(SendFailed) as failed:
        await connector.send(url, THREAD, WORDS)

    assert failed.value.permanent
    assert "TEAMS_SERVICE_HOSTS" in failed.value.reason


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(connector: Connector, teams: FakeTeams, status: int) -> None:
    teams.say(status, headers={"Location": f"{teams.url}elsewhere"})

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)

    assert len(teams.calls) == 1
    assert not failed.value.outcome_unknown


async def test_a_refused_token_is_replaced_and_the_call_made_once_more(
    connector: Connector, teams: FakeTeams, given: Given, meter: Counted
) -> None:
    given.tokens = ["old", "new"]
    teams.say(401, {"error": {"code": "Unauthorized"}})

    assert await say(connector, teams) == "act-2"
    assert [call.token for call in teams.calls] == ["Bearer old", "Bearer new"]
    assert meter.calls == [("send", "ok")]


async def test_a_new_token_that_is_refused_too_is_nobodys_end(
    connector: Connector, teams: FakeTeams, given: Given
) -> None:
    given.tokens = ["old", "new", "newer"]
    teams.say(401)
    teams.say(401, {"error": {"code": "BotNotRegistered"}})

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)

    assert failed.value.auth
    assert not failed.value.permanent
    assert len(teams.calls) == 2


async def test_without_a_token_nothing_is_called(connector: Connector, teams: FakeTeams, given: Given) -> None:
    given.failed = SendFailed("not now")

    with pytest.raises(SendFailed, match="not now"):
        await say(connector, teams)

    assert not teams.calls


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"error": {"code": "ConversationBlockedByUser"}}),
        (403, {"error": {"code": "BotNotInConversationRoster"}}),
        (403, {"error": {"code": "BotDisabledByAdmin"}}),
        (403, {"errorCode": 209, "subCode": "MessageWritesBlocked"}),
        (403, b"<html>no</html>"),
        (404, {"error": {"code": "ConversationNotFound"}}),
        (410, b""),
    ],
)
async def test_who_cannot_be_reached_any_more_is_gone(
    connector: Connector, teams: FakeTeams, status: int, body: dict[str, object] | bytes
) -> None:
    for _ in range(2):
        teams.say(status, body)

    with pytest.raises(SendFailed) as room:
        await say(connector, teams)
    with pytest.raises(SendFailed) as person:
        await say(connector, teams, to="person")

    assert (room.value.permanent, room.value.gone) == (True, "room")
    assert (person.value.permanent, person.value.gone) == (True, "person")


@pytest.mark.parametrize(
    ("name", "gone"),
    [("create thread", "room"), ("create chat", "person"), ("members", "room"), ("update", "room")],
)
async def test_it_is_who_a_call_was_for_that_is_gone(
    connector: Connector, teams: FakeTeams, name: str, gone: str
) -> None:
    teams.say(403)

    with pytest.raises(SendFailed) as failed:
        await (SAID_ONCE | REPEATABLE)[name](connector, teams.url)

    assert (failed.value.permanent, failed.value.gone) == (True, gone)


async def test_an_edit_in_a_personal_chat_was_for_a_person(connector: Connector, teams: FakeTeams) -> None:
    teams.say(403)

    with pytest.raises(SendFailed) as failed:
        await connector.update(teams.url, PERSONAL, "17", WORDS)

    assert failed.value.gone == "person"


@pytest.mark.parametrize("status", [400, 405, 413, 415, 422, 501])
async def test_terminal_refusals_are_permanent(connector: Connector, teams: FakeTeams, status: int) -> None:
    teams.say(status, {"error": {"code": "MessageSizeTooBig", "message": "canary"}})

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)

    assert failed.value.permanent
    assert failed.value.gone == ""
    assert not failed.value.outcome_unknown
    assert failed.value.reason == f"the message is too large for Teams ({status} MessageSizeTooBig)"


@pytest.mark.parametrize("status", [409, 423, 425])
async def test_refusals_for_now_are_tried_again(connector: Connector, teams: FakeTeams, status: int) -> None:
    teams.say(status)

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)

    assert not failed.value.permanent
    assert not failed.value.outcome_unknown


async def test_no_body_is_ever_logged(connector: Connector, teams: FakeTeams, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    teams.say(500, {"error": {"code": "the canary's own code", "message": "canary"}})
    teams.say(403, {"error": {"code": "BotDisabledByAdmin", "message": "canary"}})

    for _ in range(2):
        with pytest.raises(SendFailed) as failed:
            await say(connector, teams)

    assert "canary" not in caplog.text
    assert "t1" not in caplog.text
    assert "canary" not in failed.value.reason
