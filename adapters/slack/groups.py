"""User groups (`slack:@sre-oncall`): which they are and who is in them, read once an hour and in the background."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adapters.sinks import SendFailed
from adapters.slack.addresses import CHAT, spot
from adapters.slack.client import Client

FRESH = 3600.0
"""Seconds for which a list holds."""

ASK_AGAIN = 60.0
"""Seconds before a handle that is not in the list makes it be read anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """A user group as it was when last read."""

    id: str
    people: tuple[str, ...]
    """Ids."""


@dataclass(slots=True, kw_only=True)
class Groups:
    """The workspace's user groups."""

    client: Client
    clock: Callable[[], float] = time.monotonic
    known: Mapping[str, UserGroup] = field(default_factory=dict[str, UserGroup])
    """By handle."""
    read_at: float | None = None

    def ids(self) -> Mapping[str, str]:
        """Ids by the names a policy gives them: `slack:@sre-oncall`."""
        return {f"{CHAT}:@{handle}": group.id for handle, group in self.known.items()}

    def of(self, user: str, team: str) -> frozenset[str]:
        """By every name that a policy may give them, the groups that somebody is known to be in; nobody is asked."""
        return frozenset(
            name
            for handle, group in self.known.items()
            if user in group.people
            for name in (f"{CHAT}:@{handle}", f"{CHAT}:{group.id}", f"{CHAT}:{team}/{group.id}")
        )

    async def people(self, group: str) -> tuple[str, ...]:
        """Who is in the group that the policy writes like this (`slack:@sre-oncall`); their ids.

        Raises SendFailed: permanent where there is no such group.
        """
        place = spot(group)
        name = place.group if place else ""
        if not self._holds(FRESH) or (self._found(name) is None and not self._holds(ASK_AGAIN)):
            await self._refresh_or_keep(name)
        found = self._found(name)
        if found is None:
            raise SendFailed(f"Slack has no user group {group.partition(':')[2]}", permanent=True)
        return found.people

    async def refresh(self) -> None:
        """Read them all anew. Raises SendFailed; the old list is kept then."""
        answer = await self.client.call("usergroups.list", include_users=True)
        found = answer.get("usergroups")
        groups = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        known: dict[str, UserGroup] = {}
        for group in groups:
            people = group.get("users")
            if not isinstance(people, list):
                people = await self._users(str(group.get("id", "")))
            known[str(group.get("handle", ""))] = UserGroup(id=str(group.get("id", "")), people=tuple(map(str, people)))
        self.known, self.read_at = known, self.clock()

    async def _users(self, group: str) -> list[str]:
        answer = await self.client.call("usergroups.users.list", usergroup=group)
        found = answer.get("users")
        return found if isinstance(found, list) else []

    def _found(self, name: str) -> UserGroup | None:
        """The group of that handle or id."""
        return self.known.get(name) or next((group for group in self.known.values() if group.id == name), None)

    async def _refresh_or_keep(self, name: str) -> None:
        try:
            await self.refresh()
        except SendFailed:
            if self._found(name) is None:
                raise

    def _holds(self, seconds: float) -> bool:
        return self.read_at is not None and self.clock() - self.read_at < seconds
