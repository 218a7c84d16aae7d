"""How many messages each person gets in three two-hour incidents. A minute of the script is a second here."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.people import Profile
from tests.acceptance.reading import Message
from tests.acceptance.slack import settled
from tests.acceptance.story import card
from tests.acceptance.world import World, world

pytestmark = pytest.mark.timeout(300)

POLICY = """
[organisation]
name = "Larkfield"
default_priority = "critical"

[[priorities]]
name = "critical"
means = "Severe disruption or degradation."
example = "The shop cannot be reached."
major = true
respond_within = "15s"
resolve_within = "120s"
update_every = { internal = "30s" }
roles = ["incident_commander", "communications_officer", "scribe"]

[reminders]
grace = "1s"
gather = "5s"
silence_after = "120s"

[[reminders.update]]
at = "-5s"
to = ["communications_officer"]
where = "private"

[[reminders.update]]
at = "0s"
to = ["communications_officer"]
where = "room"

[[reminders.update]]
at = "5s"
to = ["incident_commander"]
where = "both"
repeat = "15s"

[[reminders.role]]
at = "5s"
to = ["room"]

[[reminders.sla]]
at = 0.8
to = ["incident_commander"]

[[reminders.sla]]
at = 1.0
to = ["incident_commander"]

[audiences.internal]
addresses = ["slack:#incidents"]
"""

FIRST = ("ana", "ben", "hana", "chen", "dee")
SECOND = ("nia", "raj", "lou", "mei", "tom")
ALONE = "sol"
PEOPLE = tuple(Profile(name=name, real_name=name.capitalize()) for name in (*FIRST, *SECOND, ALONE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """New messages of ours that somebody saw. Edits are silent."""

    room: int
    """In the incident's room itself."""
    thread: int
    """The announcement and what was said under it."""
    private: int


BUDGET = {
    "six people, on time": {
        "declared, expert": Heard(room=8, thread=6, private=1),
        "commander": Heard(room=8, thread=6, private=1),
        "communications officer": Heard(room=8, thread=6, private=4),
        "expert": Heard(room=8, thread=6, private=1),
        "scribe": Heard(room=8, thread=6, private=1),
    },
    "six people, two updates late": {
        "declared, expert": Heard(room=10, thread=6, private=1),
        "commander": Heard(room=10, thread=6, private=3),
        "communications officer": Heard(room=10, thread=6, private=3),
        "expert": Heard(room=10, thread=6, private=1),
        "scribe": Heard(room=10, thread=6, private=1),
    },
    "one person alone": {"alone": Heard(room=9, thread=6, private=4)},
}
"""The room's ten of the budget, less the two changes; a late promise adds one to the room, and a private one per step.
The sixth person is told outside Slack."""


class Script:
    """People doing things at set minutes."""

    def __init__(self, here: World, number: int) -> None:
        self.here = here
        self.number = number
        self.start = time.time()
        self.room = ""

    async def declare(self, name: str) -> None:
        await self.here.slack.who(name).types(f"declare critical Trouble number {self.number}")
        self.start = time.time()
        self.room = str((await self.here.workspace.room(self.number))["id"])
        await card(self.here, self.number, f"INC-{self.number}")

    async def at(self, minute: float, name: str, words: str) -> None:
        await asyncio.sleep(max(0.0, self.start + minute - time.time()))
        answer = await self.here.slack.who(name).types(words, self.room)
        assert answer.ack.status == 200, answer.ack

    async def update(self, minute: float, name: str) -> None:
        await self.at(minute, name, f"update State at minute {minute} steps:working next:30s")


async def _team(script: Script, people: tuple[str, ...], updates: tuple[float, ...]) -> None:
    declarer, commander, comms, expert, scribe = people
    await script.declare(declarer)
    await script.at(0.5, commander, "claim commander")
    await script.at(1, commander, f"role comms @{comms}")
    await script.at(1.5, commander, f"role scribe @{scribe}")
    await script.at(2, commander, f"role sme @{declarer} @{expert}")
    await script.update(updates[0], comms)
    await script.at(21, declarer, "identified")
    for minute in updates[1:]:
        await script.update(minute, comms)
    await script.at(110, commander, "resolve Release 5.8 was rolled back verified:200 test payments went through")


async def _alone(script: Script, name: str) -> None:
    await script.declare(name)
    await script.at(1, name, "claim commander")
    await script.update(10, name)
    await script.at(21, name, "identified")
    for minute in (38, 65, 92):
        await script.update(minute, name)
    await script.at(110, name, "resolve A host was replaced verified:errors are gone")


async def test_each_person_hears_what_the_budget_says(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY, people=PEOPLE) as here:
        scripts = [Script(here, number) for number in (1, 2, 3)]
        plays: tuple[Callable[[], Awaitable[None]], ...] = (
            lambda: _team(scripts[0], FIRST, (10, 38, 65, 92)),
            lambda: _team(scripts[1], SECOND, (10, 47, 84, 100)),
            lambda: _alone(scripts[2], ALONE),
        )
        running = []
        for number, play in enumerate(plays, start=1):
            running.append(asyncio.ensure_future(play()))
            await card(here, number, f"INC-{number}")
        await asyncio.gather(*running)
        await settled(here.proxy, quiet=2)

        heard = {
            "six people, on time": await _heard(here, 1, FIRST),
            "six people, two updates late": await _heard(here, 2, SECOND),
            "one person alone": await _heard(here, 3, (ALONE,)),
        }
        assert any("nobody is communications officer" in str(call.params) for call in here.proxy.calls)
    print(_table(heard))
    assert heard == BUDGET


async def _heard(here: World, number: int, people: tuple[str, ...]) -> dict[str, Heard]:
    room = (await here.workspace.room(number))["id"]
    incidents = await here.workspace.channel("incidents")
    in_room = await here.workspace.messages(room)
    announced = [message for message in await here.workspace.messages(incidents) if f"INC-{number} " in message.words]
    replies = [reply for message in announced for reply in await here.workspace.thread(message)]
    _print(number, in_room)
    parts = (
        ("alone",)
        if len(people) == 1
        else ("declared, expert", "commander", "communications officer", "expert", "scribe")
    )
    found = {}
    for part, name in zip(parts, people, strict=True):
        private = await here.workspace.private(name)
        print(f"INC-{number} {name}: {[message.text[:70] for message in private]}")
        found[part] = Heard(room=len(in_room), thread=len(announced) + len(replies), private=len(private))
    return found


def _print(number: int, messages: list[Message]) -> None:
    print(f"INC-{number} room: {Counter(message.text[:70] for message in messages)}")


def _table(heard: dict[str, dict[str, Heard]]) -> str:
    rows = [f"{'incident':30} {'person':24} {'room':>5} {'thread':>7} {'private':>8}"]
    for incident, people in heard.items():
        rows += [
            f"{incident:30} {person:24} {got.room:5} {got.thread:7} {got.private:8}" for person, got in people.items()
        ]
    return "\n".join(rows)
