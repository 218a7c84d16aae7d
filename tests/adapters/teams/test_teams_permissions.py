"""The permission table over every way in that Teams has: message, button, dialog, card with inputs, message action.

Every activity bears a true token, and none is believed beyond what that proves.
"""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams.addresses import conversation, person
from adapters.teams.endpoint import PATH, Endpoint
from adapters.teams.identity import Rules
from adapters.teams.keys import Key, Keys
from storage.errors import is_busy
from tests.adapters.stage import SLICE, TYPED, Cell, Stage
from tests.adapters.teams import saying
from tests.adapters.teams.chat_rig import Rig, rig
from tests.adapters.teams.people_rig import Rosters, member
from tests.adapters.teams.saying import TENANT, fetches, invoke, presses, submits
from tests.adapters.teams.wire_server import APP, ISSUER, NOW, SERVICE, bearer, private_key
from tests.permissions import HEARD, TURNED_AWAY, WHO

RULES = Rules(app_id=APP, tenant_id=TENANT, issuer=ISSUER, hosts=("smba.trafficmanager.net",))
HEADERS = {"Authorization": bearer(), "Content-Type": "application/json"}


class KnownKeys:
    """The key that the tokens here are signed with."""

    async def find(self, kid: str) -> Key | None:
        assert kid == "k1"
        return Key(public=private_key("k1").public_key(), endorsements=frozenset({"msteams"}))


@dataclass
class House:
    chat: Rig
    stage: Stage
    client: TestClient[web.Request, web.Application]

    async def say(self, activity: dict[str, Any], cell: Cell) -> tuple[str, int]:
        answer = await self.client.post(PATH, data=json.dumps(activity), headers=HEADERS)
        await self.chat.tasks.finish(5)
        return self.stage.verdict(cell.number), answer.status


def named(who: str) -> str:
    return who.replace(" ", "-")


def room(number: int) -> str:
    return f"19:room{number}@thread.v2"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    stage = Stage(
        identity=lambda who: person(TENANT, f"o-{named(who)}"), room=lambda number: conversation(room(number))
    )
    with rig(tmp_path, service=stage) as chat:
        people = [member(who, userRole="guest" if who == "guest" else "user") for who in WHO]
        chat.desk.directory.asks = Rosters(people)
        endpoint = Endpoint(
            hears=chat.reception,
            rules=RULES,
            keys=cast("Keys", KnownKeys()),
            ready=lambda: True,
            is_busy=is_busy,
            metrics=chat.figures,
            now=lambda: NOW,
        )
        app = web.Application()
        app.add_routes(endpoint.routes())
        async with TestClient(TestServer(app)) as client:
            yield House(chat, stage, client)
            await chat.tasks.finish(5)


def where(cell: Cell) -> dict[str, Any]:
    """Who sends it, from which conversation, of which tenant."""
    who = named(cell.person)
    tenant = "elsewhere" if cell.who == "stranger" else TENANT
    place = room(cell.inside) if cell.inside else f"a:{who}"
    return {"who": who, "where": place, "channelData": {"tenant": {"id": tenant}}, "serviceUrl": SERVICE}


def carried(cell: Cell, **more: Any) -> dict[str, Any]:
    return {"sitrep": {"w": cell.row.word, "i": cell.number, "v": dict(cell.values)} | more}


def typed(cell: Cell) -> dict[str, Any]:
    return saying.activity(cell.line, **where(cell))


def pressed(cell: Cell) -> dict[str, Any]:
    return presses(carried(cell), **where(cell))


def pressed_as_message(cell: Cell) -> dict[str, Any]:
    return saying.activity(None, value=carried(cell), **where(cell))


def fetched(cell: Cell) -> dict[str, Any]:
    return fetches(carried(cell), **where(cell))


def sent(cell: Cell) -> dict[str, Any]:
    return submits(carried(cell, c={"fields": ""}), **where(cell))


def confirmed(cell: Cell) -> dict[str, Any]:
    """The "yes" to a question that was never asked."""
    return submits(carried(cell, y=True), **where(cell))


def form_on_card(cell: Cell) -> dict[str, Any]:
    return presses(carried(cell, c={"fields": ""}), **where(cell))


def action_sent(cell: Cell) -> dict[str, Any]:
    value = {"commandId": cell.row.word, "data": carried(cell, c={"fields": ""})}
    return invoke("composeExtension/submitAction", value, **where(cell))


WAYS: dict[str, tuple[Callable[[Cell], dict[str, Any]], tuple[Cell, ...]]] = {
    "message": (typed, TYPED),
    "Action.Execute": (pressed, SLICE),
    "dialog sent": (sent, SLICE),
    "Action.Submit": (pressed_as_message, SLICE),
    "dialog opened": (fetched, SLICE),
    "question answered": (confirmed, SLICE),
    "card with inputs": (form_on_card, SLICE),
    "message action": (action_sent, SLICE),
}


@pytest.mark.parametrize("way", WAYS)
async def test_each_word_is_for_whom_the_table_says_by_every_way(house: House, way: str) -> None:
    write, cells = WAYS[way]
    wrong: dict[tuple[str, str, bool], tuple[str, str, int]] = {}
    effects = 0

    for cell in cells:
        found, status = await house.say(write(cell), cell)
        changed = house.stage.changed()
        effects += changed
        right = 403 if cell.right == TURNED_AWAY else 200
        if found != cell.right or status != right or (changed and cell.right != HEARD):
            wrong[cell.row.says, cell.who, cell.private] = found, cell.right, status

    assert wrong == {}
    assert effects > len(cells) // 8


@pytest.mark.parametrize("word", ["note", "declare", "close", "room-opened"])
async def test_a_message_action_opens_a_form_for_members_only(house: House, word: str) -> None:
    value = {"commandId": word, "messagePayload": {"body": {"content": "<p>hello</p>"}}}

    for who in ("guest", "member", "stranger"):
        cell = next(cell for cell in SLICE if cell.who == who)
        answer = await house.client.post(
            PATH, json=invoke("composeExtension/fetchTask", value, **where(cell)), headers=HEADERS
        )
        body = await answer.text()
        assert answer.status == (403 if who == "stranger" else 200)
        assert ('"type": "continue"' in body) <= (who == "member")
