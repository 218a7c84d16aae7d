"""The people of the tenant, as far as conversations tell of them: read behind our back, waited for only by first words.

Who is in a conversation is read once it is met, and again after a while, so that a guest is known as one, a mention
leads to the person it means, and a person field has somebody to offer. Who speaks for the first time is looked up
before they are judged.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapters.bounded import put
from adapters.sinks import SendFailed
from adapters.teams.addresses import PERSON, person, spot
from adapters.teams.contacts import Contacts, Met
from bot.people import Profile
from bot.refs import Identity

AGAIN = 3600.0
"""Seconds after which the people of a conversation are read again."""
PAUSE = 5.0
"""Seconds between two looks, unless somebody new was met."""
MOST = 5000
"""People kept in memory."""
PLACES = 1000
"""Conversations whose people are kept in memory."""
ASKED = 10
"""Conversations asked for somebody in none of those, the ones met last first."""
OFFERED = 100
"""People a field offers."""
SOON = 1.0
"""Seconds that somebody's first words wait for Teams to say who they are."""

log = logging.getLogger(__name__)


class Asks(Protocol):
    """The connector, as the directory sees it. Each raises SendFailed."""

    async def members(self, service_url: str, conversation: str) -> list[Mapping[str, Any]]:
        """Everybody in a conversation."""

    async def member(self, service_url: str, conversation: str, user: str) -> Mapping[str, Any] | None:
        """One of them."""


class Keeps(Protocol):
    """What is stored of people. Each raises what the database raises."""

    async def unnamed(self) -> tuple[Identity, ...]:
        """People whose profile is not stored yet."""

    async def learn(self, identity: Identity, profile: Profile) -> None:
        """Keep what Teams says of somebody."""

    async def same(self, identity: Identity, other: Identity) -> None:
        """The two are one person, known by the second."""


