"""The vocabulary of everything Sitrep says: spans instead of markup, so that no renderer can be tricked.

A mention, a link and a moment are values. Each renderer escapes plain strings and writes the rest its own way, cuts
to its platform's limits, and shows moments in its reader's zone. `Due` is worded at the moment of sending.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.refs import Address, Identity, Person


class Tone(StrEnum):
    """How a card looks. The words must say it too: colour alone says nothing."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARNING = "warning"
    CRITICAL = "critical"
    DRILL = "drill"


class Style(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, told so by the chat. Unknown to the chat, their name as text."""

    person: Person


@dataclass(frozen=True, slots=True)
class Group:
    """A user group as the policy writes it (`slack:@sre-oncall`), told so by the chat."""

    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address; only http and https are rendered as links."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RoomLink:
    """The incident's room, as the chat links its own rooms; its name as text elsewhere."""

    number: int


@dataclass(frozen=True, slots=True)
class When:
    """A moment: in the reader's zone with UTC beside it."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """How far off a moment is when the message is sent: `due in 5 minutes`, `due now`, `3 minutes late`."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """Words to type."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold. Holds spans, so that a promise with its moment can be bold as a whole."""

    spans: tuple["Span", ...]


Span = str | Mention | Group | Link | RoomLink | When | Due | Code | Strong
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Facts:
    """Short pairs, label and value."""

    pairs: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A list."""

    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph said quietly."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Rule:
    """A gap between two parts."""


Part = Text | Facts | Lines | Note | Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A question asked before a press counts (docs/words.md 5, "Asks first")."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button. It *is* a command: a word with values, in the incident it names."""

    label: str
    command: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """As a person would type them, by parameter."""
    incident: int | None = None
    style: Style = Style.PLAIN
    confirm: Confirm | None = None
    more: bool = False
    """Belongs under "More" where the chat has such a thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A button that opens a page, or the incident's room where `url` is empty."""

    label: str
    url: str = ""
    room: int | None = None


Action = Press | Open


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Something to say. A card without a title and with one text is a line."""

    title: Spans = ()
    """Strings and `Due` only: some places show nothing else."""
    tone: Tone = Tone.NEUTRAL
    body: tuple[Part, ...] = ()
    actions: tuple[Action, ...] = ()
    headline: bool = False
    """The card of an incident and its announcement: the title is shown large."""


def line(*spans: Span, actions: tuple[Action, ...] = ()) -> Card:
    """A card of one sentence, without a title."""
    return Card(body=(Text(spans),), actions=actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Who and where the people and rooms are that a card speaks of. What is not in here is named by a plain word."""

    people: Mapping[Person, str] = field(default_factory=dict[Person, str])
    identities: Mapping[Person, tuple[Identity, ...]] = field(default_factory=dict[Person, tuple[Identity, ...]])
    rooms: Mapping[int, str] = field(default_factory=dict[int, str])
    """By incident, the room's name as people see it, without `#`."""
    places: Mapping[int, tuple[Address, ...]] = field(default_factory=dict[int, tuple[Address, ...]])
    """By incident, its rooms that are still there."""


def with_room(names: Names, number: int, name: str, place: Address) -> Names:
    """The names with that incident's room among them."""
    return replace(names, rooms={**names.rooms, number: name}, places={**names.places, number: (place,)})
