"""What is done about what happens in the workspace: told to the core, noted in the directory, shown as degraded."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from slack_bolt.response import BoltResponse

from adapters.inbound import NotSaved
from adapters.sinks import SendFailed
from adapters.slack.addresses import spot
from adapters.slack.directory import Directory
from adapters.slack.happenings import (
    AccessGone,
    Happening,
    Left,
    LetIn,
    PersonChanged,
    RoomBack,
    RoomGone,
    RoomMoved,
    RoomNamed,
    happening,
)
from adapters.slack.intake import Body
from adapters.tasks import Tasks
from bot.people import Profile
from bot.refs import Address, Identity

LOOKING = 10.0
"""Seconds for looking at a channel that we were let into."""
RESTS = (0.0, 1.0, 5.0, 30.0, 120.0, 300.0)
"""Seconds before each try to go back into a room that was opened again: nobody tells us of it a second time."""
COMING_BACK = 15 * 60.0
"""Seconds for all of that."""

log = logging.getLogger(__name__)


class Telling(Protocol):
    """The core, as what happens in a chat sees it. Each may raise what the database raises."""

    async def room_lost(self, address: Address, reason: str, key: str) -> None:
        """A conversation is gone."""

    async def room_back(self, address: Address, key: str) -> None:
        """A lost room can be written to again."""

    async def room_renamed(self, address: Address, name: str, key: str) -> None:
        """A conversation has another name."""

    async def room_moved(self, before: Address, after: Address, key: str) -> None:
        """A conversation has another address."""

    async def left_room(self, address: Address, identity: Identity, key: str) -> None:
        """Somebody left a conversation."""

    async def person_changed(self, identity: Identity, profile: Profile, key: str) -> None:
        """A profile is another."""

    async def owner(self, address: Address) -> int | None:
        """The number of the incident whose room that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Hears what happens in one workspace."""

    directory: Directory
    reports: Telling
    tasks: Tasks
    degraded: Callable[[str], None]
    """Told why Slack will not take anything from us any more."""
    is_busy: Callable[[BaseException], bool]
    """Whether what the database raised means: not now."""
    rests: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Waits so many seconds."""

    async def happened(self, body: Body) -> BoltResponse:
        """An event: acknowledged once it is written down. Raises NotSaved, so that Slack delivers it again."""
        me = self.directory.required()
        found = happening(body["event"], me.team, me.user)
        if found is not None:
            try:
                await self._tell(found, f"slack:event:{body['event_id']}")
            except Exception as fault:
                raise NotSaved(busy=self.is_busy(fault)) from fault
        return BoltResponse(status=200)

    async def _tell(self, found: Happening, key: str) -> None:
        match found:
            case RoomGone(address=address, reason=reason):
                await self.reports.room_lost(address, reason, key)
            case RoomBack(address=address):
                going = self._go_back(address, key)
                self.tasks.start(going, name="back into a room", within=COMING_BACK, needed=True)
            case RoomNamed(address=address, name=name):
                await self.reports.room_renamed(address, name, key)
            case RoomMoved(before=before, after=after):
                await self.reports.room_moved(before, after, key)
            case Left(address=address, identity=identity):
                await self.reports.left_room(address, identity, key)
            case LetIn(address=address, channel=channel):
                await self.reports.room_back(address, key)
                looking = self._look_around(channel)
                self.tasks.start(looking, name="a channel of the policy", within=LOOKING, needed=True)
            case PersonChanged(user=user):
                known = self.directory.changed(user)
                if known is not None:
                    await self.reports.person_changed(*known, key)
            case AccessGone(reason=reason):
                log.error("Slack takes nothing from us any more", extra={"why": reason})
                self.degraded(reason)
            case _:
                assert_never(found)

    async def _look_around(self, channel: str) -> None:
        """It may be one that the policy names and that nobody had let us into."""
        try:
            await self.directory.channels.joined(channel)
        except SendFailed as failed:
            log.info("a channel cannot be looked up", extra={"why": failed.reason})

    async def _go_back(self, address: Address, key: str) -> None:
        """An archived channel has lost its bots: go in first, then say that the room is back."""
        place = spot(address)
        if place is None or await self.reports.owner(address) is None:
            return
        for rest in RESTS:
            await self.rests(rest)
            failed = await self._entered(place.channel)
            if failed is None:
                await self.reports.room_back(address, key)
            if failed is None or failed.permanent:
                return

    async def _entered(self, channel: str) -> SendFailed | None:
        """Why it cannot be, if it cannot."""
        try:
            await self.directory.client.call("conversations.join", channel=channel)
        except SendFailed as failed:
            log.info("a room that is open again cannot be entered", extra={"why": failed.reason})
            return failed
        return None
