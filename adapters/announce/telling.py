"""What every way that is no chat has in common: what it is given to tell, and how the outbox sees it.

A message without a notice (what stands and is edited in chats, everything private, every drill) is not told here, and
an edit is told again only where it is news. A way does one thing: it tells what is said, or raises SendFailed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.announce.words import paragraphs, title
from adapters.sinks import Delivered, SendFailed, Unreadable
from bot.cards import Card, Names
from bot.notices import Kind, Notice
from bot.ports import Delivery
from bot.posts import Post, ToAudience

T = TypeVar("T")

NEVER_SAID = "-"
"""The reference of a message that was not told this way."""

NEWS_AGAIN = frozenset({Kind.REMINDER})
"""Kinds that are told again when a chat would edit its message."""

LONGEST = 15.0
"""Seconds for one message; the relay itself ends it after 20."""

MOST_WAIT = 3600.0
"""Seconds: nobody makes us wait longer than this."""

UNKNOWN_AFTER = Unreadable(reason="nobody can look whether it arrived")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message to one address."""

    notice: Notice
    audience: str
    address: str
    """As the policy writes it. It may hold a secret: it stands in no log and in no reason."""
    title: str
    """The card's title, or the notice's headline."""
    paragraphs: tuple[str, ...]
    """The card's words, plain."""
    card: Card
    names: Names
    at: datetime
    token: str
    """The same each time this message is tried, and no other's."""
    thread: str
    """The same for all that this audience is told of this incident."""
    failures: int = 0
    """How often in a row it could not be told."""

    @property
    def text(self) -> str:
        """Everything as plain text."""
        return "\n\n".join((self.title, *self.paragraphs))


class Way(Protocol):
    """One way of telling people."""

    def shown(self, address: str) -> str:
        """The address in a sentence, with nothing secret in it: `Mail to press@example.com`."""

    async def tell(self, said: Said) -> str:
        """Tell it; gives its reference there. Raises SendFailed."""

    async def find(self, said: Said) -> str | Unreadable | None:
        """The reference of what an earlier attempt may have told; None: tell it again. Raises SendFailed."""

    async def close(self) -> None:
        """Give back what is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """A way as the outbox sees it. Implements `adapters.sinks.Sink`."""

    way: Way

    async def deliver(self, delivery: Delivery, at: datetime) -> Delivered:
        """Tell what the order says, if it is for this way. Raises SendFailed."""
        said = said_of(delivery, at)
        if said is None:
            return Delivered(ref=delivery.ref or NEVER_SAID)
        return Delivered(ref=await self._named(said, lambda: self.way.tell(said)))

    async def find(self, delivery: Delivery) -> str | Unreadable | None:
        """The reference of what an earlier attempt may have told. Raises SendFailed."""
        said = said_of(delivery, delivery.queued_at)
        return None if said is None else await self._named(said, lambda: self.way.find(said))

    async def _named(self, said: Said, act: Callable[[], Awaitable[T]]) -> T:
        """What a failure is about is said in it: an audience may have several addresses."""
        try:
            async with asyncio.timeout(LONGEST):
                return await act()
        except SendFailed as failed:
            failed.reason = f"{self.way.shown(said.address)}: {failed.reason}"
            raise
        except TimeoutError:
            reason = f"{self.way.shown(said.address)}: no answer came in time"
            raise SendFailed(reason, outcome_unknown=True) from None


def said_of(delivery: Delivery, at: datetime) -> Said | None:
    """What a delivery has to tell by another way than a chat; None: nothing."""
    order = delivery.order
    if not isinstance(order, Post) or not isinstance(order.to, ToAudience) or order.notice is None or delivery.private:
        return None
    told = delivery.ref not in {"", NEVER_SAID}
    if told and order.notice.about not in NEWS_AGAIN:
        return None
    return Said(
        notice=order.notice,
        audience=order.to.name,
        address=delivery.address,
        title=title(order.card, order.notice, at, delivery.names),
        paragraphs=paragraphs(order.card, at, delivery.names),
        card=order.card,
        names=delivery.names,
        at=at,
        token=f"{delivery.token}.{delivery.revision}" if told else delivery.token,
        thread=delivery.thread_token,
        failures=delivery.failures,
    )


def retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    """Seconds that a server asks us to wait; `otherwise` where it names none that can be read."""
    named = headers.get("Retry-After", "")
    seconds = float(named) if named.isdecimal() else otherwise
    return min(max(seconds, 1.0), MOST_WAIT)
