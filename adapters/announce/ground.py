"""What a way of telling people is joined up from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import aiohttp

from bot.policy import Policy
from config.settings import Settings


class Library(Protocol):
    """A library that knows many services by their addresses. Blocks."""

    def understands(self, address: str) -> bool:
        """Whether it knows what to do with such an address."""

    def targets(self, address: str) -> int:
        """How many are told by that one address."""

    def notify(self, address: str, title: str, body: str) -> bool | None:
        """Whether it was told; None: it understands no such address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The same for every way."""

    settings: Settings
    policy: Policy
    session: aiohttp.ClientSession
    """For servers that the operator set up. Addresses of the policy are called by sessions of their own."""
    published: Callable[[], None]
    """Our own page may have something new."""
    library: Callable[[], Library]
    """Loads it at the first use."""
