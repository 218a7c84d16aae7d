"""Teams as the campaign plays it: a tenant with Microsoft's servers, people who come and speak, and what arrived."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.campaign.workspace import PATIENCE, Received
from tests.crashing.names import MARK
from tests.teams import activities
from tests.teams.activities import Activity
from tests.teams.client import Teams
from tests.teams.connector import Connector
from tests.teams.faults import Call
from tests.teams.happenings import installed
from tests.teams.people import Person
from tests.teams.tenant import Conversation, Tenant, channel_id, channel_of
from tests.teams.world import Microsoft, microsoft

SPOKEN_IN = channel_id("incidents")
LINKED = channel_id("watercooler")
"""Where incidents of the other chat get a second room."""
SAID = ("create_thread", "send", "update")


@dataclass(slots=True, kw_only=True)
class Tenancy:
    """The tenant's books."""

    servers: Microsoft
    chance: random.Random
    _asked: dict[str, str] = field(default_factory=dict[str, str])
    """Where somebody spoke last."""

    @property
    def tenant(self) -> Tenant:
        return self.servers.tenant

    @property
    def connector(self) -> Connector:
        return self.servers.connector

    @property
    def last_call(self) -> float:
        """Seconds, `time.time()`."""
        return max((call.at for call in self.connector.calls[-1:]), default=0.0)

    @property
    def struck(self) -> int:
        """Calls that met a fault."""
        return sum(bool(call.fault) for call in self.connector.calls)

    @property
    def received(self) -> list[Received]:
        """What arrived of rows. Answers to single people are no rows."""
        return [_received(call) for call in self.connector.calls if _arrived(call)]

    async def let_in(self, session: aiohttp.ClientSession, url: str) -> None:
        """The app is added to the team, as a replica hears."""
        teams = Teams(tenant=self.tenant, keys=self.servers.keys, session=session, url=url)
        for answer in await installed(teams, self.tenant.team):
            assert answer.status == 200, (answer.status, answer.body)

    def hires(self, name: str) -> str:
        """Somebody new, whom the bot has never met; their name."""
        self.tenant.people[name] = Person(name=name, full_name=f"Pia {name.title()}", zone="Etc/UTC")
        chat = self.tenant.personal(name)
        self.tenant.conversations[chat] = Conversation(id=chat, kind="personal", members={name})
        for place in self.tenant.conversations.values():
            if place.kind == "channel" and not place.private:
                place.members.add(name)
        return name

    def has(self, name: str) -> bool:
        """Whether somebody of that name is there."""
        return name in self.tenant.people and name not in ("ana", "ben", "dee")

    def typed(self, name: str, text: str) -> Activity:
        """Words to the bot, in a post of their own."""
        person = self.tenant.people[name]
        activity = activities.spoken(self.tenant, person, SPOKEN_IN, text, mention=True)
        said = self.tenant.post(SPOKEN_IN, name, activity)
        self._asked[name] = said.conversation
        return activity | {"id": said.id, "conversation": self.tenant.described(said.conversation)}

    def bearer(self, activity: Activity) -> str:
        """The header by which the activity is Teams' own."""
        return self.servers.keys.bearer(activity["serviceUrl"])

    def told(self, name: str, since: float) -> str:
        """What the bot said to somebody, in private or where they spoke."""
        places = (self.tenant.personal(name), self._asked.get(name))
        found = (one for one in reversed(self.tenant.messages) if one.conversation in places and not one.author)
        return "\n".join(one.words for one in found if one.at >= since)


def _arrived(call: Call) -> bool:
    return call.acted and call.kind in SAID and bool(call.headers.get(MARK))


def _received(call: Call) -> Received:
    activity = call.body.get("activity", call.body)
    thread = call.place if call.place != channel_of(call.place) else ""
    return Received(
        token=call.headers[MARK],
        channel=channel_of(call.place),
        thread=thread,
        ts=call.key,
        text=str(activity.get("summary") or activity.get("text") or ""),
        at=call.at,
        edit=call.kind == "update",
    )


@asynccontextmanager
async def tenancy(folder: Path, chance: random.Random) -> AsyncIterator[Tenancy]:
    """A tenant that is served over HTTP."""
    async with microsoft(folder) as servers:
        servers.connector.limited = False
        servers.connector.slow = lambda: chance.uniform(0, PATIENCE)
        yield Tenancy(servers=servers, chance=chance)
