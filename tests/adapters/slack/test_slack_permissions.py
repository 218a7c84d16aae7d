"""The permission table over every way in that Slack has: slash command, mention, button, menu and form, all signed."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from adapters.slack.buttons import MENU
from adapters.slack.payloads import PLACE
from bot.people import Profile
from bot.refs import Address, Identity
from tests.adapters.signing import TEAM, Signed, command, event, interaction, press, submission
from tests.adapters.slack_rig import Reply, Rig, rig
from tests.adapters.stage import PRESSED, SLICE, TYPED, Cell, Stage
from tests.permissions import HEARD, REFUSED, TURNED_AWAY

FOREIGN = "T9"
_ids = count(1)


def user(who: str) -> str:
    return f"U{who.upper().replace(' ', '')}"


def channel(number: int | None) -> str:
    return f"C{number}" if number else "CELSEWHERE"


@dataclass
class House:
    slack: Rig
    stage: Stage

    async def say(self, signed: Signed, cell: Cell) -> tuple[str, Reply]:
        reply = await self.slack.post(signed)
        await self.slack.settle()
        return self.stage.verdict(cell.number), reply


@pytest.fixture
async def house() -> AsyncIterator[House]:
    stage = Stage(
        identity=lambda who: Identity(f"slack:{TEAM}/{user(who)}"),
        room=lambda number: Address(f"slack:{TEAM}/C{number}"),
    )
    async with rig(service=stage) as slack:
        slack.directory.profiles.known[user("guest")] = Profile(name="Gus", guest=True)
        yield House(slack, stage)


def team(cell: Cell) -> str:
    return FOREIGN if cell.who == "stranger" else TEAM


def typed(cell: Cell) -> Signed:
    return command(
        cell.line,
        user_id=user(cell.person),
        channel_id=channel(cell.inside),
        team_id=team(cell),
        trigger_id=f"t{next(_ids)}",
        response_url="",
    )


def mentioned(cell: Cell) -> Signed:
    inner = {
        "type": "app_mention",
        "user": user(cell.person),
        "channel": channel(cell.inside),
        "text": f"<@UBOT> {cell.line}",
        "ts": "1.1",
        "user_team": team(cell),
    }
    return event(inner, event_id=f"Ev{next(_ids)}")


def _pressing(cell: Cell, action: dict[str, Any]) -> Signed:
    where = channel(cell.inside)
    payload = press(
        user={"id": user(cell.person), "team_id": team(cell)},
        channel={"id": where},
        container={"type": "message", "channel_id": where, "message_ts": "1.1"},
        trigger_id=f"t{next(_ids)}",
        response_url="",
        actions=[{"block_id": "b", "action_ts": "1.2", **action}],
    )
    return interaction(payload)


def pressed(cell: Cell) -> Signed:
    value = json.dumps({"v": dict(cell.values), "i": cell.number})
    return _pressing(cell, {"action_id": cell.row.word, "type": "button", "value": value})


def chosen(cell: Cell) -> Signed:
    value = json.dumps({"w": cell.row.word, "v": dict(cell.values), "i": cell.number})
    return _pressing(cell, {"action_id": MENU, "type": "overflow", "selected_option": {"value": value}})


def sent(cell: Cell) -> Signed:
    settled = {"i": cell.number, "v": dict(cell.values)}
    carried = {"c": {PLACE: f"slack:{TEAM}/{channel(cell.inside)}"}} if cell.inside else {}
    form = submission(cell.row.word, user={"id": user(cell.person), "team_id": team(cell)})
    form["view"] |= {
        "id": f"V{next(_ids)}",
        "private_metadata": json.dumps(settled | carried),
        "state": {"values": {}},
    }
    return interaction(form)


WAYS: dict[str, tuple[Callable[[Cell], Signed], tuple[Cell, ...]]] = {
    "slash command": (typed, TYPED),
    "mention": (mentioned, tuple(cell for cell in SLICE if cell in TYPED)),
    "button": (pressed, PRESSED),
    "menu": (chosen, SLICE),
    "form": (sent, SLICE),
}


FORGED = {
    "actor": "@P-2",
    "by": "@P-2",
    "person": "@P-2",
    "role": "commander",
    "incident": "2",
    "number": "2",
    "in_room": "true",
    "guest": "false",
    "groups": "slack:@sre-oncall",
    "place": f"slack:{TEAM}/C1",
    "submitted": "true",
}


@pytest.mark.parametrize("way", ["button", "menu", "form"])
async def test_nothing_in_a_value_makes_somebody_else_of_who_presses(house: House, way: str) -> None:
    write, _ = WAYS[way]
    words = {"close", "cancel", "visibility", "waive", "resolve", "priority", "note", "title"}
    cells = [cell for cell in PRESSED if cell.row.word in words and cell.right == REFUSED]
    assert {cell.who for cell in cells} >= {"guest", "member", "neighbour", "scribe", "declarer"}

    for cell in cells:
        forged = replace(cell, more=FORGED)
        found, _ = await house.say(write(forged), forged)
        assert (found, house.stage.changed()) == (REFUSED, False), (cell.row.says, cell.who)


@pytest.mark.parametrize("way", WAYS)
async def test_each_word_is_for_whom_the_table_says_by_every_way(house: House, way: str) -> None:
    write, cells = WAYS[way]
    wrong: dict[tuple[str, str, bool], tuple[str, str]] = {}
    effects = 0

    for cell in cells:
        found, reply = await house.say(write(cell), cell)
        changed = house.stage.changed()
        effects += changed
        status = 403 if cell.right == TURNED_AWAY else 200
        if found != cell.right or reply.status != status or (changed and cell.right != HEARD):
            wrong[cell.row.says, cell.who, cell.private] = found, cell.right

    assert wrong == {}
    assert effects > len(cells) // 8
