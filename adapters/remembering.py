"""What a chat asks of what is stored, and stores for itself, across the seam to the database's threads."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from adapters.carrying import Threads
from bot.people import Profile
from bot.ports import Transaction
from bot.refs import Address, Identity, Person
from bot.routes import ANNOUNCEMENT

T = TypeVar("T")

AT_ONCE = 20
"""People looked up in one go."""


class Kept(Protocol):
    """The side door of the storage."""

    def message_of(self, number: int, key: str, chat: str) -> tuple[Address, str] | None:
        """Where a message is said in a chat, and its reference; empty while it waits."""

    def known_address(self, name: str) -> Address | None:
        """What the chat itself calls an address."""

    def remember_address(self, name: str, address: Address) -> None:
        """Keep that."""

    def unnamed_people(self, chat: str, limit: int) -> tuple[Identity, ...]:
        """People the chat has not been asked about yet."""

    def save_profile(self, identity: Identity, profile: Profile) -> None:
        """Keep what the chat says of somebody."""

    def person_of(self, identity: Identity) -> Person | None:
        """Whose identity that is."""

    def same_person(self, identity: Identity, other: Identity) -> None:
        """The two are one's."""


class Reading(Protocol):
    """The store."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction for reading only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembering:
    """One chat's view of what is stored. Every method raises what the database raises."""

    chat: str
    kept: Kept
    store: Reading
    threads: Threads

    async def owner(self, address: Address) -> int | None:
        """The number of the incident whose room this is, if it is one's."""

        def look() -> int | None:
            with self.store.reading() as tx:
                return tx.at_place(address)

        return await self._read(look)

    async def announcement(self, number: int) -> tuple[Address, str] | None:
        """Where the incident is announced in this chat, and the message's reference; empty while it waits."""
        return await self._read(lambda: self.kept.message_of(number, ANNOUNCEMENT, self.chat))

    async def recall(self, name: str) -> Address | None:
        """What the chat called that address when it was last looked up."""
        return await self._read(lambda: self.kept.known_address(name))

    async def keep(self, name: str, address: Address) -> None:
        """Keep what the chat calls it."""
        await asyncio.wrap_future(self.threads.write(lambda: self.kept.remember_address(name, address)))

    async def unnamed(self) -> tuple[Identity, ...]:
        """People the chat has not been asked about yet."""
        return await self._read(lambda: self.kept.unnamed_people(self.chat, AT_ONCE))

    async def learn(self, identity: Identity, profile: Profile) -> None:
        """Keep what the chat says of somebody."""
        await asyncio.wrap_future(self.threads.write(lambda: self.kept.save_profile(identity, profile)))

    async def same(self, identity: Identity, other: Identity) -> None:
        """Two names of one person; nothing, where nobody is known by the first."""
        if await self._read(lambda: self.kept.person_of(identity)) is not None:
            await asyncio.wrap_future(self.threads.write(lambda: self.kept.same_person(identity, other)))

    async def _read(self, look: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self.threads.read(look))
