"""The permission table over every way in that the try-out chat has: line, button and form. Everybody is a member."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.app_chat import Core
from adapters.app_local import local_chat
from adapters.inbound import Inbound
from adapters.incident_clock import IncidentClock
from adapters.local.addresses import address, identity
from adapters.metrics import metrics
from adapters.reports import Reports
from adapters.tasks import Tasks
from adapters.web.life import Life
from adapters.web.server import application, serve
from storage.errors import is_busy
from tests.adapters.house import AT, House, house
from tests.adapters.local.rig import POLICY, settings
from tests.adapters.stage import HIDDEN_ALONE, HIDDEN_STAFFED, NEIGHBOUR, SLICE, TYPED, Cell, Stage
from tests.permissions import HEARD

PLAYED = {
    "declarer": "ana",
    "commander": "ben",
    "comms": "hana",
    "scribe": "dee",
    "member": "chen",
    "unknown": "zoe",
    "stage hand": "kim",
}
"""Who plays whom. Guests and strangers are not in the cast."""
NOWHERE = {"guest", "stranger"}

_keys = count(10_000_000)


@dataclass
class Open:
    """The chat with its door open."""

    stage: Stage
    session: aiohttp.ClientSession
    url: str

    async def say(self, path: str, cell: Cell, **body: Any) -> tuple[str, int, str]:
        place = f"room{cell.inside}" if cell.inside else "incidents"
        sent = {"as": PLAYED[cell.person], "place": place, "key": str(next(_keys)), **body}
        async with self.session.post(f"{self.url}/local/{path}", json=sent) as answer:
            text = await answer.text()
            return self.stage.verdict(cell.number), answer.status, text


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Open]:
    stage = Stage(identity=lambda who: identity(PLAYED.get(who, who)), room=lambda number: address(f"room{number}"))
    with house(tmp_path) as home:
        core = _core(home, stage)
        made = local_chat(settings(tmp_path), core, home.service, lambda: None)
        await made.connect()
        for number in range(1, NEIGHBOUR + 1):
            private = number in {HIDDEN_STAFFED, HIDDEN_ALONE}
            room = home.db.local.make_room((f"room{number}",), private=private, token=f"room{number}")
            home.db.local.join(room.address, PLAYED.values())
        runner, port = await serve(application(made.routes()), host="127.0.0.1", port=0)
        async with aiohttp.ClientSession() as session:
            yield Open(stage, session, f"http://127.0.0.1:{port}")
        await runner.cleanup()


def _core(home: House, stage: Stage) -> Core:
    figures = metrics()
    reports = Reports(
        service=home.service,
        store=home.db.store,
        people=home.db.reads,
        threads=home.db,
        now=home.now,
        hint=lambda: None,
    )
    inbound = Inbound(service=stage, db=home.db, now=lambda: AT, hint=lambda: None, metrics=figures, is_busy=is_busy)
    return Core(
        db=home.db,
        policy=POLICY,
        inbound=inbound,
        reports=reports,
        tasks=Tasks(),
        metrics=figures,
        life=Life(),
        clock=IncidentClock(real=home.now, ahead=home.db.clock_ahead()),
    )


def typed(cell: Cell) -> Mapping[str, Any]:
    return {"text": f"/incident {cell.line}", "thread": None}


def pressed(cell: Cell) -> Mapping[str, Any]:
    return {"word": cell.row.word, "values": dict(cell.values), "incident": cell.number}


WAYS = {
    "say": (typed, tuple(cell for cell in SLICE if cell in TYPED)),
    "press": (pressed, SLICE),
    "submit": (pressed, SLICE),
}


@pytest.mark.parametrize("way", WAYS)
async def test_each_word_is_for_whom_the_table_says_by_every_way(chat: Open, way: str) -> None:
    write, cells = WAYS[way]
    wrong: dict[tuple[str, str, bool], tuple[str, str, int]] = {}
    effects = 0

    for cell in cells:
        if cell.who in NOWHERE:
            continue
        found, status, _ = await chat.say(way, cell, **write(cell))
        changed = chat.stage.changed()
        effects += changed
        if found != cell.right or status != 200 or (changed and cell.right != HEARD):
            wrong[cell.row.says, cell.who, cell.private] = found, cell.right, status

    assert wrong == {}
    assert effects > len(cells) // 8


async def test_nobody_speaks_in_a_room_they_do_not_see(chat: Open) -> None:
    body = {
        "as": "sam",
        "place": f"room{HIDDEN_STAFFED}",
        "key": "12345678",
        "text": "/incident status",
        "thread": None,
    }

    async with chat.session.post(f"{chat.url}/local/say", json=body) as answer:
        assert answer.status == 404

    assert chat.stage.heard == []
