"""The tenant as it stands: conversations, who is in them, and every message as people see it now."""

import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.teams import cards
from tests.teams.cards import Card, Element
from tests.teams.people import BOT, PEOPLE, TENANT, Person

Kind = Literal["personal", "groupChat", "channel"]
ROOT = ";messageid="
TEAM_NAME = "Larkfield"
TEAM_GROUP = "7c1f2e3d-0000-4000-8000-000000000007"
"""The team's id in the directory of groups."""


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A channel, a group chat, or the chat of one person with the bot."""

    id: str
    kind: Kind
    name: str = ""
    members: set[str] = field(default_factory=set)
    """Names of people."""
    installed: bool = True
    """Whether the bot is in it."""
    private: bool = False
    """A channel for some of the team."""
    blocked: bool = False
    """The person blocked the bot."""


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands now."""

    conversation: str
    """With the thread, for a channel: a first post is in its own thread."""
    id: str
    author: str
    """A person's name; empty for the bot."""
    activity: dict[str, Any]
    at: float
    """Seconds, `time.time()`."""
    edits: int = 0
    gone: bool = False
    views: dict[str, Card] = field(default_factory=dict)
    """What single people see in its place."""

    @property
    def root(self) -> bool:
        """Whether a thread begins with it."""
        return self.conversation.endswith(f"{ROOT}{self.id}")

    @property
    def card(self) -> Card | None:
        return cards.card_of(self.activity)

    @property
    def text(self) -> str:
        return cards.shown(str(self.activity.get("text") or ""))

    @property
    def words(self) -> str:
        """What the eye sees."""
        shown = [self.text, cards.words(self.card) if self.card else ""]
        return "\n".join(part for part in shown if part)

    @property
    def buttons(self) -> dict[str, Element]:
        return cards.buttons(self.card) if self.card else {}

    @property
    def inputs(self) -> dict[str, Element]:
        return cards.inputs(self.card) if self.card else {}

    @property
    def links(self) -> list[str]:
        """Where it leads: links in texts, and buttons that open something."""
        told = [str(self.activity.get("text") or ""), *(cards.texts(self.card) if self.card else ())]
        opened = [str(button["url"]) for button in self.buttons.values() if button["type"] == "Action.OpenUrl"]
        return [*(url for text in told for url in cards.links(text)), *opened]


def channel_id(name: str) -> str:
    """The id of a channel of the team."""
    return f"19:{name.lower():0<29}@thread.tacv2"


def group_id(name: str) -> str:
    """The id of a group chat."""
    return f"19:{name.lower():0<29}@thread.v2"


def channel_of(place: str) -> str:
    """The conversation without the thread."""
    return place.partition(ROOT)[0]


@dataclass(slots=True, kw_only=True)
class Tenant:
    """All of it."""

    people: dict[str, Person]
    conversations: dict[str, Conversation]
    team: str
    """The team's id: that of its first channel."""
    service_url: str = ""
    """Where the connector is, with a closing slash."""
    messages: list[Message] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What Teams would have refused or shown wrongly. Ought to stay empty."""
    reads_all: bool = False
    """Whether the bot may read what does not mention it."""
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(int(time.time() * 1000)))

    def channel(self, name: str) -> str:
        """A channel's id by its name."""
        return next(one.id for one in self.conversations.values() if one.kind == "channel" and one.name == name)

    def group(self, name: str) -> str:
        """A group chat's id by its name."""
        return next(one.id for one in self.conversations.values() if one.kind == "groupChat" and one.name == name)

    def personal(self, name: str) -> str:
        """The chat of one person with the bot."""
        return f"a:1{self.people[name].object_id.replace('-', '')}"

    def at(self, place: str) -> Conversation | None:
        """The conversation that a place is in."""
        return self.conversations.get(channel_of(place))

    def whose(self, user: str) -> Person | None:
        """The person with that id: the bot's id of them, the directory's, or the principal name."""
        known = (one for one in self.people.values() if user in {one.id, one.object_id, one.principal})
        return next(known, None)

    def mentionable(self) -> set[str]:
        """Every id by which somebody can be mentioned."""
        ids = {key for one in self.people.values() for key in (one.id, one.object_id, one.principal)}
        return ids | {BOT}

    def find(self, place: str, key: str) -> Message | None:
        """A message that is still there."""
        found = (one for one in self.messages if one.id == key and channel_of(one.conversation) == channel_of(place))
        return next((one for one in found if not one.gone), None)

    def post(self, place: str, author: str, activity: dict[str, Any]) -> Message:
        """Somebody says something. In a channel without a thread, a new one begins."""
        key = str(next(self.counter))
        conversation = self.at(place)
        assert conversation is not None
        begins = conversation.kind == "channel" and ROOT not in place
        message = Message(
            conversation=f"{place}{ROOT}{key}" if begins else place,
            id=key,
            author=author,
            activity=activity,
            at=time.time(),
        )
        self.messages.append(message)
        return message

    def described(self, place: str) -> dict[str, Any]:
        """A place as activities name it."""
        conversation = self.at(place)
        assert conversation is not None
        found: dict[str, Any] = {"conversationType": conversation.kind, "tenantId": TENANT, "id": place}
        return found if conversation.kind == "personal" else {"isGroup": True, **found}

    def channel_data(self, place: str) -> dict[str, Any]:
        """What Teams says of a place besides."""
        conversation = self.at(place)
        assert conversation is not None
        if conversation.kind != "channel":
            return {"tenant": {"id": TENANT}}
        channel = {"id": conversation.id, "type": "private"} if conversation.private else {"id": conversation.id}
        return {
            "teamsChannelId": conversation.id,
            "teamsTeamId": self.team,
            "channel": channel,
            "team": {"id": self.team},
            "tenant": {"id": TENANT},
        }


def new_tenant(people: tuple[Person, ...] = PEOPLE, *, without_app: Iterable[str] = ()) -> Tenant:
    """Larkfield: one team with six channels, one of them private, a group chat, and everybody's personal chat.

    `without_app`: names of people who do not have the bot among their apps.
    """
    everybody = {person.name for person in people}
    few = everybody & {"ana", "ben", "hana"}
    general = channel_id("General")
    places = [
        Conversation(id=general, kind="channel", name="General", members=everybody),
        *(
            Conversation(id=channel_id(name), kind="channel", name=name, members=everybody)
            for name in ("incidents", "leadership", "stakeholders", "watercooler")
        ),
        Conversation(id=channel_id("board"), kind="channel", name="board", members=set(few), private=True),
        Conversation(id=group_id("payments"), kind="groupChat", name="payments", members=few | {"chen"}),
    ]
    made = Tenant(
        people={person.name: person for person in people},
        conversations={place.id: place for place in places},
        team=general,
    )
    for name in everybody:
        chat = made.personal(name)
        made.conversations[chat] = Conversation(
            id=chat, kind="personal", members={name}, installed=name not in set(without_app)
        )
    return made
