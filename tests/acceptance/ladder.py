"""A ladder of seconds, and what climbs it."""

import asyncio
import time
from dataclasses import dataclass

from tests.acceptance.chats import Sent, World
from tests.acceptance.reading import until

PROMISE = 20
SHORT = """
[organisation]
name = "Larkfield"
default_priority = "critical"

[[priorities]]
name = "critical"
means = "Severe disruption or degradation."
example = "The shop cannot be reached."
major = true
respond_within = "3h"
resolve_within = "4h"
update_every = { internal = "20s" }
roles = []

[reminders]
settle = "0s"

[[reminders.update]]
at = "-10s"
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

[[reminders.update]]
at = "10s"
to = ["leadership"]
repeat = "10s"

[audiences.internal]
addresses = ["chat:incidents"]

[audiences.leadership]
addresses = ["chat:leadership"]
"""
LATEST = 3.0
"""Seconds after its moment by which a step is with the chat, on a busy machine too; 1.5 for 99 in 100 of them."""


async def nudges(here: World, number: int) -> list[Sent]:
    """Every reminder that was sent for an incident's update, oldest first."""
    return await here.sent(number, f"Update on INC-{number} ")


def on_time(found: list[Sent], to: str, moment: float) -> Sent:
    """The one reminder to somebody, sent at its moment."""
    near = [nudge for nudge in found if nudge.to == to and abs(nudge.at - moment) < 4]
    assert len(near) == 1, f"{to} at {moment:.1f}: {[(nudge.to, nudge.at - moment, nudge.words) for nudge in found]}"
    late = near[0].at - moment
    assert -0.3 <= late <= LATEST, f"{to}: {late:.2f} s late"
    return near[0]


@dataclass(slots=True)
class Started:
    """An incident whose promise stands 20 seconds after its declaration."""

    here: World
    number: int
    room: str
    at: float
    """The declaration, by the clock of the tests."""

    async def until(self, seconds: float) -> None:
        """Wait until so long after the declaration."""
        await asyncio.sleep(max(0.0, self.at + seconds - time.time()))


async def started(here: World, number: int, *, comms: str, commander: str) -> Started:
    """Declare, and fill both roles."""
    at = time.time()
    await here.types("ana", f"declare critical Trouble number {number}")
    room = await here.room(number)
    await here.types(commander, "claim commander", room)
    await here.types(comms, "claim comms", room)

    async def held() -> bool:
        cards = await here.cards(number)
        return bool(cards) and all(here.mention(name) in cards[0].words for name in (comms, commander))

    await until(held, within=5, what="both roles on the card")
    return Started(here, number, room, at)
