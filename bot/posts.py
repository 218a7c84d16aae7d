"""What the core asks to be said or done. Each becomes a row of the outbox in the same transaction as its events.

A row stands for one message (or one effect) for its whole life: the same key for the same target again means *this is
how it must look now*, and the relay posts it if it was never sent, else edits it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.cards import Card
from bot.events import Recipient, Rung
from bot.notices import Notice
from bot.refs import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRoom:
    """The incident's rooms, those to come included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAudience:
    """Every address of that audience that is not the room."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPerson:
    """A person, in private."""

    person: Person


Target = ToRoom | ToAudience | ToPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What a reminder's message claims.

    When none of it is true any more, an unsent message is withheld, and a sent one becomes a plain line.
    """

    rungs: tuple[Rung, ...]
    to: Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Say a card to a target."""

    to: Target
    card: Card
    key: str
    """`card`, `announcement`, `update-2` … unique within the incident and the address."""
    thread: str = ""
    """The key of the message it replies to, at the same address; posted on its own where that message is not there."""
    broadcast: bool = False
    """A reply that is also shown in the channel itself (docs/words.md 2.2)."""
    only_edit: bool = False
    """Changes a message that was sent or still waits; where there is none, nothing is said."""
    waits_for_room: bool = False
    """Goes out when the room exists, so that it can link to it, or a moment later without."""
    due: datetime | None = None
    """For a reminder: the moment of its step; lateness is measured from it."""
    reminder: Reminder | None = None
    rank: int = 0
    """For a reminder: of its incident's priority among the policy's, the highest 0. After an outage these go first."""
    notice: Notice | None = None
    """What other ways than chats say of it; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoom:
    """Make the incident's room. Comes back as `RecordRoom`."""

    name: str
    """A proposal: `inc-42-checkout-is-down`, lower-case ASCII."""
    private: bool
    at: str = ""
    """The place to make it in, as a policy writes it; empty: where the incident was declared."""
    key: str = "room"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTopic:
    """The line at the top of the room, and what it is called."""

    text: str
    name: str = ""
    """A proposal, as for `OpenRoom`; empty: it keeps its name."""
    key: str = "topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Bring people and user groups into the room."""

    people: tuple[Person, ...]
    groups: tuple[str, ...] = ()
    """As the policy writes them: `slack:@sre-oncall`."""
    key: str = "invite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Pin a message of the room, once it is there."""

    of: str
    """The message's key."""
    key: str = "pin"


Order = Post | OpenRoom | SetTopic | Invite | Pin
