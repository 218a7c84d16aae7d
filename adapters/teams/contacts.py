"""Whom and what the bot has met: service addresses of conversations, personal chats, the bot's own ids of people.

Teams gives a bot no way to look these up later: what an activity says is kept, here for speed and in the database so
that a restart loses nothing (docs/teams.md). A service address may change: each activity's is the one that holds.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from adapters.teams.addresses import CHAT, PERSON, person
from bot.refs import Address, Identity

ANYWHERE = "https://smba.trafficmanager.net/teams/"
"""The service address of a conversation nobody has spoken in yet, until an activity says another."""
PRIVATE, SHARED = "private", "shared"
"""Channels with people of their own: those of the first are of the team, those of the second may be anybody."""
MOST = 20_000
"""Facts kept in memory; those not used for longest go first. The database has all of them."""


class Memory(Protocol):
    """What is stored of addresses, by name."""

    async def recall(self, name: str) -> Address | None:
        """What is kept under that name."""

    async def keep(self, name: str, address: Address) -> None:
        """Keep it."""

    async def same(self, identity: Identity, other: Identity) -> None:
        """Two names of one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Who spoke to us, where, and how to answer: what every activity says of itself."""

    tenant: str
    service: str
    conversation: str
    """Without the thread."""
    personal: bool
    user: str
    """The bot's id of them, `29:…`."""
    identity: Identity
    bot: str
    """Our own id there, `28:…`."""
    channel: str = ""
    """The channel it is in or about; empty: none."""
    team: str = ""
    """The team that channel is of, by the id of its first channel."""
    access: str = ""
    """Who reads that channel, where Teams says it: `standard`, `private` or `shared`."""


@dataclass(slots=True, kw_only=True)
class Contacts:
    """The bot's address book."""

    memory: Memory
    tenant: str
    """Ours; empty only where requests are not authenticated."""
    bot: str = ""
    """Our own id, once somebody has spoken to us."""
    anywhere: str = ANYWHERE
    _kept: OrderedDict[str, str] = field(default_factory=OrderedDict[str, str])
    """By name, as it is stored."""

    async def start(self) -> None:
        """Recall what is needed before anybody speaks."""
        self.bot = await self._recall("bot") or ""
        self.anywhere = await self._recall("service") or self.anywhere
        self.tenant = self.tenant or await self._recall("tenant") or ""

    def notice(self, met: Met) -> None:
        """What holds everywhere from now on."""
        self.bot, self.anywhere, self.tenant = met.bot or self.bot, met.service, self.tenant or met.tenant

    async def meet(self, met: Met) -> None:
        """Keep what an activity says. Raises what the database raises."""
        self.notice(met)
        await self._recognise(met.identity, met.user)
        for name, value in _facts(met).items():
            await self._keep(name, value)

    async def know(self, identity: Identity, user: str) -> None:
        """Keep by which id the bot knows somebody. Raises what the database raises."""
        await self._recognise(identity, user)
        await self._keep(f"user:{identity}", user)
        await self._keep(f"identity:{user}", identity)

    async def _recognise(self, identity: Identity, user: str) -> None:
        """Who was mentioned before anybody said who they are is known by the bot's id: what they got is theirs."""
        early = person(self.tenant, user)
        if identity != early and await self._recall(f"identity:{user}") != identity:
            await self.memory.same(early, identity)

    async def service(self, conversation: str) -> str:
        """The service address to write to a conversation by."""
        return await self._recall(f"service:{conversation}") or self.anywhere

    async def is_personal(self, conversation: str) -> bool:
        """Whether it is a chat with one person."""
        return bool(await self._recall(f"whose:{conversation}"))

    async def team(self, channel: str) -> str:
        """The team whose people read that channel; empty: not known, or it has people of its own."""
        shared = await self._recall(f"access:{channel}") == SHARED
        return "" if shared else await self._recall(f"team:{channel}") or ""

    async def is_private(self, channel: str) -> bool:
        """Whether Teams has said of that channel that only invited people read it."""
        return await self._recall(f"access:{channel}") == PRIVATE

    async def is_member(self, identity: Identity) -> bool:
        """Whether Teams was asked about somebody when they first spoke, and they were no guest."""
        return bool(await self._recall(f"member:{identity}"))

    async def vouched(self, identity: Identity, user: str) -> None:
        """Teams was asked about them, and they are no guest. Raises what the database raises."""
        await self._keep(f"member:{identity}", user)

    async def personal(self, identity: str) -> str:
        """The personal chat with somebody; empty: there was none yet."""
        return await self._recall(f"personal:{identity}") or ""

    async def had(self, identity: str, user: str, conversation: str, service: str) -> None:
        """There is a personal chat with somebody now. Raises what the database raises."""
        await self._keep(f"personal:{identity}", conversation)
        await self._keep(f"whose:{conversation}", user)
        await self._keep(f"service:{conversation}", service)

    async def user(self, identity: Identity) -> str:
        """The bot's id of somebody; empty where it has never met them."""
        return await self._recall(f"user:{identity}") or ""

    async def identity(self, user: str, object_id: str = "") -> Identity:
        """The person behind the bot's id: by object id, or by that id itself until it is known."""
        if PERSON.fullmatch(object_id):
            return person(self.tenant, object_id)
        return Identity(await self._recall(f"identity:{user}") or person(self.tenant, user))

    async def users(self, identities: Mapping[Identity, object]) -> dict[Identity, str]:
        """The bot's ids of those of them it has met."""
        found = {identity: await self.user(identity) for identity in identities}
        return {identity: user for identity, user in found.items() if user}

    async def _recall(self, name: str) -> str | None:
        if name not in self._kept:
            kept = await self.memory.recall(f"{CHAT}:{name}")
            if kept is None:
                return None
            self._note(name, kept)
        self._kept.move_to_end(name)
        return self._kept[name]

    async def _keep(self, name: str, value: str) -> None:
        if value and await self._recall(name) != value:
            await self.memory.keep(f"{CHAT}:{name}", Address(value))
            self._note(name, value)

    def _note(self, name: str, value: str) -> None:
        self._kept[name] = value
        self._kept.move_to_end(name)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _facts(met: Met) -> dict[str, str]:
    facts = {
        "bot": met.bot,
        "tenant": met.tenant,
        "service": met.service,
        f"service:{met.conversation}": met.service,
        f"user:{met.identity}": met.user,
        f"identity:{met.user}": met.identity,
    }
    if met.channel and met.team:
        facts[f"access:{met.channel}"] = met.access
        facts[f"team:{met.channel}"] = "" if met.access == SHARED else met.team
    if met.personal:
        facts |= {f"personal:{met.identity}": met.conversation, f"whose:{met.conversation}": met.user}
    return facts
