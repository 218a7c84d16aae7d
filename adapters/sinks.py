"""What a chat, or another way of telling people, offers to be sent to, and how it says that it could not.

SendFailed              did not arrive, or perhaps did: all that a sink may raise
  permanent             will never arrive; `gone` says what is no longer there
  retry_after           refused for now, until that many seconds from now have passed
  outcome_unknown       it may have arrived: read back before saying it again
  auth                  the whole chat refuses us until somebody repairs our access
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.events import RoomOpened
from bot.ports import Delivery

Gone = Literal["", "room", "person"]


class SendFailed(Exception):  # noqa: N818 - an outcome of sending, named as the outbox reads it
    """A message or an effect did not arrive, or may not have. `reason` may be read by people; it holds no secret."""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        outcome_unknown: bool = False,
        gone: Gone = "",
        auth: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        """Seconds, where the chat (or our own budget for it) names a time before which it is no use."""
        self.outcome_unknown = outcome_unknown
        self.gone = gone
        """What no longer exists, or cannot be reached by us any more."""
        self.auth = auth


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """It is out."""

    ref: str
    """The chat's own name of the message, by which it is edited, replied to and pinned."""
    room: RoomOpened | None = None
    """For `OpenRoom`: what was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What was said there before cannot be read back, so a repeat may double it."""

    reason: str = ""


class Sink(Protocol):
    """One chat, or one other way of telling people."""

    async def deliver(self, delivery: Delivery, at: datetime) -> Delivered:
        """Do what `delivery.order` asks. `at` is the moment of sending on the incident's clock.

        Everything but a new message may be repeated without a second effect. Raises SendFailed.
        """

    async def find(self, delivery: Delivery) -> str | Unreadable | None:
        """The reference of a message that an earlier attempt may have sent; None: not there. Raises SendFailed."""