@dataclass(slots=True, kw_only=True)
class Directory:
    """Who is who."""

    asks: Asks
    contacts: Contacts
    keeps: Keeps
    clock: Callable[[], float] = time.monotonic
    soon: float = SOON
    known: dict[Identity, Profile] = field(default_factory=dict[Identity, Profile])
    rosters: dict[str, tuple[Identity, ...]] = field(default_factory=dict[str, tuple[Identity, ...]])
    _read_at: dict[str, float] = field(default_factory=dict[str, float])
    _wanted: dict[str, None] = field(default_factory=dict[str, None])
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def profile(self, identity: Identity, told: Profile) -> Profile:
        """What is known of somebody, with what an activity tells of them."""
        kept = self.known.get(identity)
        if kept is None:
            return told
        return Profile(
            name=kept.name or told.name,
            zone=told.zone or kept.zone,
            guest=kept.guest,
            bot=kept.bot,
            gone=False,
            email=kept.email,
        )

    async def introduced(self, met: Met) -> bool:
        """Whether Teams has said who somebody is: earlier, or now that it is asked, if it answers in time.

        Of members that is remembered across restarts, so that nobody waits twice; guests are asked about anew.
        """
        if met.identity in self.known:
            return True
        try:
            async with asyncio.timeout(self.soon):
                if await self.contacts.is_member(met.identity):
                    return True
                service = await self.contacts.service(met.conversation)
                found = await self.asks.member(service, met.conversation, met.user)
                noted = await self._note(found) if found is not None else None
                if noted is not None and not self.known[noted].guest:
                    await self.contacts.vouched(noted, met.user)
        except Exception as fault:  # noqa: BLE001 - whatever is in the way: nobody's words wait for it longer
            log.info("who speaks cannot be looked up yet", extra={"kind": type(fault).__name__})
            return met.identity in self.known
        return noted is not None

    def met(self, conversation: str) -> None:
        """Somebody spoke there: read who else is in it, if that is not known or long ago."""
        if self.clock() - self._read_at.get(conversation, -AGAIN) >= AGAIN:
            self._wanted[conversation] = None
            self._news.set()

    def changed(self, conversation: str) -> None:
        """People came or went there."""
        self._read_at.pop(conversation, None)
        self.met(conversation)

    def offered(self, conversation: str) -> tuple[tuple[Identity, str], ...]:
        """Whom a person field offers in a conversation: identity and shown name, by name."""
        people = ((one, self.known.get(one, Profile())) for one in self.rosters.get(conversation, ()))
        shown = [
            (one, profile.name) for one, profile in people if profile.name and not profile.bot and not profile.gone
        ]
        return tuple(sorted(shown, key=lambda pair: pair[1].casefold())[:OFFERED])

    async def run(self) -> None:
        """Read what is wanted, for ever. Nothing that goes wrong ends it."""
        while True:
            try:
                await self.look()
            except SendFailed as failed:
                log.info("people cannot be looked up", extra={"why": failed.reason})
            except Exception as fault:  # noqa: BLE001 - the database's: tried again
                log.warning("people are not kept yet", extra={"kind": type(fault).__name__})
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await self._news.wait()
            self._news.clear()

    async def look(self) -> None:
        """Read the conversations that were met, and store who is not stored yet. Raises SendFailed."""
        failed: SendFailed | None = None
        for conversation in tuple(self._wanted):
            del self._wanted[conversation]
            put(self._read_at, conversation, self.clock(), PLACES)
            try:
                await self._read(conversation)
            except SendFailed as fault:  # one that fails holds up no other
                failed = fault
                if not fault.permanent:
                    self._read_at.pop(conversation, None)
            except Exception:
                self._wanted[conversation] = None  # the database's: the next look reads it again
                raise
        for identity in await self.keeps.unnamed():
            try:
                await self._name(identity)
            except SendFailed as fault:
                failed = fault
        if failed is not None:
            raise failed

    async def _read(self, conversation: str) -> None:
        found = await self.asks.members(await self.contacts.service(conversation), conversation)
        noted = [identity for one in found if (identity := await self._note(one))]
        put(self.rosters, conversation, tuple(noted), PLACES)

    async def _note(self, member: Mapping[str, Any]) -> Identity | None:
        user, object_id = str(member.get("id") or ""), str(member.get("aadObjectId") or member.get("objectId") or "")
        if not PERSON.fullmatch(user) or (object_id and not PERSON.fullmatch(object_id)):
            return None
        identity = person(self.contacts.tenant, object_id or user)
        put(self.known, identity, profile_of(member, self.contacts.tenant), MOST)
        await self.contacts.know(identity, user)
        return identity

    async def _name(self, identity: Identity) -> None:
        """Store what is known of somebody. One who is known by the bot's id alone becomes who they are."""
        place = spot(identity)
        if place is None:
            return
        first = await self.contacts.identity(place.user)
        if first != identity and first in self.known and place.user != (spot(first) or place).user:
            await self.keeps.learn(first, self.known[first])
            await self.keeps.learn(identity, self.known[first])
            await self.keeps.same(identity, first)
        elif identity in self.known:
            await self.keeps.learn(identity, self.known[identity])
        elif self.rosters:  # after a start nothing is read yet: who is nowhere would be taken for nobody
            await self.keeps.learn(identity, await self._ask(place.user))

    async def _ask(self, user: str) -> Profile:
        """What Teams says of somebody in no list that was read; nothing of who is nowhere: nobody asks again."""
        for conversation in tuple(reversed(self.rosters))[:ASKED]:
            try:
                found = await self.asks.member(await self.contacts.service(conversation), conversation, user)
            except SendFailed as failed:
                if not failed.permanent:
                    raise
                continue  # Sitrep was removed from it
            if found is not None:
                await self._note(found)
                return profile_of(found, self.contacts.tenant)
        return Profile()


def profile_of(member: Mapping[str, Any], tenant: str) -> Profile:
    """Teams' description of a member as ours. Guests are marked so; people of other organisations have their tenant."""
    theirs = str(member.get("tenantId") or tenant).casefold()
    names: Iterable[Any] = (member.get("name"), member.get("givenName"), member.get("userPrincipalName"))
    return Profile(
        name=next((str(name) for name in names if name), ""),
        guest=str(member.get("userRole") or "").casefold() in {"guest", "anonymous"}
        or bool(tenant and theirs != tenant.casefold()),
        bot=str(member.get("userRole") or "").casefold() == "bot" or str(member.get("id") or "").startswith("28:"),
        email=str(member.get("email") or ""),
    )
