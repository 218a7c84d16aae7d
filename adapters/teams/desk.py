"""What every errand in Teams needs at hand, and where an address leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.sinks import SendFailed
from adapters.teams.addresses import spot
from adapters.teams.contacts import Contacts
from adapters.teams.directory import Directory
from adapters.teams.errors import To
from adapters.teams.spans import Setting
from bot.cards import Names
from bot.refs import Address, Identity


class Connects(Protocol):
    """The connector, as errands see it. Each makes one attempt and raises SendFailed."""

    async def send(
        self,
        service_url: str,
        conversation: str,
        activity: Mapping[str, Any],
        *,
        to: To = "room",
        urgent: bool = False,
    ) -> str:
        """Say something; the activity's id."""

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Mapping[str, Any]) -> bool:
        """Put other words in its place; whether it is there."""

    async def create_thread(
        self,
        service_url: str,
        channel: str,
        activity: Mapping[str, Any],
        tenant: str,
        *,
        urgent: bool = False,
    ) -> tuple[str, str]:
        """Say something as a new post of a channel; the thread's id and the activity's."""

    async def members(self, service_url: str, conversation: str) -> Sequence[Mapping[str, Any]]:
        """Everybody in a conversation."""

    async def create_personal(self, service_url: str, user: str, tenant: str) -> str:
        """The personal chat with somebody."""


class Incidents(Protocol):
    """What the sink asks of what is stored."""

    async def owner(self, address: Address) -> int | None:
        """The number of the incident whose room this is, if it is one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One tenant, ready to be written to."""

    connector: Connects
    contacts: Contacts
    directory: Directory
    incidents: Incidents
    channel: str
    """Where rooms are opened that have no channel of their own: the policy's `rooms.teams`, or its first channel."""
    fixed: bool
    """Whether the policy says so, wherever an incident is declared."""

    async def setting(self, names: Names, conversation: str = "", *, personal: bool = False) -> Setting:
        """As the renderer wants it, for those that a card speaks of."""
        tenant = self.contacts.tenant
        meant = {one: None for known in names.identities.values() for one in known if _is_ours(one, tenant)}
        return Setting(
            tenant=tenant,
            personal=personal,
            users=await self.contacts.users(meant),
            people=self.directory.offered(conversation) if conversation else (),
        )

    async def personal_chat(self, identity: str) -> str:
        """The chat with one person, begun if there was none. Raises SendFailed."""
        known = await self.contacts.personal(identity)
        if known:
            return known
        place = spot(identity)
        if place is None or not place.user:
            raise SendFailed("that is nobody in Teams", permanent=True, gone="person")
        if self.contacts.tenant and place.tenant != self.contacts.tenant:
            raise SendFailed("they are in another Teams tenant", permanent=True, gone="person")
        user = await self.contacts.user(Identity(identity)) or place.user
        service = self.contacts.anywhere
        found = await self.connector.create_personal(service, user, self.contacts.tenant)
        await self.contacts.had(identity, user, found, service)
        return found


def _is_ours(identity: str, tenant: str) -> bool:
    place = spot(identity)
    return place is not None and place.tenant == tenant
