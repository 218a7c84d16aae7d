"""What happens in Teams beside words: people who leave, channels that are deleted, chats that put Sitrep out or back.

Reactions and edits of what people said mean nothing to the core, here as in every chat.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.teams import payloads
from adapters.teams.addresses import PERSON, conversation, is_channel, spot, without_thread
from adapters.teams.contacts import Contacts
from adapters.teams.directory import Directory
from adapters.teams.payloads import Scene
from bot.refs import Address, Identity

DELETED, PUT_OUT = "its channel was deleted", "Sitrep was removed from it"
REMOVED, ADDED = ("remove", "remove-upgrade"), ("add", "add-upgrade")
"""What happens to an installation."""

log = logging.getLogger(__name__)


class Telling(Protocol):
    """The core, as what happens in a chat sees it. Each may raise what the database raises."""

    async def room_lost(self, address: Address, reason: str, key: str) -> None:
        """A conversation is gone."""

    async def room_back(self, address: Address, key: str) -> None:
        """A room that was lost can be written to again."""

    async def left_room(self, address: Address, identity: Identity, key: str) -> None:
        """Somebody left a conversation."""

    async def rooms(self) -> tuple[Address, ...]:
        """Every room of an incident not yet ended, lost ones too."""

    async def rooms_in(self, place: Address, *, lost: bool = False) -> tuple[Address, ...]:
        """Rooms of incidents not yet ended that are this conversation, or a thread in it; or those that were lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Hears what happens."""

    contacts: Contacts
    directory: Directory
    reports: Telling

    async def happened(self, activity: Mapping[str, Any], seen: Scene) -> None:
        """Tell the core what it means. Raises what the database raises."""
        what = str(payloads.at(activity, "channelData.eventType") or activity.get("action") or "")
        channel = payloads.at(activity, "channelData.channel.id")
        key = f"teams:event:{seen.conversation}|{seen.activity}"
        gone, come = tuple(_ids(activity.get("membersRemoved"))), tuple(_ids(activity.get("membersAdded")))
        if what == "channelDeleted":
            await self._lost((channel,), DELETED, key)
        elif what == "channelRestored":
            await self._back((channel,), key)
        elif what in REMOVED or seen.met.bot in gone:
            await self._lost(await self._meant(seen), PUT_OUT, key)
        elif what in ADDED or seen.met.bot in come:
            await self._back(await self._meant(seen), key)
        for place in await self._meant(seen) if gone else ():
            for user in gone:
                await self._left(place, user, key)
        if gone or come:
            self.directory.changed(seen.met.conversation)

    async def _meant(self, seen: Scene) -> tuple[str, ...]:
        """The conversations it happened to.

        What happens to a team Teams tells in its first channel, whose id is the team's: every channel with a room is
        meant that is known to be the team's.
        """
        place, team = seen.met.channel or seen.met.conversation, seen.met.team
        if place != team:
            return (place,)
        spots = [spot(room) for room in await self.reports.rooms()]
        channels = dict.fromkeys(one.channel for one in spots if one is not None and is_channel(one.channel))
        return tuple([one for one in channels if one == team or await self.contacts.team(one) == team])

    async def _lost(self, places: Iterable[object], reason: str, key: str) -> None:
        for room in [room for place in places for room in await self._rooms(place)]:
            await self.reports.room_lost(room, reason, f"{key}/{room}")

    async def _back(self, places: Iterable[object], key: str) -> None:
        for room in [room for place in places for room in await self._rooms(place, lost=True)]:
            await self.reports.room_back(room, f"{key}/{room}/back")

    async def _rooms(self, place: object, *, lost: bool = False) -> tuple[Address, ...]:
        """None, where no place is named: it is never guessed which was meant."""
        if not isinstance(place, str) or not place:
            return ()
        return await self.reports.rooms_in(conversation(without_thread(place)), lost=lost)

    async def _left(self, place: str, user: str, key: str) -> None:
        who = await self.contacts.identity(user)
        for room in await self._rooms(place):
            await self.reports.left_room(room, who, f"{key}/{room}/{user}")


def _ids(members: object) -> Iterator[str]:
    for one in members if isinstance(members, list) else ():
        found = one.get("id") if isinstance(one, dict) else None
        if isinstance(found, str) and PERSON.fullmatch(found):
            yield found
