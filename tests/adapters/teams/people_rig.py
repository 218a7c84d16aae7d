"""What a database would keep of people, and the connector's lists of who is where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.sinks import SendFailed
from adapters.teams.contacts import Contacts, Met
from adapters.teams.directory import Directory
from bot.people import Profile
from bot.refs import Address, Identity

TENANT = "larkfield"
CHANNEL = "19:incidents@thread.tacv2"
ANA = Identity(f"teams:{TENANT}/o-ana")


@dataclass
class Kept:
    """What a database would keep."""

    names: dict[str, Address] = field(default_factory=dict)
    unknown: list[Identity] = field(default_factory=list)
    learned: dict[Identity, Profile] = field(default_factory=dict)
    joined: list[tuple[Identity, Identity]] = field(default_factory=list)
    writes: int = 0
    down: bool = False
    """Nothing can be written."""

    async def recall(self, name: str) -> Address | None:
        return self.names.get(name)

    async def keep(self, name: str, address: Address) -> None:
        if self.down:
            raise OSError("no database")
        self.writes += 1
        self.names[name] = address

    async def unnamed(self) -> tuple[Identity, ...]:
        return tuple(one for one in self.unknown if one not in self.learned)

    async def learn(self, identity: Identity, profile: Profile) -> None:
        self.learned[identity] = profile

    async def same(self, identity: Identity, other: Identity) -> None:
        self.joined.append((identity, other))


@dataclass
class Rosters:
    """Who is where, as the connector would say."""

    people: Sequence[Mapping[str, Any]]
    asked: list[str] = field(default_factory=list)
    refuses: dict[str, SendFailed] = field(default_factory=dict)

    async def members(self, service_url: str, conversation: str) -> list[Mapping[str, Any]]:
        assert service_url
        self.asked.append(conversation)
        if conversation in self.refuses:
            raise self.refuses[conversation]
        return list(self.people)

    async def member(self, service_url: str, conversation: str, user: str) -> Mapping[str, Any] | None:
        assert service_url
        self.asked.append(f"{conversation}/{user}")
        if f"{conversation}/" in self.refuses:
            raise self.refuses[f"{conversation}/"]
        return next((one for one in self.people if user in (one["id"], one["aadObjectId"])), None)


def met(**more: Any) -> Met:
    facts: dict[str, Any] = {
        "tenant": TENANT,
        "service": "https://smba.example/emea/",
        "conversation": CHANNEL,
        "personal": False,
        "user": "29:ana",
        "identity": ANA,
        "bot": "28:bot",
    }
    return Met(**facts | more)


def member(name: str, **more: str) -> dict[str, Any]:
    return {"id": f"29:{name}", "aadObjectId": f"o-{name}", "name": name.title(), "userRole": "user"} | more


def people_of(rosters: Rosters, kept: Kept, at: list[float] | None = None) -> Directory:
    contacts = Contacts(memory=kept, tenant=TENANT)
    moments = at if at is not None else [0.0]
    return Directory(asks=rosters, contacts=contacts, keeps=kept, clock=lambda: moments[0])
