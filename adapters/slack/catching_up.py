"""After a time in which Slack could tell us nothing, what it would have told is looked up: room by room, and slowly.

Nothing waits for it, and what is known already changes nothing. Who left a room meanwhile is not asked: somebody who
was never let in would seem to have left.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from adapters.sinks import SendFailed
from adapters.slack.addresses import person, spot
from adapters.slack.directory import Directory
from adapters.slack.happenings import REMOVED
from bot.people import Profile
from bot.refs import Address, Identity

GAP = 10.0
"""Seconds without any connection after which something may have been missed; others redeliver what came meanwhile."""
BETWEEN = 2.0
"""Seconds between two rooms: commands and reminders need the budget more."""
LONGEST = 3600.0
"""Seconds that one pass may take."""

log = logging.getLogger(__name__)


class Telling(Protocol):
    """The core, as this pass sees it. Each may raise what the database raises."""

    async def rooms(self) -> tuple[Address, ...]:
        """Every room of an incident not yet ended, lost ones too."""

    async def room_lost(self, address: Address, reason: str, key: str) -> None:
        """A conversation is gone."""

    async def room_back(self, address: Address, key: str) -> None:
        """A lost room can be written to again."""

    async def room_renamed(self, address: Address, name: str, key: str) -> None:
        """A conversation has another name."""

    async def person_changed(self, identity: Identity, profile: Profile, key: str) -> None:
        """A profile is another."""


@dataclass(slots=True, kw_only=True)
class CatchUp:
    """Looks for what was missed; one pass at a time."""

    directory: Directory
    reports: Telling
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _under_way: bool = field(default=False)

    async def look(self, moment: float) -> None:
        """One pass. `moment` names it: what it tells has its effect once. Raises what the database raises."""
        if self.directory.me is None or self._under_way:
            return
        self._under_way = True
        try:
            await self._rooms(self.directory.me.team, f"slack:look:{moment}")
            await self._people(self.directory.me.team, f"slack:look:{moment}")
        except SendFailed as failed:
            log.info("what was missed is not fully known", extra={"why": failed.reason})
        finally:
            self._under_way = False

    async def _rooms(self, team: str, key: str) -> None:
        for address in await self.reports.rooms():
            place = spot(address)
            if place is None or place.team != team or place.thread:
                continue
            await self._look_at(address, place.channel, f"{key}/{place.channel}")
            await self.sleep(BETWEEN)

    async def _look_at(self, address: Address, channel: str, key: str) -> None:
        client = self.directory.client
        answer = await client.call("conversations.info", expect=("channel_not_found",), channel=channel)
        found = answer.get("channel")
        if not isinstance(found, dict):
            await self.reports.room_lost(address, REMOVED, f"{key}/lost")
        elif found.get("is_archived"):
            await self.reports.room_lost(address, "it was archived", f"{key}/lost")
        elif found.get("is_member"):
            await self.reports.room_back(address, f"{key}/back")
            await self.reports.room_renamed(address, str(found.get("name", "")), f"{key}/name")

    async def _people(self, team: str, key: str) -> None:
        """Who was there before and is gone now."""
        profiles = self.directory.profiles
        there = [user for user, profile in profiles.known.items() if not profile.gone]
        if not there:
            return
        await profiles.read_all(team)
        for user in there:
            found = profiles.known.get(user)
            if found is not None and found.gone:
                await self.reports.person_changed(person(team, user), found, f"{key}/{user}")
