"""The way out to Teams: what each errand asks and how its answer is read, how often and in which turn."""

import asyncio

import pytest

from adapters.sinks import SendFailed
from adapters.teams.connector import Connector
from adapters.teams.hosts import first
from adapters.teams.turns import Turns
from tests.adapters.outbox_rig import Counted
from tests.adapters.teams.wire_rig import CHANNEL, PERSONAL, QUOTED, THREAD, WORDS, Given, say
from tests.adapters.teams.wire_server import FakeTeams


async def test_a_message_goes_where_it_is_said_and_its_id_comes_back(
    connector: Connector, teams: FakeTeams, meter: Counted
) -> None:
    assert await say(connector, teams) == "act-1"

    (call,) = teams.calls
    assert (call.method, call.path) == ("POST", f"/emea/v3/conversations/{QUOTED}/activities")
    assert (call.token, call.body) == ("Bearer t1", WORDS)
    assert meter.calls == [("send", "ok")]


async def test_a_service_address_may_lack_its_slash(connector: Connector, teams: FakeTeams) -> None:
    await connector.send(teams.url.rstrip("/"), THREAD, WORDS)

    assert teams.calls[0].path == f"/emea/v3/conversations/{QUOTED}/activities"


async def test_an_edit_is_put_in_the_place_of_the_message(connector: Connector, teams: FakeTeams) -> None:
    assert await connector.update(teams.url, THREAD, "17/1", WORDS)

    (call,) = teams.calls
    assert (call.method, call.path) == ("PUT", f"/emea/v3/conversations/{QUOTED}/activities/17%2F1")
    assert call.body == {**WORDS, "id": "17/1"}


async def test_an_edit_may_be_answered_with_nothing(connector: Connector, teams: FakeTeams) -> None:
    teams.say(202)

    assert await connector.update(teams.url, THREAD, "17", WORDS)


@pytest.mark.parametrize("status", [404, 405, 410])
async def test_a_message_that_is_not_there_is_an_answer(
    connector: Connector, teams: FakeTeams, meter: Counted, status: int
) -> None:
    teams.say(status, {"error": {"code": "ActivityNotFoundInConversation"}})
    teams.say(status)

    assert not await connector.update(teams.url, THREAD, "17", WORDS)
    assert not await connector.delete(teams.url, THREAD, "17")
    assert meter.calls == [("update", "ok"), ("delete", "ok")]


async def test_a_message_is_taken_back(connector: Connector, teams: FakeTeams) -> None:
    teams.say(200)

    assert await connector.delete(teams.url, THREAD, "17")
    assert (teams.calls[0].method, teams.calls[0].body) == ("DELETE", None)


async def test_a_post_of_its_own_names_channel_tenant_and_bot(connector: Connector, teams: FakeTeams) -> None:
    teams.say(201, {"id": f"{CHANNEL};messageid=17", "activityId": "17"})

    assert await connector.create_thread(teams.url, CHANNEL, WORDS, "larkfield") == (f"{CHANNEL};messageid=17", "17")
    assert teams.calls[0].path == "/emea/v3/conversations"
    assert teams.calls[0].body == {
        "isGroup": True,
        "bot": {"id": "28:app-1"},
        "channelData": {"channel": {"id": CHANNEL}, "tenant": {"id": "larkfield"}},
        "activity": WORDS,
        "tenantId": "larkfield",
    }


@pytest.mark.parametrize(
    "answer",
    [{"id": f"{CHANNEL};messageid=17"}, {"id": CHANNEL, "activityId": "17"}],
)
async def test_a_post_is_known_by_either_of_its_ids(
    connector: Connector, teams: FakeTeams, answer: dict[str, str]
) -> None:
    teams.say(201, answer)

    assert await connector.create_thread(teams.url, CHANNEL, WORDS, "") == (f"{CHANNEL};messageid=17", "17")


