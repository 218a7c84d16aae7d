"""What people do while everything fails: short lives of incidents, several beside each other, never quiet for long."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.campaign.senders import Intent, Senders
from tests.campaign.tenancy import LINKED
from tests.teams.tenant import channel_id

POLICY = f"""
[organisation]
name = "Larkfield"
time_zone = "Etc/UTC"
default_priority = "critical"

[[priorities]]
name = "critical"
means = "Severe disruption or degradation."
example = "The shop cannot be reached."
major = true
respond_within = "3h"
resolve_within = "4h"
update_every = {{ internal = "8s" }}
roles = []

[reminders]
settle = "0s"

[[reminders.update]]
at = "-2s"
to = ["communications_officer"]
where = "private"

[[reminders.update]]
at = "0s"
to = ["communications_officer"]
where = "room"

[[reminders.update]]
at = "2s"
to = ["incident_commander"]
where = "both"

[[reminders.update]]
at = "4s"
to = ["leadership"]
repeat = "6s"

[audiences.internal]
addresses = ["slack:#incidents", "teams:{channel_id("incidents")}"]

[audiences.leadership]
addresses = ["slack:#leadership", "teams:{channel_id("leadership")}"]
"""
STEPS = (-2.0, 0.0, 2.0, 4.0)
"""Of that ladder, in seconds from the promised moment."""

LOOKS = 600
"""For what came of something, twenty a second, while its database may be away."""

Look = Callable[[str, str, int], int]
"""The incident in whose log something is: its kind, its words, and the incident where it is known. Zero: not there."""


@dataclass(slots=True, kw_only=True)
class Stories:
    """People at work."""

    senders: Senders
    look: Look
    linked: float = 0.5
    """Share of the incidents that are declared in Slack and then get a second room in Teams; the rest begin there."""
    rounds: int = 3
    """Updates of each incident before it is resolved."""
    promise: int = 3
    """Seconds from an update to the next one that is promised."""
    rest: float = 1.5
    """Seconds more, at most, before that update comes."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    told: int = 0
    """Lives that came to their end."""
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def go_on(self, beside: int) -> None:
        """Incident after incident, so many at once, until told to stop; what was begun is ended."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(beside):
                tasks.create_task(self._one_after_another())

    async def _one_after_another(self) -> None:
        while not self.stopping.is_set():
            await self.one()

    async def one(self) -> None:
        """A whole life, cut short where everybody is told to stop."""
        pia = self.senders.tenancy.hires(f"pia{next(self._count)}x")
        if self.senders.chance.random() < self.linked:
            number, commander, officer = await self.declared("ana"), "ben", pia
        else:
            number, commander, officer = await self.declared(pia), pia, "dee"
        await self._says(commander, "claim", number, "claim commander", words="commander")
        await self._says(officer, "claim", number, "claim comms", words="communications_officer")
        if officer == pia:
            await self._says(commander, "link", number, f"link teams:{LINKED}", words=LINKED)
        for _ in range(self.rounds):
            await self._says(officer, "update", number, f"update {{}} steps:looking next:{self.promise}s")
            await self._pause(0.4)
            await self._says(self.senders.chance.choice((commander, officer)), "note", number, "note {}")
            await self._pause(self.promise + self.rest)
            if self.stopping.is_set():
                break
        await self._says(commander, "resolve", number, "resolve {} verified:graphs")
        self.told += 1

    async def declared(self, person: str) -> int:
        """A new incident; its number."""
        number = 0
        while not number:
            number = await self._asks(person, "declare", 0, "declare critical {}")
        return number

    async def _says(self, person: str, kind: str, number: int, text: str, words: str = "") -> None:
        """Until something came of it. `words`: what is in the log then, where no words of their own are."""
        while not await self._asks(person, kind, number, f"INC-{number} {text}", words):  # noqa: ASYNC110 - people do
            await asyncio.sleep(0)

    async def _asks(self, person: str, kind: str, number: int, text: str, words: str = "") -> int:
        """The incident that it changed; zero where the person was told that nothing came of it."""
        intent = Intent(kind=kind, words="" if words else f"{kind} words {next(self._count)}x", incident=number)
        await self._way(person, kind)(person, intent, text.format(intent.words))
        for _ in range(LOOKS):
            found = self.look(kind, intent.words or words, number)  # a try before may have come to more than the last
            if found:
                intent.incident = found
                return found
            if intent.refused:
                return 0
            await asyncio.sleep(0.05)
            if intent.chat == "teams":
                intent.answer = self.senders.tenancy.told(person, intent.began)
        if intent.unsure:
            return 0
        assert kind != "declare", f"{intent.words} was declared and is not there: {intent.answer}"
        if words:
            self.senders.odd.append(f"{kind} of INC-{number} came to nothing, and {person} was told: {intent.answer!r}")
        return number

    def _way(self, person: str, kind: str) -> Callable[[str, Intent, str], Awaitable[Intent]]:
        if self.senders.tenancy.has(person):
            return self.senders.writes
        by_mention = kind != "declare" and self.senders.chance.random() < 0.5
        return self.senders.mentions if by_mention else self.senders.types

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), self.senders.chance.uniform(0.7, 1.0) * seconds)
        except TimeoutError:
            return
