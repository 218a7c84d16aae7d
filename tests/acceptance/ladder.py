"""A ladder of seconds, and what climbs it."""

import asyncio
import time
from dataclasses import dataclass

from tests.acceptance.reading import Message, until
from tests.acceptance.world import World

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
addresses = ["slack:#incidents"]

[audiences.leadership]
addresses = ["slack:#leadership"]
"""
LATEST = 1.5
"""Seconds after its moment by which a step is with Slack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A reminder as it was sent."""

    at: float
    to: str
    """A person's name, `room`, or a channel's name."""
    text: str
    words: str
    """What the eye sees of it."""


async def nudges(here: World, number: int) -> list[Nudge]:
    """Every reminder that was sent for an incident's update, oldest first."""
    places = {channel["id"]: name for name, channel in (await here.workspace.channels()).items()}
    direct = await here.workspace.call("conversations.list", types="im", limit=1000)
    names = {key: name for name, key in here.workspace.ids.items()}
    places |= {
        channel["id"]: names[channel["user"]] for channel in direct["channels"] if channel.get("user") in names
    } | names
    found = []
    for call in here.proxy.calls:
        text = str(call.params.get("text", ""))
        if call.method != "chat.postMessage" or call.result != "ok" or f"Update on INC-{number} " not in text:
            continue
        place = places[str(call.params["channel"])]
        to = "room" if place.startswith(f"inc-{number}-") else place
        found.append(Nudge(at=call.at, to=to, text=text, words=Message(place, call.params).words))
    return found


def on_time(found: list[Nudge], to: str, moment: float) -> Nudge:
    """The one reminder to somebody, sent at its moment."""
    near = [nudge for nudge in found if nudge.to == to and abs(nudge.at - moment) < 4]
    assert len(near) == 1, f"{to} at {moment:.1f}: {[(nudge.to, nudge.at - moment, nudge.text) for nudge in found]}"
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
    answer = await here.slack.who("ana").types(f"declare critical Trouble number {number}")
    assert answer.ack.status == 200
    room = str((await here.workspace.room(number))["id"])
    await here.slack.who(commander).types("claim commander", room)
    await here.slack.who(comms).types("claim comms", room)

    async def held() -> bool:
        pinned = await here.workspace.pinned(room)
        return bool(pinned) and all(here.workspace.mention(name) in pinned[0].words for name in (comms, commander))

    await until(held, within=5, what="both roles on the card")
    return Started(here, number, room, at)