@pytest.mark.parametrize("answer", [{}, {"id": 7}, {"id": ""}, {"id": CHANNEL}, {"id": "a b"}])
async def test_a_post_that_nobody_can_name_may_be_there(
    connector: Connector, teams: FakeTeams, answer: dict[str, object]
) -> None:
    teams.say(201, answer)

    with pytest.raises(SendFailed) as failed:
        await connector.create_thread(teams.url, CHANNEL, WORDS, "larkfield")

    assert failed.value.outcome_unknown


async def test_a_personal_chat_is_begun_with_one_person(connector: Connector, teams: FakeTeams) -> None:
    teams.say(201, {"id": PERSONAL})

    assert await connector.create_personal(teams.url, "29:ana", "larkfield") == PERSONAL
    assert teams.calls[0].body == {
        "isGroup": False,
        "bot": {"id": "28:app-1"},
        "members": [{"id": "29:ana"}],
        "tenantId": "larkfield",
        "channelData": {"tenant": {"id": "larkfield"}},
    }


async def test_where_nothing_is_authenticated_neither_token_nor_bot_is_named(
    connector: Connector, teams: FakeTeams, given: Given
) -> None:
    given.tokens, given.bot = [""], ""

    await connector.create_personal(teams.url, "29:ana", "")

    assert teams.calls[0].token == ""
    assert teams.calls[0].body == {"isGroup": False, "members": [{"id": "29:ana"}]}


async def test_members_are_read_page_by_page(connector: Connector, teams: FakeTeams) -> None:
    teams.say(200, {"members": [{"id": "29:ana"}, "odd"], "continuationToken": "a+b="})
    teams.say(200, {"members": [{"id": "29:ben"}]})

    assert await connector.members(teams.url, THREAD) == [{"id": "29:ana"}, {"id": "29:ben"}]
    assert teams.calls[0].path == "/emea/v3/conversations/19%3Aincidents%40thread.tacv2/pagedmembers"
    assert [call.query for call in teams.calls] == [
        {"pageSize": "500"},
        {"pageSize": "500", "continuationToken": "a+b="},
    ]


async def test_pages_that_lead_round_in_a_circle_come_to_an_end(connector: Connector, teams: FakeTeams) -> None:
    for _ in range(9):
        teams.say(200, {"members": [{"id": "29:ana"}], "continuationToken": "again"})

    assert len(await connector.members(teams.url, CHANNEL)) == 2


async def test_one_member_is_there_or_not(connector: Connector, teams: FakeTeams) -> None:
    teams.say(200, {"id": "29:ana", "name": "Ana"})
    teams.say(404, {"error": {"code": "MemberNotFoundInConversation"}})

    assert await connector.member(teams.url, CHANNEL, "29:ana") == {"id": "29:ana", "name": "Ana"}
    assert await connector.member(teams.url, CHANNEL, "29:ben") is None
    assert teams.calls[0].path.endswith("/members/29%3Aana")


async def test_retry_after_closes_the_conversation_and_no_other(
    connector: Connector, teams: FakeTeams, meter: Counted
) -> None:
    teams.say(429, {"error": {"code": "Throttled"}}, headers={"Retry-After": "60"})

    with pytest.raises(SendFailed) as first:
        await say(connector, teams)
    with pytest.raises(SendFailed) as second:
        await connector.update(teams.url, THREAD, "17", WORDS)
    await connector.send(teams.url, PERSONAL, WORDS, to="person")

    assert (first.value.retry_after, second.value.retry_after) == (60, 60)
    assert not first.value.outcome_unknown
    assert [call.path for call in teams.calls] == [
        f"/emea/v3/conversations/{QUOTED}/activities",
        "/emea/v3/conversations/a%3A1-ana/activities",
    ]
    assert meter.calls == [("send", "limited"), ("send", "ok")]


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "nan", "Wed, 21 Oct 2026 07:28:00 GMT", "\u0663"])
async def test_a_limit_that_names_no_time_is_waited_for_longer_each_time(
    connector: Connector, teams: FakeTeams, header: str | None
) -> None:
    now = [1000.0]
    connector.clock = lambda: now[0]
    waits = []
    for _ in range(4):
        teams.say(429, headers={} if header is None else {"Retry-After": header})
        with pytest.raises(SendFailed) as failed:
            await say(connector, teams)
        assert failed.value.retry_after is not None
        waits.append(failed.value.retry_after)
        now[0] += failed.value.retry_after

    for number, wait in enumerate(waits):
        assert 2.0**number <= wait <= 2.0 ** (number + 1)


