"""`POST /api/messages`: true requests are done before they are answered; whatever is odd gets 400, never a fault."""

import json
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.calling import open_session
from adapters.teams.endpoint import PATH, Endpoint
from adapters.teams.identity import Rules
from adapters.teams.keys import Keys
from storage.errors import is_busy
from tests.adapters.teams.chat_rig import Rig, rig
from tests.adapters.teams.saying import CHANNEL, POST, SERVICE, TENANT, activity, fetches, invoke, of, presses, submits

Client = TestClient[web.Request, web.Application]


class Home(NamedTuple):
    """A tenant with its door open."""

    chat: Rig
    client: Client
    ready: list[bool]


OPEN = Rules(app_id="", tenant_id="", issuer="", hosts=("smba.example",), open=True)

ODD: tuple[Any, ...] = (
    None,
    "",
    0,
    -1,
    1.5,
    10**30,
    True,
    [],
    [[]],
    [None],
    ["x"],
    [{"type": "mention", "mentioned": {"id": "29:\u0000x"}}],
    {},
    {"id": 1},
    {"sitrep": 1},
    {"sitrep": {"w": 1}},
    {"sitrep": {"w": "declare", "v": {"title": 1}}},
    {"sitrep": {"w": "declare", "v": {"title": "\u0000"}, "i": 2**31}},
    {"sitrep": {"w": "cancel", "q": ["a"]}},
    "x" * 5000,
    "a b",
    "a/b|c;d",
    "@{slack:T1/U1|x}",
    "29:\u0000",
)
"""What may stand anywhere instead of what should."""

FILLED = {"sitrep": {"w": "declare", "c": {"fields": "title"}, "k": {"people": "p"}}, "title": "X", "people": "o-ana"}
MESSAGE = {"commandId": "note", "messagePayload": {"body": {"content": "<p>hello</p>"}}}
MENTIONS = [
    {"type": "mention", "text": "<at>Sitrep</at>", "mentioned": {"id": "28:bot", "name": "Sitrep"}},
    {"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": "29:ben", "name": "Ben", "aadObjectId": "o-ben"}},
    {"type": "clientInfo", "timezone": "Europe/Berlin"},
]
DELETED = {"tenant": {"id": TENANT}, "eventType": "channelDeleted", "channel": {"id": CHANNEL}, "team": {"id": CHANNEL}}
TRUE: dict[str, dict[str, Any]] = {
    "words": activity(
        "role comms <at>Ben</at>", where=POST, entities=MENTIONS, replyToId="17", localTimezone="Etc/UTC"
    ),
    "press": presses(of("claim", 1, role="scribe"), where=POST, replyToId="17"),
    "press as message": activity(None, value=of("claim", 1, role="scribe"), replyToId="17"),
    "opening": fetches(of("update", 1), where=POST),
    "form": submits(FILLED, where=POST),
    "action": invoke("composeExtension/fetchTask", MESSAGE, where=POST),
    "action sent": invoke("composeExtension/submitAction", {"commandId": "note", "data": FILLED}, where=POST),
    "members": activity(
        type="conversationUpdate", where=CHANNEL, membersRemoved=[{"id": "29:x"}], membersAdded=[{"id": "28:bot"}]
    ),
    "channel": activity(type="conversationUpdate", where=CHANNEL, channelData=DELETED),
    "installation": activity(type="installationUpdate", action="remove"),
    "reaction": activity(type="messageReaction", reactionsAdded=[{"type": "like"}], replyToId="1"),
    "edit": activity("declare X", type="messageUpdate", channelData={"eventType": "editMessage"}),
    "typing": activity(type="typing"),
    "event": activity(type="event", name="x", value={}),
}


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    with rig(tmp_path) as chat:
        async with open_session() as session:
            ready = [True]
            made = Endpoint(
                hears=chat.reception,
                rules=OPEN,
                keys=Keys("https://login.example/openid", session),
                ready=lambda: ready[0],
                is_busy=is_busy,
                metrics=chat.figures,
            )
            app = web.Application()
            app.add_routes(made.routes())
            async with TestClient(TestServer(app)) as client:
                yield Home(chat, client, ready)
                await chat.tasks.finish(5)


def places(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a body."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for name, value in inner:
        yield (*path, name)
        yield from places(value, (*path, name))


def changed(body: dict[str, Any], path: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    made = deepcopy(body)
    place: Any = made
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = odd
    return made


def without(body: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    made = deepcopy(body)
    place: Any = made
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return made


@pytest.mark.parametrize("what", TRUE)
async def test_a_true_request_is_good(home: Home, what: str) -> None:
    answer = await home.client.post(PATH, json=TRUE[what])

    assert answer.status == 200


@pytest.mark.parametrize("what", TRUE)
async def test_whatever_stands_in_any_place_is_no_fault_of_ours(home: Home, what: str) -> None:
    body, found = TRUE[what], dict[str, int]()
    for path in places(body):
        for odd in ODD:
            sent = changed(body, path, odd)
            found[f"{path} {odd!r}"[:200]] = (await home.client.post(PATH, json=sent)).status
        found[f"{path} missing"] = (await home.client.post(PATH, json=without(body, path))).status

    assert {where: status for where, status in found.items() if status not in (200, 400, 401, 404)} == {}


async def test_what_it_does_is_committed_before_it_is_answered(home: Home) -> None:
    chat, client, _ = home

    answer = await client.post(PATH, json=activity("declare critical Checkout is down", where=POST))

    assert answer.status == 200
    assert chat.numbers() == 1


async def test_an_answer_waits_for_nothing_that_teams_does(home: Home) -> None:
    chat, client, _ = home
    chat.book.hangs = True

    answer = await client.post(PATH, json=activity("declare critical Checkout is down"))

    assert answer.status == 200
    await chat.tasks.finish(0.01)


async def test_the_answer_of_an_invoke_is_its_body(home: Home) -> None:
    answer = await home.client.post(PATH, json=fetches(of("declare"), where=POST))

    assert (await answer.json())["task"]["type"] == "continue"


async def test_an_invoke_that_nobody_serves_is_not_found(home: Home) -> None:
    answer = await home.client.post(PATH, json=invoke("composeExtension/query", {}))

    assert answer.status == 404


async def test_until_it_is_recalled_whom_the_bot_has_met_nothing_is_taken(home: Home) -> None:
    chat, client, ready = home
    ready[0] = False

    answer = await client.post(PATH, json=activity("declare critical Checkout is down"))

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert chat.numbers() == 0


async def test_a_service_address_elsewhere_is_refused(home: Home) -> None:
    chat, client, _ = home

    answer = await client.post(PATH, json=activity("declare X", serviceUrl="https://evil.example/"))

    assert answer.status == 401
    assert await chat.desk.contacts.service("a:ana") != "https://evil.example/"


async def test_what_is_turned_away_is_counted(home: Home) -> None:
    chat, client, _ = home

    await client.post(PATH, data=json.dumps([]), headers={"Content-Type": "application/json"})

    labels = {"chat": "teams", "status": "400"}
    assert chat.figures.registry.get_sample_value("sitrep_requests_turned_away_total", labels) == 1


async def test_other_methods_find_nothing(home: Home) -> None:
    assert (await home.client.get(PATH)).status == 405


def test_the_addresses_of_the_rig_are_those_it_allows() -> None:
    assert OPEN.hosts[0] in SERVICE
