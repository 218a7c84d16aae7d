"""How many messages each person gets in three two-hour incidents. A minute of the script is a second here."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from tests.acceptance.chats import Heard, Opens, Said, World
from tests.acceptance.people import Profile
from tests.acceptance.playing import in_both_at_once

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
addresses = ["chat:incidents"]
"""

FIRST = ("ana", "ben", "hana", "chen", "dee")
SECOND = ("nia", "raj", "lou", "mei", "tom")
ALONE = "sol"
PEOPLE = tuple(Profile(name=name, real_name=name.capitalize()) for name in (*FIRST, *SECOND, ALONE))


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
The sixth person is told outside the chat."""


LATER = 2
"""Later steps of the two late promises: quiet replies where the room has such, else two messages more in it."""


def _budget(here: World) -> dict[str, dict[str, Heard]]:
    if here.ways.replies_within_a_room:
        return BUDGET
    late = "six people, two updates late"
    return BUDGET | {late: {part: replace(heard, room=heard.room + LATER) for part, heard in BUDGET[late].items()}}


class Script:
    """People doing things at set minutes."""

    def __init__(self, here: World, number: int) -> None:
        self.here = here
        self.number = number
        self.start = time.time()
        self.room = ""

    async def declare(self, name: str) -> None:
        await self.here.types(name, f"declare critical Trouble number {self.number}")
        self.start = time.time()
        self.room = await self.here.room(self.number)
        await self.here.card(self.number, f"INC-{self.number}")

    async def at(self, minute: float, name: str, words: str) -> None:
        await asyncio.sleep(max(0.0, self.start + minute - time.time()))
        await self.here.types(name, words, self.room)

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


@in_both_at_once
async def test_each_person_hears_what_the_budget_says(world: Opens) -> None:
    async with world(policy=POLICY, people=PEOPLE) as here:
        scripts = [Script(here, number) for number in (1, 2, 3)]
        plays: tuple[Callable[[], Awaitable[None]], ...] = (
            lambda: _team(scripts[0], FIRST, (10, 38, 65, 92)),
            lambda: _team(scripts[1], SECOND, (10, 47, 84, 100)),
            lambda: _alone(scripts[2], ALONE),
        )
        running = []
        for number, play in enumerate(plays, start=1):
            running.append(asyncio.ensure_future(play()))
            await here.card(number, f"INC-{number}")
        await asyncio.gather(*running)
        await here.settled(quiet=2)

        heard = {
            "six people, on time": await _heard(here, 1, FIRST),
            "six people, two updates late": await _heard(here, 2, SECOND),
            "one person alone": await _heard(here, 3, (ALONE,)),
        }
        assert any("nobody is communications officer" in sent.words for sent in await here.sent(3, ""))
        print(_table(heard))
        assert heard == _budget(here)


async def _heard(here: World, number: int, people: tuple[str, ...]) -> dict[str, Heard]:
    _print(number, await here.messages(await here.room(number)))
    team = ("declared, expert", "commander", "communications officer", "expert", "scribe")
    parts = ("alone",) if len(people) == 1 else team
    found = {}
    for part, name in zip(parts, people, strict=True):
        print(f"INC-{number} {name}: {[message.words[:70] for message in await here.private(name)]}")
        found[part] = await here.heard(number, name)
    return found


def _print(number: int, messages: Sequence[Said]) -> None:
    print(f"INC-{number} room: {Counter(message.words[:70] for message in messages)}")


def _table(heard: dict[str, dict[str, Heard]]) -> str:
    rows = [f"{'incident':30} {'person':24} {'room':>5} {'thread':>7} {'private':>8}"]
    for incident, people in heard.items():
        rows += [
            f"{incident:30} {person:24} {got.room:5} {got.thread:7} {got.private:8}" for person, got in people.items()
        ]
    return "\n".join(rows)