async def test_two_at_once_are_told_to_come_back_in_a_second(connector: Connector, teams: FakeTeams) -> None:
    teams.say(412, {"error": {"code": "PreconditionFailed"}})

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)

    assert failed.value.retry_after == 1.0
    assert not failed.value.outcome_unknown
    assert connector.budget.ask("send", CHANNEL, 1000.5) == pytest.approx(0.5)


async def test_a_short_wait_for_the_budget_is_waited_in_place(connector: Connector, teams: FakeTeams) -> None:
    now, slept = [1000.0], []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    connector.clock, connector.sleep = lambda: now[0], sleep
    for _ in range(7):
        await say(connector, teams)

    assert [round(seconds, 3) for seconds in slept] == [1.0]


async def test_a_longer_wait_for_the_budget_is_the_outboxs(connector: Connector, teams: FakeTeams) -> None:
    connector.budget.close("send", CHANNEL, 30, 1000.0)

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)

    assert failed.value.retry_after == 30
    assert not teams.calls


async def test_a_reminder_finds_room_where_others_wait(connector: Connector, teams: FakeTeams) -> None:
    for _ in range(6):
        await say(connector, teams)

    assert await say(connector, teams, urgent=True) == "act-7"


async def test_threads_of_a_channel_share_its_limit(connector: Connector, teams: FakeTeams) -> None:
    for number in range(6):
        await connector.send(teams.url, f"{CHANNEL};messageid={number}", WORDS)

    assert connector.budget.ask("send", CHANNEL, 1000.0) == pytest.approx(1.0)


async def test_calls_never_overlap_in_one_conversation_and_do_in_two(connector: Connector, teams: FakeTeams) -> None:
    await asyncio.gather(*(say(connector, teams) for _ in range(5)))
    assert teams.most_at_once == 1

    teams.say(hangs=True)
    held = asyncio.create_task(say(connector, teams))
    teams.asked.clear()
    await teams.asked.wait()
    assert await connector.send(teams.url, PERSONAL, WORDS) == "act-7"
    teams.go_on.set()
    await asyncio.gather(held, return_exceptions=True)


async def test_a_conversation_that_hangs_sends_others_back_to_the_outbox(
    connector: Connector, teams: FakeTeams
) -> None:
    connector.turns = Turns(patience=0.0)
    teams.say(201, {"id": "act-1"}, hangs=True)
    held = asyncio.create_task(say(connector, teams))
    await teams.asked.wait()

    with pytest.raises(SendFailed) as failed:
        await say(connector, teams)
    teams.go_on.set()

    assert failed.value.retry_after == 1.0
    assert await held == "act-1"
    assert len(teams.calls) == 1


@pytest.mark.parametrize(
    ("hosts", "begins"),
    [
        (("smba.trafficmanager.net", "*.botframework.com"), "https://smba.trafficmanager.net/teams/"),
        (
            ("*.botframework.com", "smba.infra.gcc.teams.microsoft.com"),
            "https://smba.infra.gcc.teams.microsoft.com/teams/",
        ),
        (("127.0.0.1:3978",), "http://127.0.0.1:3978/teams/"),
        (("*.botframework.com",), ""),
    ],
)
def test_before_anybody_spoke_the_first_host_named_whole_is_written_to(hosts: tuple[str, ...], begins: str) -> None:
    assert first(hosts) == begins
